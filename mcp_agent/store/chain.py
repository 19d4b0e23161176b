"""The rows of the audit log, each linked to the one before it by a hash.

A row is JSON text, kept as it was hashed: ``hash = SHA-256(hash of the row before + text)``, 32 zero bytes before the
first. ``seq`` counts from 1 without gaps over all files, and is in the text too. The first row of every file has the
kind ``begin``; in a file that another was rotated into, it names the last hash of the file before in ``after``.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

import msgspec
from msgspec import Raw, Struct

from mcp_agent.jsonio import encode, too_deep

Kind: TypeAlias = Literal["begin", "call", "intent", "outcome"]
"""A new file; a call that has ended; a call that changes something, before it runs; and how that one ended."""

Redact: TypeAlias = Callable[[bytes], bytes]
"""Takes secrets out of JSON text. Runs on the writer thread, so it must be safe to call from there."""

log = logging.getLogger(__name__)

START = bytes(32)
ALLOWED = "allowed"
"""The decision on a call that nobody was asked about."""
_LONGEST = 16_384
"""Bytes of arguments that are kept; of longer ones the beginning, the length and a hash."""
_LONGEST_DETAIL = 200
_CHUNK = 256
_ESCAPE, _LF = b"\\\n"

_decode = msgspec.json.Decoder().decode
_check = msgspec.json.Decoder(Raw).decode
_NOTHING = Raw(b"")


class Entry(Struct, gc=False):
    """What a call leaves in the log. ``at`` is when it came in, seconds since the epoch, UTC; ``ms`` how long it took.

    ``arguments`` is JSON as it came. ``intent`` is the entry that announced this call; ``seq`` is set once written.
    """

    kind: Kind
    at: float
    principal: str
    plugin: str
    tool: str
    effect: str
    arguments: bytes
    trace_id: str
    decision: str = ""
    outcome: str = ""
    detail: str = ""
    ms: float | None = None
    intent: Entry | None = None
    degraded: bool = False
    seq: int = 0


class Row(Struct, frozen=True, omit_defaults=True, gc=False):
    """An entry as it is written down. What it does not have is left out."""

    seq: int
    at: float
    instance: str
    kind: Kind
    principal: str = ""
    plugin: str = ""
    tool: str = ""
    effect: str = ""
    decision: str = ""
    outcome: str = ""
    detail: str = ""
    ms: float | None = None
    intent: int = 0
    degraded: bool = False
    trace_id: str = ""
    arguments: Raw = _NOTHING
    after: str = ""


class Tip(Struct, frozen=True):
    """The last row of a log."""

    seq: int
    hash: bytes


def create(connection: sqlite3.Connection) -> None:
    """The table, and triggers that keep our own code from changing what is written."""
    connection.execute("create table log (seq integer primary key, row text not null, hash blob not null)")
    refuse = "begin select raise(abort, 'the audit log is append-only'); end"
    connection.execute(f"create trigger log_keeps_rows before update on log {refuse}")
    connection.execute(
        "create trigger log_grows_at_its_end before insert on log"
        f" when exists (select 1 from log where seq >= new.seq) {refuse}"
    )
    connection.execute(KEEP)


KEEP = (
    "create trigger log_loses_no_rows before delete on log begin select raise(abort, 'the audit log is append-only');"
    " end"
)
"""Apart from the others, because a rotation takes it off and puts it on again."""


def link(previous: bytes, text: bytes) -> bytes:
    """The hash of a row that follows another."""
    return hashlib.sha256(previous + text).digest()


def tip(connection: sqlite3.Connection) -> Tip | None:
    """The last row, None where there is none."""
    found = connection.execute("select seq, hash from log order by seq desc limit 1").fetchone()
    return None if found is None else Tip(*found)


def begin(connection: sqlite3.Connection, instance: str, at: float, before: Tip | None) -> Tip:
    """Write the first row of a file that continues after ``before``."""
    seq, previous = (1, START) if before is None else (before.seq + 1, before.hash)
    text = encode(Row(seq, at, instance, "begin", after=previous.hex()))
    first = Tip(seq, link(previous, text))
    connection.execute("insert into log values (?, ?, ?)", (seq, text.decode(), first.hash))
    return first


def append(connection: sqlite3.Connection, entries: Sequence[Entry], instance: str, redact: Redact) -> Tip:
    """Write entries after the last row, and tell each its ``seq``. Runs inside a transaction."""
    last = tip(connection) or begin(connection, instance, entries[0].at, None)
    seq, previous = last.seq, last.hash
    # A statement for many rows, because each one hands over the interpreter lock, which a busy event loop is slow to
    # give back; and not for all, because the event loop waits for the lock while rows are made.
    for start in range(0, len(entries), _CHUNK):
        values: list[int | str | bytes] = []
        for entry in entries[start : start + _CHUNK]:
            seq += 1
            entry.seq = seq
            text = encode(_row(entry, instance, redact))
            previous = link(previous, text)
            values += (seq, text.decode(), previous)
        connection.execute("insert into log values " + ",".join(["(?,?,?)"] * (len(values) // 3)), values)
    return Tip(seq, previous)


def _row(entry: Entry, instance: str, redact: Redact) -> Row:
    ms, intent = entry.ms, entry.intent
    return Row(
        entry.seq, entry.at, instance, entry.kind, entry.principal, entry.plugin, entry.tool, entry.effect,
        _words(entry.decision, redact), entry.outcome, _detail(entry.detail, redact) if entry.detail else "",
        None if ms is None else int(ms * 1000) / 1000,
        0 if intent is None else intent.seq, entry.degraded, entry.trace_id,
        kept_arguments(entry.arguments, redact) if entry.arguments else _NOTHING,
    )  # fmt: skip


def _words(decision: str, redact: Redact) -> str:
    """A decision may quote arguments; the usual one quotes nothing."""
    return decision if decision == ALLOWED else redact(decision.encode()).decode()


def _detail(detail: str, redact: Redact) -> str:
    """Redacted before it is cut: half a secret would not be found."""
    return redact(detail.encode(errors="replace")).decode(errors="replace")[:_LONGEST_DETAIL]


def kept_arguments(raw: bytes, redact: Redact) -> Raw:
    """JSON in one spelling, so that no escape hides a secret, then redacted, then cut where it is long."""
    plain = _in_one_spelling(raw)
    try:
        clean = redact(plain)
    except Exception:  # a row without its arguments is better than none, and than one with a secret
        log.exception("the arguments of a call could not be redacted, and are left out of the audit log")
        return Raw(b'"left out: redaction failed"')
    if len(clean) > _LONGEST:
        cut = clean[:_LONGEST].decode("utf-8", "ignore")
        whole = {"cut": cut, "bytes": len(clean), "sha256": hashlib.sha256(clean).hexdigest()}
        return Raw(encode(whole))
    if clean != plain and not _is_json(clean):
        return Raw(encode(clean.decode("utf-8", "replace")))
    return Raw(clean)


def _in_one_spelling(raw: bytes) -> bytes:
    """As JSON; what is none, or deeper than readers go, as text in JSON."""
    if not too_deep(raw):
        try:
            if _ESCAPE in raw or _LF in raw or not raw.isascii():
                return encode(_decode(raw))
            _check(raw)  # it is in that spelling already
            return raw
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OverflowError):
            pass
    return encode(raw.decode("utf-8", "replace"))


def _is_json(text: bytes) -> bool:
    try:
        _decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True
