"""``mcp-agent approve``: the person's answer from a terminal, to a call that waits in another process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ran
from tests.support.process import Process, process, until

Run = Callable[..., Ran]


@pytest.fixture
def server(home: Path) -> Iterator[Process]:
    """``mcp-agent serve`` for a client that cannot ask anybody, under the policy that holds without rules."""
    with process("tests.plugins.shelf") as server:
        hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "mute", "version": "1"}}
        send(server, "initialize", 1, hello)
        answer(server, 1)
        yield server


def send(server: Process, method: str, number: int, params: dict[str, Any]) -> None:
    server.write(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode() + b"\n")


def answer(server: Process, number: int) -> Any:
    while True:  # past notifications
        message = json.loads(server.read_line())
        if message.get("id") == number:
            return message["result"]


def put(server: Process, number: int, thing: str) -> None:
    send(server, "tools/call", number, {"name": "shelf_put", "arguments": {"place": "top", "thing": thing}})


def waiting(run: Run) -> Any:
    """What waits, once something does."""
    found: list[Any] = []
    until(lambda: bool(found.extend(run("approve", "--json").json) or found))
    return found[0]


def there(server: Process, number: int) -> Any:
    send(server, "tools/call", number, {"name": "shelf_list", "arguments": {}})
    return answer(server, number)["structuredContent"]


def test_a_call_waits_until_it_is_allowed_elsewhere(run: Run, server: Process) -> None:
    put(server, 2, "vase")
    one = waiting(run)
    assert (one["tool"], one["principal"]) == ("shelf_put", "stdio:mute")
    assert 'place: "top", thing: "vase"' in one["summary"]
    listed = run("approve").out
    assert f"{one['id']}  shelf_put, for stdio:mute\n" in listed
    assert there(server, 3) == {}, "it ran before anybody allowed it"
    allowed = run("approve", one["id"].lower())
    assert (allowed.code, allowed.out) == (0, "shelf_put is allowed, once.\n")
    assert answer(server, 2)["content"][0]["text"] == "vase is on top."
    assert there(server, 4) == {"top": "vase"}
    again = run("approve", one["id"])
    assert (again.code, again.out) == (1, "")
    assert "waits for an answer: it has expired, was answered, or never was" in again.err


def test_a_call_that_is_refused_elsewhere_does_not_run(run: Run, server: Process) -> None:
    put(server, 2, "vase")
    one = waiting(run)
    refused = run("approve", one["id"], "--refuse")
    assert (refused.code, refused.out) == (0, "shelf_put is refused.\n")
    result = answer(server, 2)
    assert result["isError"] is True
    assert "The person refused shelf_put" in result["content"][0]["text"]
    assert there(server, 3) == {}
    put(server, 4, "vase")  # a refusal is for one call: the next is asked about anew
    assert waiting(run)["id"] != one["id"]


def test_nothing_waits(run: Run) -> None:
    assert run("approve").out == "Nothing waits for you.\n"
    assert run("approve", "--json").json == []
    unknown = run("approve", "NOSUCHID")
    assert (unknown.code, unknown.out) == (1, "")
    assert "Nothing of the id NOSUCHID waits for an answer" in unknown.err
