"""Standard headers of the modern era: what a proxy reads in them must be what the body says."""

from __future__ import annotations

import base64
import binascii
import decimal
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import UNSET, Struct, field
from multidict import CIMultiDictProxy

from mcp_agent.errors import HeaderMismatch, UnsupportedVersion
from mcp_agent.model import Tool
from mcp_agent.protocol.jsonrpc import Frame
from mcp_agent.protocol.params import PREFIX
from mcp_agent.protocol.revisions import REVISIONS, SUPPORTED

VERSION = "MCP-Protocol-Version"
SESSION = "Mcp-Session-Id"
_NAMED = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
_SENTINEL = ("=?base64?", "?=")
_MISSING = object()


class Body(Struct, frozen=True):
    """What of a request's params the headers repeat, undecided yet whether any of it is valid."""

    meta: Any = field(name="_meta", default=None)
    name: Any = None
    uri: Any = None
    task_id: Any = field(name="taskId", default=None)
    arguments: msgspec.Raw = msgspec.Raw(b"{}")

    @property
    def version(self) -> Any:
        return self.meta.get(PREFIX + "protocolVersion") if isinstance(self.meta, dict) else None


_decode = msgspec.json.Decoder(Body).decode


def read_body(frame: Frame) -> Body:
    """Params that are no object give an empty one: the engine has the words for that."""
    try:
        return Body() if frame.params is UNSET else _decode(frame.params)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Body()


def check_version(headers: CIMultiDictProxy[str], body: Body) -> None:
    """Raises HeaderMismatch or UnsupportedVersion."""
    given = _single(headers, VERSION)
    if given is None:
        raise HeaderMismatch(f"Header mismatch: {VERSION} is missing")
    if body.version is not None and body.version != given:
        raise HeaderMismatch(f"Header mismatch: {VERSION} is {given!r}, but the body says {body.version!r}")
    if given not in REVISIONS:
        raise UnsupportedVersion(given, SUPPORTED)


def check_request(
    headers: CIMultiDictProxy[str], method: str, body: Body, find_tool: Callable[[str], Tool | None]
) -> None:
    """Raises HeaderMismatch where the headers of a request say something else than its body."""
    given = _single(headers, "Mcp-Method")
    if given != method:
        raise _mismatch("Mcp-Method", given, method)
    _check_name(headers, method, body)
    tool = find_tool(body.name) if method == "tools/call" and isinstance(body.name, str) else None
    if tool is not None and tool.headers:
        _check_arguments(headers, tool, body.arguments)


def _check_name(headers: CIMultiDictProxy[str], method: str, body: Body) -> None:
    given = _single(headers, "Mcp-Name")
    if method in _NAMED:
        expected = getattr(body, _NAMED[method])
    elif method.startswith("tasks/") and given is not None:
        expected = body.task_id
    else:
        return
    if isinstance(expected, str) and (given is None or _decoded("Mcp-Name", given) != expected):
        raise _mismatch("Mcp-Name", given, expected)


def _check_arguments(headers: CIMultiDictProxy[str], tool: Tool, raw: msgspec.Raw) -> None:
    try:
        arguments = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return  # the engine has the words for that
    for path, suffix in tool.headers:
        name = f"Mcp-Param-{suffix}"
        given = _single(headers, name)
        expected = _at(arguments, path)
        if expected is None or expected is _MISSING:
            if given is not None:
                raise HeaderMismatch(f"Header mismatch: {name} is {given!r}, but the body has no such argument")
        elif not isinstance(expected, str | int | float):
            continue  # the engine has the words for that too
        elif given is None or not _same(_decoded(name, given), expected):
            raise _mismatch(name, given, expected)


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        if not isinstance(value, dict):
            return _MISSING
        value = value.get(key, _MISSING)
    return value


def _same(given: str, expected: str | float) -> bool:
    if isinstance(expected, str):
        return given == expected
    if isinstance(expected, bool):
        return given == ("true" if expected else "false")
    try:
        return decimal.Decimal(given) == expected
    except decimal.InvalidOperation:
        return False


def _single(headers: CIMultiDictProxy[str], name: str) -> str | None:
    values = headers.getall(name, ())
    if len(values) > 1:
        raise HeaderMismatch(f"Header mismatch: {name} is there {len(values)} times")
    if not values:
        return None
    value = values[0].strip(" \t")
    if not all(" " <= character <= "~" or character == "\t" for character in value):
        raise HeaderMismatch(f"Header mismatch: {name} has characters that a header may not have")
    return value


def _decoded(name: str, value: str) -> str:
    prefix, suffix = _SENTINEL
    if not (value.startswith(prefix) and value.endswith(suffix)) or len(value) < len(prefix) + len(suffix):
        return value
    try:
        return base64.b64decode(value[len(prefix) : -len(suffix)], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise HeaderMismatch(f"Header mismatch: {name} is not valid Base64 of UTF-8") from None


def _mismatch(name: str, given: str | None, expected: Any) -> HeaderMismatch:
    if given is None:
        return HeaderMismatch(f"Header mismatch: {name} is missing; the body says {expected!r}")
    return HeaderMismatch(f"Header mismatch: {name} is {given!r}, but the body says {expected!r}")
