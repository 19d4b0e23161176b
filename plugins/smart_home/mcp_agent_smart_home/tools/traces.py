"""What past runs of automations did."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_smart_home.examples import EXAMPLES
from mcp_agent_smart_home.home import Json, home_of
from mcp_agent_smart_home.tools.automations import find_automation

_MOST_RUNS = 10

Which = Annotated[str, Field("Its entity id, its own id or its name.", min_length=1, max_length=255)]


class Runs(Struct, frozen=True, omit_defaults=True):
    """Newest first; or one run with its steps."""

    runs: list[dict[str, Json]] = []
    total: int = 0
    steps: list[dict[str, Json]] = []


@tool(effect="read", examples=EXAMPLES["home_get_traces"])
async def home_get_traces(
    ctx: Context,
    automation: Which,
    run_id: Annotated[str | None, Field("One run, with its steps.", max_length=100)] = None,
) -> Runs:
    """What past runs of an automation did: when, why, how they ended. With run_id: each step, and where it failed."""
    home = home_of(ctx)
    key = (await find_automation(home, automation)).attributes.get("id")
    if key is None:
        raise ToolError("That automation has no id, and so no traces are kept.", hint="Give it an id in its file.")
    if run_id is None:
        found = [dict(run) for run in await home.traces(str(key))]
        return Runs(found[:_MOST_RUNS], len(found))
    run = dict(await home.trace(str(key), run_id))
    return Runs([{name: value for name, value in run.items() if name != "steps"}], 1, list(run["steps"]))
