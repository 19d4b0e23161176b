"""What happens in an engine: the latest events, and word to whoever watches them.

Watching begins when the resource is first read, goes on over restarts of the engine, and ends with the plugin.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from mcp_agent import Context, ToolError, resource
from mcp_agent_containers.engines import Engine, Engines, engine_of
from mcp_agent_containers.words import short_id

_KEPT = 200
_GATHER = 0.1
"""Seconds in which events become one notice."""
_LONGEST_EVENT = 256 * 2**10
_BEFORE_ANOTHER_TRY = (0.2, 1.0, 5.0, 15.0)
_DULL = ("exec_create", "exec_start", "exec_die", "top")
"""Health checks make these every few seconds."""


class Event(Struct, frozen=True, omit_defaults=True):
    """``action`` as the engine says it: start, die, oom, destroy, pull, ..."""

    at: str
    kind: str
    action: str
    name: str
    image: str | None = None
    exit_code: str | None = None


class Events(Struct, frozen=True, omit_defaults=True):
    """The latest, oldest first. ``problem`` says why nothing new comes, where that is so."""

    connection: str
    events: list[Event]
    problem: str | None = None


class Watch:
    """Follows the events of one engine."""

    def __init__(self, engine: Engine, changed: Callable[[], None], since: float) -> None:
        self.events: deque[Event] = deque(maxlen=_KEPT)
        self.problem: str | None = None
        self._engine = engine
        self._changed = changed
        self._since = since
        self._timer: asyncio.TimerHandle | None = None
        self.begun = asyncio.Event()
        self._task = asyncio.get_running_loop().create_task(self._follow())

    async def _follow(self) -> None:
        tries = 0
        while True:
            try:
                with self._engine.told("follow events"):
                    await self._listen()
                tries = 0  # it listened, and the engine ended it
            except ToolError as error:
                self._note_problem(str(error))
                tries += 1
            await asyncio.sleep(_BEFORE_ANOTHER_TRY[min(tries, len(_BEFORE_ANOTHER_TRY) - 1)])

    async def _listen(self) -> None:
        async with self._engine.stream("events", {"since": f"{self._since:.9f}"}) as response:
            self._note_problem(None)
            held = bytearray()
            async for data in response.content.iter_any():
                held += data
                *whole, rest = held.split(b"\n")
                held = bytearray(rest[:_LONGEST_EVENT])
                for line in filter(None, whole):
                    self._take(msgspec.json.decode(line))

    def _take(self, raw: dict[str, Any]) -> None:
        self._since = raw["timeNano"] / 1e9 + 1e-6
        event = _event(raw)
        if event.action.partition(":")[0] not in _DULL:
            self.events.append(event)
            self._tell()

    def _note_problem(self, problem: str | None) -> None:
        told, self.problem = self.problem, problem
        self.begun.set()
        if told != problem:
            self._tell()

    def _tell(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_GATHER, self._flush)

    def _flush(self) -> None:
        self._timer = None
        self._changed()

    async def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task


def _event(raw: dict[str, Any]) -> Event:
    actor = raw.get("Actor") or {}
    attributes = actor.get("Attributes") or {}
    return Event(
        datetime.fromtimestamp(raw["time"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), raw["Type"], raw["Action"],
        attributes.get("name") or short_id(actor.get("ID", "")), attributes.get("image"), attributes.get("exitCode"),
    )  # fmt: skip


async def _names(ctx: Context, value: str, others: Any) -> list[str]:
    engines: Engines = ctx.state
    return [name for name in engines.names if name.startswith(value)]


@resource(
    "containers://{connection}/events",
    title="What happens in an engine",
    mime_type="application/json",
    origin="container",
    complete={"connection": _names},
)
async def containers_events(ctx: Context, connection: str) -> Events | None:
    """Starts, ends, crashes, pulls and removals since this was first read, 200 at most. Read it once, then subscribe to
    be told of new ones."""
    engines: Engines = ctx.state
    if connection not in engines.names:
        return None
    engine = engine_of(ctx, connection)
    watch = engines.watches.get(connection)
    if watch is None:
        tell = ctx.resource_updated
        watch = engines.watches[connection] = Watch(
            engine, lambda: tell(f"containers://{connection}/events"), ctx.clock.time()
        )
    await watch.begun.wait()
    return Events(str(engine), list(watch.events), watch.problem)
