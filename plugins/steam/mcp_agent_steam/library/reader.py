"""The library as it is now: walks all folders, reads what changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Lock

from mcp_agent_steam.library import manifests, vdf
from mcp_agent_steam.library.files import Files, Parsed, decoded
from mcp_agent_steam.library.people import Local, find_account, read_local, read_shortcuts
from mcp_agent_steam.library.places import find_installs, seen_from_here, steamapps_of
from mcp_agent_steam.library.values import Account, Folder, Game, Install, Library, Manifest, Played

MOST_MANIFESTS = 20_000
_NO_PATHS: tuple[str, ...] = ()


class LibraryReader:
    """Reads on each call, and only what changed. Safe to call from several threads."""

    def __init__(
        self,
        folders: Sequence[str] = (),
        steam_id: int | None = None,
        *,
        find: Callable[..., list[Install]] | None = None,
    ) -> None:
        self.files = Files()
        self._folders = tuple(folders)
        self._steam_id = steam_id
        self._find = find or find_installs
        self._lock = Lock()

    def read(self) -> Library:
        with self._lock:
            self.files.begin()
            library = self._library(self._find(self._folders))
            self.files.end()
            return library

    def _library(self, installs: list[Install]) -> Library:
        games: list[Game] = []
        played: dict[int, Played] = {}
        friends: dict[int, str] = {}
        leftovers: list[str] = []
        accounts = [find_account(self.files, install, self._steam_id) for install in installs]
        account = next((found for found in accounts if found is not None), None)
        folders = list(_once(folder for install in installs for folder in self._library_folders(install)))
        for install, own in zip(installs, accounts, strict=True):
            local = read_local(self.files, install, own) if own else Local()
            if own and account and own.steam_id == account.steam_id:
                played.update(local.played)
                friends.update(local.friends)
            games += self._shortcuts(install, own)
        for folder in folders:
            found, left = self._installed(folder, played, MOST_MANIFESTS - len(games))
            games += found
            leftovers += left
        return Library(
            tuple(installs), tuple(folders), tuple(games), account, played, friends,
            tuple(leftovers), tuple(self.files.problems),
        )  # fmt: skip

    def _library_folders(self, install: Install) -> Iterator[Folder]:
        """The client's own folder, and those that it lists. The list is a cache: what is not there is reported."""
        paths: list[Path] = [install.root]
        listed = install.root / "steamapps" / "libraryfolders.vdf"
        steamapps = steamapps_of(install.root)
        if steamapps is not None:
            listed = steamapps / "libraryfolders.vdf"
            paths += [
                seen_from_here(install, path)
                for path in self.files.get(listed, _library_paths, _NO_PATHS, missing_is_fine=True)
            ]
        for path in paths:
            place = steamapps_of(path)
            if place is not None:
                yield Folder(path, place, install)
            elif path != install.root:
                self.files.note(
                    listed, f"it lists the library {path}, which is not there (a drive that is not connected?)"
                )

    def _installed(self, folder: Folder, played: dict[int, Played], at_most: int) -> tuple[list[Game], list[str]]:
        """The games of a folder, and what lies there that no manifest knows."""
        try:
            found, whole = self._manifests(folder, at_most)
            directories = _directories(folder.steamapps / "common")
        except OSError as error:
            self.files.note(folder.steamapps, f"it cannot be listed: {error.strerror}")
            return [], []
        used = {manifest.directory.casefold() for manifest in found}
        left = [str(folder.steamapps / "common" / name) for key, name in sorted(directories.items()) if key not in used]
        return [_game(manifest, folder, directories, played) for manifest in found], left if whole else []

    def _manifests(self, folder: Folder, at_most: int) -> tuple[list[Manifest], bool]:
        """All manifests, and whether they are so whole that they name the directory of every game."""
        found: list[Manifest] = []
        whole = True
        with os.scandir(folder.steamapps) as entries:
            matches = [(entry, match) for entry in entries if (match := manifests.FILE_NAME.fullmatch(entry.name))]
        if len(matches) > at_most:
            self.files.note(folder.steamapps, f"it has more than {MOST_MANIFESTS:,} games: the rest is left out")
            whole = False
        for entry, match in matches[:at_most]:
            manifest = self.files.get(entry, manifests.parser(int(match[1])), None, at_most=manifests.MOST_BYTES)
            whole = whole and manifest is not None and bool(manifest.directory)
            if manifest is not None:
                found.append(manifest)
        return found, whole

    def _shortcuts(self, install: Install, account: Account | None) -> list[Game]:
        found = read_shortcuts(self.files, install, account) if account else ()
        return [
            Game(
                app_id=one.app_id, name=one.name, kind="shortcut", state="ready", library=install.root, install=install,
                launch_id=(one.app_id << 32) | 0x02000000, played=Played(last=one.last_played),
            )
            for one in found
        ]  # fmt: skip


def _game(manifest: Manifest, folder: Folder, directories: dict[str, str], played: dict[int, Played]) -> Game:
    state = manifests.state_of(manifest)
    if not manifest.directory:
        state = "not known"  # the manifest breaks off
    elif state == "ready" and manifest.directory.casefold() not in directories:
        state = "its folder is not there"
    times = played.get(manifest.app_id, Played())
    return Game(
        app_id=manifest.app_id,
        name=manifest.name,
        kind="tool" if manifests.is_tool(manifest.name) else "game",
        state=state,
        library=folder.path,
        install=folder.install,
        launch_id=manifest.app_id,
        size=manifest.size,
        missing=manifest.to_download,
        updated=manifest.updated,
        played=Played(times.minutes, times.recent, max(times.last, manifest.last_played)),
    )


def _directories(common: Path) -> dict[str, str]:
    """The folders of games, by name without regard to case, as Steam does it."""
    if not common.is_dir():
        return {}
    with os.scandir(common) as entries:
        return {entry.name.casefold(): entry.name for entry in entries if entry.is_dir()}


def _library_paths(data: bytes) -> Parsed[tuple[str, ...]]:
    """Both forms: a path by number, and a block with a path by number."""
    tree, problem = vdf.parse(decoded(data))
    listed = vdf.dig(tree, "libraryfolders")
    paths = [vdf.text(vdf.dig(listed, key), "path") or vdf.text(listed, key) for key in listed if key.isdecimal()]
    return tuple(path for path in paths if path), problem


def _once(folders: Iterator[Folder]) -> Iterator[Folder]:
    seen = set()
    for folder in folders:
        real = os.path.realpath(folder.steamapps)
        if real not in seen:
            seen.add(real)
            yield folder
