"""What containers wrote. The stream is read as it comes; only the lines that are wanted are kept."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_containers.engines import ConnectionName, ContainerName, engine_of
from mcp_agent_containers.examples import EXAMPLES
from mcp_agent_containers.logs import Lines, Sieve, pattern

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_AGO = re.compile(r"(\d{1,6})\s*([smhd])")
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
    try:
        wanted = pattern(grep, errors=errors)
    except ValueError as error:
        raise ToolError(f"{grep!r} is no regular expression: {error}", hint="Escape brackets and dots: \\[.") from None
    sieve = Sieve(tail, wanted, with_tails=errors)
    params = {"stdout": "1", "stderr": "1", "tail": str(tail) if wanted is None else "all"}
    if timestamps:
        params["timestamps"] = "1"
    if since is not None:
        params["since"] = str(_moment(since, ctx.clock.time()))
    with engine.told(f"read the log of {container}"):
        about = await engine.client.containers.container(container).show()
        lines = Lines(framed=not about["Config"]["Tty"])
        size, told = 0, 0
        async with engine.stream(f"containers/{about['Id']}/logs", params) as response:
            async for data in response.content.iter_any():
                for line in lines.feed(data):
                    sieve.add(line)
                size += len(data)
                if size - told >= _PROGRESS_EVERY:
                    told = size
                    ctx.progress(size, message=f"{size >> 20} MB read, {sieve.kept.wanted} lines found")
        for line in lines.end():
            sieve.add(line)
    kept = sieve.kept
    more = kept.wanted > len(kept.lines) if wanted is not None else kept.read >= tail
    return Logs(
        about["Name"].removeprefix("/"), str(engine), [line.decode(errors="replace") for line in kept.lines],
        kept.read, None if wanted is None else kept.wanted, more,
    )  # fmt: skip


def _moment(text: str, now: float) -> float:
    """Seconds since 1970. Raises ToolError."""
    ago = _AGO.fullmatch(text.strip())
    if ago:
        return now - int(ago[1]) * _UNITS[ago[2]]
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ToolError(f"{text!r} is no time.", hint="Say '15m', '2h', '3d', or 2026-01-31T08:00:00Z.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
