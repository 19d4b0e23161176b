from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mcp_agent.config import ReliabilitySettings
from mcp_agent.errors import (
    Busy,
    Denied,
    InternalFailure,
    InvalidArguments,
    PluginError,
    ToolError,
    ToolTimeout,
    Unavailable,
    UpstreamError,
)
from mcp_agent.model import DEGRADED, Static, Tool, ToolResult
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.fallback import fallback
from mcp_agent.pipeline.identity import identity
from mcp_agent.schema import promises
from mcp_agent.store.cache import MIGRATIONS, Answers
from mcp_agent.store.database import Database
from mcp_agent.store.epochs import Epochs
from mcp_agent.testing.clock import FakeClock
from tests.pipeline.models import answering, make_call, make_tool, run, start

DOWN = UpstreamError("api.example does not answer.", host="api.example")
STALE = make_tool("shop_look", fallback="stale")
READY = make_tool("shop_open", fallback=Static({"open": None}))
FIRST = make_tool("shop_price", fallback="shop_list_price")
SECOND = make_tool("shop_list_price")


class Home:
    """``tools`` are what can be found; ``ran`` is what came to the onion's outside, which ``instead`` answers."""

    def __init__(self, *tools: Tool, instead: Any = "list price", folder: Path | None = None) -> None:
        self.clock = FakeClock()
        self.epochs = Epochs(folder / "epochs" if folder else None)
        self.answers = Answers(
            Database(folder / "cache.sqlite3", MIGRATIONS) if folder else None, self.clock,
            memory_bytes=2**20, disk_bytes=2**20, has_secret=lambda answer: False,
        )  # fmt: skip
        whole, self.ran = answering(instead)
        known = {tool.name: tool for tool in tools}
        self.stage = fallback(
            ReliabilitySettings(stale_seconds=3600), self.clock, self.answers, self.epochs,
            identity(lambda plugin: "1"), known.get, whole,
        )  # fmt: skip

    async def call(self, tool: Tool, ends: Any, arguments: Any = None, principal: str = "anna") -> ToolResult:
        return await start(self.stage, make_call(tool, arguments, principal), answering(ends)[0])


def test_the_last_good_answer_is_given_with_its_age_and_the_reason() -> None:
    async def work() -> None:
        home = Home()
        fresh = await home.call(STALE, ToolResult(structured={"n": 1}, meta={"x": 1}))
        assert not fresh.degraded
        home.clock.advance(150)
        old = await home.call(STALE, DOWN)
        assert old.text == "This is what was known 2 minutes ago. api.example does not answer."
        assert (old.structured, old.is_error, old.degraded) == ({"n": 1}, False, True)
        assert old.meta == {"x": 1, DEGRADED: {"source": "stale", "reason": str(DOWN), "age": 150.0}}
        home.clock.advance(60)
        assert "3 minutes ago" in (await home.call(STALE, DOWN)).text, "a degraded answer does not become a good one"
        home.epochs.changed("shop")
        assert "ago. Something was changed through the same plugin since then." in (await home.call(STALE, DOWN)).text
        home.clock.advance(3600)
        with pytest.raises(UpstreamError):
            await home.call(STALE, DOWN)

    run(work)


def test_the_last_good_answer_is_that_of_the_same_call() -> None:
    async def work() -> None:
        home = Home()
        await home.call(STALE, "mine", {"n": 1})
        for arguments, principal in (({"n": 2}, "anna"), ({"n": 1}, "otto")):
            with pytest.raises(UpstreamError):
                await home.call(STALE, DOWN, arguments, principal)
        assert "mine" in (await home.call(STALE, DOWN, {"n": 1})).text

    run(work)


def test_the_last_good_answer_outlives_the_process(tmp_path: Path) -> None:
    async def work() -> None:
        first = Home(folder=tmp_path)
        await first.call(STALE, "good")
        await first.answers.close()
        second = Home(folder=tmp_path)
        assert "good" in (await second.call(STALE, DOWN)).text
        await second.answers.close()

    run(work)


@pytest.mark.parametrize("bad", [ToolResult(is_error=True), ToolResult(meta={DEGRADED: {}})], ids=["error", "degraded"])
def test_what_is_no_good_answer_is_not_remembered_as_one(bad: ToolResult) -> None:
    async def work() -> None:
        home = Home()
        await home.call(STALE, bad)
        with pytest.raises(UpstreamError):
            await home.call(STALE, DOWN)

    run(work)


def test_a_ready_answer_has_the_shape_of_the_tools_own() -> None:
    async def work() -> None:
        result = await Home().call(READY, DOWN)
        assert result.data == {"open": None}
        assert result.text.startswith("This is a ready answer, not a fresh one. api.example does not answer.")
        assert result.meta == {DEGRADED: {"source": "static", "reason": str(DOWN)}}

    run(work)


def test_another_tool_stands_in_through_the_whole_onion() -> None:
    async def work() -> None:
        home = Home(FIRST, SECOND)
        result = await home.call(FIRST, DOWN, {"n": 1}, "otto")
        assert result.text.splitlines() == [
            "This is from shop_list_price, in place of shop_price. api.example does not answer.",
            "list price",
        ]
        assert result.meta == {DEGRADED: {"source": "shop_list_price", "reason": str(DOWN)}}
        [call] = home.ran
        assert (call.tool, call.raw, call.caller.principal) == (SECOND, b'{"n":1}', "otto")

    run(work)


@pytest.mark.parametrize("instead", [Denied("no"), ToolResult(is_error=True), UpstreamError("down as well")])
def test_when_the_stand_in_fails_too_the_first_failure_is_told(instead: Any) -> None:
    async def work() -> None:
        with pytest.raises(UpstreamError) as caught:
            await Home(FIRST, SECOND, instead=instead).call(FIRST, DOWN)
        assert caught.value is DOWN

    run(work)


@pytest.mark.parametrize(
    "other",
    [None, make_tool("shop_list_price", "copy"), make_tool("shop_list_price", effect="write")],
    ids=["gone", "of another plugin", "writes"],
)
def test_a_stand_in_that_must_not_is_not_asked(other: Tool | None) -> None:
    async def work() -> None:
        home = Home(*([other] if other else []))
        with pytest.raises(UpstreamError):
            await home.call(FIRST, DOWN)
        assert home.ran == []

    run(work)


@pytest.mark.parametrize("error", [DOWN, ToolTimeout("slow"), Unavailable("left alone", retry_after=3)])
@pytest.mark.parametrize("tool", [READY, FIRST], ids=["ready", "other"])
def test_failures_of_the_other_side_are_covered(tool: Tool, error: ToolError) -> None:
    async def work() -> None:
        result = await Home(SECOND).call(tool, error)
        assert result.degraded
        assert not result.is_error
        assert str(error) in result.text

    run(work)


@pytest.mark.parametrize(
    "error",
    [ToolError("no"), InvalidArguments("bad"), Denied("no"), Busy("full"), InternalFailure("it", "1"), ValueError("x"),
     asyncio.CancelledError()],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
@pytest.mark.parametrize("tool", [READY, FIRST, STALE], ids=["ready", "other", "stale"])
def test_nothing_else_is_covered(tool: Tool, error: BaseException) -> None:
    async def work() -> None:
        home = Home(SECOND)
        await home.call(tool, "good")
        with pytest.raises(type(error)):
            await home.call(tool, error)
        assert home.ran == []

    run(work)


def test_a_tool_without_one_gets_the_inside_as_it_is() -> None:
    marker = object()
    assert Home().stage(make_call(make_tool()), lambda call: marker) is marker  # type: ignore[arg-type,return-value]


def schema(*properties: str, required: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"type": "object", "properties": {name: {} for name in properties}, "required": list(required)}


def tool(name: str, **options: Any) -> Tool:
    return msgspec.structs.replace(make_tool(name), **({"input_schema": schema("a")} | options))


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ({"fallback": "gone"}, {}, "its fallback gone is no tool of this plugin"),
        ({"effect": "write"}, {}, "only a tool that reads can have fallback; this one is write"),
        ({"effect": "destructive", "fallback": "stale"}, {}, "only a tool that reads can have fallback"),
        ({}, {"effect": "write"}, "its fallback b changes things"),
        ({}, {"fallback": "a"}, "its fallback b must not fall back on a third tool"),
        ({"input_schema": schema("a", "x")}, {}, "must take the same arguments; it differs in x"),
        ({}, {"input_schema": schema("a", "y", required=("y",))}, "must take the same arguments; it differs in y"),
        ({"output_schema": {"type": "object"}}, {}, "its fallback b must return the same type"),
    ],
)
def test_what_cannot_stand_in_is_found_when_the_plugin_is_loaded(
    first: dict[str, Any], second: dict[str, Any], words: str
) -> None:
    with pytest.raises(PluginError, match=f"^a: .*{words}"):
        promises.check([tool("a", **({"fallback": "b"} | first)), tool("b", **second)])


def test_what_can_stand_in_may() -> None:
    promises.check(
        [
            tool("a", fallback="b"),
            tool("b", fallback="stale", input_schema=schema("a", "more")),
            tool("c", fallback=Static([])),
        ]
    )


def test_the_call_that_stands_in_has_a_context() -> None:
    async def work() -> None:
        home = Home(FIRST, SECOND)
        call = make_call(FIRST)
        await start(home.stage, call, answering(DOWN)[0])
        [other] = home.ran
        assert isinstance(other, Call)
        assert other.context is call.context

    run(work)
