"""Everything about one game."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, UpstreamError, tool
from mcp_agent_steam import desk, names, pages
from mcp_agent_steam.examples import EXAMPLES
from mcp_agent_steam.library.values import Library, Played
from mcp_agent_steam.tools.shapes import gigabytes, hours, moment, once
from mcp_agent_steam.web.answers import Details


class GameDetails(Struct, frozen=True, omit_defaults=True):
    """``store``: "there", "not there" or why it could not be asked. Prices as the store writes them."""

    app_id: int
    name: str
    store: str
    installed: bool
    state: str = ""
    size_gb: float = 0.0
    hours: float = 0.0
    last_played: datetime | None = None
    updated: datetime | None = None
    kind: str = ""
    description: str = ""
    genres: list[str] = []
    features: list[str] = []
    developers: list[str] = []
    released: str = ""
    metacritic: int = 0
    review_percent: int = 0
    price: str = ""
    discount_percent: int = 0


@tool(effect="read", open_world=True, origin="Steam store", examples=EXAMPLES["steam_game_details"])
async def steam_game_details(
    ctx: Context,
    game: Annotated[str, Field("An app_id, or the name of a game of yours.", min_length=1, max_length=200)],
) -> GameDetails:
    """Everything about one game: what it is (from the store, no key needed), and how it stands on this machine.

    Any app_id works, also of games you do not have. Sizes in GB, play in hours, times in UTC.
    """
    library = await desk.look(ctx)
    app_id, name = await resolve(ctx, library, game)
    page, store = await _page(ctx, app_id)
    here = once(one for one in library.games if one.app_id == app_id).get(app_id)
    facts = (await desk.facts(ctx, library, [app_id])).get(app_id)
    if page is None and here is None and facts is None and app_id not in library.played and not name:
        why = "it was removed, is not sold in your country, or never was" if store == "not there" else store
        raise ToolError(
            f"App {app_id} is neither here nor in the store: {why}.", hint="steam_find_game finds your games."
        )
    played = here.played if here else library.played.get(app_id, Played())
    price = page.price if page else None
    return GameDetails(
        app_id=app_id,
        name=page.name if page else here.name if here else facts.name if facts else name or f"App {app_id}",
        store=store,
        installed=here is not None,
        state=here.state if here else "",
        size_gb=gigabytes(here.size) if here else 0.0,
        hours=hours(played.minutes),
        last_played=moment(played.last),
        updated=moment(here.updated) if here else None,
        kind=page.kind if page else facts.kind if facts else here.kind if here else "",
        description=page.description if page else "",
        genres=list(page.genres if page else facts.genres if facts else ()),
        features=list(page.features if page else facts.features if facts else ()),
        developers=list(page.developers) if page else [],
        released=page.released if page else "",
        metacritic=page.metacritic if page else 0,
        review_percent=facts.review if facts else 0,
        price="free" if page and page.free else price.now if price else "",
        discount_percent=price.discount if price else 0,
    )


async def resolve(ctx: Context, library: Library, game: str) -> tuple[int, str]:
    """The app that is meant, with its name where it is one of the person's. Raises ToolError."""
    named = {one.app_id: one.name for one in library.games}
    if game.isdecimal() and len(game) <= 10:
        return int(game), named.get(int(game), "")
    everything, note = await desk.owned(ctx, library)
    named.update({one.app_id: one.name for one in everything or ()})
    choices = [(name, (app_id, name)) for app_id, name in named.items()]
    hint = f"steam_find_game shows what is alike; any game can be named by its app_id. {note or ''}".strip()
    found: tuple[int, str] = await ctx.in_thread(lambda: names.the_one(game, choices, "game of yours", hint))
    return found


async def _page(ctx: Context, app_id: int) -> tuple[Details | None, str]:
    try:
        page = await pages.page(ctx, desk.store(ctx), app_id)
    except UpstreamError as error:
        return (await pages.kept(ctx, [app_id])).get(app_id), str(error)
    return page, "there" if page else "not there"
