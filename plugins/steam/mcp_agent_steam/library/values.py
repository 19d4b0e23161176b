"""What is known of a Steam library: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

InstallKind = Literal["native", "flatpak", "snap"]


class Problem(Struct, frozen=True):
    """A file that could not be read, or not to its end."""

    file: str
    what: str


class Install(Struct, frozen=True):
    """One Steam client. ``root`` holds its steamapps, userdata and config."""

    root: Path
    kind: InstallKind


class Folder(Struct, frozen=True):
    """A library folder: ``path`` holds ``steamapps``."""

    path: Path
    steamapps: Path
    install: Install


class Manifest(Struct, frozen=True):
    """``appmanifest_<id>.acf``. Sizes in bytes, times in seconds UTC, 0 for unknown; ``flags`` as in Steam."""

    app_id: int
    name: str
    directory: str
    flags: int
    size: int
    updated: int
    last_played: int
    to_download: int


class Played(Struct, frozen=True):
    """``minutes`` of play since Steam counts, ``recent`` of them in two weeks; ``last`` in seconds UTC, 0 for never."""

    minutes: int = 0
    recent: int = 0
    last: int = 0


class Account(Struct, frozen=True):
    """Who uses Steam here. ``steam_id`` has 64 bits; its lower half names the folder in ``userdata``."""

    steam_id: int
    name: str = ""

    @property
    def number(self) -> int:
        return self.steam_id & 0xFFFFFFFF


class Game(Struct, frozen=True):
    """Something installed. ``tool`` is Proton and the like; ``shortcut`` a program that was added to Steam by hand.

    ``launch_id`` is what Steam starts it by. ``size`` in bytes, ``missing`` in bytes still to download.
    """

    app_id: int
    name: str
    kind: Literal["game", "tool", "shortcut"]
    state: str
    library: Path
    install: Install
    launch_id: int
    size: int = 0
    missing: int = 0
    updated: int = 0
    played: Played = Played()

    @property
    def ready(self) -> bool:
        return self.state == "ready"


class Facts(Struct, frozen=True):
    """What Steam's own catalogue says of an app. ``review`` is per cent of reviews that are positive, 0 for unknown."""

    name: str = ""
    kind: str = ""
    genres: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    review: int = 0


class Library(Struct, frozen=True):
    """Everything at one moment. ``played`` has games that are not installed any more too; ``leftovers`` are folders of
    games without a manifest."""

    installs: tuple[Install, ...]
    folders: tuple[Folder, ...]
    games: tuple[Game, ...]
    account: Account | None
    played: Mapping[int, Played]
    friends: Mapping[int, str]
    leftovers: tuple[str, ...]
    problems: tuple[Problem, ...]
