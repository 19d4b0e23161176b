"""The audit log: what is added is there once and in order."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from mcp_agent.store.archive import Files
from mcp_agent.store.audit_log import AuditUnavailable
from mcp_agent.store.audit_reader import Query, latest, search, since
from mcp_agent.store.chain import START
from tests.store.audited import entry, fill, numbers, open_log, proof_of


def test_everything_added_is_there_once_and_in_order(tmp_path: Path) -> None:
    fill(tmp_path, (entry(number) for number in range(1234)))
    fill(tmp_path, (entry(number) for number in range(1234, 1300)))
    assert numbers(tmp_path) == list(range(1300))
    proof = proof_of(tmp_path)
    assert (proof.rows, proof.checkpoint, proof.findings) == (1301, 1301, ())


def test_the_chain_can_be_verified_with_nothing_but_sha256(tmp_path: Path) -> None:
    fill(tmp_path, (entry(number) for number in range(10)))
    previous = START
    for one in search(Files(tmp_path), Query()):
        previous = hashlib.sha256(previous + one.text.encode()).digest()
        assert previous == one.hash


def test_an_intent_is_on_disk_when_it_returns(tmp_path: Path) -> None:
    async def run() -> None:
        log = open_log(tmp_path)
        one = entry(7)
        await log.intent(one)
        [found] = latest(Files(tmp_path), 1)
        assert found.row.seq == one.seq == 2
        await log.close()

    asyncio.run(run())


def test_rows_that_linger_are_written_without_being_closed(tmp_path: Path) -> None:
    async def run() -> None:
        log = open_log(tmp_path)
        log.add(entry(1))
        async with asyncio.timeout(30):
            while not since(Files(tmp_path), 1):  # noqa: ASYNC110  the file is all there is to look at
                await asyncio.sleep(0.01)
        await log.close()

    asyncio.run(run())


def test_a_full_queue_makes_callers_wait_and_loses_nothing(tmp_path: Path) -> None:
    async def run() -> bool:
        log = open_log(tmp_path)
        for number in range(10_000):
            log.add(entry(number))
        was_full = log.full
        await log.room()
        log.add(entry(10_000))
        await log.close()
        return was_full

    assert asyncio.run(run())
    assert numbers(tmp_path) == list(range(10_001))


def test_large_arguments_fill_the_queue_as_well(tmp_path: Path) -> None:
    async def run() -> None:
        log = open_log(tmp_path)
        log.add(entry(arguments=b'{"text":"%s"}' % (b"x" * 17 * 2**20)))
        assert log.full
        await log.room()
        assert not log.full
        await log.close()

    asyncio.run(run())


def test_long_arguments_are_cut_and_hashed(tmp_path: Path) -> None:
    given = b'{"text":"%s"}' % (b"x" * 100_000)
    fill(tmp_path, [entry(arguments=given)])
    [kept] = latest(Files(tmp_path), 1)
    arguments = json.loads(kept.text)["arguments"]
    assert given.decode().startswith(arguments.pop("cut"))
    assert arguments == {"bytes": len(given), "sha256": hashlib.sha256(given).hexdigest()}
    assert len(kept.text) < 20_000


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (b'{"a" : "\\u0041\\/"}', {"a": "A/"}),
        (b'{"a":123456789012345678901234567890}', {"a": 123456789012345678901234567890}),
        (b"not json", "not json"),
        (b'{"a":"\xff"}', '{"a":"\ufffd"}'),
        (b"[" * 5000 + b"]" * 5000, "[" * 5000 + "]" * 5000),
        (b'{"a":"\\ud800"}', '{"a":"\\ud800"}'),
    ],
    ids=["escapes", "big number", "no JSON", "no UTF-8", "deep", "surrogate"],
)
def test_arguments_of_any_kind_are_kept(tmp_path: Path, given: bytes, kept: object) -> None:
    fill(tmp_path, [entry(arguments=given)])
    assert json.loads(latest(Files(tmp_path), 1)[0].text)["arguments"] == kept
    assert not proof_of(tmp_path).findings


def test_secrets_are_redacted_before_anything_is_on_disk_however_they_were_spelt(tmp_path: Path) -> None:
    given = [b'{"pin":"s3cret-value"}', b'{"pin":"s3\\u0063ret-value"}', b'{"pin":"%s s3cret-value"}' % (b"x" * 16_370)]
    fill(tmp_path, [entry(arguments=one) for one in given], redact=lambda text: text.replace(b"s3cret-value", b"***"))
    for path in tmp_path.iterdir():
        assert b"cret-value" not in path.read_bytes()
    plain, escaped, _ = (json.loads(one.text)["arguments"] for one in latest(Files(tmp_path), 3))
    assert plain == escaped == {"pin": "***"}


def test_a_redaction_that_fails_or_breaks_the_json_costs_the_arguments_not_the_row(tmp_path: Path) -> None:
    def broken(text: bytes) -> bytes:
        if b"1" in text:
            raise ValueError("no")
        return text.replace(b'"', b"")

    fill(tmp_path, [entry(1), entry(2)], redact=broken)
    first, second = (json.loads(one.text)["arguments"] for one in latest(Files(tmp_path), 2))
    assert first == "left out: redaction failed"
    assert second == "{number:2}"
    assert not proof_of(tmp_path).findings


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no modes")
    fill(tmp_path / "audit", (entry(number) for number in range(3)))
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "audit").iterdir()} == {0o600}


def test_our_own_code_cannot_change_or_delete_a_row(tmp_path: Path) -> None:
    fill(tmp_path, [entry(1)])
    with closing(sqlite3.connect(Files(tmp_path).live)) as connection:
        for statement in (
            "update log set row = 'x'",
            "delete from log",
            "insert or replace into log values (1, 'x', 'y')",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)


def test_where_the_disk_refuses_intents_are_refused_and_the_rest_is_kept(tmp_path: Path) -> None:
    blocked = tmp_path / "audit"
    blocked.write_text("a file where the folder should be")

    async def run() -> None:
        log = open_log(blocked)
        log.add(entry(1))
        with pytest.raises(AuditUnavailable, match="Nothing was done"):
            await log.intent(entry(2))
        blocked.unlink()
        await log.intent(entry(3))
        await log.close()

    asyncio.run(run())
    assert numbers(blocked) == [1, 3]
