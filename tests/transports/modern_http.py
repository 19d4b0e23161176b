"""What the tests of MCP 2026-07-28 over HTTP share."""

from __future__ import annotations

import asyncio

import pytest

from mcp_agent.protocol.peer import Peer
from tests.transports.http_client import Served

EVENTS = "text/event-stream"


def when_gone(served: Served, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set once the server has taken leave of a client."""
    gone = asyncio.Event()
    take_leave = served.host.server.gone

    def noted(peer: Peer) -> None:
        take_leave(peer)
        gone.set()

    monkeypatch.setattr(served.host.server, "gone", noted)
    return gone
