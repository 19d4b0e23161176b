"""Steam's Web API and store on loopback: the shapes of answers as Valve and the pages about its store document them.

It speaks real HTTP, checks the key where the real one does, and notes down every request.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from plugins.steam.tests.tree import DAY, NOW, STEAM_ID

KEY = "0123456789ABCDEF0123456789ABCDEF"
FORBIDDEN = (
    "<html><head><title>Forbidden</title></head><body><h1>Forbidden</h1>Access is denied. Retrying will not help. "
    "Please verify your <pre>key=</pre> parameter.</body></html>"
)
BO, CLEO, DAN, HIDDEN = (STEAM_ID + n for n in (1, 2, 3, 4))

Games = list[tuple[int, str, int, int]]
"""App, name, minutes, last played."""


class Valve:
    """The state of the other side; a test changes what it needs."""

    def __init__(self) -> None:
        self.requests: list[web.Request] = []
        self.most_at_once = self._now = 0
        self.fails_with: int | str | None = None
        """A status, ``html`` for a page, ``shape`` for JSON of another form, ``never`` for no answer."""
        self.over = asyncio.Event()
        self.names = {STEAM_ID: "Anna", BO: "Bo", CLEO: "Cleopatra", DAN: "Dan", HIDDEN: "Hidden Harry"}
        self.games: dict[int, Games | None] = {
            STEAM_ID: [
                (620, "Portal 2", 1300, NOW - 3 * DAY), (413150, "Stardew Valley", 0, 0), (550, "Left 4 Dead 2", 0, 0),
                (289070, "Sid Meier's Civilization VI", 3000, NOW - 400 * DAY), (400, "Portal", 410, 0),
                (8930, "Sid Meier's Civilization V", 20, 0), (440, "Team Fortress 2", 90, NOW - 20 * DAY),
                (1091500, "Cyberpunk 2077", 0, 0),
            ],
            BO: [(620, "Portal 2", 60, 0), (550, "Left 4 Dead 2", 6000, 0), (400, "Portal", 5, 0)],
            CLEO: [(620, "Portal 2", 0, 0), (550, "Left 4 Dead 2", 60, 0), (400, "Portal", 9, 0)],
            DAN: [],
            HIDDEN: None,
        }  # fmt: skip
        self.friends: list[int] | None = [BO, CLEO, DAN, HIDDEN]
        self.wishlist = [(1145360, 2), (1091500, 1), (582010, 0), (70, 3)]
        self.pages: dict[int, Mapping[str, Any]] = {
            550: _page(550, "Left 4 Dead 2", ["Action"], ["Multi-player", "Co-op", "Online Co-op"], cents=975, off=0),
            1145360: _page(1145360, "Hades", ["Action", "RPG"], ["Single-player"], cents=1225, off=50),
            1091500: _page(1091500, "Cyberpunk 2077", ["RPG"], ["Single-player"], cents=2999, off=50),
            582010: _page(582010, "Monster Hunter", ["Action"], ["Co-op"], cents=2999, off=0),
            620: _page(620, "Portal 2", ["Action", "Adventure"], ["Single-player", "Co-op"], cents=97, off=90),
        }
        self.achievements: Any = {
            "steamID": str(STEAM_ID), "gameName": "Portal 2", "success": True,
            "achievements": [
                _achievement("ACH.A", "Wake Up Call", NOW - DAY), _achievement("ACH.B", "You Monster", NOW - 2 * DAY),
                _achievement("ACH.C", "Undiscovered Country", 0), _achievement("ACH.D", "Professor Portal", 0),
            ],
        }  # fmt: skip

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/IPlayerService/GetOwnedGames/v1/", self._keyed(self.owned)),
            web.get("/IPlayerService/GetRecentlyPlayedGames/v1/", self._keyed(self.recent)),
            web.get("/ISteamUser/GetFriendList/v1/", self._keyed(self.friend_list)),
            web.get("/ISteamUser/GetPlayerSummaries/v2/", self._keyed(self.summaries)),
            web.get("/ISteamUserStats/GetPlayerAchievements/v1/", self._keyed(self.player_achievements)),
            web.get("/ISteamUserStats/GetGlobalAchievementPercentagesForApp/v2/", self._open(self.percentages)),
            web.get("/IWishlistService/GetWishlist/v1/", self._open(self.wishes)),
            web.get("/api/appdetails", self._open(self.appdetails)),
        ]

    def _open(self, answer: Any) -> Any:
        async def handle(request: web.Request) -> web.Response:
            self.requests.append(request)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            await asyncio.sleep(0.001)  # others may come in
            self._now -= 1
            if self.fails_with == "never":
                await self.over.wait()
            if self.fails_with == "html":
                return web.Response(text="<html>Steam is down for maintenance</html>", content_type="text/html")
            if self.fails_with == "shape":
                return web.json_response(
                    {"response": [], "playerstats": [], "players": 7, "620": {"success": 1, "data": 3}}
                )
            if isinstance(self.fails_with, int):
                return web.Response(status=self.fails_with, text="<html>no</html>", content_type="text/html")
            given: web.Response = answer(request)
            return given

        return handle

    def _keyed(self, answer: Any) -> Any:
        def check(request: web.Request) -> web.Response:
            if KEY not in (request.headers.get("x-webapi-key"), request.query.get("key")):
                return web.Response(status=403, text=FORBIDDEN, content_type="text/html")
            given: web.Response = answer(request)
            return given

        return self._open(check)

    def owned(self, request: web.Request) -> web.Response:
        games = self.games.get(int(request.query["steamid"]))
        assert request.query["include_appinfo"] == "true"
        if games is None:
            return web.json_response({"response": {}})
        return web.json_response(
            {"response": {"game_count": len(games), **({"games": _owned(games)} if games else {})}}
        )

    def recent(self, request: web.Request) -> web.Response:
        games = self.games.get(int(request.query["steamid"]))
        if games is None:
            return web.json_response({"response": {}})
        recent = [{**game, "playtime_2weeks": 50} for game in _owned([g for g in games if g[3] > NOW - 14 * DAY])]
        return web.json_response({"response": {"total_count": len(recent), **({"games": recent} if recent else {})}})

    def friend_list(self, request: web.Request) -> web.Response:
        if self.friends is None:
            return web.Response(status=401, text="{}", content_type="application/json")
        friends = [{"steamid": str(one), "relationship": "friend", "friend_since": NOW} for one in self.friends]
        return web.json_response({"friendslist": {"friends": friends}})

    def summaries(self, request: web.Request) -> web.Response:
        wanted = [int(one) for one in request.query["steamids"].split(",") if int(one) in self.names]
        return web.json_response({"response": {"players": [self._person(one) for one in wanted]}})

    def _person(self, steam_id: int) -> dict[str, Any]:
        private = self.games.get(steam_id) is None
        person = {
            "steamid": str(steam_id), "communityvisibilitystate": 1 if private else 3, "profilestate": 1,
            "personaname": self.names[steam_id], "personastate": 0 if private else 1, "avatar": "https://a.invalid/a.jpg",
        }  # fmt: skip
        return {**person, "gameid": "550", "gameextrainfo": "Left 4 Dead 2"} if steam_id == CLEO else person

    def player_achievements(self, request: web.Request) -> web.Response:
        status = 200 if self.achievements.get("success") else 400 if "stats" in self.achievements["error"] else 403
        return web.json_response({"playerstats": self.achievements}, status=status)

    def percentages(self, request: web.Request) -> web.Response:
        shares = {"ACH.A": "89.5", "ACH.B": "54.3", "ACH.C": "12.1", "ACH.D": "33.3"}
        entries = [{"name": key, "percent": share} for key, share in shares.items()]
        return web.json_response({"achievementpercentages": {"achievements": entries}})

    def wishes(self, request: web.Request) -> web.Response:
        items = [{"appid": app, "priority": place, "date_added": NOW} for app, place in self.wishlist]
        return web.json_response({"response": {"items": items} if items else {}})

    def appdetails(self, request: web.Request) -> web.Response:
        wanted = [int(one) for one in request.query["appids"].split(",")]
        only_prices = request.query["filters"] == "price_overview"
        if len(wanted) > 1 and not only_prices:
            return web.Response(status=400, text="null", content_type="application/json")
        return web.json_response({str(app): self._entry(app, only_prices) for app in wanted})

    def _entry(self, app: int, only_prices: bool) -> Mapping[str, Any]:
        page = self.pages.get(app)
        if page is None:
            return {"success": False}
        if only_prices:
            return {
                "success": True,
                "data": {"price_overview": page["price_overview"]} if page["price_overview"] else [],
            }
        return {"success": True, "data": page}


def _owned(games: Games) -> list[dict[str, Any]]:
    return [
        {"appid": app, "name": name, "playtime_forever": minutes, "img_icon_url": "0" * 40, "rtime_last_played": last,
         "playtime_windows_forever": 0, "playtime_linux_forever": minutes, "playtime_disconnected": 0}
        for app, name, minutes, last in games
    ]  # fmt: skip


def _page(app: int, name: str, genres: list[str], features: list[str], *, cents: int, off: int) -> dict[str, Any]:
    before = round(cents / (1 - off / 100))
    return {
        "type": "game", "name": name, "steam_appid": app, "required_age": 0, "is_free": False,
        "short_description": f"{name} &amp; more", "developers": ["Somebody"],
        "genres": [{"id": str(n), "description": genre} for n, genre in enumerate(genres)],
        "categories": [{"id": n, "description": feature} for n, feature in enumerate(features)],
        "release_date": {"coming_soon": False, "date": "18 Apr, 2011"}, "metacritic": {"score": 95, "url": "x"},
        "price_overview": {
            "currency": "EUR", "initial": before, "final": cents, "discount_percent": off,
            "initial_formatted": f"{before / 100:.2f}€" if off else "", "final_formatted": f"{cents / 100:.2f}€",
        },
    }  # fmt: skip


def _achievement(key: str, name: str, unlocked: int) -> dict[str, Any]:
    return {
        "apiname": key,
        "achieved": int(bool(unlocked)),
        "unlocktime": unlocked,
        "name": name,
        "description": "Do it.",
    }


@asynccontextmanager
async def valve(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Valve]:
    """Both hosts of Steam on one port of loopback, in place of the real ones."""
    other = Valve()
    app = web.Application()
    app.add_routes(other.routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    monkeypatch.setattr("mcp_agent_steam.web.account.API", url)
    monkeypatch.setattr("mcp_agent_steam.web.store.API", url)
    monkeypatch.setattr("mcp_agent_steam.web.store.STORE", url)
    try:
        yield other
    finally:
        other.over.set()
        await runner.cleanup()
