"""Regular expressions of callers: by RE2, in time that grows with the text only, whatever the expression."""

from __future__ import annotations

from typing import Any

from mcp_agent.errors import ToolError


def expression(text: str, *, any_case: bool = False) -> Any:
    """Compiled, with ``search`` and ``fullmatch`` of text or bytes. Raises ToolError for what is no expression."""
    import re2

    options = re2.Options()
    options.case_sensitive = not any_case
    options.log_errors = False
    try:
        return re2.compile(text, options)
    except re2.error as error:
        [reason] = error.args
        raise ToolError(
            f"{text!r} is no regular expression: {reason.decode(errors='replace')}.",
            hint="Brackets and dots are escaped: \\[. RE2 has no look-around and no \\1.",
        ) from None
