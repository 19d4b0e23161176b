"""What somebody likes, from what they played: genres by hours, and series."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from mcp_agent_steam.fitting import Candidate
from mcp_agent_steam.names import series

_ENOUGH = 120
"""Minutes of play from which a game says something of taste; below, it still waits to be played."""
_COMMON = frozenset({"Indie", "Free To Play", "Early Access"})
"""Ways of publishing more than kinds of game."""


def recommend(games: Iterable[Candidate]) -> list[tuple[float, Candidate, list[str]]]:
    """Those barely played, the best first, with why. Points are from 0 to about 3."""
    games = list(games)
    known = [game for game in games if game.played.minutes >= _ENOUGH]
    liked = _liked(known)
    first = max(liked.values(), default=0.0)
    begun = {
        series(game.name): game for game in sorted(known, key=lambda game: game.played.minutes) if series(game.name)
    }
    found = []
    for game in games:
        if game.played.minutes < _ENOUGH:
            points, why = _points(game, liked, first, begun.get(series(game.name)))
            found.append((round(points, 2), game, why))
    return sorted(found, key=lambda one: (-one[0], not one[1].ready, one[1].name.casefold()))


def _liked(known: Iterable[Candidate]) -> Mapping[str, float]:
    """How much each genre is played. The logarithm of hours: one game left running should not be all."""
    weights: dict[str, float] = {}
    for game in known:
        for genre in game.facts.genres if game.facts else ():
            if genre not in _COMMON:
                weights[genre] = weights.get(genre, 0.0) + math.log2(1 + game.played.minutes / 60)
    return weights


def _points(
    game: Candidate, liked: Mapping[str, float], first: float, earlier: Candidate | None
) -> tuple[float, list[str]]:
    points, why = 0.0, []
    if earlier is not None:
        points += 1.5
        why.append(
            f"you played {earlier.name} for {earlier.played.minutes / 60:.0f} h, and this seems to be of its series"
        )
    genres = [genre for genre in (game.facts.genres if game.facts else ()) if genre in liked]
    if genres:
        points += sum(liked[genre] for genre in genres) / (first * len(genres))
        why.append(f"you play much {', '.join(sorted(genres, key=lambda genre: -liked[genre])[:3])}")
    if game.facts and game.facts.review >= 80:
        points += (game.facts.review - 70) / 60
        why.append(f"{game.facts.review} % of reviews are positive")
    if game.ready:
        points += 0.2
        why.append("it is installed and ready")
    why.append("never played" if not game.played.minutes else f"only {game.played.minutes} min played")
    return points, why
