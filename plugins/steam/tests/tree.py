"""Builds Steam folders in the layout and formats of real ones."""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import vdf

NOW = 1_767_225_600
"""What FakeClock says: 2026-01-01."""
DAY = 86400
ACCOUNT = 22202
STEAM_ID = 76561197960265728 + ACCOUNT


def manifest(app_id: int, name: str, **more: Any) -> str:
    """An ``appmanifest`` with all that Steam writes into one; ``more`` by Steam's names."""
    state: dict[str, Any] = {
        "appid": app_id, "universe": 1, "LauncherPath": "", "name": name, "StateFlags": 4, "installdir": name,
        "LastUpdated": NOW - 400 * DAY, "LastPlayed": 0, "SizeOnDisk": 1_000_000_000, "StagingSize": 0, "buildid": 9,
        "LastOwner": STEAM_ID, "UpdateResult": 0, "BytesToDownload": 100, "BytesDownloaded": 100, "BytesToStage": 10,
        "BytesStaged": 10, "TargetBuildID": 9, "AutoUpdateBehavior": 0, "AllowOtherDownloadsWhileRunning": 0,
        "ScheduledAutoUpdate": 0,
        "InstalledDepots": {str(app_id + n): {"manifest": f"{n}7341239", "size": 10**8} for n in range(1, 9)},
        "UserConfig": {"language": "english"}, "MountedConfig": {"language": "english"},
    }  # fmt: skip
    return vdf.dumps({"AppState": {**state, **more}}, pretty=True)


class Tree:
    """One Steam client at ``root``. Everything is written by another library than the one that reads it here."""

    def __init__(self, root: Path, steamapps: str = "steamapps") -> None:
        self.root = root
        self.steamapps = steamapps
        self._listed: dict[str, Any] = {"0": {"path": str(root), "apps": {}}}
        self._apps: dict[str, Any] = {}
        (root / steamapps / "common").mkdir(parents=True)
        (root / "config").mkdir()

    def game(self, app_id: int, name: str, *, library: Path | None = None, folder: bool = True, **more: Any) -> Path:
        """Install a game; gives its manifest."""
        apps = (library or self.root) / self.steamapps
        (apps / "common").mkdir(parents=True, exist_ok=True)
        if folder:
            (apps / "common" / name).mkdir(exist_ok=True)
        path = apps / f"appmanifest_{app_id}.acf"
        path.write_text(manifest(app_id, name, **more), "utf-8")
        return path

    def lists(self, *paths: str, apps: Mapping[str, int] | None = None) -> None:
        """``libraryfolders.vdf``, with these further libraries."""
        for path in paths:
            self._listed[str(len(self._listed))] = {"path": path, "label": "", "apps": dict(apps or {})}
        text = vdf.dumps({"libraryfolders": self._listed}, pretty=True)
        (self.root / self.steamapps / "libraryfolders.vdf").write_text(text)

    def user(self, name: str = "Anna", account: int = ACCOUNT, recent: int = 1) -> None:
        user = {"AccountName": name.lower(), "PersonaName": name, "MostRecent": recent, "Timestamp": NOW}
        path = self.root / "config" / "loginusers.vdf"
        users = vdf.loads(path.read_text())["users"] if path.exists() else {}
        path.write_text(vdf.dumps({"users": {**users, str(76561197960265728 + account): user}}, pretty=True))

    def played(self, plays: Mapping[int, Mapping[str, int]], friends: Mapping[int, Any] | None = None) -> Path:
        """``localconfig.vdf``: LastPlayed, Playtime and Playtime2wks by app; friends by account."""
        config = self.root / "userdata" / str(ACCOUNT) / "config"
        config.mkdir(parents=True, exist_ok=True)
        apps = {str(app_id): dict(play) for app_id, play in plays.items()}
        people = {str(account): entry for account, entry in (friends or {}).items()}
        store = {
            "Broadcast": {"Permissions": 1},
            "friends": {"PersonaName": "Anna", **people},
            "Software": {"Valve": {"Steam": {"apps": apps}}},
        }
        path = config / "localconfig.vdf"
        path.write_text(vdf.dumps({"UserLocalConfigStore": store}, pretty=True), "utf-8")
        return path

    def shortcuts(self, *entries: Mapping[str, Any]) -> Path:
        config = self.root / "userdata" / str(ACCOUNT) / "config"
        config.mkdir(parents=True, exist_ok=True)
        path = config / "shortcuts.vdf"
        path.write_bytes(vdf.binary_dumps({"shortcuts": {str(n): dict(entry) for n, entry in enumerate(entries)}}))
        return path

    def catalogue(self, apps: Mapping[int, Mapping[str, Any]], version: int = 0x29) -> Path:
        """``appinfo.vdf``: name, type, genres, categories and review_percentage by app."""
        path = self.root / "appcache" / "appinfo.vdf"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(appinfo(apps, version))
        return path


def appinfo(apps: Mapping[int, Mapping[str, Any]], version: int = 0x29) -> bytes:
    """The file as Steam lays it out in versions 0x27, 0x28 and 0x29, of which the last has its names in a table."""
    names: list[str] = []
    body = b""
    for app_id, app in apps.items():
        blob = _tree({"appinfo": {"appid": app_id, "common": _common(app)}}, names if version == 0x29 else None)
        header = struct.pack("<IIQ20sI", 2, NOW, 0, bytes(20), 7) + (bytes(20) if version > 0x27 else b"")
        body += struct.pack("<II", app_id, len(header) + len(blob)) + header + blob
    body += struct.pack("<I", 0)
    start = struct.pack("<II", 0x07564400 + version, 1)
    if version < 0x29:
        return start + body
    table = struct.pack("<I", len(names)) + b"".join(name.encode() + b"\0" for name in names)
    return start + struct.pack("<q", len(start) + 8 + len(body)) + body + table


def _common(app: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": app["name"],
        "type": app.get("type", "Game"),
        "genres": {str(n): genre for n, genre in enumerate(app.get("genres", ()))},
        "category": {f"category_{number}": 1 for number in app.get("categories", ())},
        "review_percentage": app.get("review", 0),
    }


def _tree(tree: Mapping[str, Any], names: list[str] | None) -> bytes:
    parts = []
    for name, value in tree.items():
        if names is None:
            key = name.encode() + b"\0"
        else:
            if name not in names:
                names.append(name)
            key = struct.pack("<I", names.index(name))
        if isinstance(value, dict):
            parts.append(b"\0" + key + _tree(value, names))
        elif isinstance(value, str):
            parts.append(b"\1" + key + value.encode() + b"\0")
        else:
            parts.append(b"\2" + key + struct.pack("<i", value))
    return b"".join(parts) + b"\x08"


def program(folder: Path, name: str, script: str) -> None:
    """A real executable in a folder that a test puts on the PATH."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    os.chmod(path, 0o755)


ACTION, STRATEGY, RPG, CASUAL, ADVENTURE, SIMULATION = 1, 2, 3, 4, 25, 28
MULTI, SINGLE, COOP, ONLINE_COOP, PVP = 1, 2, 9, 38, 36


def anna(root: Path) -> Tree:
    """A library to ask about: seven games, a tool, a shortcut, times of play, friends and a catalogue."""
    tree = Tree(root)
    tree.user()
    games: Sequence[tuple[int, str, int, Mapping[str, Any]]] = (
        (620, "Portal 2", 1250, {"LastPlayed": NOW - 3 * DAY, "SizeOnDisk": 12_600_000_000}),
        (400, "Portal", 410, {"LastPlayed": NOW - 900 * DAY, "SizeOnDisk": 3_900_000_000}),
        (413150, "Stardew Valley", 0, {"SizeOnDisk": 700_000_000}),
        (289070, "Sid Meier's Civilization VI", 3000, {"LastPlayed": NOW - 400 * DAY, "SizeOnDisk": 20_000_000_000}),
        (8930, "Sid Meier's Civilization V", 20, {"SizeOnDisk": 8_000_000_000}),
        (440, "Team Fortress 2", 90, {"LastPlayed": NOW - 20 * DAY, "SizeOnDisk": 30_000_000_000}),
        (70, "Half-Life", 5, {"SizeOnDisk": 400_000_000, "StateFlags": 6}),
    )
    for app_id, name, _, more in games:
        tree.game(app_id, name, **more)
    tree.game(1493710, "Proton Experimental", SizeOnDisk=1_500_000_000)
    tree.lists()
    tree.played(
        {app_id: {"Playtime": minutes, "LastPlayed": more.get("LastPlayed", 0)} for app_id, _, minutes, more in games}
        | {10: {"Playtime": 60, "LastPlayed": NOW - 5 * DAY, "Playtime2wks": 60}},
        friends={ACCOUNT: {"name": "Anna"}, 33: {"name": "Björn"}, 44: {"name": "Chess club", "tag": "CHS"}},
    )
    tree.shortcuts(
        {"appid": -1_294_967_296, "AppName": "Minecraft", "Exe": '"/opt/minecraft"', "LastPlayTime": NOW - DAY}
    )
    tree.catalogue(
        {
            620: {
                "name": "Portal 2",
                "genres": [ACTION, ADVENTURE],
                "categories": [SINGLE, COOP, ONLINE_COOP],
                "review": 98,
            },
            400: {"name": "Portal", "genres": [ACTION], "categories": [SINGLE], "review": 98},
            413150: {
                "name": "Stardew Valley",
                "genres": [RPG, SIMULATION],
                "categories": [SINGLE, MULTI, COOP],
                "review": 98,
            },
            289070: {"name": "Sid Meier's Civilization VI", "genres": [STRATEGY], "categories": [SINGLE, MULTI]},
            8930: {
                "name": "Sid Meier's Civilization V",
                "genres": [STRATEGY],
                "categories": [SINGLE, MULTI],
                "review": 96,
            },
            440: {"name": "Team Fortress 2", "genres": [ACTION], "categories": [MULTI, PVP], "review": 93},
            900: {"name": "Portal Soundtrack", "type": "Music", "genres": [CASUAL]},
        }
    )
    return tree
