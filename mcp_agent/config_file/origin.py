"""Where a setting was written, and what is wrong there."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

Key = tuple[str | int, ...]
"""The way to a setting: ``("limits", "in_flight")``; numbers count items of a list."""


class Origin(Struct, frozen=True):
    """A file and a line in it, or an environment variable."""

    source: str
    line: int | None = None

    def __str__(self) -> str:
        return self.source if self.line is None else f"{self.source}, line {self.line}"


class Problem(Struct, frozen=True):
    """Something wrong with the configuration, in words; ``key`` is the setting, dotted, where it is about one."""

    origin: Origin
    message: str
    key: str | None = None

    def __str__(self) -> str:
        return f"{self.origin}: {self.message}"


def dotted(key: Key) -> str:
    """``limits.in_flight``, ``http.allowed_hosts[0]``."""
    text = ""
    for part in key:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def origin_of(key: Key, origins: Mapping[Key, Origin]) -> Origin:
    """Where a setting, or else something inside it or the nearest thing around it, was written."""
    if key not in origins:  # a section that only variables of the environment speak of has no place of its own
        key = next((known for known in origins if known[: len(key)] == key), key)
    while key and key not in origins:
        key = key[:-1]
    return origins.get(key, Origin("the configuration"))
