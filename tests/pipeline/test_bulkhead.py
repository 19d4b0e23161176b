from __future__ import annotations

import asyncio

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mcp_agent.config import ReliabilitySettings
from mcp_agent.errors import Busy
from mcp_agent.model import ToolResult
from mcp_agent.pipeline.bulkhead import bulkhead
from mcp_agent.pipeline.call import Call
from tests.pipeline.models import Desk, make_call, make_tool, run, settle, start

PLACES, QUEUE = 2, 3
TOOLS = [make_tool("a_tool", "a"), make_tool("b_tool", "b")]


class BulkheadMachine(RuleBasedStateMachine):
    """Against two lists for each plugin: who works, who waits."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stage = bulkhead(ReliabilitySettings(plugin_calls=PLACES, plugin_queue=QUEUE))
        self.desk = Desk()
        self.tasks: dict[Call, asyncio.Task[ToolResult]] = {}
        self.working: dict[str, list[Call]] = {"a": [], "b": []}
        self.waiting: dict[str, list[Call]] = {"a": [], "b": []}
        self.started: list[Call] = []

    def settle(self) -> None:
        self.runner.run(settle())

    def _free(self, call: Call) -> None:
        plugin = call.tool.plugin
        self.working[plugin].remove(call)
        if self.waiting[plugin]:
            self._work(self.waiting[plugin].pop(0))

    def _work(self, call: Call) -> None:
        self.working[call.tool.plugin].append(call)
        self.started.append(call)

    @rule(tool=st.sampled_from(TOOLS))
    def arrive(self, tool: object) -> None:
        call = make_call(tool)  # type: ignore[arg-type]
        task = self.tasks[call] = self.runner.get_loop().create_task(start(self.stage, call, self.desk))
        self.settle()
        plugin = call.tool.plugin
        if len(self.working[plugin]) < PLACES:
            self._work(call)
        elif len(self.waiting[plugin]) < QUEUE:
            self.waiting[plugin].append(call)
        else:
            assert isinstance(task.exception(), Busy)

    @precondition(lambda self: any(self.working.values()))
    @rule(data=st.data(), how=st.sampled_from(["ends", "fails", "is cancelled"]))
    def leave(self, data: st.DataObject, how: str) -> None:
        call = data.draw(st.sampled_from([*self.working["a"], *self.working["b"]]))
        self._leave(call, how)
        self.settle()
        self._free(call)

    def _leave(self, call: Call, how: str) -> None:
        if how == "is cancelled":
            self.tasks[call].cancel()
        else:
            self.desk.end(call, "done" if how == "ends" else RuntimeError("bug"))

    @precondition(lambda self: any(self.waiting.values()))
    @rule(data=st.data())
    def give_up_waiting(self, data: st.DataObject) -> None:
        call = data.draw(st.sampled_from([*self.waiting["a"], *self.waiting["b"]]))
        self.tasks[call].cancel()
        self.settle()
        self.waiting[call.tool.plugin].remove(call)

    @precondition(lambda self: any(self.waiting.values()))
    @rule(data=st.data(), turns=st.integers(0, 4), cancel_first=st.booleans())
    def the_first_gives_up_as_its_turn_comes(self, data: st.DataObject, turns: int, cancel_first: bool) -> None:
        """One way or the other within a few turns of the loop; whether it got its turn is free, but no place may be
        lost, and none made up."""
        plugin = data.draw(st.sampled_from([plugin for plugin, waiting in self.waiting.items() if waiting]))
        leaving, first = self.working[plugin][0], self.waiting[plugin][0]

        async def both() -> None:
            if cancel_first:
                self.tasks[first].cancel()
            else:
                self.desk.end(leaving, "done")
            for _ in range(turns):
                await asyncio.sleep(0)
            if cancel_first:
                self.desk.end(leaving, "done")
            else:
                self.tasks[first].cancel()
            await settle()

        self.runner.run(both())
        assert self.tasks[leaving].result().text == "done"
        assert self.tasks[first].cancelled()
        self.working[plugin].remove(leaving)
        self.waiting[plugin].remove(first)
        if first in self.desk.arrived:
            self.started.append(first)
        if self.waiting[plugin]:
            self._work(self.waiting[plugin].pop(0))

    @invariant()
    def who_works_is_who_should_in_the_order_they_came(self) -> None:
        for working in self.working.values():
            assert all(self.desk.holds(call) for call in working)
        assert self.desk.arrived == self.started
        assert sum(self.desk.holds(call) for call in self.tasks) == sum(map(len, self.working.values()))

    def teardown(self) -> None:
        for task in self.tasks.values():
            if task.done():
                assert task.cancelled() or isinstance(task.exception(), Busy | RuntimeError | None)
            task.cancel()
        self.settle()
        self.runner.close()


BulkheadMachine.TestCase.settings = hypothesis_settings(max_examples=60, stateful_step_count=40, deadline=None)
TestBulkhead = BulkheadMachine.TestCase


def test_who_is_refused_hears_why() -> None:
    async def work() -> None:
        stage, desk = bulkhead(ReliabilitySettings(plugin_calls=1, plugin_queue=0)), Desk()
        task = asyncio.ensure_future(start(stage, make_call(make_tool()), desk))
        await settle()
        with pytest.raises(Busy, match=r"Plugin shop works on 1 calls and 0 more wait.*Try again in a while"):
            await stage(make_call(make_tool()), desk)
        desk.end(desk.arrived[0], "done")
        assert (await task).text == "done"

    run(work)
