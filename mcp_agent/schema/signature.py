"""The signature of a function is its schema: arguments become a struct, the struct validates."""

from __future__ import annotations

import copy
import enum
import functools
import inspect
import re
import typing
from collections.abc import Callable, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Union

import msgspec
from msgspec import Struct

from mcp_agent.errors import PluginError
from mcp_agent.jsonio import encode
from mcp_agent.schema.explain import explain
from mcp_agent.schema.fields import HEADER, PRIVATE
from mcp_agent.schema.types import Schema, decode_hook, schema_of

_BOUNDS = ("ge", "gt", "le", "lt", "multiple_of", "pattern", "min_length", "max_length", "tz")
_REMARKS = ("title", "description", "examples", "extra_json_schema", "extra")
_UNCHANGING = (str, int, float, bytes, NoneType, enum.Enum)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class Signature(Struct, frozen=True, kw_only=True, eq=False):
    """What a function takes and gives. ``context`` names the parameter that gets the Context, if any; ``private`` those
    whose values are not written down."""

    context: str | None
    arguments: type[Struct]
    names: tuple[str, ...]
    schema: Schema
    returns: Any
    headers: tuple[tuple[tuple[str, ...], str], ...]
    private: frozenset[str]
    decode: Callable[[bytes], Any]

    def parse(self, tool: str, raw: bytes) -> Any:
        """Raw JSON as the argument struct. Raises InvalidArguments in words a model can act on."""
        try:
            return self.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise explain(error, tool, raw, self.schema) from None

    def values(self, ctx: Any, arguments: Any) -> dict[str, Any]:
        """The keyword arguments of the function, from a value of ``arguments``."""
        values = {name: getattr(arguments, name) for name in self.names}
        if self.context is not None:
            values[self.context] = ctx
        return values


def read_signature(function: Callable[..., Any], *, from_text: bool = False, known: Schema | None = None) -> Signature:
    """Raises PluginError for a signature that cannot become a schema, naming function and parameter.

    ``from_text``: arguments come as text only, as in a URI, so that "7" is good for an int. ``known``: the schema that
    was made before.
    """
    name = function.__qualname__
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except (NameError, TypeError) as error:
        raise PluginError(f"{name}: its annotations cannot be resolved: {error}") from None
    returns = _described(hints.pop("return", NoneType))
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
        decoder = msgspec.json.Decoder(arguments, dec_hook=decode_hook, strict=not from_text)
        same = known is not None and list(known["properties"]) == [field[0] for field in fields]
        schema = known if known is not None and same else _schema(function, arguments)
    except (TypeError, NameError, PluginError) as error:
        raise PluginError(f"{name}: {_culprit(fields)} cannot be an argument. {error}") from None
    if known is None:
        _check_defaults(name, fields, function)
    return Signature(
        context=context, arguments=arguments, names=tuple(f[0] for f in fields), schema=schema, returns=returns,
        headers=_headers(name, schema), private=frozenset(f[0] for f in fields if _is_private(f[1])),
        decode=decoder.decode,
    )  # fmt: skip


def _schema(function: Callable[..., Any], arguments: type[Struct]) -> Schema:
    schema = schema_of(arguments)
    schema.setdefault("properties", {})
    _show_defaults(function, schema)
    if not schema.get("required"):
        schema.pop("required", None)
    return schema


def _described(hint: Any) -> Any:
    """``Annotated[str, "text"]`` is short for a Field with that description."""
    if typing.get_origin(hint) is not Annotated:
        return hint
    kind, *notes = typing.get_args(hint)
    notes = [msgspec.Meta(description=note) if isinstance(note, str) else note for note in notes]
    return functools.reduce(_annotated, notes, kind)


def _annotated(kind: Any, note: Any) -> Any:
    """``Annotated[kind, note]``, where bounds on ``X | None`` are bounds on X: msgspec takes them only there."""
    members = typing.get_args(kind) if typing.get_origin(kind) in (Union, UnionType) else ()
    bounds = {key: getattr(note, key, None) for key in _BOUNDS}
    if len(members) != 2 or NoneType not in members or not any(value is not None for value in bounds.values()):
        return Annotated[kind, note]
    inner = next(member for member in members if member is not NoneType)
    rest = {key: getattr(note, key) for key in _REMARKS}
    return Annotated[Annotated[inner, msgspec.Meta(**bounds)] | None, msgspec.Meta(**rest)]


def _is_private(hint: Any) -> bool:
    return any((getattr(note, "extra", None) or {}).get(PRIVATE) for note in getattr(hint, "__metadata__", ()))


def _culprit(fields: list[Any]) -> str:
    """Which of these parameters has a type that JSON cannot hold."""
    for name, hint, *_ in fields:
        try:
            msgspec.json.Decoder(hint, dec_hook=decode_hook)
            schema_of(hint)
        except (TypeError, NameError, PluginError):
            return str(name)
    return "one parameter"


def _check_defaults(name: str, fields: list[Any], function: Callable[..., Any]) -> None:
    """A default goes past the validator, so one that it would refuse reaches the function as it is."""
    parameters = inspect.signature(function).parameters
    for field, hint, *_ in fields:
        default = parameters[field].default
        if isinstance(default, msgspec.Meta):
            raise PluginError(f"{name}: {field} = Field(...) is no default; write {field}: Annotated[..., Field(...)]")
        if default is inspect.Parameter.empty:
            continue
        try:
            msgspec.json.decode(encode(default), type=hint, dec_hook=decode_hook)
        except msgspec.ValidationError as error:
            said = str(error).partition(" - at")[0]
            raise PluginError(f"{name}: the default of {field}, {default!r}, does not fit its type. {said}") from None


def _default(value: Any) -> Any:
    """What can change, or has no form in JSON of its own, is copied for each call."""
    if isinstance(value, _UNCHANGING):
        return value
    return msgspec.field(default_factory=functools.partial(copy.deepcopy, value))


def _show_defaults(function: Callable[..., Any], schema: Schema) -> None:
    """Put the defaults into the schema that msgspec leaves out, but for None and what is empty."""
    for parameter in inspect.signature(function).parameters.values():
        node = schema["properties"].get(parameter.name)
        if node is not None and parameter.default is not parameter.empty:
            shown = msgspec.json.decode(encode(parameter.default))
            if shown not in (None, [], {}):
                node.setdefault("default", shown)


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
