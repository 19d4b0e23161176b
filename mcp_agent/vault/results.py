"""Takes secrets out of what a call gave, before anybody keeps it: cache, jobs, journal, caller."""

from __future__ import annotations

import msgspec

from mcp_agent.errors import AgentError
from mcp_agent.jsonio import encode
from mcp_agent.model import Content, Text, ToolResult
from mcp_agent.vault.redact import Redactor
from mcp_agent.vault.secret import MARK


def clean_result(redactor: Redactor, result: ToolResult) -> ToolResult:
    """The result without secrets; the very same where there are none in it."""
    if not redactor.active:
        return result
    content = tuple(_clean_block(redactor, block) for block in result.content)
    structured = result.structured
    if isinstance(structured, msgspec.Raw):
        raw = bytes(structured)
        clean = redactor.redact_frame(raw)
        structured = structured if clean is raw else msgspec.Raw(clean)
    elif structured is not msgspec.UNSET:
        structured = redactor.redact_json(structured)
    meta = result.meta and redactor.redact_json(dict(result.meta))
    if content == result.content and structured is result.structured and meta == result.meta:
        return result
    return ToolResult(content=content, structured=structured, is_error=result.is_error, meta=meta)


def clean_error(redactor: Redactor, error: AgentError) -> None:
    """Take secrets out of the text of an error, in place."""
    if redactor.active:
        error.args = tuple(redactor.redact_json(part) for part in error.args)
        for name in ("hint", "message"):
            text = getattr(error, name, None)
            if isinstance(text, str):
                setattr(error, name, redactor.redact(text))


def _clean_block(redactor: Redactor, block: Content) -> Content:
    raw = encode(block)
    clean = redactor.redact_frame(raw)
    if clean is raw:
        return block
    try:
        return msgspec.json.decode(clean, type=type(block))
    except msgspec.ValidationError:  # a picture or file that held one, and is none without it
        return Text(text=MARK)
