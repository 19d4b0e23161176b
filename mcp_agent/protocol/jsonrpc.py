"""JSON-RPC 2.0 frames: bytes in, a Frame out, and back."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from mcp_agent.errors import InvalidRequest, ParseError, ProtocolError
from mcp_agent.jsonio import encode, too_deep

Id: TypeAlias = int | str


class Frame(Struct):
    """A request (method and id), a notification (method), or a response (id with result or error)."""

    jsonrpc: str = ""
    id: int | str | UnsetType | None = UNSET
    method: str | UnsetType = UNSET
    params: Raw | UnsetType = UNSET
    result: Raw | UnsetType = UNSET
    error: Raw | UnsetType = UNSET


class _Identity(Struct):
    id: int | str | None = None
    result: Raw | UnsetType = UNSET
    error: Raw | UnsetType = UNSET


_decode = msgspec.json.Decoder(Frame).decode
_decode_identity = msgspec.json.Decoder(_Identity).decode
_decode_array = msgspec.json.Decoder(list[Raw]).decode


_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.S
)
"""A pair of surrogates, a lone one, or any other escape: taken one after the other, so that none is cut in two."""


class BadFrame(Exception):
    """A frame that cannot be served: the error to send, and the id to send it to where one could be read."""

    def __init__(self, error: ProtocolError, request_id: Id | None) -> None:
        super().__init__(str(error))
        self.error = error
        self.request_id = request_id


def parse(data: bytes) -> Frame:
    """Decode one frame.

    A key that appears twice counts with its last value, everywhere. An escaped lone surrogate, which clients in
    JavaScript send for half an emoji, is read as U+FFFD. Raises BadFrame.
    """
    try:
        frame = _decode(data)
    except msgspec.ValidationError as error:
        raise BadFrame(InvalidRequest(f"Not a JSON-RPC message: {error}"), _identity(data)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        mended = _mended(data)
        if mended is not None:
            return parse(mended)
        raise BadFrame(ParseError(f"Not valid JSON: {error}"), None) from None
    except RecursionError:
        raise BadFrame(ParseError("Nested too deeply"), None) from None
    if too_deep(data):
        raise BadFrame(InvalidRequest("Nested too deeply"), _identity(data))
    if frame.jsonrpc != "2.0":
        raise BadFrame(InvalidRequest('Not a JSON-RPC message: "jsonrpc" must be "2.0"'), _identity(data))
    if frame.id is None:
        raise BadFrame(InvalidRequest("Not a JSON-RPC message: the id must not be null"), None)
    if frame.method is UNSET and (frame.id is UNSET or frame.result is UNSET is frame.error):
        raise BadFrame(InvalidRequest("Neither a request, a notification nor a response"), _identity(data))
    return frame


def _mended(data: bytes) -> bytes | None:
    """The same without lone surrogates, None where there are none."""
    mended = _ESCAPE.sub(lambda escape: rb"\ufffd" if escape["lone"] else escape[0], data)
    return None if mended == data else mended


def parse_batch(data: bytes) -> list[bytes]:
    """The frames of a JSON array, still encoded. Raises BadFrame."""
    try:
        frames = _decode_array(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        mended = _mended(data)
        if mended is not None:
            return parse_batch(mended)
        raise BadFrame(ParseError(f"Not valid JSON: {error}"), None) from None
    except RecursionError:
        raise BadFrame(ParseError("Nested too deeply"), None) from None
    if not frames:
        raise BadFrame(InvalidRequest("An empty batch"), None)
    return [bytes(frame) for frame in frames]


def _identity(data: bytes) -> Id | None:
    """The id to send an error to. That of a response is one of ours, which a client would take for one of its own."""
    try:
        found = _decode_identity(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found.id if found.result is UNSET is found.error else None


def response(request_id: Id, result: Any) -> bytes:
    return encode({"jsonrpc": "2.0", "id": request_id, "result": result})


def error_response(request_id: Id | None, error: dict[str, Any]) -> bytes:
    """``error`` as made by ``errors.error_object``; no id where the request's could not be read."""
    frame: dict[str, Any] = {"jsonrpc": "2.0", "error": error}
    if request_id is not None:
        frame["id"] = request_id
    return encode(frame)


def notification(method: str, params: Any = None) -> bytes:
    frame = {"jsonrpc": "2.0", "method": method}
    if params is not None:
        frame["params"] = params
    return encode(frame)


def request(request_id: Id, method: str, params: Any = None) -> bytes:
    frame: dict[str, Any] = {"jsonrpc": "2.0", "id": request_id, "method": method}
    if params is not None:
        frame["params"] = params
    return encode(frame)
