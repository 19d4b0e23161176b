"""Databases: looking, asking, exporting and careful changing. PostgreSQL, MongoDB, Supabase and SQLite files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mcp_agent import Context, PluginInfo, Scene, Setup, hookimpl
from mcp_agent_database import demo, finding
from mcp_agent_database.desk import Desk, desk_of
from mcp_agent_database.settings import Settings
from mcp_agent_database.tools import asking, changing, documents, drawing, exporting, looking, tuning

TOOLS: Sequence[Callable[..., Any]] = (
    looking.db_connections,
    looking.db_schemas,
    looking.db_describe,
    looking.db_health,
    asking.db_query,
    asking.db_sample,
    asking.db_explain,
    documents.db_find,
    documents.db_aggregate,
    changing.db_try_execute,
    changing.db_execute,
    changing.db_plan_migration,
    changing.db_migrate,
    exporting.db_export,
    tuning.db_suggest_indexes,
    tuning.db_top_queries,
    drawing.db_erd,
)


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(title="Databases", description="Asks PostgreSQL, SQLite, MongoDB, Supabase.", prefix="db")


@hookimpl
def mcp_agent_config() -> type[Settings]:
    return Settings


@hookimpl
def mcp_agent_setup() -> Setup:
    return Setup(find=finding.find, secrets=finding.secrets())


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return TOOLS


@hookimpl
async def mcp_agent_startup(ctx: Context) -> None:
    ctx.state = Desk(ctx)


@hookimpl
async def mcp_agent_shutdown(ctx: Context) -> None:
    if ctx.state is not None:
        await ctx.state.close()


@hookimpl
async def mcp_agent_health(ctx: Context) -> str:
    """Nothing is opened to answer this: a server that is asleep is none of the host's business."""
    names = sorted(desk_of(ctx).configured)
    return f"Connections: {', '.join(names)}." if names else "No connections: an example, and SQLite files."


@hookimpl
def mcp_agent_demo() -> Sequence[Scene]:
    return demo.SCENES
