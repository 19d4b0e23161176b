"""What the tools answer with, and how it is worded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct

from mcp_agent_steam.library.values import Game, Library

MOST_PROBLEMS = 10


class GameLine(Struct, frozen=True, omit_defaults=True):
    """Sizes in GB (10^9 bytes), play in hours; without ``last_played`` it was never started."""

    app_id: int
    name: str
    state: str = "ready"
    size_gb: float = 0.0
    hours: float = 0.0
    last_played: datetime | None = None
    library: str = ""
    kind: str = "game"


def game_line(game: Game, *, with_library: bool = False) -> GameLine:
    return GameLine(
        app_id=game.app_id,
        name=game.name,
        state=game.state,
        size_gb=gigabytes(game.size),
        hours=hours(game.played.minutes),
        last_played=moment(game.played.last),
        library=str(game.library) if with_library else "",
        kind=game.kind,
    )


def problems(library: Library) -> list[str]:
    """What could not be read, for the person; the first few."""
    lines = [f"{problem.file}: {problem.what}" for problem in library.problems[:MOST_PROBLEMS]]
    left = len(library.problems) - MOST_PROBLEMS
    return [*lines, f"and {left} more"] if left > 0 else lines


def moment(seconds: int) -> datetime | None:
    """None for 0, and for what is no time at all."""
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < 2**33 else None


def gigabytes(size: int) -> float:
    return round(size / 1e9, 2)


def hours(minutes: int) -> float:
    return round(minutes / 60, 1)


def once(games: Iterable[Game]) -> dict[int, Game]:
    """Each game once: one that two clients have is taken where it can be played."""
    found: dict[int, Game] = {}
    for game in games:
        if game.app_id not in found or (game.ready and not found[game.app_id].ready):
            found[game.app_id] = game
    return found
