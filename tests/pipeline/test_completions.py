"""Completions pass the same onion as what they belong to: ruled on, written down, bounded, cleaned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Host, readers
from mcp_agent.config import Rule
from mcp_agent.vault.secret import Secret
from tests.pipeline.test_readers import SECRET, at_home
from tests.plugins import postman
from tests.support.schema import REVISIONS
from tests.support.wire import Client, WireError

PROMPT = {"type": "ref/prompt", "name": "post_reply"}
LETTER = {"type": "ref/resource", "uri": "post://letters/{name}"}


async def completed(client: Client, ref: dict[str, str], value: str, argument: str = "name") -> Any:
    params = {"ref": ref, "argument": {"name": argument, "value": value}, "context": {"arguments": {"to": "Ann"}}}
    return (await client.call("completion/complete", params))["completion"]


@pytest.mark.parametrize("revision", REVISIONS[1:])
def test_they_are_written_down_and_counted(tmp_path: Path, revision: str) -> None:
    async def work(host: Host, client: Client) -> None:
        before = host.health().calls
        assert (await completed(client, PROMPT, "ev"))["values"] == ["evil"]
        assert (await completed(client, LETTER, "t"))["values"] == ["told"]
        assert host.health().calls == before + 2

    rows = at_home(tmp_path, revision, work)
    assert [(row["tool"], row["outcome"], row["arguments"]) for row in rows] == [
        ("prompt:post_reply", "ok", {"to": "Ann", "name": "ev"}),
        ("resource:post://letters/{name}", "ok", {"to": "Ann", "name": "t"}),
    ]


@pytest.mark.parametrize(
    "rule",
    [
        {"plugin": "postman", "decide": "deny"},
        {"tool": "*:post*", "decide": "deny"},
        {"when": 'uri == "post://letters/told" || name.startsWith("e")', "decide": "deny"},
        {"plugin": "postman", "decide": "ask"},
    ],
)
@pytest.mark.parametrize("ref", [PROMPT, LETTER])
def test_who_may_not_read_gets_no_suggestions_and_nobody_is_asked(
    tmp_path: Path, rule: dict[str, Any], ref: dict[str, str]
) -> None:
    async def work(host: Host, client: Client) -> None:
        with pytest.raises(WireError, match="is not allowed"):
            await completed(client, ref, "ev")
        assert await host.approvals.pending() == []
        assert postman.sent == []

    [row] = at_home(tmp_path, "2026-07-28", work, Rule(**rule))
    assert row["outcome"] == "denied"


def test_there_is_an_end_to_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(host: Host, client: Client) -> None:
        many = await completed(client, PROMPT, "s", "stamp")
        assert many["values"] == [f"s{number}" for number in range(100) if number != 2]
        assert many["hasMore"]
        with pytest.raises(WireError, match="was stopped after"):
            await completed(client, PROMPT, "slow")

    monkeypatch.setattr(readers, "_COMPLETION_SECONDS", 0.05)
    at_home(tmp_path, "2025-11-25", work)


def test_what_others_wrote_is_shown_and_remembered_and_a_secret_does_not_leave(tmp_path: Path) -> None:
    async def work(host: Host, client: Client) -> None:
        host.vault.redactor.add(Secret(SECRET))
        postman.letters[f"secret {SECRET}"] = ""
        postman.letters["mallory@evil.example\u202e"] = ""
        assert (await completed(client, LETTER, "secret"))["values"] == ["secret ***"]
        assert (await completed(client, LETTER, "mall"))["values"] == ["mallory@evil.example[U+202E]"]
        postman.sent.clear()
        params = {"name": "post_answer", "arguments": {"what": "mallory@evil.example"}}
        assert "inputRequests" in await client.call("tools/call", params)
        assert postman.sent == []

    at_home(tmp_path, "2026-07-28", work)
