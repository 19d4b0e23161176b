"""The memory plugin: its contract, what is found, resources and prompts, and several processes on one home."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mcp_agent import Host, ToolError
from mcp_agent.callers import NoCaller
from mcp_agent.errors import ResourceNotFound
from mcp_agent.testing import FakeClock, PluginContract, host_for
from tests.support.memory import BOILER, CAR, KEY, MODULE, call, on_host, recall, remember

NOBODY = NoCaller("test")


class TestContract(PluginContract):
    module = MODULE
    most_modules = 70
    examples: ClassVar = {
        "memory_remember": {"text": "The bin is emptied on Tuesdays.", "source": "Anna", "tags": ["home"]},
        "memory_recall": {"query": "when is the bin emptied?"},
        "memory_explain": {"query": "when is the bin emptied?", "id": 1},
        "memory_update": {"id": 1, "text": "The bin is emptied on Fridays."},
        "memory_recent": {"limit": 1},
        "memory_timeline": {"date": "2100"},
        "memory_relate": {"subject": "Anna", "relation": "lives with", "object": "Tom"},
        "memory_get_entity": {"name": "Anna"},
        "memory_merge": {"keep": 2, "duplicates": [1]},
        "memory_summary": {},
        "memory_forget": {"ids": [2]},
    }


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("servicing boilers", BOILER),  # stems
        ("virt", BOILER),  # the beginning of a word
        ("VIRTANEN", BOILER),
        ("blue hook", CAR),
        ("heating maintenance", BOILER),  # no word in common
        ("automobile", CAR),
        ("flower NOT spare", KEY),  # operators are words
        ('"blue flower" OR', KEY),
        ("text : boiler", BOILER),
        ("-boiler", BOILER),
        ("boiler*", BOILER),
        ("NEAR(boiler, 2)", BOILER),
        ("boiler\0October", BOILER),
        ("🔑 boiler", BOILER),
    ],
)
def test_the_best_comes_first(query: str, first: str) -> None:
    async def work(host: Host) -> None:
        await remember(host, KEY, BOILER, CAR)
        assert (await recall(host, query))[0] == first

    on_host(work)


def test_what_has_nothing_to_do_with_it_is_not_found() -> None:
    async def work(host: Host) -> None:
        await remember(host, KEY, BOILER, CAR)
        assert await recall(host, "helicopter") == []
        assert await recall(host, "flower pot") == [KEY]

    on_host(work)


def test_tags_sources_and_entities_are_searched_too() -> None:
    async def work(host: Host) -> None:
        await remember(host, KEY, source="Anna", tags=["emergency"], entities=["Hillside Cottage"])
        for query in ("emergency", "anna", "hillside"):
            assert await recall(host, query) == [KEY]

    on_host(work)


@pytest.mark.parametrize(("query", "why"), [("", "The query is empty"), (" \n", "empty"), ("🔑 ?!", "no word in")])
def test_a_query_without_a_word_is_explained(query: str, why: str) -> None:
    async def work(host: Host) -> None:
        with pytest.raises(ToolError, match=why):
            await recall(host, query)

    on_host(work)


async def is_safe(host: Host, text: str, operator: str) -> None:
    """Whatever is not taken is refused in words."""
    calls = [("remember", {"text": text})] if text.strip() else []
    calls += [("recall", {"query": operator + text}), ("timeline", {"date": "2026", "about": operator + text})]
    for tool, arguments in calls:
        try:
            await call(host, tool, **arguments)
        except ToolError as error:
            why = str(error)
        else:
            continue
        assert any(part in why for part in ("secrets", "The query is empty", "no word"))


def test_any_text_is_safe_as_a_query_and_as_a_fact() -> None:
    with asyncio.Runner() as runner:
        opening = host_for(MODULE)
        host = runner.run(opening.__aenter__())

        @settings(max_examples=150, deadline=None)
        @given(
            st.text(max_size=40), st.sampled_from(["", '"', "*", "before ", "NEAR(", "in 31 May ", "\0", "' OR 1=1"])
        )
        @example("\uffff\ufdd0\u0301", "")
        @example("Before After When", "last May ")
        def check(text: str, operator: str) -> None:
            runner.run(is_safe(host, text, operator))

        check()
        runner.run(opening.__aexit__(None, None, None))


def test_an_answer_stays_within_its_budget_and_says_how_much_is_left() -> None:
    async def work(host: Host) -> None:
        texts = [f"The garden gate number {number} is green. " + "Paint and hinges. " * 20 for number in range(12)]
        await remember(host, *texts)
        found = await call(host, "recall", query="garden gate", limit=10, tokens=500)
        assert 2 <= len(found["facts"]) <= 5
        assert found["more"] == 12 - len(found["facts"])
        assert len((await call(host, "recall", query="garden gate", tokens=50))["facts"]) == 1  # one is always given

    on_host(work)


def test_many_at_once_and_none_twice() -> None:
    async def work(host: Host) -> None:
        first = await call(host, "remember", facts=[{"text": KEY}, {"text": BOILER, "tags": ["heat"]}], source="Anna")
        assert first == {"ids": [1, 2]}
        again = await call(host, "remember", facts=[{"text": CAR}, {"text": KEY}, {"text": CAR}])
        assert again == {"ids": [3, 1, 3], "known": 2}
        boiler = (await call(host, "recall", query="heat"))["facts"][0]
        assert (boiler["source"], boiler["tags"]) == ("Anna", ["heat"])
        for wrong in ({}, {"text": KEY, "facts": [{"text": CAR}]}):
            with pytest.raises(ToolError, match="Give either text or facts"):
                await call(host, "remember", **wrong)
        for wrong in ({"since": "soon"}, {"since": "2025-02-31"}, {"since": "2025-05", "until": "2025-04"}):
            with pytest.raises(ToolError, match=r"no date|ends before"):
                await call(host, "remember", text="x y", **wrong)
        with pytest.raises(ToolError, match="text"):
            await remember(host, "  \n ")

    on_host(work)


def test_pages_are_whole_and_newest_first() -> None:
    async def work(host: Host) -> None:
        await remember(host, *[f"Fact number {number}" for number in range(7)])
        seen, before, pages = [], None, 0
        while True:
            page = await call(host, "recent", limit=3, before=before)
            seen += [fact["text"] for fact in page["facts"]]
            pages, before = pages + 1, page.get("before")
            if before is None:
                break
        assert seen == [f"Fact number {number}" for number in reversed(range(7))]
        assert pages == 3
        assert page["facts"][0]["created"] == "2026-01-01T00:00:00Z"

    on_host(work, clock=FakeClock())


def test_people_and_how_they_are_related() -> None:
    async def work(host: Host) -> None:
        await remember(host, "Anna plays the cello.")
        await remember(host, "She is allergic to nuts.", entities=["Anna"])
        await call(host, "relate", subject="Anna", relation="is the sister of", object="Tom", since="2001-05")
        anna = await call(host, "get_entity", name="ANNA")
        assert [fact["text"] for fact in anna["facts"]] == ["She is allergic to nuts.", "Anna plays the cello."]
        assert anna["relations"] == [
            {"subject": "Anna", "relation": "is the sister of", "object": "Tom", "since": "2001-05-01T00:00:00Z"}
        ]
        assert (await call(host, "get_entity", name="tom"))["relations"] == anna["relations"]
        with pytest.raises(ToolError, match="Nothing is remembered about Zoe"):
            await call(host, "get_entity", name="Zoe")
        assert (await host.undo()).stopped is None
        with pytest.raises(ToolError, match="Nothing is remembered about Tom"):
            await call(host, "get_entity", name="Tom")

    on_host(work)


def test_resources_and_prompts() -> None:
    clock = FakeClock()

    async def work(host: Host) -> None:
        await remember(host, KEY)
        clock.advance(24 * 3600)
        await remember(host, BOILER, entities=["Boiler"])
        for uri, texts in {
            "memory://facts/1": [KEY],
            "memory://recent": [BOILER, KEY],
            "memory://today": [BOILER],
        }.items():
            [found] = (await host.backend.read(uri, NOBODY)).contents
            said = json.loads(found.text or "")
            assert [one["text"] for one in (said if isinstance(said, list) else [said])] == texts
        [entity] = (await host.backend.read("memory://entities/boiler", NOBODY)).contents
        assert json.loads(entity.text or "")["facts"][0]["text"] == BOILER
        for uri in ("memory://facts/99", "memory://facts/first", "memory://entities/nobody"):
            with pytest.raises(ResourceNotFound):
                await host.backend.read(uri, NOBODY)

        async def prompted(name: str, **arguments: str) -> str:
            [message] = (await host.backend.prompt(name, arguments, NOBODY)).messages
            return message.content.text  # type: ignore[union-attr]

        about = await prompted("memory_start", topic="spare keys")
        assert KEY in about
        assert BOILER not in about
        assert BOILER in await prompted("memory_start")
        assert 'conversation="2026-01-02"' in await prompted("memory_end")

    on_host(work, clock=clock)


def test_facts_outlive_the_host(tmp_path: Path) -> None:
    said: list[str] = []

    async def work(host: Host) -> None:
        await remember(host, KEY if not said else CAR)
        said.append((await host.checks())["memory"])

    on_host(work, tmp_path)
    on_host(work, tmp_path)
    assert said == ["1 fact.", "2 facts."]
