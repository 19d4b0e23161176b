"""What the camera of the simulated home sees: a door, in front of a sky that is dark at night."""

from __future__ import annotations

import struct
import zlib

_WIDTH, _HEIGHT = 160, 120
_DOOR = (60, 40, 100, 110)
_GROUND = 95


def door(at: float) -> bytes:
    """A PNG of 160 by 120 pixels."""
    day = 7 <= at % 86400 / 3600 < 19
    sky, ground, wood = (
        ((150, 190, 230), (90, 130, 80), (110, 60, 30)) if day else ((15, 20, 45), (20, 30, 25), (45, 25, 15))
    )
    left, top, right, bottom = _DOOR
    rows = []
    for y in range(_HEIGHT):
        behind = bytes(sky if y < _GROUND else ground)
        row = behind * _WIDTH
        if top <= y < bottom:
            row = behind * left + bytes(wood) * (right - left) + behind * (_WIDTH - right)
        rows.append(b"\0" + row)
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(rows))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
