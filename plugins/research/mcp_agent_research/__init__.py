"""Research that can be checked: pages, papers and documents are kept as they were, and quotes compared with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mcp_agent import Context, PluginInfo, Scene, Setup, ToolError, hookimpl, resource
from mcp_agent_research import demo
from mcp_agent_research.settings import Settings
from mcp_agent_research.tools.checking import research_verify
from mcp_agent_research.tools.finding import research_fetch, research_read_source, research_search, research_sources
from mcp_agent_research.tools.jobs import research_report, research_start, research_status, research_stop
from mcp_agent_research.tools.local import research_index_documents, research_local
from mcp_agent_research.tools.scholarly import research_doi, research_papers


@resource("research://guide", title="How research is checked", mime_type="text/markdown")
def research_guide() -> str:
    """How to write a report that research_verify can check."""
    from mcp_agent_research.library import guide

    return guide.text()


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(title="Research", description="Search, read and quote, with quotes that can be checked.")


@hookimpl
def mcp_agent_config() -> type[Settings]:
    return Settings


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return [
        research_search,
        research_fetch,
        research_read_source,
        research_sources,
        research_papers,
        research_doi,
        research_index_documents,
        research_local,
        research_start,
        research_status,
        research_stop,
        research_report,
        research_verify,
    ]


@hookimpl
def mcp_agent_resources() -> Sequence[Callable[..., Any]]:
    return [research_guide]


@hookimpl
def mcp_agent_setup() -> Setup:
    return Setup(
        ask=("contact",),
        secrets={
            "brave_key": "A key of the Brave Search API, from https://api-dashboard.search.brave.com.",
            "openalex_key": "A key of OpenAlex, from https://openalex.org/settings/api; it works without for a while.",
            "model_key": "The key of the model at plugins.research.model.address, where it wants one.",
        },
    )


@hookimpl
async def mcp_agent_startup(ctx: Context) -> None:
    from mcp_agent_research.jobs.runner import Runner
    from mcp_agent_research.library.workers import Workers
    from mcp_agent_research.state import State
    from mcp_agent_research.web.fetch import new_web

    web = new_web(ctx)
    ctx.state = State(web, Workers(ctx.config.library.seconds), Runner(ctx, web))
    if _has_database(ctx):
        await ctx.state.runner.take_up()


@hookimpl
async def mcp_agent_shutdown(ctx: Context) -> None:
    if ctx.state is not None:
        await ctx.state.runner.close()
        await ctx.state.web.close()
        await ctx.state.workers.close()


@hookimpl
async def mcp_agent_health(ctx: Context) -> str:
    from mcp_agent_research.engines.search import available
    from mcp_agent_research.store.sources import counts

    kept = await counts(ctx)
    engines = ", ".join(await available(ctx))
    return f"{kept.get('web', 0)} pages and {kept.get('file', 0)} documents are kept; it searches {engines}."


@hookimpl
def mcp_agent_demo() -> Sequence[Scene]:
    return [
        Scene("Quotes are checked", demo.checks_quotes),
        Scene("The web stays outside", demo.refuses_own_network),
    ]


def _has_database(ctx: Context) -> bool:
    try:
        return (ctx.data_dir / "research.sqlite3").exists()
    except ToolError:  # a host that keeps nothing: nothing was left to go on with
        return False
