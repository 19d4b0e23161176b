"""Tools and the resource for folders that are watched."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Struct

from mcp_agent import Context, Field, resource, tool
from mcp_agent_desktop.examples import EXAMPLES
from mcp_agent_desktop.looking import PathText
from mcp_agent_desktop.state import state

WatchId = Annotated[str, Field("The id that desktop_watch gave.", min_length=1)]


class Seen(Struct, frozen=True):
    """One change. ``at`` is when it was noticed, in UTC."""

    at: datetime
    what: Literal["added", "changed", "removed"]
    path: str


class Watching(Struct, frozen=True):
    """``uri`` is a resource: subscribe to it to be told, read it for the latest changes."""

    id: str
    uri: str
    path: str
    entries: int


class Report(Struct, frozen=True):
    """The latest changes, newest first; ``total`` counts all since the watch began."""

    path: str
    total: int
    changes: list[Seen]
    stopped: str | None = None


@tool(effect="read", examples=EXAMPLES["desktop_watch"])
async def desktop_watch(ctx: Context, path: PathText = ".") -> Watching:
    """Watch a folder and the folders in it. Gives the URI of a resource: subscribe, or read it later for changes."""
    watch = await state(ctx).watches.start(ctx, path)
    return Watching(watch.id, watch.uri, watch.path, watch.entries)


@tool(effect="read", examples=EXAMPLES["desktop_unwatch"])
async def desktop_unwatch(ctx: Context, id: WatchId) -> str:
    """End a watch of desktop_watch."""
    watch = await state(ctx).watches.stop(id)
    return f"{watch.path} is not watched any more; there were {watch.total} changes."


@resource("desktop://watch/{id}", title="Changes in a folder", mime_type="application/json", origin="files")
async def desktop_changes(ctx: Context, id: str) -> Report | None:
    """What changed in a watched folder, newest first. Subscribe to it to be told."""
    watch = state(ctx).watches.find(id)
    return None if watch is None else Report(watch.path, watch.total, list(watch.changes), watch.stopped)
