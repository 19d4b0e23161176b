"""The signature of a function is its schema: arguments become a struct, the struct validates."""

from __future__ import annotations

import functools
import inspect
import re
import typing
from collections.abc import Callable, Mapping
from types import NoneType
from typing import Annotated, Any

import msgspec
from msgspec import Struct

from mcp_agent.errors import PluginError
from mcp_agent.schema.explain import explain
from mcp_agent.schema.fields import HEADER
from mcp_agent.schema.types import Schema, decode_hook, schema_of

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class Signature(Struct, frozen=True, kw_only=True, eq=False):
    """What a function takes and gives. ``context`` names the parameter that gets the Context, if any."""

    context: str | None
    arguments: type[Struct]
    names: tuple[str, ...]
    schema: Schema
    returns: Any
    headers: tuple[tuple[tuple[str, ...], str], ...]
    decode: Callable[[bytes], Any]

    def parse(self, tool: str, raw: bytes) -> Any:
        """Raw JSON as the argument struct. Raises InvalidArguments in words a model can act on."""
        try:
            return self.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise explain(error, tool, raw, self.schema) from None


def read_signature(function: Callable[..., Any]) -> Signature:
    """Raises PluginError for a signature that cannot become a schema, naming function and parameter."""
    name = function.__qualname__
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except (NameError, TypeError) as error:
        raise PluginError(f"{name}: its annotations cannot be resolved: {error}") from None
    returns = hints.pop("return", NoneType)
    context: str | None = None
    fields: list[Any] = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY):
            raise PluginError(f"{name}: {parameter} is not allowed; name each argument, passable by keyword")
        if parameter.name not in hints:
            raise PluginError(f"{name}: {parameter.name} has no type; annotate it")
        hint = hints[parameter.name]
        if getattr(hint, "__name__", "") == "Context":
            context = parameter.name
        elif parameter.default is parameter.empty:
            fields.append((parameter.name, _described(hint)))
        else:
            fields.append((parameter.name, _described(hint), _default(parameter.default)))
    arguments = msgspec.defstruct(function.__name__, fields, kw_only=True, forbid_unknown_fields=True)
    try:
        decoder = msgspec.json.Decoder(arguments, dec_hook=decode_hook)
    except TypeError as error:
        raise PluginError(f"{name}: its arguments cannot be told apart in JSON: {error}") from None
    schema = schema_of(arguments)
    schema.setdefault("properties", {})
    if not schema.get("required"):
        schema.pop("required", None)
    return Signature(
        context=context, arguments=arguments, names=tuple(f[0] for f in fields), schema=schema, returns=returns,
        headers=_headers(name, schema), decode=decoder.decode,
    )  # fmt: skip


def _described(hint: Any) -> Any:
    """``Annotated[str, "text"]`` is short for a Field with that description."""
    if typing.get_origin(hint) is not Annotated:
        return hint
    kind, *notes = typing.get_args(hint)
    notes = [msgspec.Meta(description=note) if isinstance(note, str) else note for note in notes]
    return functools.reduce(lambda done, note: Annotated[done, note], notes, kind)


def _default(value: Any) -> Any:
    if isinstance(value, list | dict | set | bytearray):
        return msgspec.field(default_factory=value.copy)
    return value


def _headers(
    name: str, schema: Mapping[str, Any], path: tuple[str, ...] = ()
) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Where ``x-mcp-header`` stands in a schema. Raises PluginError where the specification forbids it."""
    found: list[tuple[tuple[str, ...], str]] = []
    for key, node in schema.get("properties", {}).items():
        header = node.get(HEADER)
        if header is not None:
            if node.get("type") not in ("string", "integer", "boolean"):
                raise PluginError(f"{name}: {key} cannot be a header: only str, int and bool can")
            if not _TOKEN.fullmatch(header):
                raise PluginError(f"{name}: {header!r} is not a header name")
            found.append(((*path, key), header))
        found.extend(_headers(name, node, (*path, key)))
    if not path and len({header.lower() for _, header in found}) < len(found):
        raise PluginError(f"{name}: two arguments have the same header")
    return tuple(found)
