"""A few tools in place of all, through the protocol: what is listed, found, described and called."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Config, Host
from mcp_agent.config import ExposeSettings, PolicySettings, Rule
from mcp_agent.tokens import tokens
from mcp_agent.transports.memory import MemoryConnection
from tests.pipeline.audited import entries, paths_of
from tests.support.schema import REVISIONS
from tests.support.wire import Client

FRONT = ["find_tools", "describe_tools", "call_tool"]
CHORES = ["chores_list_chores", "chores_set_done", "chores_show_roster", "chores_broken"]
MODULES = ["mcp_agent.expose.tools", "tests.plugins.chores"]
SEARCH = ExposeSettings(mode="search")
ALLOW = Rule(decide="allow")


@asynccontextmanager
async def hosting(
    expose: ExposeSettings = SEARCH, *rules: Rule, folder: Path | None = None, modules: list[str] = MODULES
) -> AsyncIterator[Host]:
    config = Config(expose=expose, policy=PolicySettings(rules=(*rules, ALLOW), wait_seconds=0))
    paths = None if folder is None else paths_of(folder)
    async with Host(config, paths=paths, on_disk=paths is not None, installed=False, modules=modules) as host:
        yield host


async def client_of(host: Host, revision: str = "2025-06-18") -> Client:
    return await Client(MemoryConnection(host.server), revision).open()


async def listed(host: Host, revision: str = "2025-06-18") -> list[str]:
    result = await (await client_of(host, revision)).call("tools/list", {})
    return [tool["name"] for tool in result["tools"]]


async def called(host: Host, tool: str, revision: str = "2025-06-18", /, **arguments: Any) -> Any:
    return await (await client_of(host, revision)).tool(tool, **arguments)


def text_of(result: Any) -> str:
    [block] = result["content"]
    return str(block["text"])


@pytest.mark.parametrize(
    ("expose", "modules", "seen"),
    [
        (SEARCH, MODULES, FRONT),
        (ExposeSettings(mode="all"), MODULES, CHORES),
        (ExposeSettings(mode="auto"), MODULES, CHORES),
        (ExposeSettings(mode="auto", budget_tokens=100), MODULES, FRONT),
        (ExposeSettings(mode="search", pinned=("*_list_*", "other")), MODULES, [*FRONT, "chores_list_chores"]),
        (SEARCH, MODULES[1:], CHORES),
    ],
    ids=["search", "all", "auto, few", "auto, many", "pinned", "search without the tools that search"],
)
def test_what_a_client_sees(expose: ExposeSettings, modules: list[str], seen: list[str]) -> None:
    async def work() -> None:
        async with hosting(expose, modules=modules) as host:
            assert await listed(host) == seen

    asyncio.run(work())


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_tool_is_found_and_called_by_what_was_found(revision: str) -> None:
    async def work() -> None:
        async with hosting() as host:
            found = text_of(await called(host, "find_tools", revision, query="it is finished, note that down"))
            assert found.startswith(
                'chores_set_done(name: string, by?: "anna"|"ben" = "anna", minutes?: integer[]) [write]\n'
                "  Note that a chore has been finished.\n  name: The chore."
            )
            done = await called(
                host, "call_tool", revision, name="chores_set_done", arguments={"name": "dishes", "by": "ben"}
            )
            assert text_of(done) == "dishes done by ben, as stdio:tester says"

    asyncio.run(work())


def test_examples_find_a_tool_and_are_shown_to_nobody() -> None:
    async def work() -> None:
        async with hosting() as host:
            found = text_of(await called(host, "find_tools", query="who cooks this evening?"))
            assert found.startswith("chores_show_roster()")
            assert "tonight" not in found

    asyncio.run(work())


def test_a_tool_asked_for_by_its_name_is_the_first_whatever_else_fits() -> None:
    async def work() -> None:
        async with hosting() as host:
            for name in CHORES:
                assert text_of(await called(host, "find_tools", query=name)).startswith(f"{name}(")

    asyncio.run(work())


def test_words_that_fit_nothing_are_answered_with_what_to_do() -> None:
    async def work() -> None:
        async with hosting() as host:
            for query in ("quantum", "", "'\" * ( NEAR"):
                assert text_of(await called(host, "find_tools", query=query)).startswith("No tool fits")

    asyncio.run(work())


def test_a_description_is_whole() -> None:
    async def work() -> None:
        async with hosting() as host:
            result = await called(host, "describe_tools", names=["chores_set_done"])
            [one] = result["structuredContent"]["result"]
            assert one["description"].endswith("chores_list_chores shows what is open.")
            assert one["inputSchema"]["properties"]["by"]["enum"] == ["anna", "ben"]
            assert one["effect"] == "write"
            wrong = await called(host, "describe_tools", names=["chores_roster"])
            assert wrong["isError"]
            assert "Did you mean chores_show_roster" in text_of(wrong)

    asyncio.run(work())


def test_a_call_by_way_of_another_tool_is_checked_and_written_down_as_the_call_it_is(tmp_path: Path) -> None:
    async def work() -> None:
        denied = Rule(decide="deny", tool="chores_set_done", when='by == "ben"', because="Ben never does")
        async with hosting(SEARCH, denied, folder=tmp_path) as host:
            for by in ("anna", "ben"):
                arguments = {"name": "dishes", "by": by}
                result = await called(host, "call_tool", name="chores_set_done", arguments=arguments)
                assert result.get("isError", False) == (by == "ben")
            assert "Ben never does" in text_of(result)

    asyncio.run(work())
    rows = [json.loads(one.text) for one in entries(tmp_path)]
    calls = [(row["tool"], row["kind"], row["effect"]) for row in rows if row["kind"] != "begin"]
    assert calls == [
        ("chores_set_done", "intent", "write"), ("chores_set_done", "outcome", "write"),
        ("chores_set_done", "intent", "write"), ("chores_set_done", "outcome", "write"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"name": "chores_set_dune"}, "There is no tool chores_set_dune to call"),
        ({"name": "call_tool", "arguments": {"name": "chores_broken"}}, "There is no tool call_tool to call"),
        ({"name": "chores_set_done"}, "name"),
        ({"name": "chores_set_done", "arguments": {"name": "x", "by": "carl"}}, "carl"),
        ({"nam": "chores_set_done"}, "nam"),
        ({"name": "chores_set_done", "arguments": []}, "arguments"),
    ],
)
def test_wrong_calls_by_way_of_another_tool_are_explained(arguments: dict[str, Any], said: str) -> None:
    async def work() -> None:
        async with hosting(SEARCH, Rule(decide="ask", tool="call_tool")) as host:
            result = await called(host, "call_tool", **arguments)
            assert result["isError"]
            assert said in text_of(result)

    asyncio.run(work())


def test_a_plugin_that_comes_later_is_found_and_one_that_goes_is_not() -> None:
    async def work() -> None:
        async with hosting() as host:
            await host.disable_plugin("chores")
            assert text_of(await called(host, "find_tools", query="roster")).startswith("No tool")
            host.enable_plugin("chores")
            assert text_of(await called(host, "find_tools", query="roster")).startswith("chores_show_roster")

    asyncio.run(work())


def test_a_hit_list_stays_within_600_tokens_however_much_the_tools_say(tmp_path: Path) -> None:
    source = "from typing import Annotated\nfrom mcp_agent import Field, hookimpl, tool\n"
    for number in range(12):
        source += (
            f"@tool(effect='read')\ndef wordy_find_{number}(\n"
            + "".join(f"    option_{i}: Annotated[str, Field('{'What it means. ' * 8}')] = '',\n" for i in range(12))
            + f") -> str:\n    '''Find things of kind {number}. {'More words about it. ' * 40}'''\n    return ''\n"
        )
    names = ", ".join(f"wordy_find_{number}" for number in range(12))
    (tmp_path / "wordy.py").write_text(f"{source}@hookimpl\ndef mcp_agent_tools(): return [{names}]\n")

    async def work() -> None:
        async with hosting(modules=[*MODULES, "wordy"]) as host:
            found = text_of(await called(host, "find_tools", query="find things"))
            assert found.count("wordy_find_") >= 3
            assert 0 < tokens(found) < 600

    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(tmp_path))
        asyncio.run(work())


def test_what_was_used_lately_comes_first_among_equals() -> None:
    async def ranked(host: Host) -> list[str]:
        return re.findall(r"^(\w+)\(", text_of(await called(host, "find_tools", query="chores")), re.M)

    async def work() -> None:
        async with hosting() as host:
            _, better, good, _ = await ranked(host)
            for _ in range(30):
                await host.call(good)
            after = await ranked(host)
            assert after.index(good) < after.index(better)

    asyncio.run(work())


def test_a_plugin_named_at_the_start_is_listed_among_many() -> None:
    async def work() -> None:
        config = Config(expose=ExposeSettings(mode="auto", budget_tokens=100))
        async with Host(config, on_disk=False, modules=["tests.plugins.chores"]) as host:
            assert await listed(host) == [*FRONT, *CHORES]

    asyncio.run(work())
