"""Tools that go on in the background."""

from __future__ import annotations

from mcp_agent import Context, ToolError, elicitation, tool
from tests.plugins.kinds.samples import PERSON, Person
from tests.plugins.kinds.waiting import wait_at


@tool(effect="read", task="always")
async def job(ctx: Context, gate: str, fail: str = "") -> str:
    """Works in the background from its start."""
    ctx.progress(1, 2, "half way")
    await wait_at(gate)
    if fail == "tool":
        raise ToolError("It broke.")
    if fail == "bug":
        raise KeyError("secret")
    return f"job through {gate}"


@tool(effect="read", task="required")
async def strict_job() -> str:
    """Only for clients that speak tasks."""
    return "strict"


@tool(effect="read", task="always")
async def asking_job(ctx: Context, gate: str = "") -> str:
    """Asks two things at once in the background, then one more under a key used before."""
    asked = await ctx.ask({"name": elicitation("Name?", PERSON), "place": elicitation("Place?", PERSON)})
    names = [asked[key]["content"]["name"] for key in ("name", "place")]
    if gate:
        await wait_at(gate)
    again = await ctx.ask({"name": elicitation("Really?", PERSON)})
    return f"{names[0]} of {names[1]}, {again['name']['action']}"


@tool(effect="read", task="always")
async def twisted_job(ctx: Context) -> str:
    """Names its questions as if to make their keys meet."""
    for key in ("a-2", "a", "a-2-3", "a"):
        await ctx.elicit("Name?", PERSON, key=key)
    return "untangled"


@tool(effect="read")
async def ask_then_detach(ctx: Context, gate: str) -> str:
    """Asks in the foreground, goes on in the background."""
    answer = await ctx.elicit("Name?", Person)
    await ctx.detach()
    await wait_at(gate)
    return f"hello {answer.content.name}"


TOOLS = [job, strict_job, asking_job, twisted_job, ask_then_detach]
