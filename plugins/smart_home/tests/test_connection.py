"""The connection to Home Assistant when things go wrong, on a server that does as the test says.

That the real one speaks as this one does is what the other tests show.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web

from mcp_agent import Config, Host, ToolError
from mcp_agent.config import HttpClientSettings, PolicySettings, Rule
from mcp_agent.errors import UpstreamError
from mcp_agent.testing import FakeClock, host_for
from mcp_agent.vault.secret import Secret
from plugins.smart_home.tests.played_server import TOKEN, Server, on_server, served, shown
from tests.support.homes import MODULE, connected


def test_places_and_labels_come_from_all_registries() -> None:
    """A thing is where its device is, and has the labels of its device and area too."""

    async def work(server: Server, host: Host) -> None:
        found = await shown(host, "light.desk")
        assert (found["area"], found["labels"]) == ("Study", ["Warm light", "Work"])
        assert "area" not in await shown(host, "light.shelf")
        for selector in ({"floor": "upstairs"}, {"label": "warm light"}, {"area": "den"}):
            done = (
                await host.call("home_bulk_control", {"service": "light.turn_on", "wait_seconds": 0, **selector})
            ).data
            assert done["unchanged"] == ["light.desk"]
        found = (await host.call("home_search_entities", {"query": "lamp of anna"})).data["things"][0]
        assert found["entity_id"] == "light.desk"

    on_server(work)


def test_answers_in_any_order_find_their_questions() -> None:
    async def work(server: Server, host: Host) -> None:
        held: list[dict[str, Any]] = []

        async def hold(socket: web.WebSocketResponse, message: dict[str, Any]) -> None:
            held.append(message)
            if len(held) == 5:
                for one in reversed(held):
                    await server.change("light.desk", "on")
                    await server.change("light.desk", "off")
                    said = one["service_data"]["say"]
                    await socket.send_json(
                        {"id": one["id"], "type": "result", "success": False, "error": {"message": f"heard {said}"}}
                    )

        server.on["call_service"] = hold
        calls = [
            ("home_call_service", {"service": "light.turn_on", "entity_ids": ["light.desk"], "data": {"say": number}})
            for number in range(5)
        ]
        outcomes = await host.batch(calls)
        assert [f"heard {number}" in str(outcome) for number, outcome in enumerate(outcomes)] == [True] * 5
        ids = [message["id"] for message in server.heard[-1]]
        assert ids == sorted(set(ids))

    on_server(work)


def test_a_connection_that_is_lost_in_mid_call_says_so_and_comes_back() -> None:
    async def work(server: Server, host: Host) -> None:
        async def die(socket: web.WebSocketResponse, message: dict[str, Any]) -> None:
            await server.drop()

        server.on["call_service"] = die
        with pytest.raises(UpstreamError, match="may have done") as raised:
            await host.call("home_call_service", {"service": "light.turn_on", "entity_ids": ["light.desk"]})
        assert raised.value.sent
        assert sum(one["type"] == "call_service" for heard in server.heard for one in heard) == 1  # not repeated
        await server.change("light.desk", "on", quietly=True)
        await server.arrived.wait()
        assert (await shown(host, "light.desk"))["state"] == "on"

    on_server(work)


def test_what_changed_while_it_was_away_is_noticed() -> None:
    """A wait that began before goes on after; what is gone is gone; subscriptions are as they were."""

    async def work(server: Server, host: Host) -> None:
        wait = {"entity_id": "light.desk", "state": "on", "timeout_seconds": 20}
        waiting = asyncio.create_task(host.call("home_wait_for", wait))
        await asyncio.sleep(0)
        del server.states["light.shelf"]
        await server.change("light.desk", "on", quietly=True)
        await server.drop()
        assert (await waiting).data["reached"]
        with pytest.raises(ToolError, match=r"no light\.shelf"):
            await shown(host, "light.shelf")

        def subscribed(heard: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
            return [(one["type"], one.get("event_type")) for one in heard if one["type"].startswith("subscribe_")]

        assert subscribed(server.heard[0]) == subscribed(server.heard[1])
        await server.change("light.desk", "off")
        reached = await host.call("home_wait_for", {**wait, "state": "off"})
        assert reached.data["reached"]

    on_server(work)


def test_a_refused_token_is_said_once_and_a_new_one_is_taken_at_once() -> None:
    async def work() -> None:
        async with served() as server, connected(server.url, "a-token-that-is-wrong") as host:
            for _ in range(3):
                with pytest.raises(ToolError, match="refuses the token"):
                    await host.call("home_overview")
            assert server.sockets == []
            await host.vault.set("smart_home", "token", Secret(TOKEN))
            assert (await host.call("home_overview")).data["things"] == 2

    asyncio.run(asyncio.wait_for(work(), 30))


def test_without_a_token_the_command_that_sets_it_is_told() -> None:
    async def work() -> None:
        async with served() as server, host_for(MODULE, {"url": server.url}) as host:
            with pytest.raises(ToolError, match="mcp-agent secrets set smart_home token"):
                await host.call("home_overview")
            assert "mcp-agent secrets set smart_home token" in (await host.checks())["smart_home"]

    asyncio.run(asyncio.wait_for(work(), 30))


def test_a_machine_that_slept_looks_whether_the_connection_still_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other side says nothing any more, and the socket does not know. Time jumps: it asks, and connects anew."""
    monkeypatch.setattr("mcp_agent_smart_home.homeassistant.home._BEAT", 0.02)
    monkeypatch.setattr("mcp_agent_smart_home.homeassistant.home._SILENT_BEATS", 10**9)  # nothing else makes it ask

    async def work() -> None:
        clock = FakeClock()
        async with served() as server, host_for(MODULE, {"url": server.url}, clock=clock) as host:
            await host.vault.set("smart_home", "token", Secret(TOKEN))
            await host.call("home_overview")
            server.silent = True
            await server.change("light.desk", "on", quietly=True)
            server.arrived.clear()
            clock.advance(3600)
            await server.pinged.wait()
            server.silent = False
            await server.arrived.wait()
            assert len(server.sockets) == 2
            assert (await shown(host, "light.desk"))["state"] == "on"

    asyncio.run(asyncio.wait_for(work(), 30))


def test_connecting_again_takes_longer_each_time_and_never_the_same_for_all() -> None:
    """With a fixed chance: pauses double up to a minute; chance makes them up to half as long."""
    from mcp_agent_smart_home.homeassistant.connection import Connection

    async def pauses(chance: float) -> list[float]:
        waited: list[float] = []

        async def refuse() -> Any:
            raise ConnectionRefusedError("nobody is there")

        async def token() -> str:
            return TOKEN

        connection = Connection("nowhere", refuse, token, chance=lambda: chance)

        async def wait_for(waiting: Any, seconds: float) -> None:
            waiting.close() if asyncio.iscoroutine(waiting) else waiting.cancel()
            if asyncio.iscoroutine(waiting) and waiting.__name__ == "refuse":
                raise ConnectionRefusedError("nobody is there")
            waited.append(seconds)
            if len(waited) == 12:
                raise asyncio.CancelledError
            raise TimeoutError

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("mcp_agent_smart_home.homeassistant.connection.asyncio.wait_for", wait_for)
            connection.start()
            assert connection._task is not None
            await asyncio.gather(connection._task, return_exceptions=True)
        return waited

    slow, fast = asyncio.run(pauses(1.0)), asyncio.run(pauses(0.0))
    assert slow[:4] == [0.4, 0.8, 1.6, 3.2]
    assert slow[-1] == slow[-2] == 60.0
    assert fast == [pause / 2 for pause in slow]


def test_events_that_nobody_understands_are_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    async def work(server: Server, host: Host) -> None:
        socket = server.sockets[-1]
        for event in (None, {"a": {"light.desk": {}}}, {"c": {"light.desk": 7}}, {"r": 5}):
            await socket.send_json({"id": server._watching[socket], "type": "event", "event": event})
        await socket.send_json({"id": 4711, "type": "event", "event": {}})
        await socket.send_json({"id": 4711, "type": "result", "success": True})
        await server.change("light.desk", "on")
        wait = {"entity_id": "light.desk", "state": "on", "timeout_seconds": 10}
        assert (await host.call("home_wait_for", wait)).data["reached"]
        assert len(server.sockets) == 1

    on_server(work)
    assert "was not understood" in caplog.text


def test_the_time_limit_of_requests_is_not_one_of_the_connection() -> None:
    async def work() -> None:
        config = Config(
            http_client=HttpClientSettings(total_seconds=0.3), policy=PolicySettings(rules=(Rule(decide="allow"),))
        )
        async with served() as server:
            config.plugins["smart_home"] = {"url": server.url}
            async with Host(config, modules=[MODULE], installed=False, on_disk=False) as host:
                await host.vault.set("smart_home", "token", Secret(TOKEN))
                await host.call("home_overview")
                await asyncio.sleep(0.7)
                await server.change("light.desk", "on")
                wait = {"entity_id": "light.desk", "state": "on", "timeout_seconds": 10}
                assert (await host.call("home_wait_for", wait)).data["reached"]
                assert len(server.sockets) == 1

    asyncio.run(asyncio.wait_for(work(), 30))


def test_something_else_at_that_address_is_recognised() -> None:
    async def work() -> None:
        async def page(request: web.Request) -> web.Response:
            return web.Response(text="A router")

        app = web.Application()
        app.add_routes([web.get("/api/websocket", page)])
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("mcp_agent_smart_home.homeassistant.connection._OPEN_SECONDS", 0.5)
                async with connected(f"http://127.0.0.1:{runner.addresses[0][1]}", TOKEN) as host:
                    with pytest.raises(UpstreamError, match="cannot be reached"):
                        await host.call("home_overview")
        finally:
            await runner.cleanup()

    asyncio.run(asyncio.wait_for(work(), 30))


def test_a_home_that_is_off_does_not_keep_the_plugin_from_starting() -> None:
    async def work() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("mcp_agent_smart_home.homeassistant.connection._OPEN_SECONDS", 0.3)
            async with connected("http://127.0.0.1:9", TOKEN) as host:
                [record] = host.plugins()
                assert record.status == "active"
                with pytest.raises(UpstreamError, match="Check that it runs"):
                    await host.call("home_overview")
                assert "cannot be reached" in (await host.checks())["smart_home"]

    asyncio.run(asyncio.wait_for(work(), 30))
