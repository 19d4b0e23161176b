"""A route in words: one step for each street, and how to turn into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from mcp_agent_maps.atlas.protocol import Step
from mcp_agent_maps.geometry import Point, bearing, compass, metres
from mcp_agent_maps.routing.path import Leg, Stretch

_WORDS = {
    "footway": "footpath", "pedestrian": "pedestrian street", "steps": "steps", "cycleway": "cycle path",
    "path": "path",
    "service": "service road", "track": "track", "corridor": "corridor", "platform": "platform", "elevator": "lift",
    "crossing": "crossing",
}  # fmt: skip
_TURNS = ((20, "Go on along"), (50, "Bear {side} into"), (130, "Turn {side} into"), (165, "Turn sharp {side} into"))
_SHORT = 12.0
"""Metres at the beginning and end of a street by which its direction is judged."""


def steps_of(legs: Sequence[Leg]) -> list[Step]:
    """Every street in turn, and an arrival at the end of each leg."""
    return [step for leg in legs for step in _of_leg(leg)]


def _of_leg(leg: Leg) -> Iterator[Step]:
    came: float | None = None
    for label, group in groupby(leg.stretches, key=_label):
        stretches = list(group)
        line = [point for stretch in stretches for point in stretch.line]
        heads = _direction(line)
        yield Step(
            f"{_turn(came, heads)} {label}" if came is not None else f"Head {compass(heads)} along {label}",
            round(sum(stretch.metres for stretch in stretches)),
            round(sum(stretch.seconds for stretch in stretches)),
            round(heads) % 360,
            stretches[0].name,
        )
        came = (_direction(line[::-1]) + 180) % 360
    yield Step("You have arrived", 0, 0, round(came or 0) % 360)


def _label(stretch: Stretch) -> str:
    return stretch.name or f"the {_WORDS.get(stretch.kind, 'street')}"


def _direction(line: Sequence[Point]) -> float:
    """Where the first metres lead."""
    end, walked = line[0], 0.0
    for a, b in pairwise(line):
        walked += metres(a, b)
        end = b
        if walked >= _SHORT:
            break
    return bearing(line[0], end)


def _turn(came: float, heads: float) -> str:
    change = (heads - came + 180) % 360 - 180
    side = "right" if change > 0 else "left"
    return next((text.format(side=side) for most, text in _TURNS if abs(change) <= most), "Turn round into")
