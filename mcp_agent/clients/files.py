"""Files of clients: read and replaced whole, with copies of what was there."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from mcp_agent.clients.text import BrokenFile
from mcp_agent.jsonio import encode

_MAX_BYTES = 64 * 2**20
_KEPT = 10
"""Copies of one client's file."""


class Record(Struct, frozen=True):
    """What the last installation did: the copy that holds the text before (None: no file), and what it left."""

    file: str
    before: str | None
    after: str


class Copies:
    """Copies and records, in a folder that only its owner may read: settings of clients often hold secrets."""

    def __init__(self, state: Path) -> None:
        self._folder = state / "clients"

    def keep(self, client: str, file: Path, text: str) -> Path:
        """Copy a text, and let go of the oldest copies."""
        held = self.recorded(client)
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        copy = self._folder / f"{client}.{stamp}{file.suffix}"
        self._write(copy, text)
        for old in sorted(self._folder.glob(f"{client}.2*"))[:-_KEPT]:
            if held is None or old.name != held.before:
                old.unlink()
        return copy

    def recorded(self, client: str) -> Record | None:
        try:
            return msgspec.json.decode(self._record(client).read_bytes(), type=Record)
        except (OSError, msgspec.MsgspecError):  # never installed, or somebody cleaned up
            return None

    def record(self, client: str, record: Record | None) -> None:
        if record is None:
            self._record(client).unlink(missing_ok=True)
        else:
            self._write(self._record(client), encode(record).decode())

    def read(self, name: str) -> str | None:
        return read(self._folder / name)

    def _record(self, client: str) -> Path:
        return self._folder / f"{client}.json"

    def _write(self, file: Path, text: str) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace(file, text)


def read(file: Path) -> str | None:
    """None for a file that is not there. Raises BrokenFile and OSError."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return None
    if len(data) > _MAX_BYTES:
        raise BrokenFile("it is too large to be a file of settings.")
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise BrokenFile("it is not UTF-8 text.") from None


def replace(file: Path, text: str) -> None:
    """Write a file whole or not at all. It keeps its mode; a new one is its owner's alone. Raises OSError."""
    file = file.resolve()  # people keep such files as links into a repository of theirs
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    mode = file.stat().st_mode & 0o777 if file.exists() else 0o600
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(text.encode())
            stream.flush()
            os.fsync(descriptor)
        unfinished.chmod(mode)
        os.replace(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
