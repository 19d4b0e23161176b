"""What to play: for an evening, for a taste, and everything about one game."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, UpstreamError, tool
from mcp_agent_steam import desk, fitting, names, pages, taste
from mcp_agent_steam.fitting import Candidate, Mood, Wish
from mcp_agent_steam.library.values import Game, Library, Played
from mcp_agent_steam.tools.shapes import gigabytes, hours, moment, once
from mcp_agent_steam.web.answers import Details

Limit = Annotated[int, Field("How many at most.", ge=1, le=20)]
NOT_GAMES = frozenset({"tool", "application", "music", "video", "config", "dlc", "demo"})
NO_LENGTHS = "How long a game takes is not known to Steam; the reasons say what the order is made from."


class Suggestion(Struct, frozen=True, omit_defaults=True):
    """``why``: what speaks for it, the strongest first. Not ``ready``: it has to be downloaded or updated first."""

    app_id: int
    name: str
    why: list[str]
    hours: float = 0.0
    ready: bool = True


class Suggestions(Struct, frozen=True, omit_defaults=True):
    """``of`` games were looked at."""

    games: list[Suggestion]
    of: int
    notes: list[str] = []


@tool(effect="read", open_world=True)
async def steam_what_fits(
    ctx: Context,
    minutes: Annotated[int | None, Field("Time there is, in minutes.", ge=5, le=1440)] = None,
    mood: Annotated[Mood | None, Field("What it should be like.")] = None,
    players: Annotated[int, Field("How many people want to play together.", ge=1, le=64)] = 1,
    limit: Limit = 5,
) -> Suggestions:
    """Games of yours that fit the time, the mood and the number of people right now, each with the reasons.

    Installed games that need no update come first. For taste rather than for tonight use steam_recommend.
    """
    library = await desk.look(ctx)
    candidates, notes = await _candidates(ctx, library)
    wish = Wish(minutes, mood, players, ctx.clock.time())
    short = minutes is not None and minutes < fitting.LONG
    able = [game for game in candidates if (game.ready or not short) and not fitting.excluded(game, wish)]
    judged = [(*fitting.judge(game, wish), game) for game in able]
    judged.sort(key=lambda one: (-one[0], one[2].facts is None, -one[2].played.last, one[2].name.casefold()))
    if minutes is not None:
        notes.append(NO_LENGTHS)
    if unknown := sum(game.facts is None for game in able) if mood or players > 1 else 0:
        notes.append(f"Of {unknown} of them neither genre nor players are known here; steam_game_details looks one up.")
    if short and (absent := sum(not game.ready for game in candidates)):
        notes.append(f"{absent} games that have to be downloaded or updated first were left out.")
    games = [
        Suggestion(game.app_id, game.name, why or ["nothing speaks against it"], hours(game.played.minutes), game.ready)
        for _, why, game in judged[:limit]
    ]
    return Suggestions(games, len(candidates), notes)


@tool(effect="read", open_world=True)
async def steam_recommend(ctx: Context, limit: Limit = 5) -> Suggestions:
    """Which of your barely played games you would like, from what you played most: genres, series, reviews.

    Looks at installed games, and with a Web API key at all that you own. Not for buying new ones.
    """
    library = await desk.look(ctx)
    candidates, notes = await _candidates(ctx, library)
    if candidates and not any(game.facts for game in candidates):
        notes.append("Genres are not known here: Steam's catalogue is not on this machine.")
    games = [
        Suggestion(game.app_id, game.name, why, hours(game.played.minutes), game.ready)
        for _, game, why in taste.recommend(candidates)[:limit]
    ]
    if candidates and not games:
        notes.append("Every game has been played for two hours or more: there is no backlog to recommend from.")
    return Suggestions(games, len(candidates), notes)


async def _candidates(ctx: Context, library: Library) -> tuple[list[Candidate], list[str]]:
    """All games that could be played, and what is to be said of them. What is no game is left out."""
    everything, note = await desk.owned(ctx, library)
    if everything is None:
        library = await desk.look_here(ctx)
    here = once(game for game in library.games if game.kind == "game")
    plays = {game.app_id: (game.name, game.played) for game in here.values()}
    for game in everything or ():
        plays[game.app_id] = game.name, Played(game.minutes, game.recent, max(game.last, _last(here, game.app_id)))
    known = await desk.facts(ctx, library, list(plays))
    candidates = [
        Candidate(app_id, name, app_id in here and here[app_id].ready, played, known.get(app_id))
        for app_id, (name, played) in plays.items()
        if app_id not in known or known[app_id].kind not in NOT_GAMES
    ]
    notes = [note] if note else []
    if not candidates:
        notes.append(
            "There are no games, neither installed nor in the account."
            if everything is not None
            else "No game is installed."
        )
    return candidates, notes + desk.desk(ctx).catalogue_problems()


def _last(here: dict[int, Game], app_id: int) -> int:
    return here[app_id].played.last if app_id in here else 0


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


@tool(effect="read", open_world=True, origin="Steam store")
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
