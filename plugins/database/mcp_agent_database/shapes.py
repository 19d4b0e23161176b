"""Which fields there are, as far as some documents or rows show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mcp_agent_database.engine import Field

_MOST_FIELDS = 200
_MOST_DEPTH = 4
_TYPES: Mapping[str, str] = {
    "str": "string", "int": "int", "Int64": "long", "float": "double", "bool": "bool", "datetime": "date",
    "ObjectId": "objectId", "Decimal128": "decimal", "NoneType": "null", "bytes": "binary", "Binary": "binary",
    "dict": "object", "list": "array",
}  # fmt: skip


def fields(documents: Sequence[Mapping[str, Any]]) -> list[Field]:
    """By their paths, as filters name them: ``lines.price`` for prices in a list of lines. ``nullable`` is what not
    every document has."""
    types: dict[str, dict[str, None]] = {}
    seen: dict[str, int] = {}
    for document in documents:
        own = dict.fromkeys(path for path, _ in _paths(document, "", 0))
        for path in own:
            seen[path] = seen.get(path, 0) + 1
        for path, kind in _paths(document, "", 0):
            types.setdefault(path, {})[kind] = None
    return [
        Field(path, " | ".join(kinds), seen[path] < len(documents) or "null" in kinds, primary_key=path == "_id")
        for path, kinds in list(types.items())[:_MOST_FIELDS]
    ]


def _paths(value: Any, path: str, depth: int) -> Iterable[tuple[str, str]]:
    if path:
        name = type(value).__name__
        yield path, _TYPES.get(name, name.lower())
    if depth >= _MOST_DEPTH:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _paths(inner, f"{path}.{key}" if path else str(key), depth + 1)
    elif isinstance(value, list):
        for inner in value[:20]:
            if isinstance(inner, Mapping):
                for key, one in inner.items():
                    yield from _paths(one, f"{path}.{key}", depth + 1)
