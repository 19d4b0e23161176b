"""Where the audit log ended when it was last written, kept in a second place.

One row in a database of its own, sealed with an HMAC under a key from a file that only its owner may read. It goes
forward only, whichever of several processes comes first. Without it, nobody would miss rows cut off the end.
"""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from collections.abc import Callable

from mcp_agent.errors import AgentError
from mcp_agent.store.chain import Tip

Key = Callable[[], bytes]


class BadCheckpoint(AgentError):
    """The checkpoint is not what this home's key sealed."""


def create(connection: sqlite3.Connection) -> None:
    connection.execute(
        "create table checkpoint (one integer primary key check (one = 1), seq integer not null, hash blob not null,"
        " seal blob not null)"
    )


def advance(connection: sqlite3.Connection, tip: Tip, key: Key) -> None:
    """Note that the log reached ``tip``, unless it was further already."""
    connection.execute(
        "insert into checkpoint values (1, ?, ?, ?) on conflict (one) do update"
        " set seq = excluded.seq, hash = excluded.hash, seal = excluded.seal where excluded.seq > seq",
        (tip.seq, tip.hash, _seal(tip, key())),
    )


def read(connection: sqlite3.Connection, key: Key) -> Tip | None:
    """Where the log ended, None when nothing was noted yet. Raises BadCheckpoint."""
    found = connection.execute("select seq, hash, seal from checkpoint").fetchone()
    if found is None:
        return None
    seq, digest, seal = found
    if not (isinstance(seq, int) and isinstance(digest, bytes) and isinstance(seal, bytes)):
        raise BadCheckpoint("The checkpoint of the audit log holds values of the wrong type: it was edited.")
    tip = Tip(seq, digest)
    if not hmac.compare_digest(seal, _seal(tip, key())):
        raise BadCheckpoint("The checkpoint of the audit log does not fit its key: it or the key file was changed.")
    return tip


def _seal(tip: Tip, key: bytes) -> bytes:
    return hmac.digest(key, b"audit checkpoint %d " % tip.seq + tip.hash, hashlib.sha256)
