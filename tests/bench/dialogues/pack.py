"""The form of a part: what people say to each other, and what is asked about it later.

Slots in braces: ``{me}`` speaks, ``{x}`` is the value that the question is about, ``{other}`` somebody who is talked
about. A turn is what one person says; ``leads`` are what the other may have said just before.
"""

from __future__ import annotations

from msgspec import Struct


class Hint(Struct, frozen=True):
    """The answer shares no word with the question. ``answers`` are whole turns, ``asked`` is good for any of them."""

    leads: tuple[str, ...]
    answers: tuple[str, ...]
    asked: tuple[str, ...]


class Habit(Struct, frozen=True):
    """Something done again and again, each time with another ``{x}``: only the time tells which is meant."""

    turns: tuple[str, ...]
    values: tuple[str, ...]
    asked: tuple[str, ...]
    """With ``{when}``, which becomes "last spring", "in March 2025" or the like."""


class Anchor(Struct, frozen=True):
    """Something that happened once, and how a question refers to it."""

    turns: tuple[str, ...]
    before: str
    after: str


class Chain(Struct, frozen=True):
    """Two steps: who somebody is (``links``), and something about that person (``turns``), asked through the first."""

    links: tuple[str, ...]
    turns: tuple[str, ...]
    values: tuple[str, ...]
    asked: tuple[str, ...]


class Correction(Struct, frozen=True):
    """Said once, and later corrected: only the latest is true."""

    first: tuple[str, ...]
    later: tuple[str, ...]
    values: tuple[str, ...]
    asked: tuple[str, ...]


class Pack(Struct, frozen=True):
    """One part. ``people`` speak, ``others`` are talked about; no name stands in both parts."""

    people: tuple[str, ...]
    others: tuple[str, ...]
    hints: tuple[Hint, ...]
    habits: tuple[Habit, ...]
    anchors: tuple[Anchor, ...]
    chains: tuple[Chain, ...]
    corrections: tuple[Correction, ...]
    chatter: tuple[tuple[str, str], ...]
    """Pairs of turns that nobody asks about, with ``{x}`` from ``things``."""
    things: tuple[str, ...]
