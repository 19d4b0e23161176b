"""Where Steam is: per platform, and in the layouts of Flatpak and Snap."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mcp_agent_steam.library.values import Install, InstallKind

FLATPAK = "com.valvesoftware.Steam"

_BELOW_HOME: dict[str, tuple[str, ...]] = {
    "linux": (
        ".local/share/Steam",
        ".steam/steam",
        ".steam/root",
        ".steam/debian-installation",
        f".var/app/{FLATPAK}/.local/share/Steam",
        f".var/app/{FLATPAK}/data/Steam",
        "snap/steam/common/.local/share/Steam",
    ),
    "darwin": ("Library/Application Support/Steam",),
    "win32": (),
}


def find_installs(
    folders: Sequence[str] = (),
    *,
    home: Path | None = None,
    platform: str = sys.platform,
    environ: Mapping[str, str] = os.environ,
) -> list[Install]:
    """The Steam clients of this machine, each once; with ``folders``, those and no others."""
    if folders:
        places = [Path(os.path.expanduser(folder)) for folder in folders]
    else:
        places = list(_usual(home or Path.home(), platform, environ))
    found: dict[Path, Install] = {}
    for place in places:
        if steamapps_of(place) is not None or os.path.isdir(place / "config"):
            root = Path(os.path.realpath(place))
            found.setdefault(root, Install(root, _kind(root)))
    return list(found.values())


def steamapps_of(library: Path) -> Path | None:
    """The folder with the manifests; older clients spelt it differently."""
    for name in ("steamapps", "SteamApps"):
        if os.path.isdir(library / name):  # unlike Path.is_dir, it says no to a path that cannot be
            return library / name
    return None


def seen_from_here(install: Install, path: str) -> Path:
    """A path that Steam wrote down, which in Flatpak is seen from inside of its sandbox."""
    place = Path(path)
    if install.kind == "flatpak":
        sandbox = next((parent for parent in install.root.parents if parent.name == FLATPAK), None)
        if sandbox is not None and len(sandbox.parents) > 2 and place.is_relative_to(sandbox.parents[2]):
            inside = sandbox / place.relative_to(sandbox.parents[2])
            if os.path.exists(inside):
                return inside
    return place


def _usual(home: Path, platform: str, environ: Mapping[str, str]) -> Iterator[Path]:
    for below in _BELOW_HOME.get(platform, _BELOW_HOME["linux"]):
        yield home / below
    if platform == "win32":
        yield from _from_registry()
        for variable in ("ProgramFiles(x86)", "ProgramFiles"):
            if variable in environ:
                yield Path(environ[variable]) / "Steam"


def _from_registry() -> list[Path]:
    if sys.platform != "win32":
        return []
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, r"Software\Valve\Steam") as key:
            return [Path(winreg.QueryValueEx(key, "SteamPath")[0])]
    except OSError:  # Steam was never started by this person
        return []


def _kind(root: Path) -> InstallKind:
    if FLATPAK in root.parts:
        return "flatpak"
    return "snap" if ("snap", "steam") in itertools.pairwise(root.parts) else "native"
