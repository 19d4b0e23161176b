"""What Steam says over the network: frozen values."""

from __future__ import annotations

from msgspec import Struct

from mcp_agent import ToolError


class Private(ToolError):
    """The owner of the profile does not show this."""


class Owned(Struct, frozen=True):
    """A game of an account. ``minutes`` of play in all, ``recent`` in two weeks; ``last`` in seconds, 0 for never."""

    app_id: int
    name: str
    minutes: int = 0
    recent: int = 0
    last: int = 0


class Person(Struct, frozen=True):
    """``status`` is offline, online, busy, away, ...; ``playing`` the name of a game, empty for none."""

    steam_id: int
    name: str
    status: str
    playing: str = ""
    public: bool = True


class Achievement(Struct, frozen=True):
    """``unlocked`` in seconds UTC, 0 for not yet. ``key`` is the game's own name for it."""

    key: str
    name: str
    description: str
    unlocked: int


class Price(Struct, frozen=True):
    """As the store writes it, currency included; ``discount`` in per cent."""

    now: str
    before: str
    discount: int
    cents: int


class Details(Struct, frozen=True):
    """A page of the store."""

    app_id: int
    name: str
    kind: str
    description: str = ""
    genres: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    developers: tuple[str, ...] = ()
    released: str = ""
    metacritic: int = 0
    free: bool = False
    price: Price | None = None
