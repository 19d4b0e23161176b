"""A way from whoever logs to one place: a bounded queue and a thread that writes."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import threading
from collections.abc import Callable

Form = Callable[[logging.LogRecord, str], bytes]
"""A record and its message as the bytes of one line."""

Write = Callable[[list[bytes], float], None]
"""Writes lines; the number is when the latest was logged, in seconds since the epoch. Raises OSError."""

_BATCH = 200
_CLOSE_SECONDS = 1.0


class Lane(logging.Handler):
    """A handler that never waits. What does not fit into the queue is dropped, counted, and the count is written."""

    def __init__(self, level: int, form: Form, write: Write, size: int) -> None:
        super().__init__(level)
        self._form = form
        self._write = write
        self._queue: queue.Queue[tuple[logging.LogRecord, str] | None] = queue.Queue(size)
        self._thread: threading.Thread | None = None
        self._dropped = 0
        self._broken = False
        self._closed = False

    def emit(self, record: logging.LogRecord) -> None:
        if self._closed:
            return
        try:
            self._queue.put_nowait((record, _message(record)))  # its arguments may change from here on
        except queue.Full:
            self._dropped += 1
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="log", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Write what is waiting, for a second at most."""
        if self._closed:  # the logging module closes all handlers once more at the end of the process
            return
        self._closed = True
        if self._thread is not None and self._thread.is_alive():
            with contextlib.suppress(queue.Full):
                self._queue.put(None, timeout=_CLOSE_SECONDS)
                self._thread.join(_CLOSE_SECONDS)
        super().close()

    def _run(self) -> None:
        while True:
            batch = [self._queue.get()]
            while len(batch) < _BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            records = [item for item in batch if item is not None]
            if self._dropped:
                records.append(self._drop_note())
            if records:
                self._put(records)
            if None in batch:
                return

    def _put(self, records: list[tuple[logging.LogRecord, str]]) -> None:
        try:
            self._write([self._line(record, message) for record, message in records], records[-1][0].created)
        except OSError as error:
            if not self._broken:
                self._broken = True
                with contextlib.suppress(OSError):
                    write_all(2, f"mcp-agent cannot write its log: {error}\n".encode(errors="replace"))
        else:
            self._broken = False

    def _line(self, record: logging.LogRecord, message: str) -> bytes:
        try:
            return self._form(record, message)
        except Exception as error:  # noqa: BLE001  anything may be logged, and one bad record must not end the log
            text = f"A record could not be written ({type(error).__name__}: {error}): {message}"
            return self._form(_record(record.name, record.levelno, text), text)

    def _drop_note(self) -> tuple[logging.LogRecord, str]:
        count, self._dropped = self._dropped, 0
        text = f"{count} records were dropped: they came faster than they could be written."
        return _record(__name__, logging.WARNING, text), text


def write_all(descriptor: int, data: bytes) -> None:
    """Raises OSError."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _record(name: str, level: int, text: str) -> logging.LogRecord:
    return logging.LogRecord(name, level, "", 0, text, None, None)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError) as error:  # a mistake in the caller must not cost what it had to say
        return f"{record.msg} {record.args!r} ({type(error).__name__}: {error})"
