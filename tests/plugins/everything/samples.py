"""The smallest picture and the smallest sound."""

from __future__ import annotations

import struct
import zlib


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = b"".join(
    (
        b"\x89PNG\r\n\x1a\n",
        _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
        _chunk(b"IDAT", zlib.compress(b"\x00\xff\x00\x00")),
        _chunk(b"IEND", b""),
    )
)
"""One red pixel."""

_SOUND = bytes([128] * 8)
WAV = b"".join(
    (
        b"RIFF" + struct.pack("<I", 36 + len(_SOUND)) + b"WAVE",
        b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8),
        b"data" + struct.pack("<I", len(_SOUND)) + _SOUND,
    )
)
"""A millisecond of silence."""
