"""Which revision a request is served by: it says so itself since 2026-07-28; before, initialize settled it once."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET

from mcp_agent.errors import InvalidRequest, MethodNotFound, MissingCapability, MissingMeta, UnsupportedVersion
from mcp_agent.protocol.batch import Batch
from mcp_agent.protocol.exchange import Exchange
from mcp_agent.protocol.methods import Method
from mcp_agent.protocol.params import TASKS, Meta, Params
from mcp_agent.protocol.peer import Peer
from mcp_agent.protocol.revisions import LATEST_LEGACY, MODERN, SUPPORTED

_decode_params = msgspec.json.Decoder(Params).decode


def settle(peer: Peer, exchange: Exchange, method: Method, meta: Meta) -> None:
    """Raises ProtocolError for a request that no revision serves."""
    exchange.progress_token = meta.progress_token
    exchange.traceparent = meta.traceparent
    if meta.version is not UNSET:
        _modern(exchange, method, meta)
    elif method.name == "initialize" or (method.name == "ping" and peer.revision is None):
        exchange.revision = LATEST_LEGACY
    elif peer.revision is None:
        raise MissingMeta(
            "Invalid params: send initialize first, or put io.modelcontextprotocol/protocolVersion in _meta"
        )
    elif not method.legacy:
        raise MethodNotFound(method.name)


def _modern(exchange: Exchange, method: Method, meta: Meta) -> None:
    if meta.version != MODERN.name:
        raise UnsupportedVersion(str(meta.version), SUPPORTED)
    exchange.revision = MODERN
    if isinstance(exchange.channel, Batch):  # one that never ends would hold back the other answers
        raise InvalidRequest(f"MCP {MODERN.name} has no batches")
    if not method.modern:
        raise MethodNotFound(method.name)
    if meta.capabilities is UNSET:
        raise MissingMeta("Invalid params: _meta lacks io.modelcontextprotocol/clientCapabilities")
    exchange.describe(MODERN, meta.client, meta.capabilities, meta.log_level)
    if method.task_extension and not exchange.tasks:
        raise MissingCapability({"extensions": {TASKS: {}}})


def settle_unknown(peer: Peer, exchange: Exchange, method: Method | None, params: Any) -> None:
    """The era of a request that makes no sense, from what it says of itself; its error is worded for that.

    Raises MethodNotFound where that era has no such method, whatever its params.
    """
    try:
        modern = params is not UNSET and _decode_params(params).meta.version is not UNSET
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        modern = False
    if modern or peer.revision is None:
        exchange.revision = MODERN
    if method is not None and modern and not method.modern:
        raise MethodNotFound(method.name)
