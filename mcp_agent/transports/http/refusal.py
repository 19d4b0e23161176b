"""Turning a request away before the protocol engine sees it, with a JSON-RPC error as the body."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from mcp_agent.errors import (
    HeaderMismatch,
    InvalidRequest,
    MethodNotFound,
    MissingCapability,
    MissingMeta,
    ParseError,
    ProtocolError,
    UnsupportedVersion,
)
from mcp_agent.protocol import jsonrpc, wire
from mcp_agent.protocol.revisions import MODERN

JSON = "application/json"

_BAD_REQUESTS = (
    ParseError, InvalidRequest, MissingMeta, HeaderMismatch, MissingCapability, UnsupportedVersion,
)  # fmt: skip


def status_of(error: ProtocolError | None, modern: bool) -> int:
    """The HTTP status an answer goes out with. What is wrong inside a well-formed request is still a 200."""
    if isinstance(error, _BAD_REQUESTS):
        return 400
    return 404 if modern and isinstance(error, MethodNotFound) else 200


class Refusal(Exception):
    """Ends the handling of a request. ``request_id`` where one could be read."""

    def __init__(
        self,
        status: int,
        error: ProtocolError,
        request_id: jsonrpc.Id | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(str(error))
        self.status = status
        self.error = error
        self.request_id = request_id
        self.headers = headers

    def response(self) -> web.Response:
        body = jsonrpc.error_response(self.request_id, wire.error_object(self.error, MODERN))
        return web.Response(status=self.status, body=body, content_type=JSON, headers=self.headers)
