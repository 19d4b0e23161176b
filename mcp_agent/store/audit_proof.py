"""Proof that the audit log is whole: every link of the chain, over all files, and the checkpoint at its end."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct

from mcp_agent.errors import AgentError
from mcp_agent.store import checkpoint
from mcp_agent.store.archive import Files, open_readonly, snapshot
from mcp_agent.store.chain import START, Tip, link

_MOST = 20
"""Findings after which no more are looked for."""


class Finding(Struct, frozen=True):
    """Something that is not as it was written. ``row`` is the number of the row, None where it is a whole file."""

    file: str
    what: str
    row: int | None = None


class Proof(Struct, frozen=True):
    """What verifying gave. ``rows`` counts those that were there; ``checkpoint`` is the last row known to have been."""

    files: int
    rows: int
    checkpoint: int | None
    findings: tuple[Finding, ...]


def verify(files: Files, key: checkpoint.Key) -> Proof:
    """Walk the whole log. Blocks; changes nothing; may run while the log is being written."""
    findings: list[Finding] = []
    noted = _noted(files, key, findings)  # before the log is read, which only grows
    walk = _Walk(findings, noted)
    live: sqlite3.Connection | None = None
    archives = files.archives()
    with ExitStack() as stack:
        with _reported(files.live, findings):
            live, archives = stack.enter_context(snapshot(files))
        for path in archives:
            with _reported(path, findings), closing(open_readonly(path)) as archive:
                walk.file(path.name, archive)
        if live is not None:
            with _reported(files.live, findings):
                walk.file(files.live.name, live)
    if noted is not None and noted.seq > walk.last.seq:
        what = f"The end of the log is missing: the checkpoint knows {noted.seq} rows, the log ends at {walk.last.seq}."
        findings.append(Finding(files.live.name, what))
    elif noted is not None and not walk.met:
        what = "It is not the row that the checkpoint knows: the log was written anew."
        findings.append(Finding(files.live.name, what, noted.seq))
    elif noted is None and walk.rows and not findings:
        findings.append(Finding(files.checkpoint.name, "There is a log, but no checkpoint: it was removed."))
    return Proof(walk.files, walk.rows, noted.seq if noted is not None else None, tuple(findings))


class _Walk:
    """Goes through rows in order. After a fault it goes on from what it found, so that each is told once."""

    def __init__(self, findings: list[Finding], noted: Tip | None) -> None:
        self.findings = findings
        self.noted = noted
        self.met = False
        self.files = 0
        self.rows = 0
        self.last = Tip(0, START)

    def file(self, name: str, connection: sqlite3.Connection) -> None:
        self.files += 1
        for seq, text, digest in connection.execute("select seq, row, hash from log order by seq"):
            fault = self._fault(seq, text, digest)
            if fault is not None:
                self.findings.append(Finding(name, fault, seq))
                if len(self.findings) >= _MOST:
                    return
            self.rows += 1
            self.last = Tip(seq, digest if isinstance(digest, bytes) else b"")
            self.met = self.met or self.last == self.noted

    def _fault(self, seq: int, text: Any, digest: Any) -> str | None:
        if seq != self.last.seq + 1:
            return f"Rows {self.last.seq + 1} to {seq - 1} are missing."
        if not isinstance(text, str) or link(self.last.hash, text.encode()) != digest:
            return "It does not fit the row before it: one of the two was edited, or put in another place."
        return None


def _noted(files: Files, key: checkpoint.Key, findings: list[Finding]) -> Tip | None:
    if not files.checkpoint.exists():
        return None
    with _reported(files.checkpoint, findings), closing(open_readonly(files.checkpoint)) as connection:
        return checkpoint.read(connection, key)
    return None


@contextmanager
def _reported(path: Path, findings: list[Finding]) -> Iterator[None]:
    """What cannot be read is a finding."""
    try:
        yield
    except (sqlite3.Error, AgentError) as error:
        findings.append(Finding(path.name, f"It cannot be read: {error}"))
