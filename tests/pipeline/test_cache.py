"""The cache: an answer is given again as long as it is good, to whom it belongs, and not beyond a change."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import pytest

from mcp_agent.errors import CannotAsk, MissingCapability, PluginError, ToolError, UpstreamError
from mcp_agent.model import DEGRADED, Text, ToolResult
from mcp_agent.schema import promises
from mcp_agent.schema.results import render_any
from tests.pipeline.cached import GOOD_FOR, SET, Home, home
from tests.pipeline.models import Desk, answering, make_call, make_tool, outcome, run, settle


def test_an_answer_is_given_again_as_long_as_it_is_good() -> None:
    async def work() -> None:
        async with home() as one:
            inner, came = answering("one", "two")
            assert [(await one.call(inner)).text for _ in range(3)] == ["one"] * 3
            one.clock.advance(GOOD_FOR - 0.5)
            assert (await one.call(inner)).text == "one"
            one.clock.advance(0.5)
            assert (await one.call(inner)).text == "two"
            assert len(came) == 2

    run(work)


@pytest.mark.parametrize(
    "change",
    [
        {"arguments": {"n": 2}},
        {"principal": "otto"},
        {"tool": make_tool("shop_peek", cache=GOOD_FOR)},
        {"tool": make_tool("shop_look", "copy", cache=GOOD_FOR)},
        {"tool": make_tool("shop_look", cache=GOOD_FOR, title="x", output_schema={"type": "object"})},
        {"version": "2"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_call_has_another_answer(change: dict[str, Any]) -> None:
    async def work() -> None:
        async with home() as one:
            inner, _ = answering("one", "two")
            assert (await one.call(inner, arguments={"n": 1})).text == "one"
            asked = {"arguments": {"n": 1}} | change
            one.version = asked.pop("version", "1")
            if one.version == "2":  # a plugin of another version comes with tools of its own
                asked["tool"] = make_tool("shop_look", cache=GOOD_FOR)
            assert (await one.call(inner, **asked)).text == "two"

    run(work)


def test_the_order_of_keys_makes_no_difference() -> None:
    async def work() -> None:
        async with home() as one:
            inner, came = answering("one")
            await one.call(inner, arguments={"a": {"x": 1, "y": 2}, "b": 2})
            await one.call(inner, arguments={"b": 2, "a": {"y": 2, "x": 1}})
            assert len(came) == 1

    run(work)


@pytest.mark.parametrize(
    "bad",
    [
        UpstreamError("down"),
        ToolResult(content=(Text(text="no"),), is_error=True),
        ToolResult(content=(Text(text="old"),), meta={DEGRADED: {"source": "stale"}}),
        "half a character \ud800",
    ],
    ids=["error", "is_error", "degraded", "no form"],
)
def test_what_is_no_answer_is_not_kept(bad: Any) -> None:
    async def work() -> None:
        async with home() as one:
            inner, came = answering(bad, bad, "fine")
            with contextlib.suppress(ToolError):
                await one.call(inner)
            with contextlib.suppress(ToolError):
                await one.call(inner)
            assert (await one.call(inner)).text == "fine"
            assert len(came) == 3

    run(work)


@pytest.mark.parametrize("effect", ["write", "destructive"])
@pytest.mark.parametrize("end", ["done", ToolError("no"), None], ids=["done", "failed", "cancelled"])
def test_a_read_during_a_change_is_not_kept_beyond_it(effect: str, end: Any) -> None:
    async def work() -> None:
        async with home() as one:
            desk, (inner, came) = Desk(), answering("before", "after")
            change = asyncio.ensure_future(one.call(desk, make_tool("shop_set", effect=effect)))
            await settle()
            assert (await one.call(inner)).text == "before"
            if end is None:
                change.cancel()
            else:
                desk.end(desk.arrived[0], end)
            await asyncio.wait([change])
            change.cancelled() or change.exception()
            assert (await one.call(inner)).text == "after"
            assert len(came) == 2

    run(work)


def test_an_answer_from_before_a_change_is_not_given_while_it_is_made() -> None:
    """The process that makes it may die before it can say that it is done."""

    async def work() -> None:
        async with home() as one:
            desk, (inner, _) = Desk(), answering("before", "meanwhile")
            await one.call(inner)
            change = asyncio.ensure_future(one.call(desk, SET))
            await settle()
            assert (await one.call(inner)).text == "meanwhile"
            desk.end(desk.arrived[0], "done")
            await change

    run(work)


def test_a_read_that_outlasts_a_change_is_neither_kept_nor_joined() -> None:
    async def work() -> None:
        async with home() as one:
            desk, (after, _), (change, _) = Desk(), answering("after"), answering("done")
            slow = asyncio.ensure_future(one.call(desk))
            await settle()
            await one.call(change, SET)
            assert (await one.call(after)).text == "after"
            desk.end(desk.arrived[0], "before")
            assert (await slow).text == "before"
            assert (await one.call(desk)).text == "after"

    run(work)


def test_a_change_through_one_plugin_leaves_the_answers_of_another() -> None:
    async def work() -> None:
        async with home() as one:
            inner, came = answering("one")
            await one.call(inner)
            await one.call(answering("done")[0], make_tool("home_set", "home", effect="write"))
            await one.call(inner)
            assert len(came) == 1

    run(work)


def test_all_who_ask_the_same_at_once_get_one_execution_and_a_result_of_their_own() -> None:
    async def work() -> None:
        async with home() as one:
            desk = Desk()
            tasks = [asyncio.ensure_future(one.call(desk)) for _ in range(50)]
            await settle()
            desk.end(desk.arrived[0], ToolResult(structured={"list": [1]}))
            results = await asyncio.gather(*tasks)
            assert len(desk.arrived) == 1
            results[0].structured["list"].append(2)
            assert all(result.structured == {"list": [1]} for result in results[1:])
            assert (await one.call(desk)).structured == {"list": [1]}

    run(work)


def test_those_who_wait_share_a_failure_of_the_other_side_but_not_one_of_who_went_ahead() -> None:
    async def work() -> None:
        async with home() as one:
            desk = Desk()
            tasks = [asyncio.ensure_future(outcome(one.call(desk))) for _ in range(4)]
            await settle()
            tasks[0].cancel()
            await settle()
            assert len(desk.arrived) == 2
            desk.end(desk.arrived[1], CannotAsk("nobody there"))
            await settle()
            assert len(desk.arrived) == 3
            down = UpstreamError("down")
            desk.end(desk.arrived[2], down)
            await settle()
            assert [await task for task in tasks[2:]] == [down, down]
            assert isinstance(await tasks[1], CannotAsk)
            assert len(desk.arrived) == 3

    run(work)


def test_what_a_client_lacks_is_no_concern_of_others() -> None:
    async def work() -> None:
        async with home() as one:
            desk = Desk()
            first, second = (asyncio.ensure_future(one.call(desk)) for _ in range(2))
            await settle()
            desk.end(desk.arrived[0], MissingCapability({"sampling": {}}))
            await settle()
            desk.end(desk.arrived[1], "fine")
            assert (await second).text == "fine"
            assert isinstance(first.exception(), MissingCapability)

    run(work)


def test_tools_without_a_cache_get_the_inside_as_it_is() -> None:
    marker = object()
    one = Home()
    assert one.stage(make_call(make_tool()), lambda call: marker) is marker  # type: ignore[arg-type,return-value]


def test_memory_is_bounded_and_keeps_what_was_used_last() -> None:
    async def work() -> None:
        async with home(memory_bytes=20_000) as one:
            for number in range(100):
                await one.call(answering("x" * 1000)[0], arguments={"n": number})
            inner, came = answering("y")
            for number in range(99, -1, -1):
                await one.call(inner, arguments={"n": number})
            assert 80 <= len(came) < 90

    run(work)


def test_one_huge_answer_does_not_push_out_the_others() -> None:
    async def work() -> None:
        async with home(memory_bytes=20_000) as one:
            inner, came = answering("small", "x" * 19_700, "more")
            await one.call(inner)
            await one.call(inner, arguments={"n": 2})
            assert (await one.call(inner)).text == "small"
            assert len(came) == 2

    run(work)


# --- what may be declared ------------------------------------------------------------------------


@pytest.mark.parametrize("effect", ["write", "destructive"])
def test_only_tools_that_read_may_have_a_cache(effect: str) -> None:
    with pytest.raises(PluginError, match=f"shop_set: only a tool that reads can have cache; this one is {effect}"):
        promises.check([make_tool("shop_set", effect=effect, cache=5)])


@pytest.mark.parametrize("option", ["cache", "rate"])
def test_no_time_and_no_rate_are_said_by_leaving_them_out(option: str) -> None:
    with pytest.raises(PluginError, match=f"{option} must be more than 0"):
        promises.check([make_tool(**{option: 0})])


def test_a_cache_is_given_to_the_decorator() -> None:
    from mcp_agent import tool
    from mcp_agent.schema.build import build_tool

    @tool(effect="read", cache=5, rate=60, fallback="stale")
    async def shop_look() -> str:
        """Look."""
        return ""

    built = build_tool(shop_look, "shop")
    assert (built.cache, built.rate, built.fallback) == (5, 60, "stale")
    assert render_any("x").text == "x"
