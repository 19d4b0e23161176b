"""The forms in which a value may stand in a text, beside those that decoding the text undoes (layers.py)."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import NamedTuple

_URL_SAFE = bytes.maketrans(b"+/", b"-_")
BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")


class Form(NamedTuple):
    """``text`` gives the value away. ``before`` and ``after`` tell whether the base64 character beside it holds a
    part of it, together with a neighbour; ``plain`` is the value itself, whose blanks may stand as ``+``."""

    text: bytes
    before: bool = False
    after: bool = False
    plain: bool = False


def forms_of(value: bytes) -> Iterator[Form]:
    """Plain, hex, and base64 in both alphabets, at each of the three places it may have in a group of three bytes."""
    yield Form(value, plain=True)
    yield Form(value.hex().encode())
    yield Form(value.hex().upper().encode())
    for offset in range(3):
        coded = base64.b64encode(bytes(offset) + value)
        end = offset + len(value)
        sure = coded[-(-offset * 8 // 6) : end * 8 // 6]  # the characters that depend on this value alone
        yield Form(sure, before=offset > 0, after=end % 3 > 0)
        yield Form(sure.translate(_URL_SAFE), before=offset > 0, after=end % 3 > 0)
