"""A server that speaks the protocol as Home Assistant documents it, and goes wrong as a test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import WSMsgType, web

from mcp_agent import Host
from tests.support.homes import connected

TOKEN = "a-token-that-is-right"
Reply = Callable[[web.WebSocketResponse, dict[str, Any]], Awaitable[None]]

STATES = {
    "light.desk": {"s": "off", "a": {"friendly_name": "Desk"}, "lc": 1.0},
    "light.shelf": {"s": "off", "a": {"friendly_name": "Shelf"}, "lc": 1.0},
}

REGISTRIES: dict[str, list[dict[str, Any]]] = {
    "floor": [{"floor_id": "up", "name": "Upstairs"}],
    "label": [{"label_id": "warm", "name": "Warm light"}, {"label_id": "work", "name": "Work"}],
    "area": [{"area_id": "study", "name": "Study", "floor_id": "up", "labels": ["work"], "aliases": ["Den"]}],
    "device": [{"id": "d1", "area_id": "study", "labels": ["warm"]}],
    "entity": [{"entity_id": "light.desk", "device_id": "d1", "labels": [], "aliases": ["Lamp of Anna"]}],
}


class Server:
    """``on`` holds replies of the test's own by type of message; ``sockets`` every connection there was."""

    def __init__(self) -> None:
        self.url = ""
        self.token = TOKEN
        self.sockets: list[web.WebSocketResponse] = []
        self.heard: list[list[dict[str, Any]]] = []
        self.on: dict[str, Reply] = {}
        self.states = {key: dict(value) for key, value in STATES.items()}
        self.silent = False
        self.arrived = asyncio.Event()
        self.pinged = asyncio.Event()
        self._watching: dict[web.WebSocketResponse, int] = {}

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        await socket.send_json({"type": "auth_required", "ha_version": "9"})
        said = await socket.receive_json()
        if said["access_token"] != self.token:
            await socket.send_json({"type": "auth_invalid"})
            return socket
        await socket.send_json({"type": "auth_ok", "ha_version": "9"})
        heard: list[dict[str, Any]] = []
        self.sockets.append(socket)
        self.heard.append(heard)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                heard.append(message.json())
                if heard[-1]["type"] == "ping":
                    self.pinged.set()
                if not self.silent:
                    await self._answer(socket, message.json())
        return socket

    async def _answer(self, socket: web.WebSocketResponse, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind in self.on:
            await self.on[kind](socket, message)
            return
        result: Any = None
        if kind == "ping":
            await socket.send_json({"id": message["id"], "type": "pong"})
            return
        if kind.startswith("config/"):
            result = REGISTRIES[kind.split("/")[1].removesuffix("_registry")]
            if kind.endswith("get_entries"):
                result = {entry["entity_id"]: entry for entry in result}
        await socket.send_json({"id": message["id"], "type": "result", "success": True, "result": result})
        if kind == "subscribe_entities":
            self._watching[socket] = message["id"]
            await socket.send_json({"id": message["id"], "type": "event", "event": {"a": self.states}})
            self.arrived.set()

    async def change(self, entity_id: str, state: str, *, quietly: bool = False) -> None:
        """The state of a thing; ``quietly`` where nobody is connected."""
        self.states[entity_id] = {**self.states[entity_id], "s": state}
        if not quietly:
            socket = self.sockets[-1]
            event = {"c": {entity_id: {"+": {"s": state, "lc": 2.0}}}}
            await socket.send_json({"id": self._watching[socket], "type": "event", "event": event})

    async def drop(self) -> None:
        """As if the network went: no closing words."""
        self.arrived.clear()
        transport = self.sockets[-1]._req.transport  # type: ignore[union-attr]
        assert transport is not None
        transport.abort()


@asynccontextmanager
async def served() -> AsyncIterator[Server]:
    server = Server()
    app = web.Application()
    app.add_routes([web.get("/api/websocket", server.serve)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        for socket in server.sockets:
            await socket.close()
        await runner.cleanup()


def on_server(work: Callable[[Server, Host], Awaitable[None]]) -> None:
    async def run() -> None:
        async with served() as server, connected(server.url, TOKEN) as host:
            await host.call("home_overview")
            await work(server, host)

    asyncio.run(asyncio.wait_for(run(), 30))


async def shown(host: Host, entity_id: str) -> dict[str, Any]:
    [found] = (await host.call("home_get_state", {"entity_ids": [entity_id]})).data["result"]
    return dict(found)
