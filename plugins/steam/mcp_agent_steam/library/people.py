"""Who uses Steam here, what they played, whom they know: ``loginusers.vdf`` and ``localconfig.vdf``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from mcp_agent_steam.library import vdf
from mcp_agent_steam.library.binary import parse_binary
from mcp_agent_steam.library.files import Files, Parsed, decoded
from mcp_agent_steam.library.values import Account, Install, Played

FIRST_STEAM_ID = 76561197960265728
"""Account 0: what is added to the number of an account to have its 64 bit id."""


_NOBODY: dict[int, Account] = {}


class Local(Struct, frozen=True):
    """What ``localconfig.vdf`` tells: minutes of play by app, and names of friends by 64 bit id."""

    played: Mapping[int, Played] = {}
    friends: Mapping[int, str] = {}


class Shortcut(Struct, frozen=True):
    """A program that a person added to Steam. ``app_id`` has 32 bits."""

    app_id: int
    name: str
    last_played: int


def find_account(files: Files, install: Install, steam_id: int | None) -> Account | None:
    """The account of these settings, else the one that used this client last."""
    users = files.get(install.root / "config" / "loginusers.vdf", _users, _NOBODY, missing_is_fine=True)
    if steam_id is not None:
        return Account(steam_id, users[steam_id].name if steam_id in users else "")
    if users:
        return next(iter(users.values()))
    folders = sorted(_account_folders(install), key=lambda folder: folder.stat().st_mtime, reverse=True)
    return Account(FIRST_STEAM_ID + int(folders[0].name)) if folders else None


def read_local(files: Files, install: Install, account: Account) -> Local:
    path = install.root / "userdata" / str(account.number) / "config" / "localconfig.vdf"
    return files.get(path, _local, Local(), missing_is_fine=True)


_NO_SHORTCUTS: tuple[Shortcut, ...] = ()


def read_shortcuts(files: Files, install: Install, account: Account) -> tuple[Shortcut, ...]:
    path = install.root / "userdata" / str(account.number) / "config" / "shortcuts.vdf"
    return files.get(path, _shortcuts, _NO_SHORTCUTS, missing_is_fine=True)


def _account_folders(install: Install) -> list[Path]:
    userdata = install.root / "userdata"
    return [folder for folder in userdata.glob("[1-9]*") if folder.name.isdecimal() and len(folder.name) <= 10]


def _users(data: bytes) -> Parsed[dict[int, Account]]:
    """The one who was here last comes first."""
    tree, problem = vdf.parse(decoded(data))
    users = vdf.dig(tree, "users")
    found = {}
    for key in sorted(users, key=lambda key: _how_recent(vdf.dig(users, key)), reverse=True):
        if key.isdecimal() and len(key) == 17:
            found[int(key)] = Account(int(key), vdf.text(vdf.dig(users, key), "personaname"))
    return found, problem


def _how_recent(user: vdf.Tree) -> tuple[int, int]:
    return vdf.number(user, "mostrecent"), vdf.number(user, "timestamp")


def _local(data: bytes) -> Parsed[Local]:
    tree, problem = vdf.parse(decoded(data))
    store = vdf.dig(tree, "userlocalconfigstore")
    apps = vdf.dig(store, "software", "valve", "steam", "apps")
    friends = vdf.dig(store, "friends")
    played = {int(key): _played(vdf.dig(apps, key)) for key in apps if _is_number(key)}
    people = {FIRST_STEAM_ID + int(key): _friend(vdf.dig(friends, key)) for key in friends if _is_number(key)}
    return Local(played, {steam_id: name for steam_id, name in people.items() if name}), problem


def _is_number(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) <= 10


def _played(app: vdf.Tree) -> Played:
    return Played(vdf.number(app, "playtime"), vdf.number(app, "playtime2wks"), vdf.number(app, "lastplayed"))


def _friend(entry: vdf.Tree) -> str:
    """Groups stand in the same list; they have a tag."""
    return "" if "tag" in entry else vdf.text(entry, "name")


def _shortcuts(data: bytes) -> Parsed[tuple[Shortcut, ...]]:
    tree, problem = parse_binary(data)
    shortcuts = vdf.dig(tree, "shortcuts")
    entries = [vdf.dig(shortcuts, key) for key in shortcuts]
    return tuple(
        Shortcut(entry["appid"] & 0xFFFFFFFF, vdf.text(entry, "appname"), vdf.number(entry, "lastplaytime"))
        for entry in entries
        if isinstance(entry.get("appid"), int) and vdf.text(entry, "appname")
    ), problem
