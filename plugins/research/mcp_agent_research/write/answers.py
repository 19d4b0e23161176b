"""Reading JSON out of what a model wrote around it."""

from __future__ import annotations

from typing import TypeVar

import msgspec

T = TypeVar("T")


def read_answer(text: str, shape: type[T]) -> T | None:
    """The object between the first and the last brace; None where there is none of that shape."""
    begin, end = text.find("{"), text.rfind("}")
    if begin < 0 or end < begin:
        return None
    try:
        return msgspec.json.decode(text[begin : end + 1], type=shape)
    except msgspec.MsgspecError:
        return None
