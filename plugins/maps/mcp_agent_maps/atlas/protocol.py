"""What an atlas can be asked. One is an extract, another the services on the web; both answer in the same words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from msgspec import Struct

from mcp_agent import ToolError
from mcp_agent_maps.geometry import Point
from mcp_agent_maps.places.categories import Tag
from mcp_agent_maps.places.place import Place
from mcp_agent_maps.routing.profiles import Mode


class NotHere(ToolError):
    """This atlas has no answer; another one may."""


class Step(Struct, frozen=True, omit_defaults=True):
    """``bearing`` is where it leads at first, in degrees clockwise from north."""

    text: str
    metres: int
    seconds: int
    bearing: int
    street: str | None = None


class Way(NamedTuple):
    """A route: ``leg_metres`` has one figure for each part between two stops."""

    line: list[Point]
    metres: float
    seconds: float
    steps: list[Step]
    leg_metres: list[float]
    engine: str


class Times(NamedTuple):
    """``seconds[i][j]`` is from the i-th beginning to the j-th end; None where there is no way."""

    seconds: list[list[float | None]]
    engine: str


class Spot(NamedTuple):
    """What is at a point: its address, the street beside it, areas around it, and what is near."""

    address: str | None
    street: str | None
    inside: list[str]
    near: list[Place]


class Atlas(Protocol):
    """Each question raises NotHere where this atlas has no answer, UpstreamError where a service fails."""

    @property
    def source(self) -> str:
        """Where its answers come from, for people."""

    @property
    def note(self) -> str | None:
        """What a person should know beside the answers that it gave."""

    async def names(self, query: str, near: Point | None, limit: int, loose: bool = False) -> list[Place]:
        """Places and addresses with all of the words, the best first, at least one. ``loose``: with any of them."""

    async def spot(self, point: Point) -> Spot:
        """What is there."""

    async def within(self, line: Sequence[Point], radius: float, wanted: Sequence[Tag]) -> list[Place]:
        """Places within ``radius`` metres of a point or line, the nearest first; of any kind where none is named."""

    async def way(self, stops: Sequence[Point], mode: Mode) -> Way:
        """The quickest way through all stops in their order."""

    async def seconds(self, begins: Sequence[Point], ends: Sequence[Point], mode: Mode) -> Times:
        """From each of ``begins`` to each of ``ends``."""
