"""What containers wrote. The stream is read as it comes; only the lines that are wanted are kept."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, LogLines, LogSieve, log_since, tool
from mcp_agent_containers.engines import ConnectionName, ContainerName, engine_of
from mcp_agent_containers.examples import EXAMPLES
from mcp_agent_containers.frames import FramedLines

_PROGRESS_EVERY = 64 * 2**20


class Logs(Struct, frozen=True, omit_defaults=True):
    """``lines`` are the last ones, oldest first. ``matched`` counts all that fit, of ``read`` lines in all."""

    container: str
    connection: str
    lines: list[str]
    read: int
    matched: int | None = None
    more_before: bool = False


@tool(
    effect="read",
    origin="container",
    timeout=900,
    examples=EXAMPLES["containers_logs"],
)  # fmt: skip
async def containers_logs(
    ctx: Context,
    container: ContainerName,
    tail: Annotated[int, Field("How many lines, the last ones.", ge=1, le=5000)] = 100,
    since: Annotated[
        str | None, Field("Only from then on: '15m', '2h', '3d', or a time as 2026-01-31T08:00:00Z.", max_length=40)
    ] = None,
    grep: Annotated[
        str | None,
        Field("Only lines with this regular expression (RE2; (?i) for any case).", min_length=1, max_length=1000),
    ] = None,
    errors: Annotated[bool, Field("Only lines that tell of errors, with the stack traces below them.")] = False,
    timestamps: Annotated[bool, Field("Put the time in UTC before each line.")] = False,
    connection: ConnectionName = None,
) -> Logs:
    """The log of a container, running or not: its last lines, or the last of those that fit. Without grep and errors
    it is quick however long the log is; with them the whole log is searched, or what came since."""
    engine = engine_of(ctx, connection)
    sieve = LogSieve(tail, grep=grep, errors=errors)
    params = {"stdout": "1", "stderr": "1", "tail": "all" if sieve.picks else str(tail)}
    if timestamps:
        params["timestamps"] = "1"
    if since is not None:
        params["since"] = str(log_since(since, ctx.clock.time()))
    with engine.told(f"read the log of {container}"):
        about = await engine.client.containers.container(container).show()
        lines: LogLines | FramedLines = LogLines() if about["Config"]["Tty"] else FramedLines()
        size, told = 0, 0
        async with engine.stream(f"containers/{about['Id']}/logs", params) as response:
            async for data in response.content.iter_any():
                for line in lines.feed(data):
                    sieve.add(line)
                size += len(data)
                if size - told >= _PROGRESS_EVERY:
                    told = size
                    ctx.progress(size, message=f"{size >> 20} MB read, {sieve.matched} lines found")
        for line in lines.end():
            sieve.add(line)
    matched = sieve.matched if sieve.picks else None
    return Logs(about["Name"].removeprefix("/"), str(engine), sieve.texts(), sieve.read, matched, sieve.more)
