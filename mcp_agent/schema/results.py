"""What a tool returns, as a result: text as it is, content as it is, everything else as structured JSON."""

from __future__ import annotations

import functools
import logging
import re
import typing
from collections.abc import Callable, Mapping
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal

import msgspec
from msgspec import Raw

from mcp_agent.jsonio import encode, too_deep
from mcp_agent.model import Audio, Content, Embedded, Image, ResourceLink, Text, ToolResult
from mcp_agent.schema.types import Schema, decode_hook, schema_of

log = logging.getLogger(__name__)

_BLOCKS = (Text, Image, Audio, ResourceLink, Embedded)
_OPEN = ord("{")
_NO_NUMBER = re.compile(r"Expected `.*\bfloat\b.*`, got `null`(?: - at `\$(.*)`)?")
Form = Literal["text", "any", "object", "wrapped"]
"""How a value becomes a result; ``RENDER`` does it."""


def output_of(returns: Any) -> tuple[Schema | None, Form]:
    """The output schema of a return annotation, None where there is no structure, and the form of a result.

    MCP wants structured content to be an object, so a list or a number becomes ``{"result": ...}``.
    """
    if returns is str:
        return None, "text"
    if returns in (None, NoneType, Any) or _is_content(returns):
        return None, "any"
    schema = schema_of(returns)
    if schema.get("type") == "object":
        return schema, "object"
    definitions = {key: schema.pop(key) for key in ("$defs",) if key in schema}
    return {"type": "object", "properties": {"result": schema}, "required": ["result"], **definitions}, "wrapped"


def render_any(value: Any) -> ToolResult:
    """For values whose shape is only known at run time."""
    if isinstance(value, ToolResult):
        return value
    if value is None:
        return ToolResult(content=(Text(text="Done."),))
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, _BLOCKS):
        return ToolResult(content=(value,))
    if isinstance(value, list | tuple) and value and all(isinstance(item, _BLOCKS) for item in value):
        return ToolResult(content=tuple(value))
    return _structured(value) if isinstance(value, dict | msgspec.Struct) else _wrapped(value)


def _text(value: str) -> ToolResult:
    return ToolResult(content=(Text(text=value),))


def _structured(value: Any) -> ToolResult:
    if isinstance(value, ToolResult):
        return value
    raw = _encoded(value)
    if raw[0] != _OPEN:  # no client could read it as what the schema says
        raise TypeError(f"It gave {type(value).__name__}, but promises an object")
    return ToolResult(content=(Text(text=raw.decode()),), structured=Raw(raw))


def _wrapped(value: Any) -> ToolResult:
    if isinstance(value, ToolResult):
        return value
    raw = _encoded(value)
    return ToolResult(content=(Text(text=raw.decode()),), structured=Raw(b'{"result":' + raw + b"}"))


def _encoded(value: Any) -> bytes:
    raw = encode(value)
    if too_deep(raw):
        raise RecursionError("the result is nested too deeply")
    return raw


RENDER: Mapping[Form, Callable[[Any], ToolResult]] = MappingProxyType(
    {"text": _text, "any": render_any, "object": _structured, "wrapped": _wrapped}
)


def has_numbers(schema: Any) -> bool:
    """Whether somewhere in it a number is promised, and nothing else will do."""
    if isinstance(schema, list):
        return any(has_numbers(one) for one in schema)
    if not isinstance(schema, dict):
        return False
    options = schema.get("anyOf", ())
    if {"type": "null"} in options:
        options = [one for one in options if one.get("type") != "number"]
    rest = (value for key, value in schema.items() if key not in ("anyOf", "default"))
    return schema.get("type") == "number" or has_numbers(list(options)) or any(has_numbers(one) for one in rest)


def number_check(tool: str, form: Form, returns: Callable[[], Any]) -> Callable[[ToolResult], ToolResult]:
    """For results that promise numbers. NaN and the infinities have no form in JSON and become null, and a client that
    checks would throw away the whole result: so it goes out as an error that says where, with the data as text.

    Costs the search for ``null`` in its text; only where one is found the result is read back as ``returns()``.
    """
    decoder = functools.cache(lambda: msgspec.json.Decoder(returns(), dec_hook=decode_hook))

    def checked(result: ToolResult) -> ToolResult:
        if not isinstance(result.structured, Raw) or "null" not in result.text:
            return result
        try:
            decoder().decode(result.text)
        except msgspec.ValidationError as error:
            found = _NO_NUMBER.fullmatch(str(error))
            if found is not None:
                return _with_hole(
                    tool, (f"result{found[1] or ''}" if form == "wrapped" else found[1] or "").lstrip("."), result
                )
        return result

    return checked


def _with_hole(tool: str, where: str, result: ToolResult) -> ToolResult:
    log.warning("%s gave NaN, an infinity or None for %s, which it declares as a number: declare `| None`", tool, where)
    said = (
        f"{tool} ran, but {where} is not a number (NaN, infinite or missing), which its schema promises. "
        "What it gave, with null in such places:"
    )
    return ToolResult(content=(Text(text=said), *result.content), is_error=True)


def _is_content(kind: Any) -> bool:
    if kind is ToolResult or kind in _BLOCKS or kind == Content:
        return True
    if typing.get_origin(kind) in (list, tuple, typing.Union, UnionType):
        items = [item for item in typing.get_args(kind) if item is not Ellipsis]
        return bool(items) and all(_is_content(item) for item in items)
    return False
