"""What a home is, whoever runs it: the values that tools work with, and the seam between tools and backends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias

from msgspec import Struct

from mcp_agent import Context

Json: TypeAlias = Any
Kind: TypeAlias = Literal["automation", "scene"]
"""What a home keeps as editable configuration."""
Period: TypeAlias = Literal["hour", "day", "week", "month"]

ABSENT = frozenset({"unavailable", "unknown"})
"""States that say nothing."""


class Entity(Struct, frozen=True, kw_only=True):
    """One thing in the home and how it is. ``changed`` is when its state changed last, seconds UTC.

    ``labels`` holds names; ``category`` is ``config`` or ``diagnostic`` for what is not there for daily use.
    """

    entity_id: str
    state: str
    name: str
    attributes: Mapping[str, Json]
    changed: float = 0.0
    area_id: str | None = None
    labels: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    category: str | None = None
    hidden: bool = False

    @property
    def domain(self) -> str:
        return self.entity_id.partition(".")[0]

    @property
    def device_class(self) -> str | None:
        return self.attributes.get("device_class")

    @property
    def unit(self) -> str | None:
        return self.attributes.get("unit_of_measurement")

    @property
    def shown(self) -> str:
        """The state with its unit: ``21.5 °C``."""
        return f"{self.state} {self.unit}" if self.unit and self.state not in ABSENT else self.state


class Area(Struct, frozen=True, kw_only=True):
    """A room or another part of the home. ``floor`` is a name."""

    area_id: str
    name: str
    floor: str | None = None
    aliases: tuple[str, ...] = ()


class Moment(Struct, frozen=True):
    """A state and since when, in seconds UTC."""

    at: float
    state: str


class Bucket(Struct, frozen=True, omit_defaults=True):
    """Long-term statistics of one period that begins at ``start``, seconds UTC. ``change`` is for meters."""

    start: float
    mean: float | None = None
    min: float | None = None
    max: float | None = None
    change: float | None = None


Watcher: TypeAlias = Callable[[Entity | None, Entity | None], None]
"""Told of every change on the event loop: how a thing was and is, None for not there."""


class Home(Protocol):
    """A backend. Methods that reach another machine raise UpstreamError when it fails, ToolError when it refuses.

    ``settles`` is how many seconds after a service call a change may still come in.
    """

    settles: float

    async def entities(self) -> Mapping[str, Entity]:
        """Everything in the home by id, as it is now."""

    async def areas(self) -> Mapping[str, Area]:
        """By id."""

    async def services(self) -> Mapping[str, Mapping[str, Json]]:
        """Services by domain and name; each with ``description`` and ``fields``."""

    async def call(
        self, domain: str, service: str, entity_ids: Sequence[str], data: Mapping[str, Json], *, response: bool = False
    ) -> Json:
        """Run a service; gives its response, where it is asked for one."""

    async def history(self, entity_ids: Sequence[str], start: float, end: float) -> Mapping[str, Sequence[Moment]]:
        """States in a period, the one it began with included, oldest first."""

    async def statistics(
        self, entity_ids: Sequence[str], start: float, end: float, period: Period
    ) -> Mapping[str, Sequence[Bucket]]:
        """Statistics of whole periods, oldest first. What has none is left out."""

    async def config(self, kind: Kind, key: str) -> Json:
        """An automation or scene as it was written, None where there is none of that key."""

    async def set_config(self, kind: Kind, key: str, value: Json) -> None:
        """Write it, checked first; None removes it. Returns when the home uses it."""

    async def traces(self, key: str) -> Sequence[Mapping[str, Json]]:
        """Runs of an automation, newest first: ``run_id``, ``start``, ``trigger``, ``outcome``, ``error``."""

    async def trace(self, key: str, run_id: str) -> Json:
        """One run in full: ``run_id``, ``start``, ``outcome``, ``steps``."""

    async def render(self, template: str) -> str:
        """A Jinja template over the home."""

    async def picture(self, entity_id: str) -> tuple[bytes, str]:
        """What a camera sees now, and the MIME type."""

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Be told of changes, until the function that this gives is called."""

    async def health(self) -> str:
        """How it is, in a sentence. Raises ToolError when it is not well."""

    async def close(self) -> None: ...


def home_of(ctx: Context) -> Home:
    """The home that startup opened."""
    home: Home = ctx.state
    return home
