"""See the agent at work, in half a minute: a real server behind a real client. It leaves nothing behind."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import textwrap
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mcp_agent.cli.output import prompt
from mcp_agent.errors import AgentError, ProtocolError
from mcp_agent.model import Json, Scene, ToolResult
from mcp_agent.paths import HOME_VARIABLE

if TYPE_CHECKING:
    from mcp_agent.upstream.client import Client

_WIDTH = 88


class DemoFailed(AgentError):
    """A step of the demo did not come out as it should."""


def run(args: argparse.Namespace) -> int:
    """Gives 1 when any step fails. Leaves nothing behind."""
    with tempfile.TemporaryDirectory(prefix="mcp-agent-demo-") as home:
        try:
            asyncio.run(_tell(Path(home)))
        except AgentError as error:
            _say(f"The demo failed: {error}")
            _say((Path(home) / "server.log").read_text(errors="replace")[-4000:])
            return 1
    return 0


async def _tell(home: Path) -> None:
    from mcp_agent.upstream.client import Client
    from mcp_agent.upstream.process import ServerProcess
    from mcp_agent.version import VERSION

    started = time.perf_counter()
    _title("An assistant starts the server, as Claude Desktop or Cursor would")
    command = [sys.executable, "-m", "mcp_agent", "serve"]
    with (home / "server.log").open("wb") as log:
        async with (
            ServerProcess(command, {**os.environ, HOME_VARIABLE: str(home)}, log) as process,
            Client(process, name="mcp-agent demo", version=VERSION, answer=_person) as client,
        ):
            stage = DemoStage(client)
            await _discovered(stage, started)
            for scene in await _scenes():
                _title(scene.title)
                await scene.play(stage)
            _title("What was done can be taken back")
            await _taken_back(stage)
            _title("A mistake gets an answer that helps")
            await _mistakes(stage)
            _title("And it is quick")
            await _timings(stage)
    _say("")
    _say("That was the whole agent: started, used and stopped. Nothing of it is left on this machine.")


async def _person(method: str, params: Json) -> Json:
    """Says yes to what the agent asks before it changes something, as a person would."""
    choices = params["requestedSchema"]["properties"]["decision"]["enum"]
    yes = choices[-2]  # the widest that is offered; the last one refuses
    _say(textwrap.indent(textwrap.fill(f"The agent asks you: {params['message']}", _WIDTH), "    "))
    _say(f"    You answer: {yes}.")
    return {"action": "accept", "content": {"decision": yes}}


class DemoStage:
    """Where scenes play."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def call(self, tool: str, **arguments: Json) -> ToolResult:
        given = ", ".join(f"{key}={value!r}" for key, value in arguments.items())
        _say(f"  > {tool}({given})")
        try:
            return await self.client.call(tool, arguments)
        except ProtocolError as error:
            raise DemoFailed(f"{tool}: {error}") from None

    def say(self, text: str) -> None:
        _say(textwrap.indent(textwrap.fill(text, _WIDTH), "    "))

    def check(self, holds: bool, otherwise: str) -> None:
        if not holds:
            raise DemoFailed(otherwise)


async def _discovered(stage: DemoStage, started: float) -> None:
    tools = await stage.client.list_all("tools")
    ready = time.perf_counter() - started
    server = stage.client.server
    families: dict[str, int] = {}
    for tool in tools:
        prefix = tool["name"].partition("_")[0]
        families[prefix] = families.get(prefix, 0) + 1
    stage.check(bool(tools), "the server offers no tools; 'mcp-agent plugins' says why")
    listed = ", ".join(f"{prefix} ({count})" for prefix, count in families.items())
    stage.say(f"{server.get('name')} {server.get('version')} speaks MCP {stage.client.revision.name}.")
    stage.say(f"{len(tools)} tools of {len(families)} plugins: {listed}.")
    stage.say(f"From the first byte of the program to the list of tools: {ready * 1000:.0f} ms.")


async def _scenes() -> Sequence[Scene]:
    from mcp_agent.host import Host

    async with Host(on_disk=False) as host:
        return host.scenes()


async def _taken_back(stage: DemoStage) -> None:
    await stage.call("memory_remember", text="The garage door sticks in winter.")
    undone = await stage.call("system_undo")
    stage.check(not undone.is_error and len(undone.data["undone"]) == 1, f"nothing was undone: {undone.text}")
    gone = await stage.call("memory_recall", query="garage")
    stage.check(gone.data["facts"] == [], f"what was undone is still there: {gone.text}")
    stage.say("As if it had never been said. 'mcp-agent audit' still knows who asked for what, and when.")


async def _mistakes(stage: DemoStage) -> None:
    wrong = await stage.call("memory_recall", query=7)
    stage.check(wrong.is_error and "query" in wrong.text, f"a bad argument was not explained: {wrong.text}")
    stage.say(wrong.text)
    _say("  > memory_recal(query='key')")
    try:
        await stage.client.call("memory_recal", {"query": "key"})
    except ProtocolError as error:
        stage.check("memory_recall" in str(error), f"a misspelt tool was not recognised: {error}")
        stage.say(str(error))
    else:
        raise DemoFailed("a tool that does not exist gave a result")


async def _timings(stage: DemoStage) -> None:
    count = 1000
    begun = time.perf_counter()
    for _ in range(count):
        await stage.client.call("system_version", {})
    one = (time.perf_counter() - begun) / count
    begun = time.perf_counter()
    results = await asyncio.gather(*(stage.client.call("system_version", {}) for _ in range(count)))
    many = count / (time.perf_counter() - begun)
    stage.check(not any(result.is_error for result in results), "a call failed under load")
    stage.say(f"One call after the other: {one * 1e6:.0f} µs each. All at once: {many:,.0f} calls a second.")


def _title(text: str) -> None:
    _say(f"\n{text}\n{'-' * len(text)}")


def _say(text: str) -> None:
    prompt(text + "\n")  # shown at once, also in a pipe
