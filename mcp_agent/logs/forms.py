"""A record as one line: JSON for the file, readable for a person."""

from __future__ import annotations

import bisect
import logging
import re
import time
import traceback
from datetime import UTC, datetime
from typing import Any

import msgspec

from mcp_agent.model import LogLevel

LEVELS: dict[LogLevel, int] = {
    "debug": 10, "info": 20, "notice": 25, "warning": 30, "error": 40, "critical": 50, "alert": 55, "emergency": 60,
}  # fmt: skip
"""The levels of MCP, which are those of syslog, as numbers of the logging module."""

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "trace_id"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LONGEST = 32_000
_NAMES = list(LEVELS)
_NUMBERS = list(LEVELS.values())
_encode = msgspec.json.Encoder(enc_hook=str).encode


def level_name(number: int) -> LogLevel:
    """The level a number stands for, or the one below it."""
    return _NAMES[max(0, bisect.bisect_right(_NUMBERS, number) - 1)]


def json_line(record: logging.LogRecord, message: str) -> bytes:
    """``time`` (ISO 8601, UTC), ``level``, ``logger``, ``message``, ``trace_id``, what was given as ``extra``, and
    ``exception`` with its traceback."""
    said: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": level_name(record.levelno),
        "logger": record.name,
        "message": _bounded(_clean(message)),
    }
    given = vars(record)
    if "trace_id" in given:
        said["trace_id"] = given["trace_id"]
    said.update({key: value for key, value in given.items() if key not in _OWN and key not in said})
    if record.exc_info and record.exc_info[0] is not None:
        said["exception"] = _bounded(_clean("".join(traceback.format_exception(*record.exc_info)).rstrip()))
    elif record.exc_text:  # a filter made it text already, to take secrets out of it
        said["exception"] = _bounded(_clean(record.exc_text))
    try:
        return _encode(said) + b"\n"
    except (TypeError, ValueError, RecursionError):  # extras that JSON cannot hold: as text, then it fits
        return _encode({key: ascii(value) if key in given else value for key, value in said.items()}) + b"\n"


def text_line(record: logging.LogRecord, message: str) -> bytes:
    """``18:30:05 WARNING mcp_agent.supervisor: what happened (ValueError: why)``; no control characters."""
    clock = time.strftime("%H:%M:%S", time.localtime(record.created))
    why = ""
    if record.exc_info and record.exc_info[1] is not None:
        why = f" ({type(record.exc_info[1]).__name__}: {record.exc_info[1]})"
    text = f"{clock} {level_name(record.levelno).upper()} {record.name}: {_bounded(message + why)}"
    return _CONTROL.sub(" ", text).encode(errors="backslashreplace") + b"\n"


def _bounded(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text)} characters)"


def _clean(text: str) -> str:
    """A lone surrogate is not UTF-8."""
    return text.encode(errors="backslashreplace").decode()
