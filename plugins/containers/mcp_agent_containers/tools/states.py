"""Containers that are there: started, stopped, removed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, Undo, tool
from mcp_agent_containers.engines import ConnectionName, ContainerName, Engine, writable_engine_of
from mcp_agent_containers.examples import EXAMPLES
from mcp_agent_containers.words import name_of

Action = Literal["start", "stop", "restart", "pause", "unpause"]
_TIMEOUT = 300


class Changed(Struct, frozen=True):
    container: str
    connection: str
    before: str
    after: str


async def _look(engine: Engine, container: str) -> list[str]:
    """Its id, and running, paused or stopped."""
    with engine.told(f"inspect {container}"):
        about = await engine.client.containers.container(container).show()
    state = about["State"]
    return [about["Id"], "paused" if state["Paused"] else "running" if state["Running"] else "stopped"]


async def _state(engine: Engine, container: str) -> str:
    return (await _look(engine, container))[1]


async def _before(ctx: Context, arguments: Any, result: Any) -> list[str]:
    """Which one it is, too: another may have got its name."""
    return await _look(writable_engine_of(ctx, arguments.connection), arguments.container)


async def _put_back(ctx: Context, arguments: Any, result: Any, snapshot: list[str]) -> None:
    engine = writable_engine_of(ctx, arguments.connection)
    now = await _state(engine, arguments.container)
    for action in _WAYS.get((now, snapshot[1]), ()):
        await _act(engine, arguments.container, action)


_WAYS: dict[tuple[str, str], tuple[Action, ...]] = {
    ("stopped", "running"): ("start",),
    ("stopped", "paused"): ("start", "pause"),
    ("running", "stopped"): ("stop",),
    ("running", "paused"): ("pause",),
    ("paused", "running"): ("unpause",),
    ("paused", "stopped"): ("unpause", "stop"),
}


async def _preview(ctx: Context, **given: Any) -> str:
    engine = writable_engine_of(ctx, given["connection"])
    state = await _state(engine, given["container"])
    return f"On {engine}: {given['action']} the container {given['container']}, which is {state}."


@tool(
    effect="write",
    undo=Undo(_before, _put_back),
    preview=_preview,
    timeout=_TIMEOUT,
    examples=EXAMPLES["containers_start_stop"],
)  # fmt: skip
async def containers_start_stop(
    ctx: Context,
    container: ContainerName,
    action: Annotated[Action, Field("What to do.")],
    connection: ConnectionName = None,
) -> Changed:
    """Start, stop, restart, pause or go on with a container. Stopping lets it end by itself for ten seconds."""
    engine = writable_engine_of(ctx, connection)
    before = await _state(engine, container)
    await _act(engine, container, action)
    return Changed(container, str(engine), before, await _state(engine, container))


async def _act(engine: Engine, container: str, action: Action) -> None:
    with engine.told(f"{action} {container}"):
        await getattr(engine.client.containers.container(container), action)()


async def _removal(ctx: Context, **given: Any) -> str:
    engine = writable_engine_of(ctx, given["connection"])
    state = await _state(engine, given["container"])
    volumes = " and its unnamed volumes" if given["volumes"] else ""
    return f"On {engine}: remove the container {given['container']}{volumes}, which is {state}, with what it wrote."


@tool(
    effect="destructive",
    preview=_removal,
    timeout=_TIMEOUT,
    examples=EXAMPLES["containers_remove"],
)  # fmt: skip
async def containers_remove(
    ctx: Context,
    container: ContainerName,
    force: Annotated[bool, Field("Also when it runs.")] = False,
    volumes: Annotated[bool, Field("Its volumes without a name as well.")] = False,
    connection: ConnectionName = None,
) -> str:
    """Remove one container, with all it wrote outside of volumes. Volumes with names stay. To clean up use
    containers_prune."""
    engine = writable_engine_of(ctx, connection)
    with engine.told(f"remove {container}", hint="One that runs is removed with force=true, or stop it first."):
        found = engine.client.containers.container(container)
        about = await found.show()
        if about["State"]["Running"] and not force:
            raise ToolError(f"{container} is running.", hint="Stop it first, or say force=true.")
        await engine.client.containers.container(about["Id"]).delete(force=force, v=volumes)
    return f"{name_of(about)} is removed from {engine}."
