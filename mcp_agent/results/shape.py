"""What a value is made of, in a line; and how it begins, in so many tokens."""

from __future__ import annotations

from typing import Any

from mcp_agent.jsonio import encode
from mcp_agent.model import Json
from mcp_agent.tokens import tokens

_FIELDS = 12
_CUTS = ((50, 2000), (20, 600), (10, 300), (5, 150), (3, 80), (1, 40))
"""Items of each list and characters of each text that are shown: the first that fits."""


def shape(value: Json) -> str:
    """``{"rows": 100,000 of {id: integer, name: string}, "total": integer}``."""
    if isinstance(value, dict):
        shown = [f"{key}: {shape(item)}" for key, item in list(value.items())[:_FIELDS]]
        more = [f"{len(value) - _FIELDS:,} more"] if len(value) > _FIELDS else []
        return "{" + ", ".join(shown + more) + "}"
    if isinstance(value, list):
        return f"{len(value):,} of {shape(value[0])}" if value else "an empty list"
    names = {str: "string", bool: "true or false", int: "integer", float: "number"}
    return names.get(type(value), "nothing")


def head(value: Json, budget: int) -> Json:
    """The same value with its lists and texts cut, so that it takes so many tokens at most where that can be done."""
    for items, characters in _CUTS:
        short = _cut(value, items, characters)
        if tokens(encode(short).decode()) <= budget:
            break
    return short


def text_head(text: str, budget: int) -> str:
    """The first lines, or the beginning of the first."""
    at_most = text[: budget * 4]
    while tokens(at_most) > budget:
        at_most = at_most[: len(at_most) * 3 // 4]
    whole_lines = at_most.rpartition("\n")[0]
    return whole_lines or at_most


def main_list(value: Json) -> tuple[str, list[Any]] | None:
    """The longest list of a value, and the JSON pointer to it: itself, or one that it holds."""
    if isinstance(value, list):
        return "", value
    if not isinstance(value, dict):
        return None
    inside = [(f"/{key.replace('~', '~0').replace('/', '~1')}", item) for key, item in value.items()]
    lists = [(pointer, item) for pointer, item in inside if isinstance(item, list)]
    return max(lists, key=lambda one: len(one[1]), default=None)


def _cut(value: Any, items: int, characters: int) -> Any:
    if isinstance(value, list):
        return [_cut(item, items, characters) for item in value[:items]]
    if isinstance(value, dict):
        return {key: _cut(item, items, characters) for key, item in value.items()}
    if isinstance(value, str) and len(value) > characters:
        return value[: characters - 3] + "..."
    return value
