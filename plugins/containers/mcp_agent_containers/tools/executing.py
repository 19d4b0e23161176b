"""A command inside a container."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_containers.checking import as_made, check
from mcp_agent_containers.engines import ConnectionName, ContainerName, writable_engine_of
from mcp_agent_containers.examples import EXAMPLES

_MOST = 64 * 1024
"""Bytes of each stream that are kept."""
_ERRORS = 2


class Executed(Struct, frozen=True, omit_defaults=True):
    """``dropped`` counts bytes beyond the first 64 KiB of each stream."""

    connection: str
    exit_code: int | None
    output: str = ""
    errors: str = ""
    dropped: int = 0


async def _preview(ctx: Context, **given: Any) -> str:
    engine = writable_engine_of(ctx, given["connection"])
    user = f" as {given['user']}" if given["user"] else ""
    return f"On {engine}, in the container {given['container']}: run {given['command']}{user}."


@tool(
    effect="destructive",
    origin="container",
    preview=_preview,
    timeout=3700,
    examples=EXAMPLES["containers_exec"],
)  # fmt: skip
async def containers_exec(
    ctx: Context,
    container: ContainerName,
    command: Annotated[
        list[str], Field("Word by word: ['ls', '-l', '/data']; with a shell: ['sh', '-c', '...'].", min_length=1)
    ],
    user: Annotated[str, Field("As this user: 'name' or '1000:1000'.", max_length=100)] = "",
    working_dir: Annotated[str, Field("In this folder.", max_length=500)] = "",
    seconds: Annotated[int, Field("How long to wait for it.", ge=1, le=3600)] = 60,
    connection: ConnectionName = None,
) -> Executed:
    """Run a command in a running container, without input, and give what it printed and its exit code. Refused in one
    that reaches into the host, unless the settings allow that."""
    engine = writable_engine_of(ctx, connection)
    with engine.told(f"run {command[0]} in {container}"):
        found = engine.client.containers.container(container)
        about = await found.show()
        if not about["State"]["Running"]:
            raise ToolError(f"{container} is not running.", hint="containers_start_stop starts it.")
        await check(engine, as_made(about), what=f"A command in the container {container}")
        execution = await found.exec(command, user=user, workdir=working_dir or None)
        taken, dropped = {1: bytearray(), _ERRORS: bytearray()}, 0
        try:
            async with asyncio.timeout(seconds), execution.start(detach=False) as stream:
                while (message := await stream.read_out()) is not None:
                    held = taken[_ERRORS if message.stream == _ERRORS else 1]
                    room = _MOST - len(held)
                    held += message.data[:room]
                    dropped += max(0, len(message.data) - room)
        except TimeoutError:
            raise ToolError(
                f"{command[0]} did not end within {seconds} seconds, and goes on in {container}.",
                hint="Wait longer with seconds=, or restart the container to end it.",
            ) from None
        code = (await execution.inspect())["ExitCode"]
    output, errors = (taken[key].decode(errors="replace") for key in (1, _ERRORS))
    return Executed(str(engine), code, output, errors, dropped)
