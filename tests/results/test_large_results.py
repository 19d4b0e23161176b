"""A result that is too large for a model: its beginning, its shape, and a handle that leads to the rest."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mcp_agent import Config, Host
from mcp_agent.config import PolicySettings, ResultSettings, Rule
from mcp_agent.model import Clock
from mcp_agent.testing import FakeClock
from mcp_agent.tokens import tokens
from mcp_agent.transports.memory import MemoryConnection
from tests.pipeline.audited import entries, paths_of
from tests.plugins import bulky
from tests.support.schema import REVISIONS
from tests.support.wire import Client

MODULES = ["mcp_agent.results.tools", "mcp_agent.expose.tools", "tests.plugins.bulky"]
BUDGET = 2000
ROWS = 100_000


@pytest.fixture(autouse=True)
def _empty() -> None:
    bulky.kept.clear()


@asynccontextmanager
async def hosting(
    *rules: Rule, folder: Path | None = None, clock: Clock | None = None, results: ResultSettings | None = None
) -> AsyncIterator[Host]:
    config = Config(
        policy=PolicySettings(rules=(*rules, Rule(decide="allow")), wait_seconds=0),
        results=results or ResultSettings(),
    )
    paths = None if folder is None else paths_of(folder)
    host = Host(config, paths=paths, on_disk=paths is not None, installed=False, modules=MODULES, clock=clock)
    async with host:
        yield host


async def client_of(host: Host, revision: str = "2025-06-18", name: str = "tester") -> Client:
    return await Client(MemoryConnection(host.server), revision, name=name).open()


def text_of(result: Any) -> str:
    return str(result["content"][0]["text"])


def handle_of(result: Any) -> str:
    return str(result["_meta"]["mcp-agent/result"]["uri"])


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_model_sees_how_a_large_result_begins_and_what_it_is(revision: str) -> None:
    async def work() -> None:
        async with hosting() as host:
            client = await client_of(host, revision)
            result = await client.tool("bulky_table", rows=ROWS)
            assert tokens(text_of(result)) <= BUDGET
            assert text_of(result).startswith('{"title":"Prices","rows":[{"id":0,"name":"Item 0","price":0.0},')
            shape = "{title: string, rows: 100,000 of {id: integer, name: string, price: number}}"
            assert shape in text_of(result)
            assert f"{handle_of(result)}#/rows is its list" in text_of(result)
            if "structuredContent" in result:
                jsonschema.validate(result["structuredContent"], host.tool("bulky_table").output_schema)
                assert 3 <= len(result["structuredContent"]["rows"]) <= 50

    asyncio.run(work())


@pytest.mark.parametrize("revision", ["2025-11-25", "2026-07-28"])
@pytest.mark.parametrize(
    ("tool", "more"), [("result_read", {"offset": 0}), ("result_grep", {"pattern": "stranger100"}), ("resource", {})]
)
def test_what_strangers_wrote_stays_theirs_in_every_part_and_every_session(
    revision: str, tool: str, more: dict[str, Any]
) -> None:
    async def work() -> None:
        async with hosting() as host:
            handle = handle_of(await (await client_of(host, revision)).tool("bulky_page", words=200_000))
            later = await client_of(host, revision)
            if tool == "resource":
                read = await later.call("resources/read", {"uri": handle})
            else:
                read = await later.tool(tool, handle=handle, **more)
            assert read["_meta"]["mcp-agent/origin"] == {"origin": "web", "trust": "untrusted"}
            own = handle_of(await later.tool("bulky_table", rows=ROWS))
            assert "mcp-agent/origin" not in (await later.tool("result_read", handle=own)).get("_meta", {})
            if tool == "result_grep":
                kept = await later.tool("bulky_write_sheet", rows=[], note="stranger100")
                assert "consent" in text_of(kept)

    asyncio.run(work())


def test_what_fits_is_left_alone_and_programs_get_everything() -> None:
    async def work() -> None:
        async with hosting() as host:
            small = await (await client_of(host)).tool("bulky_table", rows=20)
            assert len(small["structuredContent"]["rows"]) == 20
            assert "_meta" not in small
            whole = await host.call("bulky_table", {"rows": 5000})
            assert len(whole.data["rows"]) == 5000

    asyncio.run(work())


def test_every_row_is_read_page_by_page_and_no_page_is_too_large() -> None:
    async def work() -> None:
        async with hosting() as host:
            client = await client_of(host)
            handle = handle_of(await client.tool("bulky_table", rows=1000))
            seen: list[int] = []
            offset: int | None = 0
            while offset is not None:
                page = await client.tool("result_read", handle=handle, offset=offset)
                assert tokens(text_of(page)) <= BUDGET
                assert "_meta" not in page
                seen += [row["id"] for row in page["structuredContent"]["items"]]
                offset = page["structuredContent"].get("next")
            assert seen == list(range(1000))

    asyncio.run(work())


def test_a_large_text_is_read_and_searched_by_lines_and_a_picture_stays() -> None:
    async def work() -> None:
        async with hosting() as host:
            client = await client_of(host)
            result = await client.tool("bulky_text", lines=20_000, picture=True)
            assert [block["type"] for block in result["content"]] == ["text", "image"]
            assert tokens(text_of(result)) <= BUDGET
            assert "20,000 lines" in text_of(result)
            handle = handle_of(result)
            page = (await client.tool("result_read", handle=handle, offset=19_999))["structuredContent"]
            assert page == {"items": ["line 19999 of the log"], "total": 20_000}
            found = (await client.tool("result_grep", handle=handle, pattern=r"LINE 1999\d "))["structuredContent"]
            assert (found["total"], found["matches"][0]) == (10, {"at": 19_990, "item": "line 19990 of the log"})
            asked = await client.tool("result_query", handle=handle, path="$.rows")
            assert asked["isError"]
            assert "result_grep" in text_of(asked)

    asyncio.run(work())


def test_parts_are_picked_by_path_and_rows_by_pattern() -> None:
    async def work() -> None:
        async with hosting() as host:
            client = await client_of(host)
            handle = handle_of(await client.tool("bulky_table", rows=5000))
            picked = await client.tool("result_query", handle=handle, path="$.rows[?@.price > 7490].name")
            names = [f"Item {number}" for number in range(5000) if number * 1.5 > 7490]
            assert picked["structuredContent"] == {"items": names, "total": len(names)}
            found = await client.tool("result_grep", handle=handle, pattern='"item 42"')
            row = {"id": 42, "name": "Item 42", "price": 63.0}
            assert found["structuredContent"] == {"matches": [{"at": 42, "item": row}], "total": 1}

    asyncio.run(work())


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("result_grep", {"pattern": "(a+"}, "no regular expression"),
        ("result_grep", {"pattern": r"(a)\1"}, "no regular expression"),
        ("result_query", {"path": "$.rows["}, "no JSON path"),
        ("result_query", {"path": "rows where price"}, "no JSON path"),
    ],
)
def test_a_bad_question_is_answered_with_what_is_wrong(tool: str, arguments: dict[str, str], said: str) -> None:
    async def work() -> None:
        async with hosting() as host:
            client = await client_of(host)
            handle = handle_of(await client.tool("bulky_table", rows=5000))
            result = await client.tool(tool, handle=handle, **arguments)
            assert result["isError"]
            assert said in text_of(result)

    asyncio.run(work())


def test_a_pattern_made_to_take_for_ever_does_not() -> None:
    async def work() -> None:
        async with hosting() as host:
            client = await client_of(host)
            handle = handle_of(await client.tool("bulky_text", lines=20_000))
            found = await client.tool("result_grep", handle=handle, pattern=r"^(([a-z ])+\d*)+[!]$")
            assert found["structuredContent"]["total"] == 0

    asyncio.run(asyncio.wait_for(work(), 30))


@pytest.mark.parametrize("by_way_of", [False, True])
def test_rows_go_from_one_tool_into_another_without_passing_the_model(by_way_of: bool, tmp_path: Path) -> None:
    async def work() -> None:
        async with hosting(folder=tmp_path) as host:
            client = await client_of(host)
            handle = handle_of(await client.tool("bulky_table", rows=ROWS))
            arguments = {"rows": f"{handle}#/rows", "note": "prices"}
            if by_way_of:
                done = await client.tool("call_tool", name="bulky_write_sheet", arguments=arguments)
            else:
                done = await client.tool("bulky_write_sheet", **arguments)
            assert done["structuredContent"] == {"result": ROWS}
            assert bulky.kept[-1] == bulky.Row(ROWS - 1, f"Item {ROWS - 1}", (ROWS - 1) * 1.5)
            assert (await host.undo()).stopped is None
            assert not bulky.kept

    asyncio.run(work())
    [intent] = [json.loads(one.text) for one in entries(tmp_path) if '"intent"' in one.text and "sheet" in one.text][:1]
    assert intent["arguments"]["rows"].startswith("mcp-agent://results/")


def test_the_policy_and_validation_see_the_data_and_not_the_handle() -> None:
    async def work() -> None:
        rule = Rule(decide="deny", tool="bulky_write_sheet", when="size(rows) > 1000", because="too many rows")
        async with hosting(rule) as host:
            client = await client_of(host)
            handle = handle_of(await client.tool("bulky_table", rows=1001))
            denied = await client.tool("bulky_write_sheet", rows=f"{handle}#/rows")
            assert "too many rows" in text_of(denied)
            wrong = await client.tool("bulky_write_sheet", rows=f"{handle}#/title")
            assert wrong["isError"]
            assert not bulky.kept

    asyncio.run(work())


def test_what_strangers_wrote_is_asked_about_though_only_a_handle_was_given() -> None:
    async def work() -> None:
        async with hosting() as host:
            one, other = await client_of(host), await client_of(host)  # another session of the same client
            handle = handle_of(await one.tool("bulky_page", words=5000))
            refused = await other.tool("bulky_write_sheet", rows=[], note=handle)
            assert refused["isError"]
            assert "text from outside" in text_of(refused)

    asyncio.run(work())


@pytest.mark.parametrize("tool", ["result_read", "bulky_write_sheet"])
def test_a_handle_of_somebody_else_or_of_nobody_gives_nothing(tool: str) -> None:
    async def work() -> None:
        async with hosting() as host:
            mine, other = await client_of(host), await client_of(host, name="stranger")
            handle = handle_of(await mine.tool("bulky_table", rows=5000))
            for client, given in ((other, handle), (mine, handle + "0"), (mine, f"{handle}#/nothing/0")):
                argument = {"handle": given} if tool == "result_read" else {"rows": given}
                result = await client.tool(tool, **argument)
                assert result["isError"]
                assert "There is no result" in text_of(result) or "nothing at /nothing/0" in text_of(result)

    asyncio.run(work())


def test_results_are_kept_for_their_time_across_a_restart_and_the_oldest_make_room(tmp_path: Path) -> None:
    async def work() -> None:
        clock = FakeClock()
        settings = ResultSettings(keep_seconds=100, keep_bytes=600_000)
        async with hosting(folder=tmp_path, clock=clock, results=settings) as host:
            client = await client_of(host)
            first = handle_of(await client.tool("bulky_table", rows=5000))
        clock.advance(99)
        async with hosting(folder=tmp_path, clock=clock, results=settings) as host:
            client = await client_of(host)
            assert not (await client.tool("result_read", handle=first)).get("isError")
            clock.advance(2)
            assert "There is no result" in text_of(await client.tool("result_read", handle=first))
            several = [handle_of(await client.tool("bulky_table", rows=5000)) for _ in range(4)]
            there = [not (await client.tool("result_read", handle=one)).get("isError") for one in several]
            assert there == [False, False, True, True]
            huge = await client.tool("bulky_table", rows=50_000)
            assert "too large to be kept" in text_of(huge)
            assert "uri" not in huge["_meta"]["mcp-agent/result"]

    asyncio.run(work())


def test_an_error_at_length_is_shortened_too() -> None:
    async def work() -> None:
        async with hosting() as host:
            client = await client_of(host)
            result = await client.tool("bulky_fail", words=5000)
            assert result["isError"]
            assert tokens(text_of(result)) <= BUDGET

    asyncio.run(work())


def test_the_whole_is_a_resource_for_programs() -> None:
    async def work() -> None:
        async with hosting() as host:
            client = await client_of(host)
            handle = handle_of(await client.tool("bulky_table", rows=1000))
            [contents] = (await client.call("resources/read", {"uri": handle}))["contents"]
            assert len(json.loads(contents["text"])["rows"]) == 1000

    asyncio.run(work())
