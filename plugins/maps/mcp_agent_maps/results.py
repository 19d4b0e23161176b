"""Answers as text, as structure and as GeoJSON: the last is kept for whoever wants to draw it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

import msgspec

from mcp_agent import Context, ResourceLink, Text, ToolResult

if TYPE_CHECKING:
    from mcp_agent_maps.geometry import Point

_KEPT = 50
_DIGITS = 6
URI = "maps://results/{id}"

Feature = dict[str, Any]
Properties = Mapping[str, Any]


class Results:
    """The latest answers, by their short names."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, list[Feature]] = OrderedDict()
        self._count = 0

    def keep(self, features: list[Feature]) -> str:
        self._count += 1
        name = f"r{self._count}"
        self._kept[name] = features
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return name

    def get(self, name: str) -> list[Feature] | None:
        return self._kept.get(name)


class Answer(Protocol):
    """What every answer says of itself."""

    @property
    def result(self) -> str: ...


A = TypeVar("A", bound=Answer)


def told(ctx: Context, answer: A, lines: Iterable[str], features: list[Feature]) -> A:
    """The answer with its name and a link to its GeoJSON. The host takes a ready result for the value."""
    name = ctx.state.results.keep(features)
    named = msgspec.structs.replace(cast(Any, answer), result=name)
    uri = URI.format(id=name)
    content = (
        Text(text="\n".join([*lines, f"Result {name}."])),
        ResourceLink(uri=uri, name=name, mime_type="application/geo+json"),
    )
    return cast(A, ToolResult(content=content, structured=msgspec.to_builtins(named)))


def closing(source: str, note: str | None, engine: str | None = None) -> list[str]:
    """The last lines of an answer: whose it is, and who was asked before and failed."""
    return [f"{f'Engine: {engine}. ' if engine else ''}Source: {source}.", *([note] if note else [])]


def collection(features: list[Feature]) -> Mapping[str, Any]:
    """As RFC 7946 wants it."""
    return {"type": "FeatureCollection", "features": features}


def point(where: Point, **properties: Any) -> Feature:
    return _feature("Point", _pair(where), properties)


def line(points: Sequence[Point], **properties: Any) -> Feature:
    return _feature("LineString", [_pair(where) for where in points], properties)


def polygons(shapes: Sequence[Sequence[Sequence[Point]]], **properties: Any) -> Feature:
    """Each shape is an outer ring, counterclockwise, and its holes."""
    return _feature(
        "MultiPolygon", [[[_pair(where) for where in ring] for ring in shape] for shape in shapes], properties
    )


def _feature(kind: str, coordinates: Any, properties: Properties) -> Feature:
    known = {key: value for key, value in properties.items() if value is not None}
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": known}


def _pair(where: Point) -> tuple[float, float]:
    """Longitude first: that is how GeoJSON has it."""
    return round(where.lon, _DIGITS), round(where.lat, _DIGITS)
