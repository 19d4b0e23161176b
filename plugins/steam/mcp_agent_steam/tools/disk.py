"""What games take up, and what could go."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, tool
from mcp_agent_steam import desk
from mcp_agent_steam.examples import EXAMPLES
from mcp_agent_steam.library.values import Library
from mcp_agent_steam.tools.shapes import GameLine, game_line, gigabytes, problems


class LibraryUse(Struct, frozen=True):
    """One library folder. GB."""

    path: str
    games: int
    size_gb: float
    free_gb: float


class DiskUsage(Struct, frozen=True, omit_defaults=True):
    """``stale`` are large games that nobody played lately; ``leftovers`` folders that no manifest knows any more."""

    libraries: list[LibraryUse]
    largest: list[GameLine]
    stale: list[GameLine]
    stale_gb: float
    to_download_gb: float = 0.0
    leftovers: list[str] = []
    problems: list[str] = []


@tool(effect="read", examples=EXAMPLES["steam_disk_usage"])
async def steam_disk_usage(
    ctx: Context,
    unplayed_days: Annotated[int, Field("Not played for so many days counts as stale.", ge=1, le=3650)] = 180,
    limit: Annotated[int, Field("How many at most.", ge=1, le=100)] = 10,
) -> DiskUsage:
    """What games take up on each disk, in GB, what is free there, and which large ones could go.

    Sizes are those that Steam notes down when it installs or updates a game.
    """
    library = await desk.look_here(ctx)
    several = len(library.folders) > 1
    since = ctx.clock.time() - unplayed_days * 86400
    largest = sorted((game for game in library.games if game.kind != "shortcut"), key=lambda game: -game.size)
    stale = [game for game in largest if game.kind == "game" and max(game.played.last, game.updated) < since]
    return DiskUsage(
        libraries=await ctx.in_thread(lambda: [_use(library, folder.path) for folder in library.folders]),
        largest=[game_line(game, with_library=several) for game in largest[:limit]],
        stale=[game_line(game, with_library=several) for game in stale[:limit]],
        stale_gb=gigabytes(sum(game.size for game in stale)),
        to_download_gb=gigabytes(sum(game.missing for game in largest)),
        leftovers=list(library.leftovers[:limit]),
        problems=problems(library),
    )


def _use(library: Library, path: Path) -> LibraryUse:
    games = [game for game in library.games if game.library == path and game.kind != "shortcut"]
    free = shutil.disk_usage(path).free
    return LibraryUse(str(path), len(games), gigabytes(sum(game.size for game in games)), gigabytes(free))
