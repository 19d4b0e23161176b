"""No change to the audit log goes unseen."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mcp_agent.store import checkpoint
from mcp_agent.store.archive import Files, Rotation
from mcp_agent.store.audit_proof import verify
from mcp_agent.store.chain import Tip
from tests.store.audited import KEY, entry, fill, proof_of

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
