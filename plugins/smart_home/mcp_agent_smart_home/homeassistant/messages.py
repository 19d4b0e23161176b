"""What goes over the WebSocket of Home Assistant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from mcp_agent import ToolError
from mcp_agent_smart_home.home import Json

if TYPE_CHECKING:
    import aiohttp

_LARGEST = 64 * 2**20
"""Bytes of one message: the states of a few thousand entities are some megabytes."""

Listener = Callable[[Json], None]


class Refused(ToolError):
    """Home Assistant understood, and said no. ``code`` is its own word for why."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class Subscription:
    """A wish for events that outlives connections. ``id`` is its number on the present one."""

    __slots__ = ("command", "id", "listener", "resumed")

    def __init__(self, command: dict[str, Json], listener: Listener, resumed: Callable[[], None] | None = None) -> None:
        self.command = command
        self.listener = listener
        self.resumed = resumed
        self.id = 0


async def send(socket: aiohttp.ClientWebSocketResponse, message: Mapping[str, Json]) -> None:
    await socket.send_str(msgspec.json.encode(message).decode())


def decode(text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError:
        raise ConnectionError("what answers there is not Home Assistant") from None


async def open_socket(http: aiohttp.ClientSession, url: str) -> aiohttp.ClientWebSocketResponse:
    """The WebSocket of the Home Assistant at this URL."""
    return await http.ws_connect(f"{url}/api/websocket", max_msg_size=_LARGEST)
