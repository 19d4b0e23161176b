"""The store and what else Steam says without a key. python-steam-api has no timeouts here, so it is not used."""

from __future__ import annotations

import functools
import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from mcp_agent import UpstreamError
from mcp_agent_steam.web.account import API
from mcp_agent_steam.web.answers import Details, Price
from mcp_agent_steam.web.fetch import LATER, Fetcher

T = TypeVar("T")

STORE = "https://store.steampowered.com"
_APPS_AT_ONCE = 100
_FILTERS = "basic,genres,categories,developers,release_date,metacritic,price_overview"


class LiveStore:
    """A SteamStore."""

    def __init__(self, fetcher: Fetcher, country: str) -> None:
        self._fetcher = fetcher
        self._country = country

    async def details(self, app_id: int) -> Details | None:
        answer = await self._appdetails([app_id], _FILTERS)
        entry = answer.get(str(app_id)) or {}
        return _shaped(lambda: _details(app_id, entry["data"])) if entry.get("success") else None

    async def prices(self, app_ids: Sequence[int]) -> Mapping[int, Price]:
        found: dict[int, Price] = {}
        for begin in range(0, len(app_ids), _APPS_AT_ONCE):
            answer = await self._appdetails(app_ids[begin : begin + _APPS_AT_ONCE], "price_overview")
            found.update(_shaped(functools.partial(_prices, answer)))
        return found

    async def wishlist(self, steam_id: int) -> list[int]:
        answer = await self._fetcher.get(f"{API}/IWishlistService/GetWishlist/v1/", {"steamid": steam_id})

        def wanted() -> list[int]:
            items = sorted(answer["response"].get("items", ()), key=lambda item: item.get("priority") or float("inf"))
            return [int(item["appid"]) for item in items]

        return _shaped(wanted)

    async def rarity(self, app_id: int) -> Mapping[str, float]:
        path = "/ISteamUserStats/GetGlobalAchievementPercentagesForApp/v2/"
        answer = await self._fetcher.get(API + path, {"gameid": app_id})
        entries = (answer or {}).get("achievementpercentages", {}).get("achievements", ())
        return _shaped(lambda: {str(entry["name"]): float(entry["percent"]) for entry in entries})

    async def _appdetails(self, app_ids: Sequence[int], filters: str) -> Mapping[str, Any]:
        params = {"appids": ",".join(map(str, app_ids)), "cc": self._country, "l": "english", "filters": filters}
        answer = await self._fetcher.get(f"{STORE}/api/appdetails", params)
        return answer if isinstance(answer, dict) else {}


def _shaped(read: Callable[[], T]) -> T:
    try:
        return read()
    except (KeyError, TypeError, AttributeError, ValueError):
        raise UpstreamError("Steam answered in a form that is not known here.", hint=LATER) from None


def _prices(answer: Mapping[str, Any]) -> dict[int, Price]:
    """``data`` is an empty list where there is no price."""
    found = {}
    for app_id, entry in answer.items():
        overview = entry["data"].get("price_overview") if entry.get("success") and entry.get("data") else None
        if overview:
            found[int(app_id)] = _price(overview)
    return found


def _price(overview: Mapping[str, Any]) -> Price:
    now = str(overview["final_formatted"])
    return Price(
        now=now,
        before=str(overview.get("initial_formatted") or now),
        discount=int(overview["discount_percent"]),
        cents=int(overview["final"]),
    )


def _details(app_id: int, data: Mapping[str, Any]) -> Details:
    overview = data.get("price_overview")
    return Details(
        app_id=app_id,
        name=str(data["name"]),
        kind=str(data.get("type", "")),
        description=html.unescape(str(data.get("short_description", "")))[:500],
        genres=_described(data.get("genres")),
        features=_described(data.get("categories")),
        developers=tuple(map(str, data.get("developers", ())))[:5],
        released=str((data.get("release_date") or {}).get("date", "")),
        metacritic=int((data.get("metacritic") or {}).get("score", 0)),
        free=bool(data.get("is_free")),
        price=_price(overview) if overview else None,
    )


def _described(entries: Any) -> tuple[str, ...]:
    return tuple(str(entry["description"]) for entry in entries or ())[:30]
