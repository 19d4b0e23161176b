from __future__ import annotations

import asyncio
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_agent.config import ReliabilitySettings
from mcp_agent.errors import Busy
from mcp_agent.model import ToolResult
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.rate_limit import rate_limit
from mcp_agent.testing.clock import FakeClock
from tests.pipeline.models import BucketModel, make_call, make_tool

DONE = ToolResult()


async def inner(call: Call) -> ToolResult:
    return DONE


def allowed(stage: object, call: Call) -> bool:
    try:
        assert asyncio.run(stage(call, inner)) is DONE  # type: ignore[operator]
    except Busy:
        return False
    return True


TOOLS = {
    "a_one": make_tool("a_one", "a", rate=6),
    "a_two": make_tool("a_two", "a"),
    "b_one": make_tool("b_one", "b", rate=2),
}


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 60), st.sampled_from(["anna", "otto"]), st.sampled_from(sorted(TOOLS))), max_size=60
    ),
    principal_rate=st.sampled_from([0, 3, 10]),
    plugin_rate=st.sampled_from([0, 4, 12]),
    tool_rate=st.sampled_from([0, 5]),
)
def test_it_lets_through_what_three_textbook_buckets_let_through(
    steps: list[tuple[int, str, str]], principal_rate: int, plugin_rate: int, tool_rate: int
) -> None:
    clock = FakeClock()
    settings = ReliabilitySettings(principal_rate=principal_rate, plugin_rate=plugin_rate, tool_rate=tool_rate)
    stage = rate_limit(settings, clock)
    models: dict[tuple[str, str], BucketModel] = {}
    now = Fraction(0)
    for quarters, principal, name in steps:
        now += Fraction(quarters, 4)
        clock.advance(quarters / 4)
        tool = TOOLS[name]
        rates = {
            ("principal", principal): principal_rate,
            ("plugin", tool.plugin): plugin_rate,
            ("tool", name): int(tool.rate or tool_rate),
        }
        buckets = [models.setdefault(key, BucketModel(rate)) for key, rate in rates.items() if rate]
        for bucket in buckets:
            bucket.fill(now)
        expected = all(bucket.ready for bucket in buckets)
        if expected:
            for bucket in buckets:
                bucket.take()
        assert allowed(stage, make_call(tool, principal=principal)) is expected


def test_a_refusal_says_when_to_come_back_and_that_is_true() -> None:
    clock = FakeClock()
    stage = rate_limit(ReliabilitySettings(), clock)
    tool = make_tool("maps_find", rate=5)
    assert [allowed(stage, make_call(tool)) for _ in range(6)] == [True] * 5 + [False]
    with pytest.raises(Busy) as caught:
        stage(make_call(tool), inner)
    assert str(caught.value) == (
        "maps_find takes 5 calls a minute, and these are used up. Try again in 12 seconds."
    )  # fmt: skip
    assert caught.value.retry_after is not None
    clock.advance(caught.value.retry_after - 0.01)
    assert not allowed(stage, make_call(tool))
    clock.advance(0.01)
    assert allowed(stage, make_call(tool))
    assert not allowed(stage, make_call(tool))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (ReliabilitySettings(principal_rate=1), "anna may make 1 calls a minute"),
        (ReliabilitySettings(plugin_rate=1), "Plugin shop takes 1 calls a minute"),
        (ReliabilitySettings(tool_rate=1), "shop_look takes 1 calls a minute"),
        (ReliabilitySettings(tool_rate=1, plugin_rate=0.5), "Plugin shop takes 0.5 calls a minute.* in 2 minutes"),
    ],
)
def test_the_limit_that_holds_longest_is_named(settings: ReliabilitySettings, words: str) -> None:
    stage = rate_limit(settings, FakeClock())
    assert allowed(stage, make_call(make_tool()))
    with pytest.raises(Busy, match=words):
        stage(make_call(make_tool()), inner)


def test_what_one_client_may_make_is_not_used_up_by_another() -> None:
    stage = rate_limit(ReliabilitySettings(principal_rate=2), FakeClock())
    assert [allowed(stage, make_call(make_tool(), principal="anna")) for _ in range(3)] == [True, True, False]
    assert [allowed(stage, make_call(make_tool(), principal="otto")) for _ in range(3)] == [True, True, False]


def test_only_the_latest_clients_are_remembered() -> None:
    stage = rate_limit(ReliabilitySettings(principal_rate=1), FakeClock())
    for number in range(10_000):
        stage(make_call(make_tool(), principal=f"client {number}"), inner).close()  # type: ignore[attr-defined]
    assert not allowed(stage, make_call(make_tool(), principal="client 0"))
    stage(make_call(make_tool(), principal="one more"), inner).close()  # type: ignore[attr-defined]
    assert allowed(stage, make_call(make_tool(), principal="client 0"))
    assert not allowed(stage, make_call(make_tool(), principal="one more"))


def test_without_a_limit_the_inside_is_handed_out_as_it_is() -> None:
    marker = object()
    assert rate_limit(ReliabilitySettings(), FakeClock())(make_call(make_tool()), lambda call: marker) is marker  # type: ignore[arg-type,return-value]
