"""Hearing of changes: ``resources/subscribe`` in the older era, ``subscriptions/listen`` in the newest."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.schema import LEGACY, MODERN
from tests.support.served import in_loop, serving
from tests.support.wire import PREFIX, TASKS, Client, failing

ID = PREFIX + "subscriptionId"
ACKNOWLEDGED = "notifications/subscriptions/acknowledged"
UPDATED = "notifications/resources/updated"
TWO = ("tests.plugins.kinds", "tests.plugins.workshop")


async def listen(client: Client, request_id: Any, **wanted: Any) -> dict[str, Any]:
    """Open a stream; its acknowledgement must be the first that is heard of it."""
    client.request("subscriptions/listen", {"notifications": wanted}, request_id=request_id)
    note = await client.read()
    assert note["method"] == ACKNOWLEDGED
    client.notes.remove(note)
    assert note["params"]["_meta"] == {ID: request_id}
    honoured: dict[str, Any] = note["params"]["notifications"]
    return honoured


@pytest.mark.parametrize("revision", LEGACY)
def test_resources_of_a_session(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client, other = await served.client(revision), await served.client(revision)
            for uri in ("kinds://note", "kinds://city/Oulu"):
                assert await client.call("resources/subscribe", {"uri": uri}) == {}
            await client.tool("touch", uri="kinds://note")
            await client.tool("touch", uri="kinds://bytes")
            await client.tool("touch", uri="kinds://city/Oulu")
            assert [note["params"]["uri"] for note in await client.quiet()] == ["kinds://note", "kinds://city/Oulu"]
            assert await client.call("resources/unsubscribe", {"uri": "kinds://note"}) == {}
            assert await client.call("resources/unsubscribe", {"uri": "kinds://never"}) == {}
            await client.tool("touch", uri="kinds://note")
            assert await client.quiet() == []
            assert await other.quiet() == []

    in_loop(work)


@pytest.mark.parametrize("revision", LEGACY)
def test_subscriptions_of_a_session_are_bounded(revision: str) -> None:
    async def work() -> None:
        async with serving(in_flight=2) as served:
            client = await served.client(revision)
            for uri in ("a:1", "a:2", "a:2", "a:1"):
                await client.call("resources/subscribe", {"uri": uri})
            error = await failing(client.call("resources/subscribe", {"uri": "a:3"}))
            assert error.code == -32603
            await client.call("resources/unsubscribe", {"uri": "a:1"})
            await client.call("resources/subscribe", {"uri": "a:3"})

    in_loop(work)


def test_a_stream_carries_what_was_asked_and_nothing_else() -> None:
    async def work() -> None:
        async with serving(*TWO) as served:
            client = await served.client(MODERN)
            assert await listen(client, "tools", toolsListChanged=True) == {"toolsListChanged": True}
            uris = ["kinds://note"]
            assert await listen(client, 7, resourceSubscriptions=uris, promptsListChanged=False) == {
                "resourceSubscriptions": uris
            }
            assert await listen(client, "none") == {}
            await served.host.disable_plugin("workshop")
            await client.tool("touch", uri="kinds://note")
            await client.tool("touch", uri="kinds://bytes")
            heard = [(note["method"], note["params"]["_meta"][ID]) for note in await client.quiet()]
            assert heard == [("notifications/tools/list_changed", "tools"), (UPDATED, 7)]

    in_loop(work)


def test_two_streams_that_want_the_same_both_get_it() -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(MODERN)
            for stream in ("a", "b"):
                await listen(client, stream, resourceSubscriptions=["kinds://note"])
            await client.tool("touch", uri="kinds://note")
            assert {note["params"]["_meta"][ID] for note in await client.quiet()} == {"a", "b"}

    in_loop(work)


def test_every_list_can_be_listened_to() -> None:
    async def work() -> None:
        async with serving(*TWO) as served:
            client = await served.client(MODERN)
            await listen(client, "a", toolsListChanged=True, promptsListChanged=True, resourcesListChanged=True)
            await served.host.disable_plugin("kinds")
            assert {note["method"] for note in await client.quiet()} == {
                f"notifications/{kind}/list_changed" for kind in ("tools", "prompts", "resources")
            }

    in_loop(work)


def test_a_cancelled_stream_falls_silent_without_an_answer() -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(MODERN)
            await listen(client, "a", resourceSubscriptions=["kinds://note"])
            client.cancel("a")
            await client.tool("touch", uri="kinds://note")
            assert await client.quiet() == []
            await served.server.drain(0)
            await listen(client, "a", resourceSubscriptions=["kinds://note"])  # its id is free again

    in_loop(work)


def test_streams_are_closed_in_good_order_when_the_server_stops() -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(MODERN)
            for stream in ("a", 200):
                await listen(client, stream, toolsListChanged=True)
            await served.server.drain(0)
            for stream in ("a", 200):
                result = await client.result(stream)
                assert result["resultType"] == "complete"
                assert result["_meta"][ID] == stream
                assert result["_meta"][PREFIX + "serverInfo"]["name"] == "mcp-agent"

    in_loop(work)


def test_an_id_in_use_by_a_stream_is_taken() -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(MODERN)
            await listen(client, "a", toolsListChanged=True)
            assert (await failing(client.tool_as("a", "echo", text="x"))).code == -32600
            client.expect("a", "subscriptions/listen")
            await served.server.drain(0)
            await client.result("a")

    in_loop(work)


@pytest.mark.parametrize(
    "wanted",
    [{"toolsListChanged": "yes"}, {"resourceSubscriptions": "kinds://note"}, {"resourceSubscriptions": [1]}, []],
)
def test_a_filter_that_is_wrong(wanted: Any) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(MODERN)
            error = await failing(client.call("subscriptions/listen", {"notifications": wanted}))
            assert error.code == -32602

    in_loop(work)


def test_listening_to_tasks_takes_the_extension_and_a_task_of_ones_own() -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(MODERN)
            error = await failing(client.call("subscriptions/listen", {"notifications": {"taskIds": ["x"]}}))
            assert (error.code, error.data) == (-32021, {"requiredCapabilities": {"extensions": {TASKS: {}}}})
            client.capabilities = {"extensions": {TASKS: {}}}
            assert await listen(client, "a", taskIds=["of nobody"]) == {}

    in_loop(work)
