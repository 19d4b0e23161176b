"""Taking in an extract."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, Undo, tool
from mcp_agent_maps.examples import EXAMPLES

_SUFFIX = ".osm.pbf"


class Loaded(Struct, frozen=True, omit_defaults=True):
    """``box`` is south, west, north, east, in degrees. ``resumed``: an earlier, interrupted run was gone on with.
    ``engine`` finds routes in it."""

    name: str
    data_date: str
    box: tuple[float, float, float, float]
    places: int
    segments: int
    timezone: str
    resumed: bool
    engine: str
    note: str | None = None


async def _mark(ctx: Context, arguments: Any, result: Any) -> str | None:
    """Which extract is there under this name."""
    mark: str | None = await ctx.in_thread(lambda: ctx.state.shelf.mark(_name(arguments.path, arguments.name)))
    return mark


async def _restore(ctx: Context, arguments: Any, result: Any, snapshot: str | None) -> None:
    await ctx.in_thread(lambda: ctx.state.shelf.restore(_name(arguments.path, arguments.name), snapshot))


def _name(path: Path, name: str | None) -> str:
    """The one that was given, else that of the file: ``finland-latest.osm.pbf`` is ``finland-latest``."""
    plain = path.name.removesuffix(_SUFFIX).removesuffix(".pbf")
    return name or "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in plain)[:40] or "map"


@tool(
    effect="write",
    idempotent=True,
    undo=Undo(_mark, _restore),
    timeout=6 * 3600,
    examples=EXAMPLES["maps_load_extract"],
)
async def maps_load_extract(
    ctx: Context,
    path: Annotated[Path, Field("An .osm.pbf file on this machine, such as one from download.geofabrik.de.")],
    name: Annotated[str | None, Field("What to call it. Left out: the name of the file.", max_length=40)] = None,
) -> Loaded:
    """Take in an extract of OpenStreetMap, so that all of maps works without the network where it covers.

    A city takes seconds, a country many minutes. One that was interrupted goes on where it was. An extract of the same
    name is replaced, once the new one is whole.
    """
    from mcp_agent_maps.extract.build import Stopped, build

    shelf, called = ctx.state.shelf, _name(path, name)
    stop = threading.Event()
    async with ctx.state.loading:
        made = await ctx.in_thread(lambda: shelf.fresh(called))
        try:
            resumed = await ctx.in_thread(lambda: build(path, made, ctx.progress, stop))
        except asyncio.CancelledError:
            stop.set()  # the thread notices; what it finished is kept for the next time
            raise
        except Stopped:
            raise ToolError("Loading was stopped.", hint="Load it again: it goes on from where it was.") from None
        extract = await ctx.in_thread(lambda: (shelf.put(called, made), shelf.get(called))[1])
        engine, note = await _prepare_valhalla(ctx, path, extract.mark)
    return Loaded(
        called,
        extract.data_date,
        extract.box,
        extract.places,
        extract.segments,
        extract.timezone,
        resumed,
        engine,
        note,
    )


async def _prepare_valhalla(ctx: Context, path: Path, mark: str) -> tuple[str, str | None]:
    """Which engine finds routes from now on, and why it is not Valhalla where that was meant to."""
    from mcp_agent_maps.extract.build import STEPS
    from mcp_agent_maps.routing.graph import BUILT_IN
    from mcp_agent_maps.valhalla import tiles

    shelf, program = ctx.state.shelf, tiles.builder()
    await ctx.in_thread(lambda: tiles.forget_others(shelf.folder, shelf.marks()))
    if program is None or ctx.config.engine != "auto":
        return BUILT_IN, None
    made = tiles.tiles_of(shelf.folder, mark)

    def tell(share: float, what: str) -> None:
        ctx.progress(len(STEPS) + share, len(STEPS) + 1, what)

    try:
        if not made.is_dir():
            await tiles.make_tiles(ctx, program, path, made, tell)
    except ToolError as error:
        return BUILT_IN, str(error)
    return "Valhalla", None
