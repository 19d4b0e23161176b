"""Whatever one plugin does to itself, another gets what it would get alone: the same answers, in the same order, in as
many turns of the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from mcp_agent.config import ReliabilitySettings
from mcp_agent.errors import Busy, ToolError, ToolTimeout, Unavailable, UpstreamError
from mcp_agent.model import ToolResult
from mcp_agent.pipeline import Handler, Stage, compose
from mcp_agent.pipeline.breaker import Breaker
from mcp_agent.pipeline.bulkhead import bulkhead
from mcp_agent.pipeline.cache import Cache
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.fallback import fallback
from mcp_agent.pipeline.identity import identity
from mcp_agent.pipeline.rate_limit import rate_limit
from mcp_agent.pipeline.retry import retry
from mcp_agent.schema.results import render_any
from mcp_agent.store.cache import Answers
from mcp_agent.store.epochs import Epochs
from mcp_agent.testing.clock import FakeClock
from tests.pipeline.models import make_call, make_tool, outcome, run, settle

GOOD = [make_tool("good_look", "good"), make_tool("good_known", "good", cache=60.0, fallback="stale"),
        make_tool("good_set", "good", effect="write")]  # fmt: skip
BAD = [make_tool("bad_look", "bad", rate=1e6), make_tool("bad_known", "bad", cache=60.0, fallback="stale"),
       make_tool("bad_set", "bad", effect="write", idempotent=True)]  # fmt: skip
CALLS = 30

Core = Callable[[Call], Awaitable[ToolResult]]


class House:
    """All the stages of resilience in their order, around tools of a good plugin and of a bad one."""

    def __init__(self, bad: Core) -> None:
        settings = ReliabilitySettings(plugin_calls=8, plugin_queue=100, plugin_rate=1e6)
        self.clock = FakeClock()
        self.ran: list[int] = []
        answers = Answers(None, self.clock, memory_bytes=2**20, disk_bytes=0, has_secret=lambda answer: False)
        epochs, same = Epochs(None), identity(lambda plugin: "1")
        stages: list[Stage] = [
            rate_limit(settings, self.clock),
            Cache(answers, epochs, same),
            fallback(settings, self.clock, answers, epochs, same, lambda name: None, self._run),
            Breaker(settings, self.clock),
            bulkhead(settings),
            retry(settings, self.clock, self._pause),
        ]

        async def core(call: Call) -> ToolResult:
            if call.tool.plugin == "bad":
                return await bad(call)
            self.ran.append(call.arguments["n"])
            await asyncio.sleep(0)
            return render_any(call.arguments["n"])

        self._handler: Handler = compose(stages, core)

    def _run(self, call: Call) -> Awaitable[ToolResult]:
        return self._handler(call)

    async def _pause(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await asyncio.sleep(0)

    async def good_calls(self) -> tuple[list[str | ToolError], list[int], list[int]]:
        """What came back, what ran in which order, and how many turns of the loop each call took."""
        turns: list[int] = []
        came: list[str | ToolError] = []
        for number in range(CALLS):
            task = asyncio.ensure_future(outcome(self._run(make_call(GOOD[number % 3], {"n": number // 2}))))
            took = 0
            while not task.done():
                took += 1
                assert took < 100, "it is held up"
                await asyncio.sleep(0)
            came.append(await task)
            turns.append(took)
        return came, self.ran, turns

    def bad_calls(self, count: int) -> list[asyncio.Task[str | ToolError]]:
        return [
            asyncio.ensure_future(outcome(self._run(make_call(BAD[number % 3], {"n": number}))))
            for number in range(count)
        ]


async def hangs(call: Call) -> ToolResult:
    await asyncio.Event().wait()
    raise AssertionError


async def times_out(call: Call) -> ToolResult:
    await asyncio.sleep(0)
    raise ToolTimeout("slow")


async def fails(call: Call) -> ToolResult:
    await asyncio.sleep(0)
    raise UpstreamError("down", host="shared.example", sent=False)


LEAKED: set[asyncio.Task[bool]] = set()


async def leaks(call: Call) -> ToolResult:
    """Leaves work behind that never ends, and swallows what would stop it."""
    LEAKED.add(asyncio.ensure_future(asyncio.Event().wait()))
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        raise ToolError("I do not want to be stopped") from None
    raise AssertionError


async def floods(call: Call) -> ToolResult:
    await asyncio.sleep(0)
    return render_any("x" * 2000)


@pytest.mark.parametrize("bad", [hangs, times_out, fails, leaks, floods], ids=lambda bad: bad.__name__)
def test_a_bad_plugin_changes_nothing_for_a_good_one(bad: Core) -> None:
    async def work() -> None:
        alone = await House(bad).good_calls()
        assert alone[0] == [str(number // 2) for number in range(CALLS)]
        house = House(bad)
        tasks = house.bad_calls(1000)
        await asyncio.sleep(0)  # all of them are under way, refused or waiting
        assert await house.good_calls() == alone
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert not [end for end in ends if isinstance(end, Exception) and not isinstance(end, ToolError)]
        refused = {type(end) for end in ends} & {Busy, Unavailable}
        assert refused, "1000 calls are more than it takes"
        house.clock.advance(1000.0)
        house.ran.clear()
        assert (await house.good_calls())[0] == alone[0]
        for leaked in LEAKED:
            leaked.cancel()
        LEAKED.clear()
        await settle()

    run(work)


def test_a_plugin_that_was_flooded_and_cancelled_takes_as_many_as_before() -> None:
    async def work() -> None:
        gate = asyncio.Event()

        async def waits(call: Call) -> ToolResult:
            await gate.wait()
            return render_any("fine")

        house = House(waits)
        for _ in range(3):
            tasks = house.bad_calls(300)
            await settle()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        gate.set()
        assert await asyncio.gather(*house.bad_calls(100)) == ["fine"] * 100

    run(work)
