"""The servers that are measured, and plugins made up for it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Collection
from importlib.metadata import entry_points
from pathlib import Path

from mcp_agent import Host
from mcp_agent.expose.exposure import FRONT
from tests.bench.load import Command
from tests.real.python_env import build_env

OURS = "this server"
MODERN = "this server, 2026-07-28"
SDK = "official SDK, mcp 2.3.0"
FAST = "FastMCP 4.1.6"
BARE = "bare msgspec loop"

PEERS = {
    SDK: ("mcp==2.3.0", ""),
    # FastMCP asks for a release of certifi that not every index has yet; stdio needs no certificates.
    FAST: ("fastmcp==4.1.6", "certifi"),
    BARE: ("msgspec==0.22.0", ""),
}
"""The package that each peer's environment holds, and what overrides its dependencies."""

_FOLDER = Path(__file__).parent / "peers"
_SCRIPTS = {SDK: _FOLDER / "official_sdk.py", FAST: _FOLDER / "fast_mcp.py", BARE: _FOLDER / "bare_loop.py"}

_DUMMY = '''"""A plugin like any other small one."""

from mcp_agent import hookimpl, tool


@tool(effect="read")
async def {name}_look(place: str, limit: int = 10) -> list[str]:
    """Look somewhere."""
    return [place] * limit


@tool(effect="write")
async def {name}_put(place: str, what: str | None = None) -> str:
    """Put something somewhere."""
    return place


@hookimpl
def mcp_agent_tools():
    return [{name}_look, {name}_put]
'''

_MANY = '''"""A great many tools."""

from mcp_agent import hookimpl, tool


def make(number):
    async def echo(text: str) -> str:
        """Give the text back."""
        return text

    return tool(effect="read", name=f"many_{{number}}")(echo)


@hookimpl
def mcp_agent_tools():
    return [make(number) for number in range({count})]
'''


def ours(home: Path, *options: str, **env: str) -> Command:
    """``mcp-agent serve`` as a client would start it, with an empty home and every bundled plugin."""
    program = Path(sys.executable).with_name("mcp-agent")
    env = {"MCP_AGENT_HOME": str(home), "MCP_AGENT__EXPOSE__MODE": "all", **env}
    return Command([str(program), "serve", *options], env)


def contestants(home: Path) -> dict[str, Command]:
    """Everybody, by name. Makes the environments of the peers where they are not there yet."""
    plugin = ("--plugin", "tests.plugins.everything")
    legacy = ours(home, *plugin)
    peers = {}
    for name, (package, override) in PEERS.items():
        peers[name] = Command([str(build_env(package, override=override)), str(_SCRIPTS[name])])
    return {OURS: legacy, MODERN: Command(legacy.arguments, legacy.env, "modern"), **peers}


def bundled() -> list[str]:
    """Names of the plugins that are installed here."""
    return [entry.name for entry in entry_points(group="mcp_agent.plugins")]


def tools_of(plugins: Collection[str]) -> set[str]:
    """What these plugins offer to a client that sees everything."""

    async def ask() -> set[str]:
        async with Host(on_disk=False) as host:
            return {tool.name for tool in host.tools() if tool.plugin in plugins and tool.plugin != FRONT}

    return asyncio.run(ask())


def with_bundled(home: Path, enabled: bool) -> Command:
    """This server with its bundled plugins all on or all off; both read the same number of settings."""
    switches = {f"MCP_AGENT__PLUGINS__{name.upper()}__ENABLED": str(enabled).lower() for name in bundled()}
    return ours(home, **switches)


def with_dummies(home: Path, folder: Path, count: int) -> Command:
    """This server with so many plugins more, installed as a package installer would."""
    folder.mkdir()
    for number in range(count):
        name = f"dummy{number}"
        (folder / f"{name}.py").write_text(_DUMMY.format(name=name))
        metadata = folder / f"{name}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text(f"[mcp_agent.plugins]\n{name} = {name}\n")
    return ours(home, PYTHONPATH=str(folder))


def with_tools(home: Path, folder: Path, count: int) -> Command:
    """This server with so many tools more; the last of them is the one to call."""
    folder.mkdir()
    (folder / "many.py").write_text(_MANY.format(count=count))
    command = ours(home, "--plugin", "many", PYTHONPATH=str(folder))
    return Command(command.arguments, command.env, tool=f"many_{count - 1}")
