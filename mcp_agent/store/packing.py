"""Results as bytes and back, exactly: for keeping them, and for giving each caller one of its own."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, Raw, Struct, msgpack

from mcp_agent.jsonio import encode
from mcp_agent.model import Content, ToolResult


class _Packed(Struct, array_like=True):
    """``ready``: the structure was JSON already, and is again. Neither it nor ``meta`` is packed as it is: both may
    hold anything that has a form in JSON."""

    content: tuple[Content, ...]
    structure: bytes | None
    ready: bool
    is_error: bool
    meta: bytes | None


_decode = msgpack.Decoder(_Packed).decode


def pack(result: ToolResult) -> bytes | None:
    """None for a result that cannot be kept, such as text with half of a character in it."""
    structure = result.structured
    ready = isinstance(structure, Raw)
    try:
        return msgpack.encode(
            _Packed(
                content=result.content,
                structure=None if structure is UNSET else bytes(structure) if ready else encode(structure),
                ready=ready,
                is_error=result.is_error,
                meta=None if result.meta is None else encode(result.meta),
            )
        )
    except (TypeError, ValueError, OverflowError, RecursionError, msgspec.MsgspecError):
        return None


def unpack(packed: bytes) -> ToolResult:
    """Raises msgspec.DecodeError for what ``pack`` did not make."""
    kept = _decode(packed)
    structure = kept.structure
    return ToolResult(
        content=kept.content,
        structured=UNSET if structure is None else Raw(structure) if kept.ready else msgspec.json.decode(structure),
        is_error=kept.is_error,
        meta=None if kept.meta is None else msgspec.json.decode(kept.meta),
    )
