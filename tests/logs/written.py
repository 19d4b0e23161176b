"""What was logged, and records to log."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

log = logging.getLogger("tests.logs")


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def record(text: str = "hello", /, **changes: Any) -> logging.LogRecord:
    made = logging.LogRecord("tests.logs", logging.INFO, "", 0, text, None, None)
    vars(made).update(changes)
    return made
