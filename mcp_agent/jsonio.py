"""Values to JSON, whatever they hold: text that no encoding has a form for must not cost a client its answer."""

from __future__ import annotations

import re
from typing import Any

import msgspec

_SURROGATE = re.compile("[\ud800-\udfff]")
_LF, _CR = b"\n\r"
"""As numbers: Python finds a number in bytes ten times faster than bytes of length one."""
_encode = msgspec.json.Encoder(enc_hook=str).encode


def encode(value: Any) -> bytes:
    """JSON bytes on one line. What JSON has no form for (a Path, say) becomes its text, a lone surrogate U+FFFD."""
    try:
        data = _encode(value)
    except UnicodeEncodeError:  # names of files that are not UTF-8, mostly
        data = _encode(_scrubbed(msgspec.to_builtins(value, enc_hook=_plain)))
    if _LF in data or _CR in data:  # only in ready JSON from elsewhere, between its tokens
        data = data.replace(b"\n", b" ").replace(b"\r", b" ")
    return data


def _plain(value: Any) -> Any:
    return msgspec.json.decode(value) if isinstance(value, msgspec.Raw) else str(value)


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_scrubbed(key): _scrubbed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_scrubbed(item) for item in value]
    return value
