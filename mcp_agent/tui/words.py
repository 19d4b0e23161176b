"""Times, sizes and outcomes in few characters. A mark and a word always stand beside a colour, never a colour alone."""

from __future__ import annotations

import re
import time
from typing import Final

import msgspec

OUTCOMES: Final = {
    "ok": ("✓ ok", "good"),
    "error": ("✗ error", "bad"),
    "crashed": ("‼ crashed", "bad"),
    "denied": ("⊘ denied", "warn"),
    "timeout": ("◷ timeout", "warn"),
    "cancelled": ("– stopped", "dim"),
    "suspended": ("… asking", "accent"),
    "begun": ("▸ begun", "accent"),
}
"""How a call ended, as a mark with a word, and its style."""

STATUSES: Final = {
    "active": ("● active", "good"),
    "starting": ("◌ starting", "accent"),
    "installed": ("○ installed", "dim"),
    "disabled": ("– off", "dim"),
    "failed": ("✗ failed", "bad"),
}
"""How a plugin is."""

LEVELS: Final = {
    "debug": ("· debug", "dim"), "info": ("  info", ""), "notice": ("• notice", "accent"),
    "warning": ("▲ warning", "warn"), "error": ("✗ error", "bad"), "critical": ("‼ critical", "bad"),
    "alert": ("‼ alert", "bad"), "emergency": ("‼ emergency", "bad"),
}  # fmt: skip

_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_ONE_LINE: Final = 60
_EFFECTS: Final = {"read": "r  ", "write": " w ", "destructive": "  D"}


def clock(at: float) -> str:
    """The time of day."""
    return time.strftime("%H:%M:%S", time.localtime(at))


def moment(at: float) -> str:
    """Date and time of day."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at))


def took(ms: float) -> str:
    """A duration in milliseconds, in six characters or fewer."""
    if ms < 1:
        return f"{ms * 1000:.0f} µs"
    if ms < 10:
        return f"{ms:.1f} ms"
    if ms < 1000:
        return f"{ms:.0f} ms"
    return lasts(ms / 1000) if ms >= 60_000 else f"{ms / 1000:.1f} s"


def lasts(seconds: float) -> str:
    """A duration in seconds, in the two largest units."""
    left = int(seconds)
    if left < 60:
        return f"{left} s"
    if left < 3600:
        return f"{left // 60}m {left % 60:02d}s"
    if left < 86_400:
        return f"{left // 3600}h {left % 3600 // 60:02d}m"
    return f"{left // 86_400}d {left % 86_400 // 3600:02d}h"


def size(count: int) -> str:
    """Bytes."""
    return f"{count / 2**20:.0f} MB" if count else "-"


def effect(name: str) -> str:
    """One letter, each in its own place: r, w or D."""
    return _EFFECTS.get(name, "   ")


def plural(count: int, one: str, many: str = "") -> str:
    """``1 call``, ``2 calls``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def plain(text: str) -> str:
    """Without control characters, which could write anywhere on a terminal; lines stay lines."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.expandtabs(4))


def pretty(text: str) -> str:
    """JSON with indents where it is long, anything else as it is."""
    if len(text) <= _ONE_LINE:
        return text
    try:
        return msgspec.json.format(text.encode(), indent=2).decode()
    except (msgspec.DecodeError, UnicodeDecodeError):
        return text
