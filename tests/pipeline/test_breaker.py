from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from mcp_agent.config import ReliabilitySettings
from mcp_agent.errors import Busy, InvalidArguments, ToolError, ToolTimeout, Unavailable, UpstreamError
from mcp_agent.model import Tool, ToolResult
from mcp_agent.pipeline.breaker import Breaker
from mcp_agent.pipeline.call import Call
from mcp_agent.testing.clock import FakeClock
from tests.pipeline.models import BreakerModel, Desk, answering, make_call, make_tool, outcome, run, settle, start

REST = 30.0
SETTINGS = ReliabilitySettings(breaker_failures=3, breaker_seconds=REST, breaker_trials=2)
TWICE = ReliabilitySettings(breaker_failures=2, breaker_seconds=REST, breaker_trials=2)
LOOK = make_tool("shop_look")
PRICE = make_tool("shop_price")
OTHER = make_tool("home_look", "home")


class BreakerMachine(RuleBasedStateMachine):
    """One tool, one host, many calls at a time: against the three states said outright."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = FakeClock()
        self.stage = Breaker(TWICE, self.clock)
        self.model = BreakerModel(2, REST, 2)
        self.desk = Desk()
        self.calls: dict[Call, tuple[int, asyncio.Task[ToolResult], int]] = {}

    @rule()
    def begin(self) -> None:
        call = make_call(LOOK)
        number = id(call)
        expected = self.model.admits(number, self.clock.monotonic())
        task = self.runner.get_loop().create_task(start(self.stage, call, self.desk))
        self.runner.run(settle())
        if expected:
            assert self.desk.holds(call)
            self.calls[call] = (number, task, self.model.period)
        else:
            assert isinstance(task.exception(), Unavailable)

    @precondition(lambda self: self.calls)
    @rule(data=st.data(), how=st.sampled_from(["fine", "down", "down", "down", "no", "wrong", "bug", "cancel"]))
    def finish(self, data: st.DataObject, how: str) -> None:
        call = data.draw(st.sampled_from(list(self.calls)))
        number, task, period = self.calls.pop(call)
        ends: dict[str, tuple[str, Any]] = {
            "fine": ("good", "fine"),
            "down": ("bad", UpstreamError("down", host="api.example")),
            "no": ("none", ToolResult(is_error=True)),
            "wrong": ("none", InvalidArguments("wrong")),
            "bug": ("none", RuntimeError("bug")),
            "cancel": ("none", None),
        }
        verdict, end = ends[how]
        if how == "cancel":
            task.cancel()
        else:
            self.desk.end(call, end)
        self.runner.run(settle())
        assert task.cancelled() or not isinstance(end, Exception) or task.exception() is end
        self.model.ended(number, verdict, period, self.clock.monotonic())

    @rule(seconds=st.sampled_from([1.0, REST, REST]))
    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def teardown(self) -> None:
        for _, task, _ in self.calls.values():
            task.cancel()
        if self.calls:
            self.runner.run(settle())
        self.runner.close()


BreakerMachine.TestCase.settings = hypothesis_settings(max_examples=150, stateful_step_count=50, deadline=None)
TestBreaker = BreakerMachine.TestCase


async def fail(stage: Breaker, tool: Tool, error: ToolError, arguments: Any = None, times: int = 1) -> None:
    inner, _ = answering(error)
    for _ in range(times):
        assert await outcome(start(stage, make_call(tool, arguments), inner)) is error


async def passes(stage: Breaker, tool: Tool, arguments: Any = None) -> bool:
    inner, came = answering(ToolError("says nothing of the other side"))
    error = await outcome(start(stage, make_call(tool, arguments), inner))
    assert isinstance(error, Unavailable) is not bool(came)
    return bool(came)


def test_it_says_who_is_left_alone_and_for_how_long() -> None:
    async def work() -> None:
        clock = FakeClock()
        stage = Breaker(SETTINGS, clock)
        await fail(stage, LOOK, UpstreamError("down", host="api.example"), times=3)
        clock.advance(10)
        with pytest.raises(Busy, match=r"api\.example kept failing and is left alone .*Try again in 20 seconds"):
            await start(stage, make_call(LOOK), answering("fine")[0])

    run(work)


def test_only_failures_of_the_other_side_count() -> None:
    async def work() -> None:
        stage = Breaker(SETTINGS, FakeClock())
        for error in (ToolError("no"), InvalidArguments("wrong"), Busy("full")):
            await fail(stage, LOOK, error, times=20)
            assert await passes(stage, LOOK)
        await fail(stage, LOOK, ToolTimeout("slow"), times=3)
        assert not await passes(stage, LOOK)

    run(work)


def test_hosts_plugins_and_tools_that_are_well_go_on() -> None:
    async def work() -> None:
        stage = Breaker(SETTINGS, FakeClock())
        await fail(stage, LOOK, UpstreamError("down", host="a.example"), times=3)
        assert not await passes(stage, LOOK)
        assert await passes(stage, PRICE), "it has never been failed by that host"
        assert await passes(stage, OTHER), "it is of another plugin"
        await fail(stage, OTHER, UpstreamError("down", host="a.example"), times=2)
        assert await passes(stage, OTHER), "failures of one plugin's calls are not held against another's"
        await fail(stage, PRICE, UpstreamError("down", host="b.example"), times=2)
        assert await passes(stage, PRICE), "the failures of two hosts do not add up"

    run(work)


def test_a_tool_failed_by_a_host_that_another_broke_waits_with_it() -> None:
    async def work() -> None:
        stage = Breaker(SETTINGS, FakeClock())
        await fail(stage, LOOK, UpstreamError("down", host="a.example"), times=3)
        await fail(stage, PRICE, UpstreamError("down", host="a.example"))
        assert not await passes(stage, PRICE)

    run(work)


def test_a_host_that_the_caller_chose_holds_back_only_calls_to_it() -> None:
    async def work() -> None:
        clock = FakeClock()
        stage = Breaker(SETTINGS, clock)
        dead, well = {"url": "http://dead.example/"}, {"url": "http://well.example/"}
        await fail(stage, LOOK, UpstreamError("down", host="dead.example"), dead, times=3)
        assert not await passes(stage, LOOK, dead)
        assert await passes(stage, LOOK, well)
        assert await outcome(start(stage, make_call(LOOK, well), answering("fine")[0])) == "fine"
        assert not await passes(stage, LOOK, dead), "success elsewhere says nothing of this host"
        clock.advance(REST)
        assert await outcome(start(stage, make_call(LOOK, dead), answering("fine")[0])) == "fine"
        assert await passes(stage, LOOK, dead)

    run(work)


def test_a_trial_that_hangs_does_not_keep_it_shut_for_ever() -> None:
    async def work() -> None:
        clock = FakeClock()
        stage, desk = Breaker(SETTINGS, clock), Desk()
        await fail(stage, LOOK, UpstreamError("down", host="a.example"), times=3)
        clock.advance(REST)
        tasks = [asyncio.ensure_future(start(stage, make_call(LOOK), desk)) for _ in range(2)]
        await settle()
        assert not await passes(stage, LOOK)
        clock.advance(REST)
        assert await passes(stage, LOOK)
        for task in tasks:
            task.cancel()
        await settle()

    run(work)


async def two_trials(stage: Breaker, clock: FakeClock, desk: Desk) -> list[asyncio.Task[Any]]:
    await fail(stage, LOOK, UpstreamError("down", host="a.example"), times=3)
    clock.advance(REST)
    tasks = [asyncio.ensure_future(outcome(start(stage, make_call(LOOK), desk))) for _ in range(2)]
    await settle()
    desk.end(desk.arrived[0], UpstreamError("down", host="a.example"))
    await settle()
    return tasks


@pytest.mark.parametrize("late", ["fine", UpstreamError("down", host="a.example")], ids=["works", "fails"])
def test_a_trial_that_ends_after_another_failed_has_no_say(late: Any) -> None:
    async def work() -> None:
        clock, desk = FakeClock(), Desk()
        stage = Breaker(SETTINGS, clock)
        tasks = await two_trials(stage, clock, desk)
        clock.advance(REST - 1)
        desk.end(desk.arrived[1], late)
        await asyncio.wait(tasks)
        assert not await passes(stage, LOOK)
        clock.advance(1)
        assert await passes(stage, LOOK)

    run(work)


def test_a_result_that_tells_of_a_failure_is_no_sign_of_health() -> None:
    async def work() -> None:
        stage = Breaker(SETTINGS, FakeClock())
        down = UpstreamError("down", host="a.example")
        await fail(stage, LOOK, down, times=2)
        await start(stage, make_call(LOOK), answering(ToolResult(is_error=True))[0])
        await fail(stage, LOOK, down)
        assert not await passes(stage, LOOK)

    run(work)


def test_hosts_without_end_are_not_remembered_without_end() -> None:
    async def work() -> None:
        stage = Breaker(SETTINGS, FakeClock())
        for number in range(1100):
            await fail(stage, make_tool(f"t{number}"), UpstreamError("down", host=f"{number}.example"), times=3)
        assert await passes(stage, make_tool("t0"))
        assert not await passes(stage, make_tool("t1099"))

    run(work)
