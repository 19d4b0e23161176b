"""The cache in any sequence of looks, changes and time."""

from __future__ import annotations

import asyncio

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from mcp_agent.errors import CannotAsk, ToolError, UpstreamError
from mcp_agent.model import ToolResult
from mcp_agent.pipeline.call import Call
from tests.pipeline.cached import GOOD_FOR, Home
from tests.pipeline.models import Desk, make_call, make_tool, settle, start


class CacheMachine(RuleBasedStateMachine):
    """Two shops with a shelf each. Whoever looks must never see less than what was on it when the last finished change
    was over, never anything too old, and never what is another's; and nobody looks twice for the same at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.home = Home()
        self.desk = Desk()
        self.shelf = {"a": 0, "b": 0}
        self.looks: dict[Call, asyncio.Task[ToolResult]] = {}
        self.least: dict[Call, int] = {}
        self.moments = {"a": 0, "b": 0}
        self.moment: dict[Call, int] = {}
        self.began: dict[Call, float] = {}
        self.seen: dict[Call, int] = {}
        self.changes: dict[Call, asyncio.Task[ToolResult]] = {}
        self.tools = {plugin: make_tool(f"{plugin}_look", plugin, cache=GOOD_FOR) for plugin in self.shelf}

    def settle(self) -> None:
        self.runner.run(settle())
        for call in self.desk.arrived:
            self.seen.setdefault(call, self.shelf[call.tool.plugin])
        for call, task in list(self.looks.items()):
            if task.done():
                del self.looks[call]
                self._check(call, task)

    def _check(self, call: Call, task: asyncio.Task[ToolResult]) -> None:
        if task.cancelled() or task.exception() is not None:
            return
        answer = task.result().data
        assert answer["who"] == [call.caller.principal, call.tool.plugin, call.arguments["part"]]
        assert answer["shelf"] >= self.least[call], "a change had been made before this was asked"
        assert self.began[call] - answer["at"] < GOOD_FOR, "too old"

    @rule(plugin=st.sampled_from("ab"), principal=st.sampled_from(["anna", "otto"]), part=st.integers(1, 2))
    def look(self, plugin: str, principal: str, part: int) -> None:
        call = make_call(self.tools[plugin], {"part": part}, principal)
        self.least[call] = self.shelf[plugin]
        self.moment[call] = self.moments[plugin]
        self.began[call] = self.home.clock.time()
        self.looks[call] = self.runner.get_loop().create_task(start(self.home.stage, call, self.desk))
        self.settle()
        self._nobody_looks_twice()

    def _nobody_looks_twice(self) -> None:
        at_it = [
            (call.caller.principal, call.tool.plugin, call.arguments["part"], self.moment[call])
            for call in self.desk.arrived
            if self.desk.holds(call) and call.tool.effect == "read"
        ]
        assert len(at_it) == len(set(at_it)), "two look for the same, with no change begun or ended between them"

    @precondition(lambda self: any(self.desk.holds(call) for call in self.looks))
    @rule(data=st.data(), how=st.sampled_from(["sees", "sees", "sees", "fails", "cannot ask", "leaves"]))
    def look_ends(self, data: st.DataObject, how: str) -> None:
        call = data.draw(st.sampled_from([call for call in self.looks if self.desk.holds(call)]))
        others = {
            other
            for other in self.looks
            if other is not call and not self.desk.holds(other)
            and (other.tool, other.caller.principal, other.arguments) == (call.tool, call.caller.principal,
                                                                          call.arguments)
        }  # fmt: skip
        if how == "leaves":
            self.looks[call].cancel()
        elif how == "sees":
            who = [call.caller.principal, call.tool.plugin, call.arguments["part"]]
            at = self.home.clock.time()
            self.desk.end(call, {"who": who, "shelf": self.seen[call], "at": at})
        else:
            self.desk.end(call, UpstreamError("down") if how == "fails" else CannotAsk("nobody there"))
        tasks = {other: self.looks[other] for other in others}
        self.settle()
        if how in ("leaves", "cannot ask"):
            assert not any(task.done() for task in tasks.values()), "it is their own affair"

    @precondition(lambda self: any(not self.desk.holds(call) for call in self.looks))
    @rule(data=st.data())
    def one_who_waits_leaves(self, data: st.DataObject) -> None:
        call = data.draw(st.sampled_from([call for call in self.looks if not self.desk.holds(call)]))
        others = [task for other, task in self.looks.items() if other is not call]
        self.looks[call].cancel()
        self.settle()
        assert not any(task.done() for task in others)

    @rule(plugin=st.sampled_from("ab"), effect=st.sampled_from(["write", "destructive"]))
    def change(self, plugin: str, effect: str) -> None:
        call = make_call(make_tool(f"{plugin}_set", plugin, effect=effect))
        self.moments[plugin] += 1
        self.changes[call] = self.runner.get_loop().create_task(start(self.home.stage, call, self.desk))
        self.settle()

    @precondition(lambda self: self.changes)
    @rule(data=st.data(), how=st.sampled_from(["done", "fails", "cancelled"]))
    def change_ends(self, data: st.DataObject, how: str) -> None:
        call = data.draw(st.sampled_from(list(self.changes)))
        task = self.changes.pop(call)
        self.moments[call.tool.plugin] += 1
        self.shelf[call.tool.plugin] += 1  # also when it failed: it may have done half of it
        if how == "cancelled":
            task.cancel()
        else:
            self.desk.end(call, "done" if how == "done" else ToolError("no"))
        self.settle()
        assert task.done()
        if not task.cancelled():
            task.exception()

    @rule(seconds=st.sampled_from([1.0, GOOD_FOR / 2, GOOD_FOR]))
    def wait(self, seconds: float) -> None:
        self.home.clock.advance(seconds)

    def teardown(self) -> None:
        for task in [*self.looks.values(), *self.changes.values()]:
            task.cancel()
        while self.looks:
            for task in self.looks.values():
                task.cancel()
            self.settle()
        self.runner.run(settle())
        self.runner.close()


CacheMachine.TestCase.settings = hypothesis_settings(max_examples=100, stateful_step_count=50, deadline=None)
TestCache = CacheMachine.TestCase
