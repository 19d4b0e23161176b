from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcp_agent.config import ReliabilitySettings
from mcp_agent.errors import Busy, InternalFailure, InvalidArguments, ToolError, ToolTimeout, UpstreamError
from mcp_agent.model import Tool
from mcp_agent.pipeline.retry import retry
from mcp_agent.testing.clock import FakeClock
from tests.pipeline.models import FakeContext, answering, make_call, make_tool

READ = make_tool("shop_look")
IDEMPOTENT = make_tool("shop_set", effect="write", idempotent=True)
WRITE = make_tool("shop_add", effect="write")
DESTROY = make_tool("shop_burn", effect="destructive", idempotent=True)

NOT_SENT = UpstreamError("refused", host="x", sent=False)
SENT = UpstreamError("reset", host="x")
SLOW = ToolTimeout("slow")
OTHERS = [ToolError("no"), InvalidArguments("bad"), Busy("full"), InternalFailure("it", "1"), ValueError("bug")]


class Pauses:
    """A sleep that takes no time, but lets the clock go on."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        self.clock.advance(seconds)


def harmless(tool: Tool, error: object) -> bool:
    if error is NOT_SENT:
        return tool is not WRITE
    return tool is READ and error in (SENT, SLOW)


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of it
@given(
    tool=st.sampled_from([READ, IDEMPOTENT, WRITE, DESTROY]),
    outcomes=st.lists(st.sampled_from([NOT_SENT, SENT, SLOW, "fine", *OTHERS]), min_size=1, max_size=8),
    attempts=st.integers(1, 6),
    chance=st.floats(0, 1),
)
def test_it_tries_again_exactly_where_that_can_do_no_harm(
    tool: Tool, outcomes: list[Any], attempts: int, chance: float
) -> None:
    outcomes += [outcomes[-1]] * attempts  # the last goes on for ever
    expected = 1
    for outcome in outcomes[: attempts - 1]:
        if not harmless(tool, outcome):
            break
        expected += 1
    last = outcomes[expected - 1]

    clock = FakeClock()
    pauses = Pauses(clock)
    stage = retry(ReliabilitySettings(attempts=attempts, retry_seconds=1000), clock, pauses, lambda: chance)
    inner, came = answering(*outcomes)
    call = make_call(tool)

    async def main() -> object:
        try:
            return (await stage(call, inner)).text
        except Exception as error:  # noqa: BLE001
            return error

    assert asyncio.run(main()) == last
    assert len(came) == expected
    assert call.context.rewound == len(pauses.taken) == expected - 1
    for number, pause in enumerate(pauses.taken):
        assert pause == pytest.approx(min(0.1 * 2**number, 5.0) * (0.5 + chance / 2))


@given(patience=st.floats(0, 20), each=st.floats(0, 3))
def test_no_try_begins_after_the_time_for_all_is_up(patience: float, each: float) -> None:
    clock = FakeClock()
    began: list[float] = []
    stage = retry(ReliabilitySettings(attempts=50, retry_seconds=patience), clock, Pauses(clock), lambda: 1.0)

    async def inner(call: object) -> Any:
        began.append(clock.monotonic())
        clock.advance(each)
        raise SENT

    async def main() -> None:
        with pytest.raises(UpstreamError):
            await stage(make_call(READ), inner)

    asyncio.run(main())
    assert began[-1] <= patience + 1e-9
    following = clock.monotonic() + min(0.1 * 2.0 ** (len(began) - 1), 5.0)
    assert len(began) == 50 or following > patience - 1e-9


def test_the_pauses_of_two_callers_differ() -> None:
    clock = FakeClock()
    pauses = Pauses(clock)
    stage = retry(ReliabilitySettings(), clock, pauses)

    async def main() -> None:
        for _ in range(2):
            inner, _ = answering(SENT, "fine")
            await stage(make_call(READ), inner)

    asyncio.run(main())
    assert len(set(pauses.taken)) == 2


def test_a_call_cancelled_during_a_pause_is_not_tried_again() -> None:
    async def main() -> None:
        paused = asyncio.Event()

        async def sleep(seconds: float) -> None:
            paused.set()
            await asyncio.Event().wait()

        inner, came = answering(SENT)
        stage = retry(ReliabilitySettings(), FakeClock(), sleep)
        task = asyncio.ensure_future(stage(make_call(READ), inner))
        await paused.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(came) == 1

    asyncio.run(main())


def test_where_nothing_may_be_tried_again_the_inside_is_handed_out_as_it_is() -> None:
    marker = object()
    once = retry(ReliabilitySettings(attempts=1), FakeClock(), asyncio.sleep)
    thrice = retry(ReliabilitySettings(), FakeClock(), asyncio.sleep)
    assert once(make_call(READ), lambda call: marker) is marker  # type: ignore[arg-type,return-value]
    assert thrice(make_call(WRITE), lambda call: marker) is marker  # type: ignore[arg-type,return-value]
    assert FakeContext.rewound == 0
