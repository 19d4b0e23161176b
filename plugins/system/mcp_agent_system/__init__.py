"""The host about itself: how it is, what is loaded, what went wrong lately, and calls that go on in the background.

Everything comes from ``ctx.agent``: facts about the running host, kept in memory and counted since its start.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mcp_agent import PluginInfo, Scene, Stage, hookimpl
from mcp_agent_system.tools import jobs, state, undoing


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
        state.system_health,
        state.system_plugins,
        state.system_version,
        state.system_errors,
        jobs.system_job,
        jobs.system_cancel_job,
        undoing.system_undo,
    ]


@hookimpl
def mcp_agent_demo() -> Sequence[Scene]:
    return [Scene("The agent says how it is", _introduces_itself)]
