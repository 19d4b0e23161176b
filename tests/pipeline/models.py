"""What the tests of the stages share: calls made by hand, a world that obeys, and simple models to compare with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from fractions import Fraction
from typing import Any

import msgspec

from mcp_agent.callers import NoCaller
from mcp_agent.errors import ToolError
from mcp_agent.model import Tool, ToolResult
from mcp_agent.pipeline import Handler, Stage
from mcp_agent.pipeline.call import Call
from mcp_agent.schema.results import render_any


def make_tool(name: str = "shop_look", plugin: str = "shop", **options: Any) -> Tool:
    return Tool(
        name=name, plugin=plugin, description=name, input_schema={"type": "object"},
        parse=msgspec.json.decode, invoke=_never, render=render_any, **options,
    )  # fmt: skip


async def _never(context: Any, arguments: Any) -> Any:
    raise AssertionError("these tests do not come to the tool")


class FakeContext:
    rewound = 0
    held: tuple[Any, ...] = ()
    lent = False

    def rewind(self) -> None:
        self.rewound += 1


def make_call(tool: Tool, arguments: Any = None, principal: str = "anna") -> Call:
    call = Call(tool, msgspec.json.encode(arguments or {}), NoCaller(principal), FakeContext())
    call.arguments = arguments or {}
    return call


class Desk:
    """The inside of a stage, one call at a time: each waits here until the test says how it ends."""

    def __init__(self) -> None:
        self.arrived: list[Call] = []
        self._ends: dict[int, asyncio.Future[Any]] = {}

    async def __call__(self, call: Call) -> ToolResult:
        self.arrived.append(call)
        end = self._ends[id(call)] = asyncio.get_running_loop().create_future()
        try:
            return render_any(await end)
        finally:
            del self._ends[id(call)]

    def end(self, call: Call, outcome: Any) -> None:
        """A value to return or an exception to raise."""
        if isinstance(outcome, Exception):
            self._ends[id(call)].set_exception(outcome)
        else:
            self._ends[id(call)].set_result(outcome)

    def holds(self, call: Call) -> bool:
        return id(call) in self._ends


async def start(stage: Stage, call: Call, inner: Handler) -> ToolResult:
    return await stage(call, inner)


async def settle() -> None:
    """Let everything run that can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def outcome(work: Awaitable[ToolResult]) -> str | ToolError:
    try:
        return (await work).text
    except ToolError as error:
        return error


def answering(*outcomes: Any) -> tuple[Handler, list[Call]]:
    """An inside that gives these one after the other, the last for ever; and the calls that came."""
    left = list(outcomes)
    came: list[Call] = []

    async def inner(call: Call) -> ToolResult:
        came.append(call)
        now = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(now, BaseException):
            raise now
        return render_any(now)

    return inner, came


class BucketModel:
    """A token bucket as in the textbook, in exact numbers."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._tokens = Fraction(rate)
        self._at = Fraction(0)

    def fill(self, now: Fraction) -> None:
        self._tokens = min(Fraction(self._rate), self._tokens + (now - self._at) * self._rate / 60)
        self._at = now

    @property
    def ready(self) -> bool:
        return self._tokens >= 1

    def take(self) -> None:
        self._tokens -= 1


class BreakerModel:
    """A breaker as in the textbook: three states, said outright. A call carries the state it was let in by."""

    def __init__(self, failures: int, rest: float, trials: int) -> None:
        self._limit, self._rest, self._trials = failures, rest, trials
        self.state = "closed"
        self.failures = 0
        self.opened_at = 0.0
        self.period = 0
        self.known = False
        """Whether the tool has failed at all: until then nobody knows that it depends on this host."""
        self.trying: dict[int, float] = {}

    def admits(self, call: int, now: float) -> bool:
        if self.known and self.state == "open" and now >= self.opened_at + self._rest:
            self.state = "half-open"
        if not self.known or self.state == "closed":
            return True
        recent = [began for began in self.trying.values() if now - began < self._rest]
        if self.state == "open" or len(recent) >= self._trials:
            return False
        self.trying[call] = now
        return True

    def ended(self, call: int, verdict: str, period: int, now: float) -> None:
        """``verdict`` is ``good``, ``bad`` or ``none``; ``period`` is what this model's was when the call began."""
        trial = self.trying.pop(call, None) is not None
        if verdict == "none":
            return
        if verdict == "good":
            if self.known and (self.state == "closed" or (trial and period == self.period)):
                self.state, self.failures, self.known = "closed", 0, False
                self.period += 1
            return
        self.known = True
        if self.state == "closed":
            self.failures += 1
            if self.failures >= self._limit:
                self._open(now)
        elif trial and period == self.period:
            self._open(now)

    def _open(self, now: float) -> None:
        self.state, self.opened_at = "open", now
        self.period += 1


Work = Callable[[], Awaitable[None]]


def run(work: Work) -> None:
    asyncio.run(work())  # type: ignore[arg-type]
