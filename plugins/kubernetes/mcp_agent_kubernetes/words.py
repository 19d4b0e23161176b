"""Times and amounts of a cluster, read and said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

_FACTORS = {
    "n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
    "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40, "Pi": 2.0**50, "Ei": 2.0**60,
}  # fmt: skip


def quantity(text: Any) -> float:
    """'100m', '128Mi', '2', 2: as a number of cores, bytes or pieces. 0 for what is none."""
    written = str(text or "0").strip()
    digits = written.rstrip("numkKMGTPEi")
    try:
        return float(digits) * _FACTORS[written[len(digits) :]]
    except (ValueError, KeyError):
        return 0.0


def cores(value: float) -> str:
    return f"{value * 1000:.0f}m" if value < 10 else f"{value:.1f}"


def megabytes(value: float) -> float:
    return round(value / 1e6, 1)


def size(value: float) -> str:
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "bytes" or value == int(value) else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} TiB"


def seconds_since(text: Any, now: float) -> float | None:
    """``text`` as Kubernetes writes times: 2026-01-31T08:00:00Z."""
    if not text:
        return None
    try:
        return max(0.0, now - datetime.fromisoformat(str(text)).timestamp())
    except ValueError:
        return None


def age(text: Any, now: float) -> str:
    """How long ago: 42s, 17m, 5h, 12d; empty where there is no time."""
    seconds = seconds_since(text, now)
    if seconds is None:
        return ""
    for unit, length in (("s", 120), ("m", 120), ("h", 48)):
        if seconds < length:
            return f"{seconds:.0f}{unit}"
        seconds /= 24 if unit == "h" else 60
    return f"{seconds:.0f}d"


def cut(text: Any, most: int) -> str:
    whole = " ".join(str(text or "").split())
    return whole if len(whole) <= most else f"{whole[: most - 3]}..."
