"""Who is asked, who is refused: effect x rule x channel x era, and 10,000 attempts to get round it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from mcp_agent import Config, Host, ToolError
from mcp_agent.config import PolicySettings, Rule
from mcp_agent.errors import Denied
from mcp_agent.protocol.seal import binding
from mcp_agent.testing import FakeClock, ScriptedCaller
from mcp_agent.transports.memory import MemoryConnection
from tests.plugins import doors
from tests.support.schema import LEGACY, REVISIONS
from tests.support.served import in_loop
from tests.support.wire import Client, Message

DOORS = "tests.plugins.doors"
WITH_ELICITATION = ("2025-06-18", "2025-11-25", "2026-07-28")
NO_WAIT = PolicySettings(wait_seconds=0)


@asynccontextmanager
async def host_with(policy: PolicySettings, clock: FakeClock | None = None) -> AsyncIterator[Host]:
    doors.executed.clear()
    config = Config(policy=policy)
    async with Host(config, modules=[DOORS], installed=False, on_disk=False, clock=clock) as host:
        yield host


async def client_of(host: Host, revision: str, answer: str | None) -> Client:
    """A client whose person always gives this answer, or that cannot ask anybody."""
    capabilities = {} if answer is None else {"elicitation": {}}
    client = Client(MemoryConnection(host.server), revision, capabilities=capabilities)

    def elicit(request: Message) -> Any:
        if answer in ("decline", "cancel"):
            return {"action": answer}
        return {"action": "accept", "content": {"decision": answer}}

    client.answers["elicitation/create"] = elicit
    return await client.open()


CHANNELS = [None, "allow once", "refuse", "decline", "cancel", "something else"]


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("answer", CHANNELS)
@pytest.mark.parametrize("rule", ["default", "allow", "ask", "deny", "read_only"])
@pytest.mark.parametrize("tool", ["door_look", "door_paint", "door_unlock"])
def test_the_matrix(tool: str, rule: str, answer: str | None, revision: str) -> None:
    rules = (Rule(decide=rule),) if rule in ("allow", "ask", "deny") else ()  # type: ignore[arg-type]
    policy = PolicySettings(rules=rules, read_only=rule == "read_only", wait_seconds=0)
    can_ask = answer is not None and revision in WITH_ELICITATION
    asks = rule == "ask" or (rule == "default" and tool != "door_look")
    refused = rule == "deny" or (rule == "read_only" and tool != "door_look")
    runs = not refused and (not asks or (can_ask and answer == "allow once"))

    async def work() -> None:
        async with host_with(policy) as host:
            client = await client_of(host, revision, answer)
            result = await call_through_rounds(client, tool, {"door": "front"})
            assert bool(result.get("isError")) is not runs, result
            assert doors.executed == ([(tool, "front")] if runs else [])

    in_loop(work)


async def call_through_rounds(client: Client, tool: str, arguments: Message) -> Message:
    """A call as a whole client makes it: questions are answered, in whichever era."""
    extra: Message = {}
    while True:
        result = await client.call("tools/call", {"name": tool, "arguments": arguments, **extra})
        if result.get("resultType") != "input_required":
            return result
        extra = {
            "requestState": result["requestState"],
            "inputResponses": {
                key: client.answers[request["method"]](request) for key, request in result["inputRequests"].items()
            },
        }


def test_a_session_is_asked_once_for_writing_and_every_time_for_destroying() -> None:
    async def work() -> None:
        async with host_with(NO_WAIT) as host:
            caller = ScriptedCaller(elicit=[{"decision": d} for d in ("allow for this session", "allow once") * 2])
            for door in ("a", "b"):
                await host.call("door_paint", {"door": door}, caller)
            assert len(caller.asked) == 1
            for door in ("a", "b"):
                with_yes = ScriptedCaller(elicit=[{"decision": "allow once"}])
                await host.call("door_unlock", {"door": door}, with_yes)
                assert len(with_yes.asked) == 1
            other = ScriptedCaller(elicit=["decline"], principal="somebody else")
            with pytest.raises(Denied):
                await host.call("door_paint", {"door": "c"}, other)

    in_loop(work)


def test_the_question_says_what_will_happen() -> None:
    async def work() -> None:
        async with host_with(NO_WAIT) as host:
            caller = ScriptedCaller(elicit=["decline"])
            with pytest.raises(Denied):
                await host.call("door_unlock", {"door": "front", "minutes": 5}, caller)
            [(_, question)] = caller.asked
            assert "Unlock a door." in question["message"]
            assert "cannot be taken back" in question["message"]
            assert 'door: "front", minutes: 5' in question["message"]

    in_loop(work)


def test_the_question_hides_nothing() -> None:
    async def work() -> None:
        async with host_with(NO_WAIT) as host:
            caller = ScriptedCaller(elicit=["decline"])
            with pytest.raises(Denied):
                await host.call("door_unlock", {"door": "front\u202etnorf\u200b"}, caller)
            [(_, question)] = caller.asked
            assert 'door: "front[U+202E]tnorf[U+200B]"' in question["message"]

    in_loop(work)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"n": 1}', b'{"n": "1"}'),
        (b'{"n": 1}', b'{"n": 1.5}'),
        (b'{"n": 0.1}', b'{"n": 0.1000000000000000000001}'),
        (b'{"n": 100000000000000000000000}', b'{"n": 100000000000000000000001}'),
        (b'{"n": "caf\xc3\xa9"}', b'{"n": "cafe\xcc\x81"}'),
        (b'{"n": 1, "n": 2}', b'{"n": 1}'),
        (b'{"n": null}', b"{}"),
        (b'{"n": [1, 2]}', b'{"n": [2, 1]}'),
    ],
)
def test_a_yes_to_one_call_is_none_to_another(one: bytes, other: bytes) -> None:
    assert binding("p", "consent", "t", one) != binding("p", "consent", "t", other)


def test_spelling_does_not_make_another_call() -> None:
    one, same = b'{"a": 1.5, "b": "\\u00e9"}', b'{ "b":"\xc3\xa9" , "a":1.5}'
    assert binding("p", "consent", "t", one) == binding("p", "consent", "t", same)


def test_nobody_is_asked_about_a_call_that_cannot_run() -> None:
    async def work() -> None:
        async with host_with(NO_WAIT) as host:
            caller = ScriptedCaller(elicit=["accept"])
            with pytest.raises(ToolError, match="minutes was"):
                await host.call("door_unlock", {"door": "front", "minutes": "many"}, caller)
            assert caller.asked == []

    in_loop(work)


def test_out_of_band_the_call_waits_for_another_process_to_approve() -> None:
    async def work() -> None:
        async with host_with(PolicySettings(wait_seconds=30)) as host:
            calling = asyncio.ensure_future(host.call("door_unlock", {"door": "front"}, ScriptedCaller()))
            approvals = host.approvals
            while not (pending := await approvals.pending()):  # noqa: ASYNC110  it is another process that asks
                await asyncio.sleep(0)
            assert doors.executed == []
            assert await approvals.decide(pending[0].id, True)
            await calling
            assert doors.executed == [("door_unlock", "front")]

    in_loop(work)


def test_an_approval_that_comes_too_late_for_the_call_is_good_for_the_same_call_again() -> None:
    async def work() -> None:
        async with host_with(NO_WAIT) as host:
            with pytest.raises(Denied, match="mcp-agent approve"):
                await host.call("door_unlock", {"door": "front"}, ScriptedCaller())
            [pending] = await host.approvals.pending()
            assert await host.approvals.decide(pending.id.lower(), True)
            with pytest.raises(Denied):
                await host.call("door_unlock", {"door": "back"}, ScriptedCaller())
            await host.call("door_unlock", {"door": "front"}, ScriptedCaller())
            with pytest.raises(Denied):
                await host.call("door_unlock", {"door": "front"}, ScriptedCaller())
            assert doors.executed == [("door_unlock", "front")]

    in_loop(work)


def test_an_approval_expires() -> None:
    async def work() -> None:
        clock = FakeClock()
        async with host_with(PolicySettings(wait_seconds=0, approval_seconds=60), clock) as host:
            with pytest.raises(Denied):
                await host.call("door_unlock", {"door": "front"}, ScriptedCaller())
            [pending] = await host.approvals.pending()
            await host.approvals.decide(pending.id, True)
            clock.advance(61)
            with pytest.raises(Denied):
                await host.call("door_unlock", {"door": "front"}, ScriptedCaller())
            assert doors.executed == []

    in_loop(work)


def test_without_a_channel_it_is_no_at_once() -> None:
    async def work() -> None:
        async with host_with(PolicySettings(out_of_band=False)) as host:
            with pytest.raises(Denied, match="no way to ask"):
                await host.call("door_unlock", {"door": "front"}, ScriptedCaller())
            assert await host.approvals.pending() == []

    in_loop(work)


def test_ten_thousand_attempts_to_destroy_without_consent() -> None:
    """A client that answers before it is asked, replays old answers and state, changes arguments, waits too long."""

    async def work() -> None:
        clock = FakeClock()
        draw = random.Random(20260728)
        async with host_with(PolicySettings(wait_seconds=0, approval_seconds=60), clock) as host:
            thief = Client(MemoryConnection(host.server), "2026-07-28", capabilities={"elicitation": {}})
            stolen: list[Message] = []
            consented = 0
            for attempt in range(10_000):
                door = f"door-{draw.randrange(50)}"
                params: Message = {"name": "door_unlock", "arguments": {"door": door}}
                trick = draw.randrange(6)
                if trick == 1:  # an answer to a question that was never put
                    params["inputResponses"] = {f"consent-{attempt}": yes(), "consent": yes(), "elicit-1": yes()}
                elif trick >= 2 and stolen:  # old state and old answers, on another call or too late
                    old = draw.choice(stolen)
                    if old["arguments"]["door"] == door:
                        continue
                    params.update({key: old[key] for key in ("requestState", "inputResponses") if draw.random() < 0.8})
                if trick == 5:
                    clock.advance(draw.randrange(120))
                result = await attempt_call(thief, params)
                if result.get("resultType") == "input_required" and len(stolen) < 500:
                    [key] = result["inputRequests"]
                    stolen.append(
                        {
                            "arguments": params["arguments"],
                            "requestState": result["requestState"],
                            "inputResponses": {key: yes()},
                        }
                    )
            assert doors.executed == [], "a door was unlocked without consent"
            assert len(stolen) == 500
            # The counter-proof: one honest answer, in time and to its own question, opens one door once.
            first = await thief.call("tools/call", {"name": "door_unlock", "arguments": {"door": "honest"}})
            [key] = first["inputRequests"]
            honest = {
                "name": "door_unlock",
                "arguments": {"door": "honest"},
                "requestState": first["requestState"],
                "inputResponses": {key: yes()},
            }
            await thief.call("tools/call", honest)
            consented += len(doors.executed)
            for _ in range(20):  # and spending it twice does not
                await attempt_call(thief, honest)
            assert consented == len(doors.executed) == 1

    in_loop(work)


def yes() -> Message:
    return {"action": "accept", "content": {"decision": "allow once"}}


async def attempt_call(client: Client, params: Message) -> Message:
    from tests.support.wire import WireError

    try:
        return await client.call("tools/call", params)
    except WireError as error:
        return {"error": error.code}


def test_every_legacy_revision_is_in_the_matrix() -> None:
    assert set(LEGACY) < set(REVISIONS)
