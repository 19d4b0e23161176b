"""The audit stage: every call and every refusal is written down, and what changes something before it runs."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mcp_agent.clock import SystemClock
from mcp_agent.config import Rule
from mcp_agent.errors import Denied, InternalFailure, InvalidArguments, ToolError, ToolTimeout
from mcp_agent.model import ToolResult
from mcp_agent.pipeline.audit import Audit
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.metrics import Metrics
from mcp_agent.store import chain
from mcp_agent.store.audit_log import AuditUnavailable
from mcp_agent.store.audit_memory import MemoryLog
from mcp_agent.transports.memory import MemoryConnection
from mcp_agent.vault.secret import Secret
from tests.pipeline import ledger
from tests.pipeline.audited import audited, entries, proof_of
from tests.pipeline.models import make_call, make_tool

TOGETHER = 50_000 if os.environ.get("MCP_AGENT_FULL") else 6_000
KILLS = 20 if os.environ.get("MCP_AGENT_FULL") else 4
PATIENCE = 120.0
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def rows(home: Path, **query: str) -> list[dict[str, Any]]:
    return [json.loads(one.text) for one in entries(home, **query)]


def called(
    home: Path, tool: str, arguments: dict[str, Any] | None = None, *rules: Rule, secret: str = ""
) -> BaseException | None:
    """Call a tool on a host of its own; gives the error it raised."""

    async def run() -> BaseException | None:
        async with audited(home, *rules) as host:
            if secret:
                host.vault.redactor.add(Secret(secret))
            try:
                await host.call(tool, arguments)
            except ToolError as error:
                return error
            return None

    return asyncio.run(run())


# --- what a row says -----------------------------------------------------------------------------


def test_a_read_is_one_row_that_says_everything(tmp_path: Path) -> None:
    before = time.time()
    called(tmp_path, "ledger_read", {"number": 7})
    [row] = rows(tmp_path, tool="ledger_read")
    assert before <= row.pop("at") <= time.time()
    assert row.pop("ms") >= 0
    assert len(row.pop("trace_id")) == 32
    assert row.pop("instance")
    assert row == {
        "seq": 2, "kind": "call", "principal": "library", "plugin": "ledger", "tool": "ledger_read", "effect": "read",
        "decision": "allowed", "outcome": "ok", "arguments": {"number": 7},
    }  # fmt: skip


def test_a_write_is_an_intent_and_an_outcome_that_refers_to_it(tmp_path: Path) -> None:
    called(tmp_path, "ledger_append", {"file": str(tmp_path / "file"), "number": 7})
    intent, outcome = rows(tmp_path, tool="ledger_append")
    assert (intent["kind"], intent["arguments"]["number"]) == ("intent", 7)
    assert "outcome" not in intent
    assert (outcome["kind"], outcome["outcome"], outcome["intent"]) == ("outcome", "ok", intent["seq"])
    assert "arguments" not in outcome
    assert intent["trace_id"] == outcome["trace_id"]


def test_the_intent_is_on_disk_before_anything_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(
        ledger, "look", lambda: seen.extend(row["kind"] for row in rows(tmp_path, tool="ledger_append"))
    )
    called(tmp_path, "ledger_append", {"file": str(tmp_path / "file"), "number": 7})
    assert seen == ["intent"]


@pytest.mark.parametrize(
    ("tool", "arguments", "error", "outcome", "detail"),
    [
        ("ledger_read", {"number": "x"}, InvalidArguments, "error", "InvalidArguments"),
        ("ledger_refuse", {}, ToolError, "error", "ToolError: The ledger is closed."),
        ("ledger_hang", {}, ToolTimeout, "timeout", None),
        ("ledger_break", {}, InternalFailure, "crashed", None),
    ],
)
def test_what_fails_is_written_with_how(
    tmp_path: Path, tool: str, arguments: dict[str, Any], error: type[Exception], outcome: str, detail: str | None
) -> None:
    raised = called(tmp_path, tool, arguments)
    assert type(raised) is error
    row = rows(tmp_path, tool=tool)[-1]
    assert row["outcome"] == outcome
    assert row.get("detail") == (raised.trace_id if isinstance(raised, InternalFailure) else detail)


def test_what_an_error_said_is_cut(tmp_path: Path) -> None:
    called(tmp_path, "ledger_quote", {"words": "more " * 100})
    detail = rows(tmp_path, tool="ledger_quote")[-1]["detail"]
    assert detail.startswith("ToolError: The ledger cannot keep 'more more ")
    assert len(detail) == 200


def test_details_are_redacted_before_they_are_cut() -> None:
    secret = "hunter2-" * 40
    entry = chain.Entry("call", 1.0, "cli", "p", "p_t", "read", b"{}", "", detail=f"ToolError: {secret} is wrong.")
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        chain.create(connection)
        chain.append(connection, [entry], "i", lambda text: text.replace(secret.encode(), b"***"))
        last = connection.execute("select row from log order by seq desc").fetchone()[0]
    assert json.loads(last)["detail"] == "ToolError: *** is wrong."


def test_what_an_error_said_of_private_arguments_is_not_written(tmp_path: Path) -> None:
    assert "private" in str(called(tmp_path, "ledger_whisper", {"words": "so private"}))
    row = rows(tmp_path, tool="ledger_whisper")[-1]
    assert row["detail"] == "ToolError"
    assert "so private" not in json.dumps(row)


def test_a_denial_is_written_with_its_reason(tmp_path: Path) -> None:
    rule = Rule(decide="deny", tool="ledger_break", because="it is broken")
    assert isinstance(called(tmp_path, "ledger_break", {}, rule), Denied)
    intent, outcome = rows(tmp_path, tool="ledger_break")
    assert (outcome["outcome"], outcome["intent"]) == ("denied", intent["seq"])
    assert outcome["decision"].startswith("denied")
    assert "it is broken" in outcome["decision"]


def test_secrets_are_redacted(tmp_path: Path) -> None:
    called(tmp_path, "ledger_append", {"file": "hunter2-hunter2", "number": "x"}, secret="hunter2-hunter2")
    assert rows(tmp_path)[1]["arguments"] == {"file": "***", "number": "x"}
    for path in (tmp_path / "data" / "audit").iterdir():
        assert b"hunter2" not in path.read_bytes()


def frame(number: int, tool: str, arguments: dict[str, Any] | None = None, **params: Any) -> bytes:
    call = {"name": tool, "arguments": arguments or {}, **params}
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": call}).encode()


MODERN = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": {"name": "tester", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {"elicitation": {}},
}


def test_the_trace_of_the_client_is_written_and_who_it_is(tmp_path: Path) -> None:
    async def run() -> None:
        async with audited(tmp_path) as host:
            connection = MemoryConnection(host.server)
            traced = {**MODERN, "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
            connection.send_frame(frame(1, "ledger_read", _meta=traced))
            await connection.receive()

    asyncio.run(run())
    [row] = rows(tmp_path, tool="ledger_read")
    assert (row["trace_id"], row["principal"]) == (TRACE, "stdio:tester")


def test_a_call_that_the_client_cancels_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with audited(tmp_path) as host:
            connection = MemoryConnection(host.server)
            connection.send_frame(frame(1, "ledger_hold", _meta=MODERN))
            await ledger.held.wait()
            connection.send_frame(
                b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}'
            )  # fmt: skip

    monkeypatch.setattr(ledger, "held", asyncio.Event())
    asyncio.run(run())
    assert [row.get("outcome") for row in rows(tmp_path, tool="ledger_hold")] == [None, "cancelled"]


def test_a_call_that_runs_when_the_host_stops_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with audited(tmp_path) as host:
            MemoryConnection(host.server).send_frame(frame(1, "ledger_hold", _meta=MODERN))
            await ledger.held.wait()

    monkeypatch.setattr(ledger, "held", asyncio.Event())
    asyncio.run(run())
    assert [row.get("outcome") for row in rows(tmp_path, tool="ledger_hold")] == [None, "cancelled"]


def test_a_call_that_waits_for_the_answers_of_its_client_is_not_called_cancelled(tmp_path: Path) -> None:
    async def run() -> None:
        async with audited(tmp_path) as host:
            connection = MemoryConnection(host.server)
            connection.send_frame(frame(1, "ledger_ask", _meta=MODERN))
            state = json.loads(await connection.receive())["result"]
            answers = {key: {"action": "decline"} for key in state["inputRequests"]}
            again = frame(2, "ledger_ask", _meta=MODERN, requestState=state["requestState"], inputResponses=answers)
            connection.send_frame(again)
            await connection.receive()

    asyncio.run(run())
    assert [row["outcome"] for row in rows(tmp_path, tool="ledger_ask")] == ["suspended", "ok"]


# --- the stage alone -----------------------------------------------------------------------------


def audit_into(log: MemoryLog) -> Audit:
    return Audit(log, Metrics(SystemClock()), SystemClock())


class FullLog(MemoryLog):
    full = True

    async def room(self) -> None:
        raise AuditUnavailable("no room")

    async def intent(self, entry: object) -> None:
        raise AuditUnavailable("no disk")


@pytest.mark.parametrize(("effect", "full"), [("read", True), ("write", False), ("destructive", False)])
def test_what_cannot_be_written_down_does_not_happen(effect: Any, full: bool) -> None:
    log = FullLog()
    log.full = full
    ran = []

    async def inner(call: Call) -> ToolResult:
        ran.append(call)
        return ToolResult()

    async def run() -> None:
        with pytest.raises(AuditUnavailable):
            await Audit(log, Metrics(SystemClock()), SystemClock())(
                make_call(make_tool(effect=effect), {"a": 1}), inner
            )

    asyncio.run(run())
    assert not ran
    [entry] = log.entries
    assert (entry.kind, entry.outcome, entry.intent, entry.arguments) == ("call", "error", None, b'{"a":1}')


def test_an_answer_that_is_degraded_says_so() -> None:
    async def stale(call: Call) -> ToolResult:
        call.degraded = True
        return ToolResult(is_error=True)

    log = MemoryLog()
    asyncio.run(audit_into(log)(make_call(make_tool()), stale))  # type: ignore[arg-type]
    assert (log.entries[0].degraded, log.entries[0].outcome) == (True, "error")


# --- several processes, and kill -9 --------------------------------------------------------------


def start(*words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.pipeline.audited", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def test_four_hosts_on_one_home_lose_no_call_and_write_none_twice(tmp_path: Path) -> None:
    each = TOGETHER // 4
    running = [start("read", tmp_path, number * each, each) for number in range(4)]
    for process in running:
        _, said = process.communicate(timeout=600)
        assert (process.returncode, said) == (0, "")
    found = Counter(row["arguments"]["number"] for row in rows(tmp_path, tool="ledger_read"))
    assert found == Counter(range(TOGETHER - TOGETHER % 4))
    assert not proof_of(tmp_path).findings


def test_after_kill_9_everything_that_happened_has_its_intent(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    chance = random.Random(os.urandom(8))
    for round_ in range(KILLS):
        process = start("append", tmp_path, round_ * 1000, 1000, file)
        enough = file.stat().st_size + chance.randrange(1, 2500)  # bytes: up to about half of the calls
        until = time.monotonic() + PATIENCE
        while file.stat().st_size < enough and process.poll() is None and time.monotonic() < until:
            time.sleep(0.001)
        process.kill()
        process.communicate(timeout=PATIENCE)
    happened = Counter(map(int, file.read_text().split()))
    assert 0 < len(happened) < KILLS * 1000, "killed too early or too late to prove anything"
    assert max(happened.values()) == 1
    intents = {row["arguments"]["number"]: row["seq"] for row in rows(tmp_path) if row["kind"] == "intent"}
    assert happened.keys() <= intents.keys()
    referred = Counter(row["intent"] for row in rows(tmp_path) if row["kind"] == "outcome")
    assert referred.keys() <= set(intents.values())
    assert set(referred.values()) == {1}
    assert not proof_of(tmp_path).findings
