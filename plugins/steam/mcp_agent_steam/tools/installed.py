"""What is on this machine, and what it takes up."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct

from mcp_agent import Context, Field, tool
from mcp_agent_steam import desk, names
from mcp_agent_steam.examples import EXAMPLES
from mcp_agent_steam.library.values import Game, Library
from mcp_agent_steam.tools.shapes import GameLine, game_line, gigabytes, hours, once, problems

Limit = Annotated[int, Field("How many at most.", ge=1, le=200)]

_ORDERS = {
    "name": lambda game: game.name.casefold(),
    "size": lambda game: -game.size,
    "last_played": lambda game: -game.played.last,
    "hours": lambda game: -game.played.minutes,
}


class Installed(Struct, frozen=True, omit_defaults=True):
    """``next_offset`` asks for the rest. ``problems`` are files that could not be read to their end."""

    total: int
    games: list[GameLine]
    next_offset: int | None = None
    problems: list[str] = []


@tool(effect="read", examples=EXAMPLES["steam_list_installed"])
async def steam_list_installed(
    ctx: Context,
    sort: Annotated[
        Literal["name", "size", "last_played", "hours"], Field("Order; the largest or latest first.")
    ] = "name",
    limit: Limit = 25,
    offset: Annotated[int, Field("'next_offset' of the answer before.", ge=0)] = 0,
    tools: Annotated[bool, Field("Proton, runtimes and the like as well.")] = False,
) -> Installed:
    """Games installed through Steam on this machine, and programs added to it by hand. Read from Steam's own files.

    Sizes in GB, play in hours, times in UTC. steam_find_game finds one by name.
    """
    library = await desk.look_here(ctx)
    games = sorted((game for game in library.games if tools or game.kind != "tool"), key=_ORDERS[sort])
    shown = games[offset : offset + limit]
    end = offset + len(shown)
    return Installed(
        len(games), [game_line(game) for game in shown], end if end < len(games) else None, problems(library)
    )


class Stats(Struct, frozen=True, omit_defaults=True):
    """``owned`` is known with a Web API key only."""

    account: str
    installed: int
    ready: int
    shortcuts: int
    size_gb: float
    hours: float
    never_played: int
    most_played: list[GameLine]
    by_library: dict[str, int]
    owned: int | None = None
    owned_never_played: int | None = None
    note: str = ""
    problems: list[str] = []


@tool(effect="read", open_world=True, examples=EXAMPLES["steam_library_stats"])
async def steam_library_stats(ctx: Context) -> Stats:
    """Your games in numbers: installed, hours played, size, never played, the five most played."""
    library = await desk.look_here(ctx)
    games = list(once(game for game in library.games if game.kind == "game").values())
    everything, note = await desk.owned(ctx, library)
    by_library = {str(folder.path): 0 for folder in library.folders}
    for game in library.games:
        if game.kind == "game":
            by_library[str(game.library)] += 1
    return Stats(
        account=library.account.name or str(library.account.steam_id) if library.account else "nobody signed in",
        installed=len(games),
        ready=sum(game.ready for game in games),
        shortcuts=sum(game.kind == "shortcut" for game in library.games),
        size_gb=gigabytes(sum(game.size for game in library.games)),
        hours=hours(sum(game.minutes for game in everything) if everything else _minutes(library)),
        never_played=sum(not game.played.minutes for game in games),
        most_played=[game_line(game) for game in sorted(games, key=_ORDERS["hours"])[:5] if game.played.minutes],
        by_library=by_library,
        owned=None if everything is None else len(everything),
        owned_never_played=None if everything is None else sum(not game.minutes for game in everything),
        note=note or "",
        problems=problems(library),
    )


def _minutes(library: Library) -> int:
    return sum(played.minutes for played in library.played.values())


class Found(Struct, frozen=True, omit_defaults=True):
    """``likeness`` up to 100, for the same name."""

    app_id: int
    name: str
    likeness: float
    installed: bool
    state: str = ""
    hours: float = 0.0


class FoundGames(Struct, frozen=True, omit_defaults=True):
    games: list[Found]
    note: str = ""


@tool(effect="read", open_world=True, examples=EXAMPLES["steam_find_game"])
async def steam_find_game(
    ctx: Context,
    query: Annotated[
        str, Field("A name or part of it; typos and initials (tf2) are fine.", min_length=1, max_length=200)
    ],
    limit: Annotated[int, Field("How many at most.", ge=1, le=50)] = 5,
) -> FoundGames:
    """Find a game of yours by name, best first: installed ones, and with a Web API key all that you own.

    Not a search of the store. Gives the app_id that other tools take.
    """
    library = await desk.look(ctx)
    everything, note = await desk.owned(ctx, library)
    here = once(game for game in library.games if game.kind != "tool")
    named = [(game.name, _found(game)) for game in here.values()]
    named += [
        (game.name, Found(game.app_id, game.name, 0.0, False, "", hours(game.minutes)))
        for game in everything or ()
        if game.app_id not in here
    ]
    best = await ctx.in_thread(lambda: names.rank(query, named, limit))
    lines = [Found(one.app_id, one.name, score, one.installed, one.state, one.hours) for score, one in best]
    return FoundGames(lines, "" if lines else note or "")


def _found(game: Game) -> Found:
    return Found(game.app_id, game.name, 0.0, True, game.state, hours(game.played.minutes))
