"""The memory plugin: what is found, what is gone, and several processes on one home."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mcp_agent import Host, ToolError
from mcp_agent.context import NoCaller
from mcp_agent.errors import ResourceNotFound
from mcp_agent.testing import FakeClock, PluginContract, host_for

MODULE = "mcp_agent_memory"
NOBODY = NoCaller("test")


class TestContract(PluginContract):
    module = MODULE
    examples: ClassVar = {
        "memory_remember": {"text": "The bin is emptied on Tuesdays.", "source": "Anna", "tags": ["home"]},
        "memory_recall": {"query": "when is the bin emptied?"},
        "memory_list": {"limit": 1},
        "memory_forget": {"id": 1},
    }


async def remember(host: Host, *texts: str) -> list[int]:
    return [(await host.call("memory_remember", {"text": text})).data["id"] for text in texts]


async def recall(host: Host, query: str, **more: Any) -> list[str]:
    found = (await host.call("memory_recall", {"query": query, **more})).data["result"]
    return [fact["text"] for fact in found]


KEY = "The spare key is under the blue flower pot."
BOILER = "The boiler is serviced every October by Mr Virtanen."
CAR = "The car keys hang beside the door, on the blue hook."


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("servicing boilers", [BOILER]),  # stems
        ("virt", [BOILER]),  # the beginning of a word
        ("VIRTANEN", [BOILER]),
        ("blue keys", [CAR, KEY]),  # all the words
        ("flower door", [KEY, CAR]),  # none has both: any of them
        ("spare key of the car", [CAR, KEY, BOILER]),
        ("key NOT spare", [KEY, CAR]),  # operators are words
        ('"blue flower" OR', [KEY, CAR]),
        ("text : boiler", [BOILER]),
        ("-boiler", [BOILER]),
        ("boiler*", [BOILER]),
        ("^boiler", [BOILER]),
        ("NEAR(boiler, 2)", [BOILER]),
        ("boiler\0door", [BOILER, CAR]),
        ("🔑 boiler", [BOILER]),
        ("helicopter", []),
    ],
)
def test_recall(query: str, found: list[str]) -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            await remember(host, KEY, BOILER, CAR)
            assert sorted(await recall(host, query)) == sorted(found)

    asyncio.run(work())


def test_the_best_comes_first() -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            filler = [
                f"On day {day} the weather was fine and nothing much happened to the garden." for day in range(30)
            ]
            await remember(host, *filler, "The garden gate is green.", "Green paint: the garden gate and the shed.")
            assert (await recall(host, "what colour is the garden gate", limit=1)) == ["The garden gate is green."]

    asyncio.run(work())


def test_tags_and_sources_are_searched_too() -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            await host.call("memory_remember", {"text": KEY, "source": "Anna", "tags": ["emergency"]})
            assert await recall(host, "emergency") == [KEY]
            assert await recall(host, "anna") == [KEY]

    asyncio.run(work())


@pytest.mark.parametrize(("query", "why"), [("", "The query is empty"), (" \n", "empty"), ("🔑 ?!", "no word in")])
def test_a_query_without_a_word_is_explained(query: str, why: str) -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            with pytest.raises(ToolError, match=why):
                await recall(host, query)

    asyncio.run(work())


async def is_safe(host: Host, text: str, operator: str) -> None:
    if text.strip():
        [number] = await remember(host, text)
        [kept] = (await host.call("memory_list", {"limit": 1})).data["facts"]
        assert (kept["id"], kept["text"]) == (number, text)
    try:
        await recall(host, operator + text)
    except ToolError as error:
        said = str(error)
        assert "The query is empty" in said or "no word" in said


def test_any_text_is_safe_as_a_query_and_as_a_fact() -> None:
    with asyncio.Runner() as runner:
        opening = host_for(MODULE)
        host = runner.run(opening.__aenter__())

        @settings(max_examples=300, deadline=None)
        @given(st.text(max_size=40), st.sampled_from(["", '"', "*", "AND ", "NEAR(", "{a b}:", "--", "\0", "' OR 1=1"]))
        @example("\uffff\ufdd0\u0301", "")
        def check(text: str, operator: str) -> None:
            runner.run(is_safe(host, text, operator))

        check()
        runner.run(opening.__aexit__(None, None, None))


def test_pages_are_whole_and_newest_first() -> None:
    async def work() -> None:
        clock = FakeClock()
        async with host_for(MODULE, clock=clock) as host:
            await remember(host, *[f"Fact number {number}" for number in range(7)])
            seen, before, pages = [], None, 0
            while True:
                page = (await host.call("memory_list", {"limit": 3, "before": before})).data
                seen += [fact["text"] for fact in page["facts"]]
                pages, before = pages + 1, page.get("before")
                if before is None:
                    break
            assert seen == [f"Fact number {number}" for number in reversed(range(7))]
            assert pages == 3
            assert page["facts"][0]["created"] == "2026-01-01T00:00:00Z"

    asyncio.run(work())


def test_a_fact_without_a_word_is_refused() -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            with pytest.raises(ToolError, match="text"):
                await remember(host, "  \n ")

    asyncio.run(work())


def test_forgetting_leaves_no_byte_in_the_files_of_the_memory(tmp_path: Path) -> None:
    def files_with(word: str) -> list[str]:
        files = [path for path in (tmp_path / "data" / "plugins" / "memory").iterdir() if path.is_file()]
        return [path.name for path in files if word.encode() in path.read_bytes().lower()]

    async def work() -> None:
        async with host_for(MODULE, folder=tmp_path) as host:
            [secret, _] = await remember(host, "The zanzibar code is marmalade " + "x" * 3000, KEY)
            for number in range(50):  # enough for the index to merge its parts
                await remember(host, f"Filler {number}")
            assert files_with("zanzibar")
            await host.call("memory_forget", {"id": secret})
            assert files_with("zanzibar") == []
            assert files_with("marmalad") == []  # the index holds the stem
            assert await recall(host, "zanzibar") == []
            assert await recall(host, "spare") == [KEY]
            with pytest.raises(ToolError, match=f"There is no fact {secret}"):
                await host.call("memory_forget", {"id": secret})
            with pytest.raises(ResourceNotFound):
                await host.backend.read(f"memory://facts/{secret}", NOBODY)
            assert await remember(host, "another") == [53]  # a number is never used twice

    asyncio.run(work())
    assert files_with("zanzibar") == []


def test_resources_and_the_prompt() -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            await remember(host, KEY, BOILER)
            [fact] = await host.backend.read("memory://facts/1", NOBODY)
            assert json.loads(fact.text or "")["text"] == KEY
            [recent] = await host.backend.read("memory://recent", NOBODY)
            assert [one["text"] for one in json.loads(recent.text or "")] == [BOILER, KEY]
            for uri in ("memory://facts/99", "memory://facts/first"):
                with pytest.raises(ResourceNotFound):
                    await host.backend.read(uri, NOBODY)
            [message] = (await host.backend.prompt("memory_start", {"topic": "keys"}, NOBODY)).messages
            assert KEY in message.content.text  # type: ignore[union-attr]
            assert BOILER not in message.content.text  # type: ignore[union-attr]
            [message] = (await host.backend.prompt("memory_start", {}, NOBODY)).messages
            assert BOILER in message.content.text  # type: ignore[union-attr]

    asyncio.run(work())


def test_facts_outlive_the_host(tmp_path: Path) -> None:
    async def work(*texts: str) -> str:
        async with host_for(MODULE, folder=tmp_path) as host:
            await remember(host, *texts)
            return (await host.checks())["memory"]

    assert asyncio.run(work(KEY)) == "1 fact."
    assert asyncio.run(work(CAR)) == "2 facts."


WRITER = r"""
import asyncio, pathlib, sys
from mcp_agent.testing import host_for
async def main(folder, name):
    async with host_for("mcp_agent_memory", folder=pathlib.Path(folder)) as host:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        for begin in range(0, 100, 20):
            calls = [("memory_remember", {"text": f"Writer {name} says {n}"}) for n in range(begin, begin + 20)]
            outcomes = await host.batch(calls)
            failed = [str(outcome) for outcome in outcomes if isinstance(outcome, Exception)]
            if failed:
                sys.exit(failed[0])
asyncio.run(main(*sys.argv[1:]))
"""


@contextlib.contextmanager
def processes(command: list[str], names: str) -> Iterator[list[subprocess.Popen[str]]]:
    """All there before the first begins, so that they make the file at once as well. None outlives the test."""
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    started = [subprocess.Popen([*command, name], **pipes) for name in names]
    try:
        for process in started:
            assert process.stdout.readline() == "ready\n", process.stderr.read()
        for process in started:
            process.stdin.write("go\n")
            process.stdin.flush()
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()


def test_four_processes_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    with processes([sys.executable, "-c", WRITER, str(tmp_path)], "abcd") as writers:
        for writer in writers:
            _, errors = writer.communicate(timeout=60)
            assert writer.returncode == 0, errors

    async def count() -> None:
        async with host_for(MODULE, folder=tmp_path) as host:
            assert (await host.checks())["memory"] == "400 facts."
            for name in "abcd":
                assert len(await recall(host, f'"Writer {name} says"', limit=100)) == 100

    asyncio.run(count())
