"""The host about itself: how it is, what is loaded, what went wrong lately, and calls that go on in the background.

Everything comes from ``ctx.agent``: facts about the running host, kept in memory and counted since its start.
"""

from __future__ import annotations

import functools
import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import (
    VERSION,
    Context,
    Field,
    JobRecord,
    PluginInfo,
    PluginStatus,
    Scene,
    Stage,
    Text,
    ToolError,
    ToolResult,
    hookimpl,
    tool,
)
from mcp_agent_system.examples import EXAMPLES

JobId = Annotated[str, Field("The id that was given when the call went on in the background.", min_length=1)]


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


class UndoneLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``undoing`` is the number that brings the change back; without it things were as before already."""

    change: int
    tool: str
    at: datetime
    undoing: int | None = None


class UndoReport(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``stopped`` says why it went no further; without it everything asked for was undone."""

    undone: list[UndoneLine]
    stopped: str | None = None


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
    effect="read",
    examples=EXAMPLES["system_errors"],
)
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


def _origin(ctx: Context, arguments: Any) -> str | None:
    """That of the call whose result is fetched: whoever gets it, it is as little to be trusted."""
    job = ctx.agent.job(arguments.id)
    return job.result.origin if job is not None and job.result is not None else None


@tool(
    effect="read",
    origin=_origin,
    examples=EXAMPLES["system_job"],
)
async def system_job(ctx: Context, id: JobId) -> ToolResult:
    """Ask for a call that goes on in the background: its result once it has ended, until then how far it is."""
    job = _find(ctx, id)
    if job.result is not None:
        return job.result
    if job.status == "failed":
        raise ToolError(f"{job.tool} failed in the background: {job.error}")
    if job.status == "cancelled":
        raise ToolError(f"{job.tool} was cancelled before it ended.", hint="Call it again if it is still wanted.")
    seconds = max(0.0, ctx.clock.time() - job.created)
    state = {"id": job.id, "tool": job.tool, "status": job.status, "seconds": round(seconds, 1)}
    if job.message:
        state["message"] = job.message
    return ToolResult(content=(Text(text=_in_words(job, seconds)),), structured=state)


@tool(
    effect="write",
    undo="impossible",
    examples=EXAMPLES["system_undo"],
)
async def system_undo(
    ctx: Context,
    last: Annotated[int, Field("How many of the latest changes.", ge=1, le=100)] = 1,
    minutes: Annotated[float | None, Field("All changes of so many minutes instead.", gt=0)] = None,
    change: Annotated[int | None, Field("One change by its number instead.", ge=1)] = None,
) -> UndoReport:
    """Take back what was changed through this agent, newest first, whichever plugin did it.

    It stops where something was changed again since, and says so. Give the number 'undoing' as 'change' to bring a
    change back.
    """
    since = None if minutes is None else ctx.clock.time() - minutes * 60
    undone = await ctx.agent.undo(last=last, since=since, change=change)
    lines = [
        UndoneLine(change=one.id, tool=one.tool, at=datetime.fromtimestamp(one.at, UTC), undoing=undoing)
        for one, undoing in zip(undone.changes, undone.undoings, strict=True)
    ]
    return UndoReport(undone=lines, stopped=undone.stopped)


@tool(
    effect="write",
    idempotent=True,
    undo="impossible",
    examples=EXAMPLES["system_cancel_job"],
)
async def system_cancel_job(ctx: Context, id: JobId) -> str:
    """Stop a call that goes on in the background. What it did so far stays done."""
    job = _find(ctx, id)
    if job.status in ("completed", "failed", "cancelled"):
        return f"{job.tool} had ended already: {job.status}."
    ctx.agent.cancel_job(id)
    return f"{job.tool} was asked to stop."


def _find(ctx: Context, job_id: str) -> JobRecord:
    job = ctx.agent.job(job_id)
    if job is None:
        raise ToolError(
            f"There is no background call {job_id!r}: its result has expired, or the agent was restarted.",
            hint="Take the id exactly as it was given, or call the tool again.",
        )
    return job


def _in_words(job: JobRecord, seconds: float) -> str:
    waits = " and waits for an answer from the person" if job.status == "input_required" else ""
    message = f" It says: {job.message}." if job.message else ""
    return f"{job.tool} has been running for {seconds:.0f} seconds{waits}.{message} Ask again in a while."


@functools.cache
def _version() -> Version:
    return Version(
        mcp_agent=VERSION, python=platform.python_version(), system=f"{platform.system()} {platform.machine()}"
    )


async def _introduces_itself(stage: Stage) -> None:
    version = (await stage.call("system_version")).data
    health = (await stage.call("system_health")).data
    stage.check(health["calls"] > 0, "the agent did not count its calls")
    stage.say(
        f"mcp_agent {version['mcp_agent']} on Python {version['python']}, {version['system']}: "
        f"{health['plugins']} plugins with {health['tools']} tools, {health['calls']} calls so far, "
        f"{health['failed']} failed."
    )
    for name, says in {**health.get("says", {}), **health.get("problems", {})}.items():
        stage.say(f"{name} says: {says}")


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(title="System", description="The agent about itself: health, plugins, errors, background calls.")


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return [
        system_health,
        system_plugins,
        system_version,
        system_errors,
        system_job,
        system_cancel_job,
        system_undo,
    ]


@hookimpl
def mcp_agent_demo() -> Sequence[Scene]:
    return [Scene("The agent says how it is", _introduces_itself)]
