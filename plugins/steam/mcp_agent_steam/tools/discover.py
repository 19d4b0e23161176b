"""What to play: for an evening, for a taste, and everything about one game."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, tool
from mcp_agent_steam import desk, fitting, taste
from mcp_agent_steam.examples import EXAMPLES
from mcp_agent_steam.fitting import Candidate, Mood, Wish
from mcp_agent_steam.library.values import Game, Library, Played
from mcp_agent_steam.tools.shapes import hours, once

Limit = Annotated[int, Field("How many at most.", ge=1, le=20)]
NOT_GAMES = frozenset({"tool", "application", "music", "video", "config", "dlc", "demo"})
NO_COUNTS = (
    "How many can play at once is not known to Steam: 'for several people' may mean two. Look before you promise."
)
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


@tool(effect="read", open_world=True, examples=EXAMPLES["steam_what_fits"])
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
    if players > 2:
        notes.append(NO_COUNTS)
    if unknown := sum(game.facts is None for game in able) if mood or players > 1 else 0:
        notes.append(f"Neither genre nor players are known here of {unknown} of them; steam_game_details looks one up.")
    if short and (absent := sum(not game.ready for game in candidates)):
        notes.append(f"Left out because they have to be downloaded or updated first: {absent}.")
    games = [
        Suggestion(game.app_id, game.name, why or ["nothing speaks against it"], hours(game.played.minutes), game.ready)
        for _, why, game in judged[:limit]
    ]
    return Suggestions(games, len(candidates), notes)


@tool(effect="read", open_world=True, examples=EXAMPLES["steam_recommend"])
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
