"""Takes secrets out of log records, for handlers that write them as they are."""

from __future__ import annotations

import logging
import traceback
from typing import Any

from mcp_agent.vault.redact import Redactor

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class RedactingFilter(logging.Filter):
    """Add it to a handler (a logger's filters do not see the records of its children). It lets every record pass.

    A traceback that held a secret is kept as ``exc_text``, which is what handlers write.
    """

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def filter(self, record: logging.LogRecord) -> bool:
        redact = self._redactor.redact
        if not self._redactor.active:
            return True
        said = _message(record)
        clean = redact(said)
        if clean != said:
            record.msg, record.args = clean, None
        if record.exc_info and record.exc_info[0] is not None and not record.exc_text:
            told = "".join(traceback.format_exception(*record.exc_info)).rstrip()
            clean = redact(told)
            if clean != told:
                record.exc_info, record.exc_text = None, clean
        for name in ("exc_text", "stack_info"):
            if getattr(record, name):
                setattr(record, name, redact(getattr(record, name)))
        for name, value in list(vars(record).items()):
            if name not in _STANDARD:
                setattr(record, name, self._cleaned(value))
        return True

    def _cleaned(self, value: Any) -> Any:
        try:
            return self._redactor.redact_json(value)
        except Exception:  # noqa: BLE001  its own text raises: nothing of it can be written, and the handler says so
            return value


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # a mistake in the caller; the handler reports it
        return f"{record.msg} {record.args!r}"
