"""The state that a call leaves with the client between two rounds: good for that call alone, and for a time."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Paths
from mcp_agent.protocol.limits import Limits
from tests.protocol.rounds import Call, asked, name, text_of
from tests.support.schema import MODERN
from tests.support.served import FakeClock, in_loop
from tests.support.wire import EVERYTHING, failing


def _tampered(state: str) -> list[str]:
    raw = base64.urlsafe_b64decode(state)
    flipped = [bytes([*raw[:i], raw[i] ^ 1, *raw[i + 1 :]]) for i in (0, 11, 12, len(raw) // 2, len(raw) - 1)]
    cut = [raw[:-1], raw[1:], raw[:12], raw[:5], raw + b"\0"]
    encoded = [base64.urlsafe_b64encode(one).decode() for one in (*flipped, *cut)]
    return [*encoded, "", "x", "é", "\u0000", state[:-4], state + "AAAA", "{}", "A" + state]


def test_state_that_was_changed() -> None:
    async def work() -> None:
        async with asked() as (_, client):
            call = Call(client, "ask_name")
            [key] = await call.start()
            assert call.state is not None
            for state in _tampered(call.state):
                error = await failing(call.end({key: name("Eve")}, requestState=state))
                assert error.code == -32602
                assert "requestState" in error.message
            assert await call.end({key: name("Ada")}) == "Hello Ada"

    in_loop(work)


@pytest.mark.parametrize(
    "other",
    [
        {"arguments": {"greeting": "Bye"}},
        {"arguments": {"greeting": "Hello", "note": [1, 2]}},
        {"arguments": {}},
        {"name": "ask_in_turn", "arguments": {}},
        {"name": "ask_url", "arguments": {"greeting": "Hello", "note": {"b": 1, "a": [1.5, None]}}},
    ],
)
def test_state_of_another_request(other: dict[str, Any]) -> None:
    async def work() -> None:
        async with asked() as (_, client):
            call = Call(client, "ask_name", greeting="Hello", note={"b": 1, "a": [1.5, None]})
            [key] = await call.start()
            error = await failing(call.end({key: name("Eve")}, **other))
            assert error.code == -32602
            assert "another request" in error.message

    in_loop(work)


def test_state_of_another_method() -> None:
    async def work() -> None:
        async with asked() as (_, client):
            result = await client.call("prompts/get", {"name": "personal"})
            retry = {"requestState": result["requestState"], "inputResponses": {"elicit-1": name("Ada")}}
            assert (await failing(client.call("tools/call", {"name": "personal", **retry}))).code == -32602
            assert (await failing(client.call("resources/read", {"uri": "personal", **retry}))).code == -32602
            assert (await failing(client.call("prompts/get", {"name": "paint", **retry}))).code == -32602
            done = await client.call("prompts/get", {"name": "personal", **retry})
            assert done["messages"][0]["content"]["text"] == "Greet Ada"

    in_loop(work)


def test_state_of_somebody_else() -> None:
    async def work() -> None:
        async with asked() as (served, client):
            call = Call(client, "ask_name")
            [key] = await call.start()
            call.client = await served.client(MODERN, name="eve", capabilities=EVERYTHING)
            assert (await failing(call.end({key: name("Eve")}))).code == -32602
            call.client = await served.client(MODERN, capabilities=EVERYTHING, kind="http")
            assert (await failing(call.end({key: name("Eve")}))).code == -32602
            call.client = await served.client(MODERN, capabilities=EVERYTHING)  # the same, on another connection
            assert await call.end({key: name("Ada")}) == "Hello Ada"

    in_loop(work)


def test_state_that_is_too_old() -> None:
    async def work() -> None:
        clock = FakeClock()
        async with asked(clock=clock, limits=Limits(state_ttl=60)) as (_, client):
            call = Call(client, "ask_name")
            [key] = await call.start()
            clock.now += 59
            assert await call.end({key: name("Ada")}) == "Hello Ada"
            clock.now += 2
            error = await failing(call.end({key: name("Ada")}))
            assert error.code == -32602
            assert "expired" in error.message

    in_loop(work)


def test_spelling_of_the_arguments_does_not_matter() -> None:
    async def work() -> None:
        async with asked() as (_, client):
            call = Call(client, "ask_name", greeting="Ålso", note={"b": 1, "a": [1, {"y": 1, "x": 2}]})
            [key] = await call.start()
            request_id, message = client.frame("tools/call", call.retry({key: name("Ada")}, arguments="HERE"))
            spelled = rb'{ "note" : {"a":[1,{"x":2, "y":1}]  ,"b":1},"greeting":"\u00c5lso"}'
            client.line.send_frame(json.dumps(message).encode().replace(b'"HERE"', spelled))
            assert text_of(await client.result(request_id)) == "Ålso Ada"

    in_loop(work)


def test_the_state_says_nothing_to_who_reads_it() -> None:
    async def work() -> None:
        async with asked() as (_, client):
            call = Call(client, "ask_in_turn")
            [key] = await call.start()
            await call.again({key: name("topsecret")})
            assert call.state is not None
            assert b"topsecret" not in base64.urlsafe_b64decode(call.state)

    in_loop(work)


def test_a_retry_that_reaches_another_host_on_the_same_home(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path / "data", tmp_path / "state")

    async def work() -> None:
        async with asked(paths=paths) as (_, client):
            call = Call(client, "ask_in_turn")
            [key] = await call.start()
        async with asked(paths=paths) as (_, other):
            call.client = other
            [key] = await call.again({key: name("one")})
        async with asked(paths=paths) as (_, third), asked(paths=paths) as (_, fourth):
            call.client = third
            [key] = await call.again({key: name("two")})
            call.client = fourth
            assert await call.end({key: name("three")}) == "one two three"
        async with asked() as (_, stranger):
            call.client = stranger
            assert (await failing(call.end({key: name("three")}))).code == -32602

    in_loop(work)
