"""The account, through python-steam-api: it knows the methods and how answers are nested.

Its own HTTP client has no timeouts, prints, and puts the key into the URL; so it gets another one. Its
methods block, so they run in a thread, while the requests go over the host's session on the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, TypeVar

from mcp_agent import ToolError, UpstreamError
from mcp_agent_steam.web.answers import Achievement, Owned, Person, Private
from mcp_agent_steam.web.fetch import LATER, Fetcher, Refused

T = TypeVar("T")

API = "https://api.steampowered.com"
_STATUS = ("offline", "online", "busy", "away", "snoozing", "looking to trade", "looking to play")
_PUBLIC = 3


class _Bridge:
    """Stands where python-steam-api has its HTTP client."""

    def __init__(self, fetcher: Fetcher, key: str) -> None:
        self._fetcher = fetcher
        self._key = key
        self._loop = asyncio.get_running_loop()

    def request(self, method: str, url: str, params: Mapping[str, Any]) -> Any:
        plain = {name: str(value).lower() if isinstance(value, bool) else value for name, value in params.items()}
        request = self._fetcher.get(API + url, plain, self._key)
        return asyncio.run_coroutine_threadsafe(request, self._loop).result()


class LiveAccount:
    """A SteamAccount."""

    def __init__(self, fetcher: Fetcher, key: str, threads: Executor) -> None:
        self._bridge = _Bridge(fetcher, key)
        self._threads = threads

    async def owned(self, steam_id: int) -> list[Owned]:
        return await self._ask(
            lambda users, apps: users.get_owned_games(str(steam_id)),
            lambda answer: _games(answer, "game_count", _private(steam_id, "its games")),
        )

    async def recent(self, steam_id: int) -> list[Owned]:
        return await self._ask(
            lambda users, apps: users.get_user_recently_played_games(str(steam_id)),
            lambda answer: _games(answer, "total_count", _private(steam_id, "what was played")),
        )

    async def friends(self, steam_id: int) -> list[int]:
        try:
            return await self._ask(
                lambda users, apps: users.get_user_friends_list(str(steam_id), enriched=False),
                lambda answer: [int(friend["steamid"]) for friend in answer["friends"]],
            )
        except Refused:
            await self.people([steam_id])  # raises again when it is the key that is refused
            raise _private(steam_id, "its friends") from None

    async def people(self, steam_ids: Sequence[int]) -> list[Person]:
        if not steam_ids:
            return []
        joined = ",".join(map(str, steam_ids))
        return await self._ask(
            lambda users, apps: users.get_user_details(joined, single=False),
            lambda answer: [_person(player) for player in answer["players"]],
        )

    async def achievements(self, steam_id: int, app_id: int) -> list[Achievement]:
        return await self._ask(
            lambda users, apps: apps.get_user_achievements(steam_id, app_id, language="english"),
            lambda answer: _achievements(answer["playerstats"], steam_id),
        )

    async def _ask(self, question: Callable[[Any, Any], Any], read: Callable[[Any], T]) -> T:
        """Asks through the library, and makes values of the answer."""
        loop = asyncio.get_running_loop()
        try:
            return read(await loop.run_in_executor(self._threads, self._in_thread, question))
        except (KeyError, TypeError, AttributeError, ValueError, IndexError):
            raise UpstreamError("Steam answered in a form that is not known here.", hint=LATER) from None

    def _in_thread(self, question: Callable[[Any, Any], Any]) -> Any:
        from steam_web_api.apps import Apps  # type: ignore[import-untyped]
        from steam_web_api.users import Users  # type: ignore[import-untyped]

        return question(Users(self._bridge), Apps(self._bridge))


def _private(steam_id: int, what: str) -> ToolError:
    return Private(
        f"The profile {steam_id} does not show {what}.",
        hint="Its owner can change that in Steam: Profile, Edit Profile, Privacy Settings, Game details: Public.",
    )


def _games(answer: Mapping[str, Any], count: str, private: ToolError) -> list[Owned]:
    """An account without games has a count of 0, one that shows none has no count."""
    if answer.get(count) is None:
        raise private
    return [_owned(game) for game in answer.get("games", ())]


def _owned(game: Mapping[str, Any]) -> Owned:
    app_id = int(game["appid"])
    return Owned(
        app_id=app_id,
        name=str(game.get("name") or f"App {app_id}"),
        minutes=int(game.get("playtime_forever", 0)),
        recent=int(game.get("playtime_2weeks", 0)),
        last=int(game.get("rtime_last_played", 0)),
    )


def _person(player: Mapping[str, Any]) -> Person:
    state = int(player.get("personastate", 0))
    return Person(
        steam_id=int(player["steamid"]),
        name=str(player.get("personaname", player["steamid"])),
        status=_STATUS[state] if 0 <= state < len(_STATUS) else "online",
        playing=str(player.get("gameextrainfo", "")),
        public=player.get("communityvisibilitystate") == _PUBLIC,
    )


def _achievements(stats: Mapping[str, Any], steam_id: int) -> list[Achievement]:
    why = "" if stats.get("success") else str(stats.get("error")).lower()
    if "not public" in why:
        raise _private(steam_id, "its achievements")
    if why and "no stats" not in why:
        raise UpstreamError("Steam could not give the achievements.", hint=LATER)
    return [_achievement(entry) for entry in stats.get("achievements", ())]


def _achievement(entry: Mapping[str, Any]) -> Achievement:
    key = str(entry["apiname"])
    achieved = bool(entry.get("achieved"))
    return Achievement(
        key=key,
        name=str(entry.get("name") or key),
        description=str(entry.get("description", "")),
        unlocked=max(1, int(entry.get("unlocktime", 0))) if achieved else 0,
    )
