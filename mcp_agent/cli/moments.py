"""Points in time as people type them."""

from __future__ import annotations

import re
from datetime import datetime

from mcp_agent.cli.arguments import UsageError

_AGO = re.compile(r"(\d+)([smhdw])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


def moment(text: str, now: float) -> float:
    """Seconds since the epoch of ``2h`` (so long ago) or of a date, local unless it names a zone. Raises UsageError."""
    ago = _AGO.fullmatch(text)
    if ago:
        return now - int(ago[1]) * _UNITS[ago[2]]
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        raise UsageError(f"{text!r} is no time. Write 10m, 2h, 7d, 2026-11-21 or 2026-11-21T18:30.") from None
