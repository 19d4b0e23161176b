"""Which game fits an evening: rules over what is known, each giving points and the reason in words.

Nothing is made up. How long a game takes is written nowhere that a program may read, so no rule pretends to know it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from mcp_agent_steam.library.values import Facts, Played
from mcp_agent_steam.library.words import TOGETHER

Mood = Literal["relaxed", "action", "story", "thinking", "competitive"]

GENRES_OF: dict[str, frozenset[str]] = {
    "relaxed": frozenset({"Casual", "Simulation"}),
    "action": frozenset({"Action", "Racing", "Sports"}),
    "story": frozenset({"Adventure", "RPG"}),
    "thinking": frozenset({"Strategy", "Simulation"}),
}
FEATURES_OF: dict[str, frozenset[str]] = {
    "competitive": frozenset({"PvP", "Online PvP", "LAN PvP", "Shared/Split Screen PvP"})
}
_IN_ROUNDS = frozenset({"Casual", "Racing", "Sports", "Online PvP"})
_AT_LENGTH = frozenset({"RPG", "Strategy", "Adventure", "Simulation"})
SHORT, LONG = 45, 120
"""Minutes."""
_DAY = 86400


class Wish(Struct, frozen=True):
    """What somebody has in mind, and ``now`` in seconds UTC."""

    minutes: int | None
    mood: Mood | None
    players: int
    now: float


class Candidate(Struct, frozen=True):
    """A game to play, ``ready`` right now or not. ``facts`` are None where neither genres nor features are known."""

    app_id: int
    name: str
    ready: bool
    played: Played
    facts: Facts | None

    @property
    def words(self) -> frozenset[str]:
        return frozenset((*self.facts.genres, *self.facts.features)) if self.facts else frozenset()


Rule = Callable[[Candidate, Wish], tuple[float, str] | None]


def excluded(game: Candidate, wish: Wish) -> bool:
    """Whether what is known of the game speaks against it. What is not known does not."""
    if game.facts is None:
        return False
    wanted = _wanted(wish)
    if wanted and not wanted & game.words:
        return True
    return wish.players > 1 and not TOGETHER & game.words


def judge(game: Candidate, wish: Wish) -> tuple[float, list[str]]:
    """Points, and why."""
    given = [verdict for rule in RULES if (verdict := rule(game, wish)) is not None]
    return sum(points for points, _ in given), [why for _, why in sorted(given, key=lambda one: -one[0])]


def _wanted(wish: Wish) -> frozenset[str]:
    return GENRES_OF.get(wish.mood or "", FEATURES_OF.get(wish.mood or "", frozenset()))


def _mood(game: Candidate, wish: Wish) -> tuple[float, str] | None:
    both = sorted(_wanted(wish) & game.words)
    return (3.0, f"{', '.join(both)}: {wish.mood}") if both else None


def _players(game: Candidate, wish: Wish) -> tuple[float, str] | None:
    both = sorted(TOGETHER & game.words)
    return (3.0, f"for several people: {', '.join(both)}") if wish.players > 1 and both else None


def _familiar(game: Candidate, wish: Wish) -> tuple[float, str] | None:
    if wish.minutes is not None and wish.minutes <= SHORT and game.played.minutes >= 60:
        return 2.0, f"you know it ({game.played.minutes / 60:.0f} h played), so little time is enough"
    return None


def _rounds(game: Candidate, wish: Wish) -> tuple[float, str] | None:
    both = sorted(_IN_ROUNDS & game.words)
    if wish.minutes is not None and wish.minutes <= SHORT and both:
        return 1.0, f"{', '.join(both)} games are mostly played in rounds"
    return None


def _length(game: Candidate, wish: Wish) -> tuple[float, str] | None:
    both = sorted(_AT_LENGTH & game.words)
    if wish.minutes is not None and wish.minutes >= LONG and both:
        return 1.0, f"{', '.join(both)}: worth a long evening"
    return None


def _in_the_middle(game: Candidate, wish: Wish) -> tuple[float, str] | None:
    days = (wish.now - game.played.last) / _DAY
    if game.played.last and 0 <= days <= 14:
        when = "today" if days < 1 else f"{days:.0f} day{'s' * (round(days) != 1)} ago"
        return 1.5, f"you are in the middle of it (last played {when})"
    return None


def _untouched(game: Candidate, wish: Wish) -> tuple[float, str] | None:
    if not game.played.minutes and not game.played.last and (wish.minutes is None or wish.minutes >= LONG):
        return 1.0, "you have never played it"
    return None


def _forgotten(game: Candidate, wish: Wish) -> tuple[float, str] | None:
    years = (wish.now - game.played.last) / (365 * _DAY)
    if game.played.last and years >= 1 and game.played.minutes >= 120:
        return (
            0.5,
            f"you put {game.played.minutes / 60:.0f} h into it and left it {years:.0f} year{'s' * (years >= 1.5)} ago",
        )
    return None


def _liked(game: Candidate, wish: Wish) -> tuple[float, str] | None:
    review = game.facts.review if game.facts else 0
    return (0.5, f"{review} % of reviews are positive") if review >= 85 else None


def _at_hand(game: Candidate, wish: Wish) -> tuple[float, str] | None:
    return None if game.ready else (-1.0, "has to be downloaded or updated first")


RULES: tuple[Rule, ...] = (
    _mood, _players, _familiar, _rounds, _length, _in_the_middle, _untouched, _forgotten, _liked, _at_hand,
)  # fmt: skip
