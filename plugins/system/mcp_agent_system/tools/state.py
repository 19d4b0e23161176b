"""How the agent is: its health, its plugins, its version, what failed lately."""

from __future__ import annotations

import functools
import platform
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Struct

from mcp_agent import VERSION, Context, Field, PluginStatus, tool
from mcp_agent_system.examples import EXAMPLES


class HealthReport(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``uptime`` in seconds; ``calls`` and ``failed`` count since start."""

    version: str
    uptime: float
    calls: int
    failed: int
    in_flight: int
    tools: int
    plugins: int
    says: dict[str, str] = {}
    problems: dict[str, str] = {}


class PluginLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``reason`` says why a plugin is not active and what to do; ``tools`` is how many it offers."""

    name: str
    status: PluginStatus
    version: str | None = None
    tools: int = 0
    reason: str | None = None


class Version(Struct, frozen=True, kw_only=True):
    mcp_agent: str
    python: str
    system: str


class ErrorLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The log holds more under ``trace_id``, where there is one."""

    at: datetime
    what: str
    message: str
    trace_id: str | None = None


@tool(
    effect="read",
    examples=EXAMPLES["system_health"],
)
async def system_health(ctx: Context) -> HealthReport:
    """How this agent is: version, uptime in seconds, calls and failures since its start.

    'says' holds what each plugin says of itself, 'problems' why a plugin failed.
    """
    health = ctx.agent.health()
    return HealthReport(
        version=health.version,
        uptime=health.uptime,
        calls=health.calls,
        failed=health.failed,
        in_flight=health.in_flight,
        tools=health.tools,
        plugins=sum(record.status == "active" for record in health.plugins),
        says=dict(await ctx.agent.checks()),
        problems={record.name: record.reason or "" for record in health.plugins if record.status == "failed"},
    )


@tool(
    effect="read",
    examples=EXAMPLES["system_plugins"],
)
async def system_plugins(ctx: Context) -> list[PluginLine]:
    """The plugins of this agent: status, version, number of tools, and the reason where one is not active."""
    return [
        PluginLine(
            name=record.name,
            status=record.status,
            version=record.version,
            tools=len(record.tools),
            reason=record.reason,
        )
        for record in ctx.agent.health().plugins
    ]


@tool(effect="read", examples=EXAMPLES["system_version"])
async def system_version() -> Version:
    """The versions of this agent, its Python and the operating system."""
    return _version()


@tool(
    effect="read", origin="errors",  # services and files that others wrote are quoted in them
    examples=EXAMPLES["system_errors"],
)  # fmt: skip
async def system_errors(
    ctx: Context, limit: Annotated[int, Field("How many at most.", ge=1, le=50)] = 10
) -> list[ErrorLine]:
    """What failed lately, newest first. Only the latest 50 failures since the start are kept."""
    newest_first = list(reversed(ctx.agent.health().failures))
    return [
        ErrorLine(
            at=datetime.fromtimestamp(failure.at, UTC),
            what=failure.what,
            message=failure.message,
            trace_id=failure.trace_id,
        )
        for failure in newest_first[:limit]
    ]


@functools.cache
def _version() -> Version:
    return Version(
        mcp_agent=VERSION, python=platform.python_version(), system=f"{platform.system()} {platform.machine()}"
    )
