"""A tool that runs another: for the same caller, and with everything that a call of its own would go through."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Config, Host, ToolError, tool
from mcp_agent.config import PolicySettings, ReliabilitySettings, Rule
from mcp_agent.errors import Denied, InternalFailure, PluginError
from mcp_agent.schema.build import build_tool
from mcp_agent.schema.promises import check
from mcp_agent.testing import ScriptedCaller
from mcp_agent.transports.memory import MemoryConnection
from tests.pipeline.audited import entries, paths_of
from tests.plugins import relay
from tests.support.schema import REVISIONS
from tests.support.served import in_loop
from tests.support.wire import Client, Message

RELAY = "tests.plugins.relay"
ALLOW = PolicySettings(rules=(Rule(decide="allow"),), wait_seconds=0)
ONCE: Any = {"decision": "allow once"}


@asynccontextmanager
async def host_with(policy: PolicySettings, home: Path | None = None, plugin_calls: int = 16) -> AsyncIterator[Host]:
    relay.shelf.clear()
    relay.answered.clear()
    config = Config(policy=policy, reliability=ReliabilitySettings(plugin_calls=plugin_calls))
    paths = None if home is None else paths_of(home)
    async with Host(config, paths=paths, on_disk=home is not None, modules=[RELAY], installed=False) as host:
        yield host


def test_the_person_is_asked_about_what_is_done_and_it_can_be_undone(tmp_path: Path) -> None:
    async def work() -> None:
        async with host_with(PolicySettings(wait_seconds=0), tmp_path) as host:
            refusing = ScriptedCaller(elicit=["decline"])
            with pytest.raises(Denied, match="The person refused relay_put"):
                await host.call("relay_pass", {}, refusing)
            assert relay.shelf == {}
            person = ScriptedCaller(elicit=[ONCE])
            assert (await host.call("relay_pass", {"text": "a"}, person)).text == "it"
            assert len(person.asked) == 1
            assert "relay_put" in person.asked[0][1]["message"]
            assert relay.shelf == {"it": "a"}
            await host.undo()
            assert relay.shelf == {}

    asyncio.run(work())
    rows = [json.loads(one.text) for one in entries(tmp_path)]
    assert [(row["tool"], row["outcome"]) for row in rows if "outcome" in row] == [
        ("relay_put", "denied"), ("relay_pass", "denied"), ("relay_put", "ok"), ("relay_pass", "ok"),
        ("undo:relay_put", "ok"),
    ]  # fmt: skip
    assert {row["principal"] for row in rows if row.get("tool") == "relay_put"} == {"test"}


@pytest.mark.parametrize(
    "policy",
    [
        PolicySettings(read_only=True),
        PolicySettings(rules=(Rule(tool="relay_put", decide="deny"), Rule(decide="allow"))),
        PolicySettings(out_of_band=False),
    ],
)
def test_what_the_policy_forbids_is_forbidden_by_this_way_too(policy: PolicySettings) -> None:
    async def work() -> None:
        async with host_with(policy) as host:
            with pytest.raises(Denied, match="relay_put"):
                await host.call("relay_pass", {}, ScriptedCaller())
            assert relay.shelf == {}

    asyncio.run(work())


def test_text_from_outside_that_is_passed_on_is_asked_about_whatever_the_rules_say() -> None:
    async def work() -> None:
        async with host_with(ALLOW) as host:
            await host.call("relay_pass")
            with pytest.raises(Denied, match="relay_pass_page passes on"):
                await host.call("relay_pass_page")
            assert relay.shelf == {"it": "ours"}
            await host.call("relay_pass_page", {}, ScriptedCaller(elicit=[ONCE]))
            assert relay.shelf == {"it": "theirs"}

    asyncio.run(work())


def test_only_declared_tools_can_be_called_and_never_in_a_circle() -> None:
    async def work() -> None:
        async with host_with(ALLOW) as host:
            with pytest.raises(ToolError, match="There is no tool relay_gone"):
                await host.call("relay_wrong", {"name": "relay_gone"})
            for tool, arguments in (("relay_wrong", {"name": "relay_put"}), ("relay_around", {})):
                with pytest.raises(InternalFailure) as caught:
                    await host.call(tool, arguments)
                assert isinstance(caught.value.__context__, LookupError)
            assert relay.shelf == {}

    asyncio.run(work())


def test_what_may_have_been_done_is_not_done_again() -> None:
    """A read that fails elsewhere is tried again; not so one that runs a tool which changes something."""

    async def work() -> None:
        async with host_with(ALLOW) as host:
            with pytest.raises(ToolError, match="no answer"):
                await host.call("relay_send_on")
            assert relay.answered == ["sent"]

    asyncio.run(work())


@pytest.mark.parametrize("option", [{"cache": 5.0}, {"fallback": "stale"}])
def test_an_answer_does_not_stand_in_for_what_it_did(option: dict[str, Any]) -> None:
    @tool(effect="read", calls=["relay_put"], **option)
    async def relay_kept() -> str:
        """A tool whose answer would be kept."""
        return ""

    with pytest.raises(PluginError, match="this one runs others"):
        check([build_tool(relay_kept, "relay")])


def test_the_last_place_of_a_plugin_is_not_held_against_itself() -> None:
    async def work() -> None:
        async with host_with(ALLOW, plugin_calls=1) as host, asyncio.timeout(20):
            await asyncio.gather(*(host.call("relay_pass") for _ in range(8)))

    asyncio.run(work())


def answer(question: Message) -> Message:
    within = question["message"] == "Within?"
    return {"action": "decline"} if within else {"action": "accept", "content": {}}


@pytest.mark.parametrize("revision", ["2025-06-18", "2025-11-25", "2026-07-28"])
def test_an_answer_goes_to_the_tool_that_asked(revision: str) -> None:
    async def work() -> None:
        async with host_with(ALLOW) as host:
            client = Client(MemoryConnection(host.server), revision, capabilities={"elicitation": {}})
            client.answers["elicitation/create"] = answer
            await client.open()
            params: Message = {"name": "relay_ask_twice", "arguments": {}}
            result = await client.call("tools/call", params)
            while "inputRequests" in result:  # the stateless era: the call is made again with the answers
                given = {key: answer(one["params"]) for key, one in result["inputRequests"].items()}
                more = {"requestState": result["requestState"], "inputResponses": given}
                result = await client.call("tools/call", {**params, **more})
            assert relay.answered == ["accept", "decline"]

    in_loop(work)


@pytest.mark.parametrize("revision", [one for one in REVISIONS if one >= "2025-03-26"])
def test_clients_are_not_told_that_it_only_reads(revision: str) -> None:
    async def work() -> None:
        async with host_with(ALLOW) as host:
            client = await Client(MemoryConnection(host.server), revision).open()
            tools = {one["name"]: one["annotations"] for one in (await client.call("tools/list", {}))["tools"]}
            assert tools["relay_ask"]["readOnlyHint"]
            assert not tools["relay_pass"]["readOnlyHint"]
            assert not tools["relay_pass"]["idempotentHint"]

    in_loop(work)
