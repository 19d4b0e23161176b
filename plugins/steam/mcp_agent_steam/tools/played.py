"""What was played lately, and what never was."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_steam import desk
from mcp_agent_steam.examples import EXAMPLES
from mcp_agent_steam.library.values import Library
from mcp_agent_steam.tools.shapes import gigabytes, hours, moment, once

_TWO_WEEKS = 14 * 86400


class Recent(Struct, frozen=True, omit_defaults=True):
    """``hours_two_weeks`` of the last 14 days, ``hours`` in all."""

    app_id: int
    name: str
    hours_two_weeks: float
    hours: float
    last_played: datetime | None = None


class RecentGames(Struct, frozen=True, omit_defaults=True):
    """``source``: the account, or the files on this machine."""

    games: list[Recent]
    source: str
    note: str = ""


@tool(effect="read", open_world=True, origin="Steam", examples=EXAMPLES["steam_recently_played"])
async def steam_recently_played(
    ctx: Context, limit: Annotated[int, Field("How many at most.", ge=1, le=50)] = 10
) -> RecentGames:
    """Games played in the last two weeks, the latest first; on all machines with a Web API key, else on this one."""
    library = await desk.look(ctx)
    web = await desk.account(ctx)
    note = desk.NO_KEY
    if web is not None:
        try:
            games = await web.recent(desk.own_id(ctx, library))
        except ToolError as error:
            note = str(error)
        else:
            lines = [
                Recent(game.app_id, game.name, hours(game.recent), hours(game.minutes), _last(library, game.app_id))
                for game in games
            ]
            lines.sort(key=lambda line: (line.last_played is None, -line.hours_two_weeks))
            return RecentGames(lines[:limit], "account", "" if lines else "Nothing was played in the last two weeks.")
    return _recent_here(await desk.look_here(ctx), ctx.clock.time() - _TWO_WEEKS, limit, note)


def _recent_here(library: Library, since: float, limit: int, note: str) -> RecentGames:
    here = {game.app_id: game.name for game in library.games}
    latest = {app_id: played.last for app_id, played in library.played.items()}
    latest.update({game.app_id: game.played.last for game in library.games})
    lines = []
    for app_id, last in sorted(latest.items(), key=lambda item: -item[1]):
        if last >= since:
            played = library.played.get(app_id)
            minutes, recent = (played.minutes, played.recent) if played else (0, 0)
            name = here.get(app_id, f"App {app_id} (not installed any more)")
            lines.append(Recent(app_id, name, hours(recent), hours(minutes), moment(last)))
    return RecentGames(lines[:limit], "this machine", note)


def _last(library: Library, app_id: int) -> datetime | None:
    played = library.played.get(app_id)
    return moment(played.last) if played else None


class BacklogLine(Struct, frozen=True, omit_defaults=True):
    """``size_gb`` where it is installed."""

    app_id: int
    name: str
    hours: float
    installed: bool
    size_gb: float = 0.0


class Backlog(Struct, frozen=True, omit_defaults=True):
    """``of`` games were looked at, ``total`` of them are in the backlog."""

    total: int
    of: int
    games: list[BacklogLine]
    next_offset: int | None = None
    note: str = ""


@tool(effect="read", open_world=True, examples=EXAMPLES["steam_backlog"])
async def steam_backlog(
    ctx: Context,
    below_minutes: Annotated[int, Field("Played for less than so many minutes.", ge=1, le=6000)] = 60,
    limit: Annotated[int, Field("How many at most.", ge=1, le=200)] = 30,
    offset: Annotated[int, Field("'next_offset' of the answer before.", ge=0)] = 0,
) -> Backlog:
    """Games that were bought and never or barely played: installed ones first, then those begun, then by name.

    Without a Web API key only installed games are known.
    """
    library = await desk.look(ctx)
    everything, note = await desk.owned(ctx, library)
    if everything is None:
        await desk.look_here(ctx)
    here = once(game for game in library.games if game.kind == "game")
    minutes = {game.app_id: (game.name, game.played.minutes) for game in here.values()}
    minutes.update({game.app_id: (game.name, game.minutes) for game in everything or ()})
    waiting = [
        BacklogLine(
            app_id, name, hours(played), app_id in here, gigabytes(here[app_id].size) if app_id in here else 0.0
        )
        for app_id, (name, played) in minutes.items()
        if played < below_minutes
    ]
    waiting.sort(key=lambda line: (not line.installed, -line.hours, line.name.casefold()))
    shown = waiting[offset : offset + limit]
    end = offset + len(shown)
    if everything == []:
        note = "The account owns no games."
    return Backlog(len(waiting), len(minutes), shown, end if end < len(waiting) else None, note or "")
