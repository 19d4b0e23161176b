"""What a POSTed body is, as far as the transport must know before the engine gets it."""

from __future__ import annotations

from msgspec import UNSET, Struct

from mcp_agent.protocol import jsonrpc
from mcp_agent.protocol.jsonrpc import BadFrame, Frame, Id
from mcp_agent.transports.http.headers import Body, read_body


class Message(Struct, frozen=True, kw_only=True):
    """A message, or a batch: that has neither method nor id of its own."""

    method: str | None = None
    request_id: Id | None = None
    body: Body = Body()
    wants_answer: bool = False
    is_response: bool = False
    is_batch: bool = False


def read_message(data: bytes) -> Message:
    """Raises BadFrame for what is no message at all."""
    if data.lstrip()[:1] == b"[":
        return Message(is_batch=True, wants_answer=any(_wants_answer(frame) for frame in jsonrpc.parse_batch(data)))
    frame = jsonrpc.parse(data)
    if frame.method is UNSET:
        return Message(is_response=True)
    request_id = _id(frame)
    body = read_body(frame)
    return Message(method=frame.method, request_id=request_id, body=body, wants_answer=request_id is not None)


def _wants_answer(data: bytes) -> bool:
    try:
        frame = jsonrpc.parse(data)
    except BadFrame as bad:
        return bad.request_id is not None
    return frame.method is not UNSET and frame.id is not UNSET


def _id(frame: Frame) -> Id | None:
    return frame.id if isinstance(frame.id, int | str) else None
