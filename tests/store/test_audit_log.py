"""The audit log: what is added is there once and in order, and no change to it goes unseen."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mcp_agent.store import checkpoint
from mcp_agent.store.archive import Files, Rotation
from mcp_agent.store.audit_log import AuditUnavailable
from mcp_agent.store.audit_proof import verify
from mcp_agent.store.audit_reader import Query, latest, search, since
from mcp_agent.store.chain import START, Tip
from tests.store.audited import KEY, FakeClock, entry, fill, open_log, proof_of

DAY = 86_400.0
TOGETHER = 50_000 if os.environ.get("MCP_AGENT_FULL") else 12_000


def numbers(folder: Path) -> list[int]:
    return [json.loads(one.text)["arguments"]["number"] for one in search(Files(folder), Query(tool="shop_add"))]


# --- what is written -----------------------------------------------------------------------------


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


# --- rotation ------------------------------------------------------------------------------------


def test_a_file_is_put_away_when_it_is_old_and_the_chain_goes_on(tmp_path: Path) -> None:
    clock = FakeClock()

    async def run() -> None:
        log = open_log(tmp_path, rotation=Rotation(size=0, age=30 * DAY), clock=clock)
        for number in range(40):
            log.add(entry(number, at=clock.now))
            await log.intent(entry(100 + number, at=clock.now))
            clock.now += DAY
        await log.close()

    asyncio.run(run())
    files = Files(tmp_path)
    [archive] = files.archives()
    with closing(sqlite3.connect(archive)) as connection:
        seq, digest = connection.execute("select seq, hash from log order by seq desc").fetchone()
    with closing(sqlite3.connect(files.live)) as connection:
        first = json.loads(connection.execute("select row from log order by seq").fetchone()[0])
    assert (first["seq"], first["kind"], first["after"]) == (seq + 1, "begin", digest.hex())
    assert len(numbers(tmp_path)) == 80
    proof = proof_of(tmp_path)
    assert (proof.files, proof.findings) == (2, ())
    assert latest(files, 1000) == list(search(files, Query()))


def test_a_file_is_put_away_when_it_is_large(tmp_path: Path) -> None:
    for start in range(0, 3000, 1000):
        fill(tmp_path, (entry(number) for number in range(start, start + 1000)), rotation=Rotation(100_000, 0))
    assert len(Files(tmp_path).archives()) == 2
    assert numbers(tmp_path) == list(range(3000))
    assert not proof_of(tmp_path).findings


def test_a_rotation_that_was_killed_before_its_end_does_no_harm(tmp_path: Path) -> None:
    fill(tmp_path, (entry(number) for number in range(100)))
    with (
        closing(sqlite3.connect(Files(tmp_path).live)) as live,
        closing(sqlite3.connect(Files(tmp_path).archive(1))) as archive,
    ):
        live.backup(archive)
    fill(tmp_path, [entry(100)])
    assert numbers(tmp_path) == list(range(101))
    assert not proof_of(tmp_path).findings
    fill(tmp_path, [entry(101)], rotation=Rotation(1, 0))
    assert numbers(tmp_path) == list(range(102))
    assert not proof_of(tmp_path).findings


# --- several processes ---------------------------------------------------------------------------


@pytest.mark.parametrize("rotate_bytes", [0, 500_000], ids=["one file", "rotating"])
def test_processes_that_share_a_log_lose_nothing_and_write_nothing_twice(tmp_path: Path, rotate_bytes: int) -> None:
    each = TOGETHER // 4
    names = [f"shop_{number}" for number in range(4)]
    command = [sys.executable, "-m", "tests.store.audited", str(tmp_path)]
    running = [
        subprocess.Popen([*command, name, str(each), str(rotate_bytes)], stderr=subprocess.PIPE, text=True)
        for name in names
    ]
    for process in running:
        _, said = process.communicate(timeout=300)
        assert (process.returncode, said) == (0, "")
    found = Counter((one.row.tool, one.row.trace_id) for one in search(Files(tmp_path), Query(tool="shop_*")))
    assert found == Counter((name, f"{number + 1:032x}") for name in names for number in range(each))
    assert len(Files(tmp_path).archives()) > 1 or not rotate_bytes
    assert not proof_of(tmp_path).findings


# --- tampering -----------------------------------------------------------------------------------

Tamper = Callable[[sqlite3.Connection], object]


def run_sql(*statements: str) -> Tamper:
    def tamper(connection: sqlite3.Connection) -> None:
        connection.execute("drop trigger log_keeps_rows")
        connection.execute("drop trigger log_loses_no_rows")
        connection.execute("drop trigger log_grows_at_its_end")
        for statement in statements:
            assert connection.execute(statement).rowcount, statement

    return tamper


def rehash_from(seq: int) -> Tamper:
    """Edit a row and make the chain fit again, as somebody who knows how it works would."""

    def tamper(connection: sqlite3.Connection) -> None:
        connection.execute("drop trigger log_keeps_rows")
        edit = "update log set row = replace(row, 'stdio:test', 'stdio:evil') where seq = ?"
        assert connection.execute(edit, (seq,)).rowcount
        previous = connection.execute("select hash from log where seq = ?", (seq - 1,)).fetchone()[0]
        for number, text in connection.execute(
            "select seq, row from log where seq >= ? order by seq", (seq,)
        ).fetchall():
            previous = hashlib.sha256(previous + text.encode()).digest()
            connection.execute("update log set hash = ? where seq = ?", (previous, number))

    return tamper


TAMPERED: dict[str, tuple[Tamper, str]] = {
    "text edited": (run_sql("update log set row = replace(row, 'allowed', 'alloweD') where seq = 5"), "row before"),
    "text replaced by a blob": (run_sql("update log set row = cast(row as blob) where seq = 5"), "row before"),
    "hash edited": (run_sql("update log set hash = zeroblob(32) where seq = 5"), "row before"),
    "hash removed": (run_sql("update log set hash = '' where seq = 11"), "row before"),
    "hash of another type": (run_sql("update log set hash = 'text' where seq = 5"), "row before"),
    "text that is none": (run_sql("update log set row = cast(x'ff' as text) where seq = 5"), "cannot be read"),
    "number edited": (run_sql("update log set seq = 50 where seq = 11"), "missing"),
    "first edited": (run_sql("update log set row = replace(row, 'begin', 'began') where seq = 1"), "row before"),
    "last edited": (run_sql("update log set row = replace(row, 'ok', 'no') where seq = 11"), "row before"),
    "first deleted": (run_sql("delete from log where seq = 1"), "Rows 1 to 1 are missing"),
    "middle deleted": (run_sql("delete from log where seq in (5, 6)"), "Rows 5 to 6 are missing"),
    "middle deleted and closed up": (
        run_sql("delete from log where seq = 5", "update log set seq = seq - 1 where seq > 5"),
        "row before",
    ),
    "last deleted": (run_sql("delete from log where seq = 11"), "end of the log is missing"),
    "all deleted": (run_sql("delete from log"), "end of the log is missing"),
    "two swapped": (
        run_sql(
            "update log set seq = 99 where seq = 4", "update log set seq = 4 where seq = 5",
            "update log set seq = 5 where seq = 99",
        ),
        "row before",
    ),
    "inserted at the end": (run_sql("insert into log select 12, row, hash from log where seq = 11"), "row before"),
    "inserted at the beginning": (run_sql("insert into log select 0, row, hash from log where seq = 1"), "missing"),
    "chain made anew": (rehash_from(5), "written anew"),
    "last made anew": (rehash_from(11), "written anew"),
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERED)
def test_no_change_goes_unseen(tmp_path: Path, how: str) -> None:
    tamper, expected = TAMPERED[how]
    fill(tmp_path, (entry(number) for number in range(10)))
    assert not proof_of(tmp_path).findings
    with closing(sqlite3.connect(Files(tmp_path).live)) as connection, connection:
        tamper(connection)
    findings = proof_of(tmp_path).findings
    assert expected in findings[0].what, findings


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("update checkpoint set seq = 5", "does not fit its key"),
        ("update checkpoint set hash = zeroblob(32)", "does not fit its key"),
        ("update checkpoint set seal = 'x'", "wrong type"),
        ("delete from checkpoint", "no checkpoint"),
    ],
)
def test_a_checkpoint_that_was_edited_is_told(tmp_path: Path, statement: str, expected: str) -> None:
    fill(tmp_path, [entry(1)])
    with closing(sqlite3.connect(Files(tmp_path).checkpoint)) as connection, connection:
        connection.execute(statement)
    [finding] = proof_of(tmp_path).findings
    assert expected in finding.what


def test_the_checkpoint_goes_forward_only() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        checkpoint.create(connection)
        for seq in (5, 9, 7):  # two processes may note what they reached in another order than they wrote it
            checkpoint.advance(connection, Tip(seq, bytes([seq]) * 32), lambda: KEY)
        assert checkpoint.read(connection, lambda: KEY) == Tip(9, b"\t" * 32)


def test_another_key_does_not_fit(tmp_path: Path) -> None:
    fill(tmp_path, [entry(1)])
    [finding] = verify(Files(tmp_path), lambda: b"another").findings
    assert "does not fit its key" in finding.what


def archived(folder: Path) -> Path:
    """A log of three files; gives the archive in the middle."""
    for start in (0, 100, 200):
        fill(folder, (entry(number) for number in range(start, start + 100)), rotation=Rotation(1, 0))
    assert not proof_of(folder).findings
    return Files(folder).archives()[1]


def test_a_change_in_an_archive_is_told(tmp_path: Path) -> None:
    archive = archived(tmp_path)
    with closing(sqlite3.connect(archive)) as connection, connection:
        run_sql("update log set row = replace(row, 'allowed', 'alloweD') where seq = 150")(connection)
    [finding] = proof_of(tmp_path).findings
    assert (finding.file, finding.row) == (archive.name, 150)


def test_rows_cut_off_an_archive_are_told(tmp_path: Path) -> None:
    with closing(sqlite3.connect(archived(tmp_path))) as connection, connection:
        run_sql("delete from log where seq > 190")(connection)
    [finding] = proof_of(tmp_path).findings
    assert "Rows 191 to" in finding.what


def test_an_archive_that_was_cut_short_is_told(tmp_path: Path) -> None:
    archive = archived(tmp_path)
    os.truncate(archive, archive.stat().st_size // 2)
    assert any(one.file == archive.name and "cannot be read" in one.what for one in proof_of(tmp_path).findings)


def test_an_archive_that_is_gone_is_told(tmp_path: Path) -> None:
    archived(tmp_path).unlink()
    [finding] = proof_of(tmp_path).findings
    assert "are missing" in finding.what


def test_a_log_that_was_removed_and_begun_again_is_told_for_good(tmp_path: Path) -> None:
    fill(tmp_path, (entry(number) for number in range(10)))
    for name in ("", "-wal", "-shm"):
        Path(f"{Files(tmp_path).live}{name}").unlink(missing_ok=True)
    fill(tmp_path, (entry(number) for number in range(50)))
    [finding] = proof_of(tmp_path).findings
    assert "written anew" in finding.what


def test_verifying_a_home_where_nothing_was_ever_called(tmp_path: Path) -> None:
    proof = proof_of(tmp_path / "nowhere")
    assert (proof.files, proof.rows, proof.findings) == (0, 0, ())
