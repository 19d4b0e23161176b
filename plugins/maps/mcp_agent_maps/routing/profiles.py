"""Who may use which street, in which direction, and how fast: tables for foot, bike and car."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from msgspec import Struct

Mode = Literal["foot", "bike", "car"]
MODES: tuple[Mode, ...] = ("foot", "bike", "car")

Tags = Mapping[str, str]


class Speeds(NamedTuple):
    """In km/h along a way as it was drawn, and against it; 0 where that is not allowed."""

    forward: int
    backward: int


class Profile(Struct, frozen=True):
    """``speeds`` by the value of highway, in km/h. ``access`` are the keys that allow or forbid, the last one decides.

    ``needs_leave`` are kinds of street that need an explicit yes; ``pushed`` is the speed where a bike is walked.
    """

    speeds: Mapping[str, int]
    access: tuple[str, ...]
    oneway: tuple[str, ...]
    blocked_by: frozenset[str]
    needs_leave: frozenset[str] = frozenset()
    pushed: int = 0
    reads_maxspeed: bool = False

    @property
    def fastest(self) -> int:
        """No way is faster, in km/h."""
        return 130 if self.reads_maxspeed else max(self.speeds.values())


_WALK, _RIDE, _PUSH = 5, 16, 4
_STREETS = (
    "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link", "unclassified",
    "residential", "living_street", "service", "road", "track",
)  # fmt: skip
_WALLS = frozenset({"wall", "fence", "hedge", "debris", "hedge_bank", "guard_rail", "jersey_barrier"})

PROFILES: Mapping[Mode, Profile] = {
    "foot": Profile(
        speeds={
            **dict.fromkeys(_STREETS, _WALK), "footway": _WALK, "pedestrian": _WALK, "path": _WALK, "steps": 3,
            "corridor": _WALK, "platform": _WALK, "cycleway": _WALK, "bridleway": _WALK,
            "elevator": 1, "crossing": _WALK,
            "trunk": _WALK, "trunk_link": _WALK,
        },
        access=("access", "foot"),
        oneway=("oneway:foot",),
        blocked_by=_WALLS,
        needs_leave=frozenset({"trunk", "trunk_link", "bridleway"}),
    ),
    "bike": Profile(
        speeds={
            **dict.fromkeys(_STREETS, _RIDE), "cycleway": _RIDE, "path": 12, "living_street": 10, "service": 12,
            "track": 10, "footway": 12, "pedestrian": 10, "bridleway": 8, "trunk": _RIDE, "trunk_link": _RIDE,
            "crossing": 8, "platform": 8,
        },
        access=("access", "vehicle", "bicycle"),
        oneway=("oneway", "oneway:bicycle"),
        blocked_by=_WALLS | {"stile", "kissing_gate", "turnstile", "full-height_turnstile"},
        needs_leave=frozenset({"footway", "pedestrian", "bridleway", "trunk", "trunk_link", "crossing", "platform"}),
        pushed=_PUSH,
    ),
    "car": Profile(
        speeds={
            "motorway": 110, "motorway_link": 60, "trunk": 90, "trunk_link": 50, "primary": 60, "primary_link": 40,
            "secondary": 50, "secondary_link": 35, "tertiary": 45, "tertiary_link": 30, "unclassified": 40,
            "residential": 30, "living_street": 10, "service": 15, "road": 30, "track": 10,
        },
        access=("access", "vehicle", "motor_vehicle", "motorcar"),
        oneway=("oneway", "oneway:motor_vehicle", "oneway:motorcar"),
        blocked_by=_WALLS | {
            "stile", "kissing_gate", "turnstile", "full-height_turnstile", "bollard", "block", "cycle_barrier",
            "planter", "chain", "log", "bus_trap", "sump_buster", "motorcycle_barrier", "horse_stile", "step",
        },
        needs_leave=frozenset({"track"}),
        reads_maxspeed=True,
    ),
}  # fmt: skip

_NO = frozenset({"no", "private", "agricultural", "forestry", "military", "use_sidepath", "emergency", "restricted"})
_YES = frozenset({"yes", "designated", "permissive", "official", "public", "destination"})
_LAST_METRES = frozenset({"destination", "customers", "delivery", "permit", "residents"})
"""Allowed for those who have business there. A third of the speed keeps everybody else out."""
_ONE_WAY = {"yes": 1, "true": 1, "1": 1, "-1": -1, "reverse": -1, "no": 0, "false": 0, "0": 0}
_MPH = 1.609344
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(mph)?")


def speeds(mode: Mode, tags: Tags) -> Speeds:
    """How fast a way is for this mode, in each direction."""
    profile = PROFILES[mode]
    kind = tags.get("highway", "")
    usual = profile.speeds.get(kind, 0)
    if not usual:
        return Speeds(0, 0)
    said = _access(profile, tags)
    leave_missing = kind in profile.needs_leave and said not in _YES
    if said in _NO or leave_missing:
        return _pushed(profile, kind, tags)
    speed = _limited(profile, usual, tags)
    if said in _LAST_METRES:
        speed = max(1, round(speed / 3))
    direction = _direction(mode, profile, tags)
    return Speeds(speed if direction >= 0 else profile.pushed, speed if direction <= 0 else profile.pushed)


def blocked(mode: Mode, tags: Tags) -> bool:
    """Whether a node with such a barrier stops this mode."""
    profile = PROFILES[mode]
    said = _access(profile, tags)
    if said in _NO:
        return True
    return tags.get("barrier") in profile.blocked_by and said not in _YES


def _access(profile: Profile, tags: Tags) -> str:
    """What the most special of the keys says."""
    return next((tags[key] for key in reversed(profile.access) if key in tags), "")


def _pushed(profile: Profile, kind: str, tags: Tags) -> Speeds:
    """A bike may be walked where people walk, in both directions."""
    walked = profile.pushed and kind not in ("trunk", "trunk_link") and speeds("foot", tags).forward > 0
    return Speeds(profile.pushed, profile.pushed) if walked else Speeds(0, 0)


def _limited(profile: Profile, usual: int, tags: Tags) -> int:
    if not profile.reads_maxspeed:
        return usual
    found = _NUMBER.match(tags.get("maxspeed", ""))
    if not found:
        return usual
    limit = float(found[1]) * (_MPH if found[2] else 1)
    return max(5, min(profile.fastest, round(limit * 0.9)))


def _direction(mode: Mode, profile: Profile, tags: Tags) -> int:
    """1 for along the way only, -1 for against it only, 0 for both."""
    said = next((tags[key] for key in reversed(profile.oneway) if key in tags), None)
    if said is not None:
        direction = _ONE_WAY.get(said, 0)
    else:
        round_about = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
        direction = 1 if round_about and mode != "foot" else 0
    if mode == "bike" and direction and tags.get("cycleway", "").startswith("opposite"):
        return 0
    return direction
