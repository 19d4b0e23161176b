"""The smart home: Home Assistant where there is one, otherwise a simulated home that every tool works on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from mcp_agent import Context, PluginInfo, Scene, Setup, hookimpl
from mcp_agent_smart_home import areas, demo
from mcp_agent_smart_home.areas import Notices
from mcp_agent_smart_home.home import Home, home_of
from mcp_agent_smart_home.homeassistant.discovery import find
from mcp_agent_smart_home.settings import Settings
from mcp_agent_smart_home.tools import (
    automations,
    bulk,
    calendar,
    control,
    history,
    looking,
    overview,
    scenes,
    search,
    services,
    statistics,
    todo,
    traces,
    waiting,
)

TOOLS: Sequence[Callable[..., Any]] = (
    overview.home_overview,
    search.home_search_entities,
    search.home_get_state,
    control.home_call_service,
    control.home_call_guarded_service,
    bulk.home_bulk_control,
    services.home_list_services,
    history.home_get_history,
    statistics.home_get_statistics,
    automations.home_get_automation,
    automations.home_set_automation,
    automations.home_remove_automation,
    traces.home_get_traces,
    scenes.home_scenes,
    scenes.home_apply_scene,
    scenes.home_capture_scene,
    todo.home_todo,
    todo.home_change_todo,
    calendar.home_calendar,
    looking.home_render_template,
    looking.home_camera_snapshot,
    waiting.home_wait_for,
)


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(
        title="Smart home", description="Lights, climate, locks, media and automations of your home.", prefix="home"
    )


@hookimpl
def mcp_agent_config() -> type[Struct]:
    return Settings


@hookimpl
def mcp_agent_setup() -> Setup:
    return Setup(
        ask=("url",),
        secrets={
            "token": "A long-lived access token: Home Assistant, your profile, Security, at the bottom of the page."
        },
        find=find,
    )


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return TOOLS


@hookimpl
def mcp_agent_resources() -> Sequence[Callable[..., Any]]:
    return [areas.home_areas, areas.home_area]


@hookimpl
async def mcp_agent_startup(ctx: Context) -> None:
    """Connecting goes on beside: a Home Assistant that is off must not keep the plugin from starting."""
    ctx.state = await _open(ctx)
    Notices(ctx.state, ctx.resource_updated)


async def _open(ctx: Context) -> Home:
    if not ctx.config.url:
        from mcp_agent_smart_home.simulated.home import SimulatedHome

        return SimulatedHome(ctx)
    from mcp_agent_smart_home.homeassistant.home import HomeAssistant

    return HomeAssistant(ctx)


@hookimpl
async def mcp_agent_shutdown(ctx: Context) -> None:
    if ctx.state is not None:
        await ctx.state.close()


@hookimpl
async def mcp_agent_health(ctx: Context) -> str:
    return await home_of(ctx).health()


@hookimpl
def mcp_agent_demo() -> Sequence[Scene]:
    return demo.SCENES
