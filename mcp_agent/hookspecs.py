"""What a plugin can tell the host: every hook there is, in the order the host asks.

A plugin is a module (or any object) whose functions carry ``@hookimpl``. None is required. Each is called on its
own, so one that fails marks its plugin as failed and nothing else. Docs: ``docs/hooks.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pluggy
from msgspec import Struct

from mcp_agent.model import Scene, Tool

if TYPE_CHECKING:
    from mcp_agent.context import Context

PROJECT = "mcp_agent"
ENTRY_POINTS = "mcp_agent.plugins"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class PluginInfo(Struct, frozen=True, kw_only=True):
    """How a plugin presents itself.

    ``prefix`` begins the name of each of its tools and prompts, followed by ``_``; None for the plugin's own name,
    empty where the names are given from outside.
    """

    title: str = ""
    description: str = ""
    prefix: str | None = None


class Finding(Struct, frozen=True):
    """Something on this machine that the plugin can work with: what it is, in a few words, and the settings for it."""

    what: str
    settings: Mapping[str, Any]


class Setup(Struct, frozen=True, kw_only=True):
    """What ``mcp-agent setup`` goes through for a plugin. Nothing here says how it is shown.

    ``ask`` names settings, in order: each is explained by its own description and checked by its own type. ``secrets``
    has a line for each secret: what it is and where the person gets it. ``find`` looks around on this machine, the most
    likely first; it may block, is stopped being waited for after a few seconds, and must change nothing.
    """

    ask: tuple[str, ...] = ()
    secrets: Mapping[str, str] = {}
    find: Callable[[], Iterable[Finding]] | None = None


@hookspec(firstresult=True)
def mcp_agent_info() -> PluginInfo | None:
    """Who the plugin is. Asked first, right after import."""


@hookspec(firstresult=True)
def mcp_agent_config() -> type[Struct] | None:
    """The shape of the plugin's section in the configuration: a msgspec Struct with a default for every field.

    Asked before anything else is declared. What the person wrote is checked against it; the value is ``ctx.config``.
    """


@hookspec(firstresult=True)
def mcp_agent_tools() -> Sequence[Callable[..., Any] | Tool] | None:
    """The tools: functions decorated with ``@tool``. Asked once at load, must not block.

    A schema that no signature can express, say of a foreign API, comes as a ``Tool`` made by hand.
    """


@hookspec(firstresult=True)
def mcp_agent_resources() -> Sequence[Callable[..., Any]] | None:
    """The resources and templates: functions decorated with ``@resource``. Asked once at load, must not block."""


@hookspec(firstresult=True)
def mcp_agent_prompts() -> Sequence[Callable[..., Any]] | None:
    """The prompts: functions decorated with ``@prompt``. Asked once at load, must not block."""


@hookspec(firstresult=True)
def mcp_agent_setup() -> Setup | None:
    """What a person should be asked before the plugin is of use: settings, secrets, and how to find what is there.

    Asked by ``mcp-agent setup`` and nobody else, must not block. A plugin that works without questions needs none.
    """


@hookspec(firstresult=True)
def mcp_agent_demo() -> Sequence[Scene] | None:
    """Scenes of ``mcp-agent demo``: what the plugin shows with no account and no network."""


@hookspec(firstresult=True)
async def mcp_agent_startup(ctx: Context) -> None:
    """Open what the plugin needs. Runs beside serving, with a time limit; calls to its tools wait for its end."""


@hookspec(firstresult=True)
async def mcp_agent_health(ctx: Context) -> str | None:
    """How the plugin is, in a sentence; raise ToolError when it is not well. Asked by ``system_health``."""


@hookspec(firstresult=True)
async def mcp_agent_shutdown(ctx: Context) -> None:
    """Close what was opened. Has a time limit; runs also when startup failed."""
