"""Tools that go on in the background."""

from __future__ import annotations

import asyncio

from mcp_agent import Context, ProtocolError, ToolError, elicitation, tool
from tests.plugins.everything.asking import form

_A_WHILE = 0.2
_CONFIRM = form(confirm={"type": "boolean"})


@tool(effect="read")
async def greet(name: str) -> str:
    """Greet at once."""
    return f"Hello, {name}!"


@tool(effect="read", task="always")
async def slow_compute(seconds: float = 1.0, label: str = "") -> str:
    """Take so many seconds."""
    await asyncio.sleep(seconds)
    return f"{label or 'slow_compute'} took {seconds:g} seconds."


@tool(effect="read", task="required")
async def failing_job() -> str:
    """Fail after a while."""
    await asyncio.sleep(_A_WHILE)
    raise ToolError("This job always fails.")


@tool(effect="read", task="always")
async def protocol_error_job() -> str:
    """Fail in a way that no tool should."""
    await asyncio.sleep(_A_WHILE)
    raise ProtocolError("This job ends with a protocol error.")


@tool(effect="destructive", task="always")
async def confirm_delete(ctx: Context, filename: str) -> str:
    """Pretend to delete a file, once confirmed."""
    answer = await ctx.elicit(f"Delete {filename}?", _CONFIRM, key="confirm")
    if answer.accepted and answer.content.get("confirm"):
        return f"Deleted {filename}."
    return f"Kept {filename}."


@tool(effect="read", task="always")
async def multi_input(ctx: Context) -> str:
    """Ask two things at once."""
    question = form(name={"type": "string"}, confirm={"type": "boolean"})
    answers = await ctx.ask({"first": elicitation("The first?", question), "second": elicitation("And?", question)})
    return f"Got {', '.join(answers)}."


@tool(effect="read")
async def test_tool_with_task(ctx: Context) -> str:
    """Ask first, then go on in the background."""
    answer = await ctx.elicit("Who is it for?", form(name={"type": "string"}), key="user_name")
    await ctx.detach()
    await asyncio.sleep(_A_WHILE)
    return f"Done for {answer.content['name']}."


TOOLS = [
    greet,
    slow_compute,
    failing_job,
    protocol_error_job,
    confirm_delete,
    multi_input,
    test_tool_with_task,
]
