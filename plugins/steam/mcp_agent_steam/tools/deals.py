"""What is cheaper now."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_steam import desk, pages
from mcp_agent_steam.examples import EXAMPLES

_MOST_WISHES = 500
_MOST_LOOKUPS = 10


class Deal(Struct, frozen=True):
    """Prices as the store writes them, currency included. ``place`` on the wishlist, 1 for the most wanted."""

    app_id: int
    name: str
    now: str
    before: str
    discount_percent: int
    place: int


class Deals(Struct, frozen=True, omit_defaults=True):
    """``wished`` games are on the wishlist, ``reduced`` of them cost less now."""

    wished: int
    reduced: int
    deals: list[Deal]
    country: str
    note: str = ""


@tool(effect="read", open_world=True, origin="Steam store", timeout=120, examples=EXAMPLES["steam_wishlist_deals"])
async def steam_wishlist_deals(
    ctx: Context,
    min_discount: Annotated[int, Field("Per cent off, at least.", ge=1, le=100)] = 1,
    limit: Annotated[int, Field("How many at most.", ge=1, le=50)] = 10,
) -> Deals:
    """Games on your wishlist that are reduced in the store right now, the largest discount first. Needs no key.

    Prices are for the country in the configuration. Buys nothing.
    """
    library = await desk.look(ctx)
    store = desk.store(ctx)
    wished = await store.wishlist(desk.own_id(ctx, library))
    if not wished:
        return Deals(0, 0, [], ctx.config.country, "The wishlist is empty or private: Steam does not say which.")
    places = {app_id: place for place, app_id in enumerate(wished[:_MOST_WISHES], start=1)}
    prices = await store.prices(list(places))
    reduced = [app_id for app_id in places if app_id in prices and prices[app_id].discount >= min_discount]
    reduced.sort(key=lambda app_id: (-prices[app_id].discount, places[app_id]))
    named = await _names(ctx, reduced[:limit])
    deals = [
        Deal(
            app_id, named.get(app_id, f"App {app_id}"), prices[app_id].now, prices[app_id].before,
            prices[app_id].discount, places[app_id],
        )
        for app_id in reduced[:limit]
    ]  # fmt: skip
    left = len(wished) - len(places)
    note = f"Only the {_MOST_WISHES} most wanted were looked at." if left > 0 else ""
    return Deals(len(wished), len(reduced), deals, ctx.config.country, note)


async def _names(ctx: Context, app_ids: list[int]) -> dict[int, str]:
    """From Steam's catalogue on this machine; the store is asked for a few that it lacks."""
    facts = await desk.facts(ctx, await desk.look(ctx), app_ids)
    named = {app_id: known.name for app_id, known in facts.items() if known.name}
    for app_id in [app_id for app_id in app_ids if app_id not in named][:_MOST_LOOKUPS]:
        try:
            page = await pages.page(ctx, desk.store(ctx), app_id)
        except ToolError:  # the prices are there; a number stands for the name
            break
        if page is not None:
            named[app_id] = page.name
    return named
