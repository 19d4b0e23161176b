"""Values to JSON, whatever they hold: text that no encoding has a form for must not cost a client its answer."""

from __future__ import annotations

import itertools
import operator
import re
from typing import Any

import msgspec

_SURROGATE = re.compile("[\ud800-\udfff]")
_LF, _CR = b"\n\r"
"""As numbers: Python finds a number in bytes ten times faster than bytes of length one."""
_DEEPEST = 200
_FLAT = 5
"""Levels that most of what is large does not pass."""
_BACKSLASH, _QUOTE = b'\\"'
_ESCAPE = re.compile(rb"\\.", re.S)
_QUOTED = re.compile(rb'"[^"]*"')
_SKELETON = bytes.maketrans(b"[]{}", b"\2\0\2\0")
"""An open bracket as 2, a closed one as 0: one more than the step that it is."""
_FLESH = bytes(set(range(256)) - set(b'[]{}"'))
_LEAF = b"\2\0"
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


def too_deep(data: bytes) -> bool:
    """Whether valid JSON is nested more than 200 deep. What walks through it recursively, be it here or in a plugin,
    could not; from Python 3.12 on, the decoder alone could."""
    if len(data) <= 2 * _DEEPEST or data.count(b"[") + data.count(b"{") <= _DEEPEST:
        return False
    if _BACKSLASH in data:
        data = _ESCAPE.sub(b"", data)
    left = data.translate(_SKELETON, _FLESH).replace(b'""', b"")
    if _QUOTE in left:
        left = _QUOTED.sub(b"", left)
    for _ in range(_FLAT):  # each time all leaves fall off, and the rest is one level lower
        left = left.replace(_LEAF, b"")
    depths = map(operator.sub, itertools.accumulate(left), itertools.count(1))  # no loop of ours: it may be megabytes
    return max(depths, default=0) + _FLAT > _DEEPEST


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
