"""Questions about many places at once: times between them, the best order, the fairest meeting point."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_maps import results
from mcp_agent_maps.examples import EXAMPLES
from mcp_agent_maps.tools.route import Profile
from mcp_agent_maps.tools.shown import ShownPlace, fields_of, lines, shown, zone_of
from mcp_agent_maps.where import Spotted, Where, resolve

if TYPE_CHECKING:
    from mcp_agent_maps.geometry import Point
    from mcp_agent_maps.places.place import Place

_MOST_CANDIDATES = 40


class Matrix(Struct, frozen=True, omit_defaults=True):
    """``minutes[i][j]`` is from ``starts[i]`` to ``ends[j]``; null where there is no way."""

    starts: list[str]
    ends: list[str]
    minutes: list[list[float | None]]
    profile: str
    engine: str
    source: str
    note: str | None = None
    result: str = ""


class Order(Struct, frozen=True, omit_defaults=True):
    """``stops`` in the best order, with the minutes from each to the next. ``exact``: no order is quicker."""

    stops: list[str]
    minutes: list[float]
    total_minutes: float
    metres: int
    exact: bool
    profile: str
    engine: str
    source: str
    note: str | None = None
    result: str = ""


class Meeting(ShownPlace, frozen=True, omit_defaults=True, kw_only=True):
    """``minutes`` of each person, in the order in which they were given."""

    minutes: list[float]


class Meetings(Struct, frozen=True, omit_defaults=True):
    """The fairest first: the longest way of all is the shortest there."""

    people: list[str]
    places: list[Meeting]
    profile: str
    engine: str
    source: str
    note: str | None = None
    result: str = ""


@tool(effect="read", open_world=True, origin="OpenStreetMap", examples=EXAMPLES["maps_matrix"])
async def maps_matrix(
    ctx: Context,
    starts: Annotated[list[Where], Field("From where.", min_length=1, max_length=25)],
    ends: Annotated[list[Where], Field("To where. Empty for the starts themselves.", max_length=25)] = [],  # noqa: B006
    profile: Profile = "foot",
) -> Matrix:
    """Travel times in minutes from each start to each end. maps_route gives the way itself."""
    from mcp_agent_maps.atlas.ask import ask

    begins = await spotted(ctx, starts)
    finishes = await spotted(ctx, ends, begins[0].point) if ends else begins
    a, b = [one.point for one in begins], [one.point for one in finishes]
    (seconds, engine), (source, note) = await ask(ctx, [*a, *b], lambda atlas: atlas.seconds(a, b, profile))
    minutes = [[None if cell is None else round(cell / 60, 1) for cell in row] for row in seconds]
    answer = Matrix(
        [one.label for one in begins], [one.label for one in finishes], minutes, profile, engine, source, note
    )
    rows = [
        f"- {begin}: {', '.join(f'{end} {_minutes(cell)}' for end, cell in zip(answer.ends, row, strict=True))}"
        for begin, row in zip(answer.starts, minutes, strict=True)
    ]
    told = [f"Minutes by {profile}:", *rows, *results.closing(source, note, engine)]
    return results.told(ctx, answer, told, [results.point(one.point, name=one.label) for one in (*begins, *finishes)])


@tool(effect="read", open_world=True, origin="OpenStreetMap", examples=EXAMPLES["maps_optimize_stops"])
async def maps_optimize_stops(
    ctx: Context,
    start: Where,
    stops: Annotated[list[Where], Field("Where to go, in any order.", min_length=1, max_length=20)],
    end: Annotated[
        str | None, Field("Where to end; 'start' to come back. Left out: at whichever stop is best.")
    ] = None,
    profile: Profile = "foot",
) -> Order:
    """Find the quickest order to visit several stops, from a start, to an end if one is given."""
    from mcp_agent_maps.atlas.ask import ask
    from mcp_agent_maps.routing.order import best_order

    first = await resolve(ctx, start)
    last = [first] if end == "start" else await spotted(ctx, [end], first.point) if end else []
    places = [first, *await spotted(ctx, stops, first.point), *last]
    points = [place.point for place in places]
    (seconds, _), _ = await ask(ctx, points, lambda atlas: atlas.seconds(points, points, profile))
    known = [[math.inf if cell is None else cell for cell in row] for row in seconds]
    order, exact = await ctx.in_thread(lambda: best_order(known, free_end=not last))
    ordered = [places[number] for number in order]
    on_way = [place.point for place in ordered]
    way, (source, note) = await ask(ctx, points, lambda atlas: atlas.way(on_way, profile))
    minutes = [round(known[a][b] / 60, 1) for a, b in itertools.pairwise(order)]
    answer = Order(
        [place.label for place in ordered], minutes, round(way.seconds / 60, 1), round(way.metres), exact, profile,
        way.engine, source, note,
    )  # fmt: skip
    told = [
        f"{answer.metres} m, {answer.total_minutes:g} minutes by {profile}, {'the best' if exact else 'a good'} order:"
    ]
    told += [
        f"{number}. {label}" + (f" (+{minutes[number - 2]:g} min)" if number > 1 else "")
        for number, label in enumerate(answer.stops, 1)
    ]
    drawn = [results.line(way.line, profile=profile)]
    drawn += [results.point(place.point, name=f"{number}. {place.label}") for number, place in enumerate(ordered, 1)]
    return results.told(ctx, answer, [*told, *results.closing(source, note, answer.engine)], drawn)


@tool(effect="read", open_world=True, origin="OpenStreetMap", examples=EXAMPLES["maps_meeting_point"])
async def maps_meeting_point(
    ctx: Context,
    people: Annotated[list[Where], Field("Where each person comes from.", min_length=2, max_length=10)],
    category: Annotated[str, Field("Where to meet, in plain words: cafe, park, railway station.")] = "cafe",
    profile: Profile = "foot",
    limit: Annotated[int, Field("How many at most.", ge=1, le=10)] = 3,
) -> Meetings:
    """Find where several people can meet so that nobody's way is much longer than the others'."""
    from mcp_agent_maps.atlas.ask import ask
    from mcp_agent_maps.places.categories import tags_for

    wanted = tags_for(category)
    begins = await spotted(ctx, people)
    points = [one.point for one in begins]
    middle, radius = _middle(points)
    found, _ = await ask(ctx, points, lambda atlas: atlas.within([middle], radius, wanted))
    if not found:
        raise ToolError(
            f"There is no {category} within {radius:.0f} m of the middle between them.", hint="Try another category."
        )
    chosen = found[:_MOST_CANDIDATES]
    targets = [place.point for place in chosen]
    (seconds, engine), (source, note) = await ask(ctx, points, lambda atlas: atlas.seconds(points, targets, profile))
    fair = _fairest(chosen, seconds)[:limit]
    if not fair:
        raise ToolError(f"Not everybody can get to any {category} by {profile}.", hint="Try another profile.")
    zone = await zone_of(ctx, middle)
    places = [
        Meeting(**fields_of(shown(place, zone)), minutes=[round(cell / 60, 1) for cell in times])
        for times, place in fair
    ]
    answer = Meetings([one.label for one in begins], places, profile, engine, source, note)
    told = [
        f"{line}; minutes: {', '.join(f'{value:g}' for value in place.minutes)}"
        for line, place in zip(lines(places), places, strict=True)
    ]
    drawn = [
        results.point(one.point, name=one.label) for one in (*begins, *(Spotted(p.point, p.label) for _, p in fair))
    ]
    return results.told(ctx, answer, [*told, *results.closing(source, note, answer.engine)], drawn)


def _fairest(places: Sequence[Place], seconds: Sequence[Sequence[float | None]]) -> list[tuple[list[float], Place]]:
    """Everybody's seconds to each place that all can get to: the shortest longest way first, then the least in all."""
    columns = [[cell for cell in column if cell is not None] for column in zip(*seconds, strict=True)]
    reached = [(times, place) for times, place in zip(columns, places, strict=True) if len(times) == len(seconds)]
    return sorted(reached, key=lambda pair: (max(pair[0]), sum(pair[0]), pair[1].osm))


async def spotted(ctx: Context, wheres: Sequence[str], near: Point | None = None) -> list[Spotted]:
    """Each as a point; names are looked for near the first of them."""
    found: list[Spotted] = []
    for where in wheres:
        found.append(await resolve(ctx, where, near or (found[0].point if found else None)))
    return found


def _middle(points: Sequence[Point]) -> tuple[Point, float]:
    """Between all of them, and how far around it to look: a good half of the way to the furthest."""
    from mcp_agent_maps.geometry import metres, middle_of

    middle = middle_of(points)
    return middle, max(500.0, 0.6 * max(metres(middle, point) for point in points))


def _minutes(value: float | None) -> str:
    return "no way" if value is None else f"{value:g}"
