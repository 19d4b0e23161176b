"""What a driver raises in words for a person; and sets of words."""

from __future__ import annotations

from mcp_agent import ToolError

_LONGEST = 500


def refused(what: str, error: Exception, hint: str | None = None) -> ToolError:
    """A ToolError with what the database said, on one line and not too long."""
    said = " ".join(str(error).split())[:_LONGEST]
    return ToolError(f"{what}: {said or type(error).__name__}", hint=hint)


def words(text: str) -> frozenset[str]:
    """The words of a text, for lists that are data."""
    return frozenset(text.split())
