"""The system plugin: what the host says of itself, and background calls for clients that do not speak tasks."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any, ClassVar

import pytest

from mcp_agent import Context, Host, ToolError, hookimpl, tool
from mcp_agent.config import Config, PolicySettings, Rule
from mcp_agent.testing import FakeClock, PluginContract, ScriptedCaller, host_for
from mcp_agent.transports.memory import MemoryConnection


class TestContract(PluginContract):
    module = "mcp_agent_system"
    examples: ClassVar = {
        "system_health": {},
        "system_plugins": {},
        "system_version": {},
        "system_errors": {"limit": 3},
    }


def test_health_counts_and_names_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        async with Host(on_disk=False, modules=["no_such_module"]) as host:
            with pytest.raises(ToolError):
                await host.call("system_job", {"id": "nope"})
            health = (await host.call("system_health")).data
            assert (health["calls"], health["failed"], health["in_flight"]) == (2, 1, 1)
            assert health["tools"] == len(host.tools())
            assert health["says"]["memory"] == "0 facts."
            assert "No module named 'no_such_module'" in health["problems"]["no_such_module"]
            by_name = {line["name"]: line for line in (await host.call("system_plugins")).data["result"]}
            assert by_name["system"] == {"name": "system", "status": "active", "version": "0.1.0", "tools": 7}
            assert by_name["no_such_module"]["status"] == "failed"
            assert "could not be imported" in by_name["no_such_module"]["reason"]

    asyncio.run(work())


def test_errors_come_newest_first() -> None:
    async def work() -> None:
        clock = FakeClock()
        async with host_for("mcp_agent_system", clock=clock) as host:
            for name in ("first", "second", "third"):
                with pytest.raises(ToolError):
                    await host.call("system_job", {"id": name})
                clock.advance(60)
            errors = (await host.call("system_errors", {"limit": 2})).data["result"]
            assert [error["at"] for error in errors] == ["2026-01-01T00:02:00Z", "2026-01-01T00:01:00Z"]
            assert "'third'" in errors[0]["message"]
            assert errors[0]["what"] == "system_job"

    asyncio.run(work())


def test_an_unknown_job_says_what_may_have_happened() -> None:
    async def work() -> None:
        async with host_for("mcp_agent_system") as host:
            for name in ("system_job", "system_cancel_job"):
                with pytest.raises(ToolError, match="no background call 'nope': its result has expired, or the agent"):
                    await host.call(name, {"id": "nope"})

    asyncio.run(work())


class Slow:
    """A plugin whose one tool goes on in the background until it is let go."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.ended = asyncio.Event()

    @hookimpl
    def mcp_agent_tools(self) -> list[Callable[..., Any]]:
        @tool(effect="read")
        async def slow_count(ctx: Context, fail: bool = False) -> dict[str, int]:
            """Count to three, slowly."""
            await ctx.detach()
            ctx.progress(1, 3, "one of three")
            try:
                await self.go.wait()
                if fail:
                    raise ToolError("It lost count.")
                return {"count": 3}
            finally:
                asyncio.get_running_loop().call_soon(self.ended.set)

        return [slow_count]


async def answer(client: MemoryConnection, method: str, **params: Any) -> Any:
    client.send_frame(json.dumps({"jsonrpc": "2.0", "id": method, "method": method, "params": params}).encode())
    return json.loads(await client.receive())["result"]


THEIR_CLIENT = ScriptedCaller(principal="stdio:test")


def with_a_job(work: Callable[[Host, Slow, str], Awaitable[None]], **arguments: Any) -> None:
    """Starts slow_count as a client of 2025-11-25 does, and hands over the id that it got."""

    async def main() -> None:
        slow = Slow()
        module: Any = ModuleType("mcp_agent_slow")
        module.plugin = slow
        sys.modules["mcp_agent_slow"] = module
        try:
            async with Host(
                Config(policy=PolicySettings(rules=(Rule(decide="allow"),))),
                on_disk=False,
                installed=False,
                modules=["mcp_agent_system", "mcp_agent_slow:plugin"],
            ) as host:
                client = MemoryConnection(host.server)
                info = {"name": "test", "version": "1"}
                await answer(client, "initialize", protocolVersion="2025-11-25", capabilities={}, clientInfo=info)
                handle = (await answer(client, "tools/call", name="slow_count", arguments=arguments))["content"][0]
                job_id = handle["text"].partition("as job ")[2].partition(".")[0]
                await work(host, slow, job_id)
        finally:
            del sys.modules["mcp_agent_slow"]

    asyncio.run(main())


def test_a_job_says_how_far_it_is_and_then_gives_its_result() -> None:
    async def work(host: Host, slow: Slow, job_id: str) -> None:
        working = await host.call("system_job", {"id": job_id}, THEIR_CLIENT)
        assert (working.data["status"], working.data["message"]) == ("working", "one of three")
        assert "It says: one of three." in working.text
        slow.go.set()
        await slow.ended.wait()
        result = await host.call("system_job", {"id": job_id}, THEIR_CLIENT)
        assert (result.data, result.is_error) == ({"count": 3}, False)
        assert (
            await host.call("system_cancel_job", {"id": job_id}, THEIR_CLIENT)
        ).text == "slow_count had ended already: completed."

    with_a_job(work)


def test_a_job_that_failed_gives_its_error() -> None:
    async def work(host: Host, slow: Slow, job_id: str) -> None:
        slow.go.set()
        await slow.ended.wait()
        result = await host.call("system_job", {"id": job_id}, THEIR_CLIENT)
        assert result.is_error
        assert "It lost count." in result.text

    with_a_job(work, fail=True)


def test_a_job_can_be_stopped() -> None:
    async def work(host: Host, slow: Slow, job_id: str) -> None:
        assert (
            await host.call("system_cancel_job", {"id": job_id}, THEIR_CLIENT)
        ).text == "slow_count was asked to stop."
        await slow.ended.wait()
        with pytest.raises(ToolError, match="slow_count was cancelled before it ended"):
            await host.call("system_job", {"id": job_id}, THEIR_CLIENT)

    with_a_job(work)


def test_a_job_of_another_client_is_none() -> None:
    async def work(host: Host, slow: Slow, job_id: str) -> None:
        for name in ("system_job", "system_cancel_job"):
            with pytest.raises(ToolError, match="no background call"):
                await host.call(name, {"id": job_id}, ScriptedCaller(principal="stdio:other"))
        working = await host.call("system_job", {"id": job_id}, THEIR_CLIENT)
        assert working.data["status"] == "working"

    with_a_job(work)


@pytest.mark.parametrize("name", ["system_errors", "system_undo"])
def test_what_quotes_others_says_so(name: str) -> None:
    """Errors quote what services answered, and why nothing was undone how things are now."""

    async def work() -> None:
        async with Host(on_disk=False, modules=["mcp_agent_system", "mcp_agent_memory"], installed=False) as host:
            await host.call("memory_remember", {"facts": [{"text": "The spare key is under the fern."}]})
            assert (await host.call(name)).origin is not None

    asyncio.run(work())
