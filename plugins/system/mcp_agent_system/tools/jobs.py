"""Calls that go on in the background: asking for them, and stopping them."""

from __future__ import annotations

from typing import Annotated, Any

from mcp_agent import Context, Field, JobRecord, Text, ToolError, ToolResult, tool
from mcp_agent_system.examples import EXAMPLES

JobId = Annotated[str, Field("The id that was given when the call went on in the background.", min_length=1)]


def _origin(ctx: Context, arguments: Any) -> str | None:
    """That of the call whose result is fetched: whoever gets it, it is as little to be trusted."""
    job = ctx.agent.job(arguments.id, ctx.principal)
    if job is not None and job.status == "failed":  # an error may quote anybody
        return "errors"
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
    idempotent=True,
    undo="impossible",
    examples=EXAMPLES["system_cancel_job"],
)
async def system_cancel_job(ctx: Context, id: JobId) -> str:
    """Stop a call that goes on in the background. What it did so far stays done."""
    job = _find(ctx, id)
    if job.status in ("completed", "failed", "cancelled"):
        return f"{job.tool} had ended already: {job.status}."
    ctx.agent.cancel_job(id, ctx.principal)
    return f"{job.tool} was asked to stop."


def _find(ctx: Context, job_id: str) -> JobRecord:
    job = ctx.agent.job(job_id, ctx.principal)
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
