"""The older revisions over HTTP: a session from ``initialize`` to DELETE."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mcp_agent import Host
from mcp_agent.config import HttpSettings
from mcp_agent.transports.http.sessions import Session as ServerSession
from mcp_agent.transports.http.sessions import Sessions
from tests.plugins.patient import gate
from tests.transports.http_client import (
    BOTH,
    MODERN,
    Message,
    Served,
    Session,
    answer,
    events,
    request,
    serving,
)

LEGACY = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]
ELICIT = {"name": "ask"}


def notification(method: str, **params: Any) -> Message:
    return {"jsonrpc": "2.0", "method": method, "params": params}


async def status_of(response: Any) -> int:
    async with response as got:
        status: int = got.status
        return status


# --- the session ---------------------------------------------------------------------------------


@pytest.mark.parametrize("revision", LEGACY)
def test_every_older_revision_has_sessions(revision: str) -> None:
    async def play() -> None:
        async with serving() as served:
            session = await served.open_session(revision)
            assert await status_of(session.post(notification("notifications/initialized"))) == 202
            for method in ("tools/list", "resources/list", "prompts/list", "ping"):
                async with session.ask(method) as response:
                    assert response.status == 200
                    await answer(response, revision, method)
            async with session.ask("no/such/method") as response:
                assert (await answer(response, revision))["error"]["code"] == -32601
                assert response.status == 200

    asyncio.run(play())


def test_both_eras_share_the_endpoint() -> None:
    async def play() -> None:
        async with serving() as served:
            session = await served.open_session()
            async with served.ask("tools/list") as response:
                await answer(response, MODERN, "tools/list")
            async with session.ask("tools/list") as response:
                await answer(response, "2025-11-25", "tools/list")

    asyncio.run(play())


def test_ids_of_sessions_cannot_be_guessed() -> None:
    async def play() -> None:
        async with serving() as served:
            ids = {(await served.open_session()).id for _ in range(5)}
            assert len(ids) == 5
            assert all(len(one) >= 32 and one.isascii() and one.isprintable() for one in ids)

    asyncio.run(play())


def test_who_has_no_session_is_told_so() -> None:
    async def play() -> None:
        async with serving() as served:
            assert await status_of(served.post(request("tools/list"), {"Accept": BOTH})) == 400
            assert await status_of(Session(served, "2025-11-25", "made-up").ask("tools/list")) == 404
            assert await status_of(Session(served, "2025-11-25", "made-up").listen()) == 404
            assert await status_of(Session(served, "2025-11-25", "made-up").delete()) == 404
            session = await served.open_session()
            assert await status_of(Session(served, "1999-01-01", session.id).ask("tools/list")) == 400
            headers = {"Mcp-Session-Id": session.id, "Accept": BOTH}
            assert await status_of(served.post(request("tools/list"), headers)) == 200

    asyncio.run(play())


def test_a_refused_initialize_makes_no_session() -> None:
    async def play() -> None:
        async with serving() as served:
            async with served.post(request("initialize", {"capabilities": {}}), {"Accept": BOTH}) as response:
                assert "error" in await response.json()
                assert "Mcp-Session-Id" not in response.headers
            assert not served.host.server.peers

    asyncio.run(play())


def test_deleting_a_session_stops_what_runs_for_it() -> None:
    async def play() -> None:
        async with serving() as served:
            session = await served.open_session()
            call = asyncio.create_task(session.ask("tools/call", {"name": "wait"}).__aenter__())
            async with session.listen() as stream:
                await gate.started.wait()
                assert await status_of(session.delete()) == 204
                await gate.cancelled.wait()
                assert [one async for one in events(stream, session.revision)] == []
            (await call).release()
            assert await status_of(session.ask("tools/list")) == 404
            assert not served.host.server.peers

    asyncio.run(play())


def known(sessions: Sessions) -> ServerSession:
    session = sessions.open()
    sessions.keep(session)
    return session


def test_silent_sessions_are_forgotten_and_room_is_made() -> None:
    async def play() -> None:
        now = 0.0
        async with Host(on_disk=False, installed=False) as host:
            sessions = Sessions(host.server, HttpSettings(session_seconds=10, max_sessions=2), lambda: now)
            first = known(sessions)
            now = 6
            second = known(sessions)
            now = 9
            assert sessions.find(first.id) is first
            now = 17
            assert sessions.find(second.id) is None
            assert sessions.find(first.id) is first
            now = 18
            third = known(sessions)
            fourth = known(sessions)
            assert sessions.find(first.id) is None, "the longest silent one makes room"
            assert sessions.find(third.id) is third
            assert host.server.peers == {third.peer, fourth.peer}

    asyncio.run(play())


# --- messages ------------------------------------------------------------------------------------


def test_batches_in_2025_03_26() -> None:
    async def play() -> None:
        async with serving() as served:
            session = await served.open_session("2025-03-26")
            calls = [
                request("ping", request_id=1),
                notification("notifications/initialized"),
                request("tools/call", {"name": "echo", "arguments": {"text": "hi"}}, 2),
                {"jsonrpc": "2.0", "id": 3, "method": 5},
            ]
            async with session.post(calls) as response:
                answers = await response.json()
                assert {one["id"] for one in answers} == {1, 2, 3}
                assert [one["id"] for one in answers if "error" in one] == [3]
            assert await status_of(session.post([notification("notifications/initialized")])) == 202
            assert await status_of(session.post([])) == 400
            later = await served.open_session("2025-06-18")
            assert await status_of(later.post([request("ping")])) == 400

    asyncio.run(play())


def test_a_cancelled_part_of_a_batch_does_not_hold_the_others() -> None:
    async def play() -> None:
        async with serving() as served:
            session = await served.open_session("2025-03-26")
            calls = [request("ping", request_id=1), request("tools/call", {"name": "wait"}, 2)]
            waiting = asyncio.create_task(session.post(calls).__aenter__())
            await gate.started.wait()
            assert await status_of(session.post(notification("notifications/cancelled", requestId=2))) == 202
            async with await waiting as response:
                assert [one["id"] for one in await response.json()] == [1]

    asyncio.run(play())


def test_a_cancelled_request_ends_without_an_answer() -> None:
    async def play() -> None:
        async with serving() as served:
            session = await served.open_session()
            waiting = asyncio.create_task(session.ask("tools/call", {"name": "wait"}, 9).__aenter__())
            await gate.started.wait()
            assert await status_of(session.post(notification("notifications/cancelled", requestId=9))) == 202
            await gate.cancelled.wait()
            async with await waiting as response:
                assert (response.status, await response.read()) == (202, b"")

    asyncio.run(play())


def test_leaving_is_no_cancelling() -> None:
    async def play() -> None:
        async with serving() as served:
            session = await served.open_session()
            waiting = asyncio.create_task(session.ask("tools/call", {"name": "wait"}).__aenter__())
            await gate.started.wait()
            waiting.cancel()
            async with session.ask("ping", request_id=8) as response:
                assert response.status == 200
            gate.released.set()
            await gate.finished.wait()
            assert not gate.cancelled.is_set()

    asyncio.run(play())


# --- what the client is asked and told -----------------------------------------------------------


async def reply(session: Session, question: Message, content: Message) -> None:
    body = {"jsonrpc": "2.0", "id": question["id"], "result": {"action": "accept", "content": content}}
    assert await status_of(session.post(body)) == 202


@pytest.mark.parametrize("revision", ["2025-06-18", "2025-11-25"])
def test_a_question_comes_on_the_stream_of_its_call(revision: str) -> None:
    async def play() -> None:
        async with serving() as served:
            session = await served.open_session(revision)
            async with session.ask("tools/call", {"name": "ask"}) as response:
                heard = events(response, revision, "tools/call")
                question = await anext(heard)
                assert question["method"] == "elicitation/create"
                await reply(session, question, {"name": "Ada"})
                result = [one async for one in heard]
                assert [one["result"]["content"][0]["text"] for one in result] == ["Hello Ada"]

    asyncio.run(play())


def test_a_question_to_a_client_that_lost_its_stream_comes_on_the_other() -> None:
    async def play() -> None:
        async with serving() as served:
            session = await served.open_session()
            async with session.listen() as stream:
                call = {"name": "wait", "arguments": {"ask": True, "report": True}, "_meta": {"progressToken": 1}}
                async with session.ask("tools/call", call) as response:
                    await anext(events(response, session.revision))
                async with session.ask("ping", request_id=8) as response:
                    assert response.status == 200
                gate.released.set()
                question = await anext(events(stream, session.revision))
                assert question["method"] == "elicitation/create"
                await reply(session, question, {"word": "hello"})
                await gate.finished.wait()

    asyncio.run(play())


async def change_tools(session: Session) -> None:
    async with session.ask("tools/call", {"name": "test_trigger_tool_change"}) as response:
        assert response.status == 200


def test_changes_come_on_the_stream_of_the_session() -> None:
    async def play() -> None:
        async with serving() as served:
            session = await served.open_session()
            await change_tools(session)  # nobody listens yet: what changed is told once when somebody does
            async with session.listen() as stream:
                assert stream.headers["X-Accel-Buffering"] == "no"
                heard = events(stream, session.revision)
                before = {(await anext(heard))["method"] for _ in range(3)}
                assert before == {f"notifications/{kind}/list_changed" for kind in ("tools", "resources", "prompts")}
                await subscribed(served, session)
                assert (await anext(heard))["params"] == {"uri": "test://watched-resource"}
                assert await status_of(session.listen()) == 409
            async with session.ask("resources/unsubscribe", {"uri": "test://watched-resource"}) as response:
                await answer(response, session.revision, "resources/unsubscribe")

    asyncio.run(play())


async def subscribed(served: Served, session: Session) -> None:
    async with session.ask("resources/subscribe", {"uri": "test://watched-resource"}) as response:
        await answer(response, session.revision, "resources/subscribe")
    served.host.server.resource_updated("test://something-else")
    served.host.server.resource_updated("test://watched-resource")


def test_the_stream_can_be_opened_again() -> None:
    async def play() -> None:
        async with serving() as served:
            session = await served.open_session()
            for _ in range(3):
                while True:  # the server hears of the closed connection in its own time
                    async with session.listen() as stream:
                        if stream.status == 409:
                            continue
                        await change_tools(session)
                        await anext(events(stream, session.revision))
                        break

    asyncio.run(play())


def test_streams_are_for_sessions_only() -> None:
    async def play() -> None:
        async with serving() as served:
            session = await served.open_session()
            get = served.session.get
            assert await status_of(get(served.url, headers={"MCP-Protocol-Version": MODERN})) == 405
            assert await status_of(get(served.url, headers={"Accept": "text/event-stream"})) == 400
            assert await status_of(get(served.url, headers={**session.headers, "Accept": "application/json"})) == 406
            assert await status_of(served.session.put(served.url)) == 405
            assert await status_of(get(served.url.removesuffix("mcp") + "elsewhere")) == 404

    asyncio.run(play())


def test_a_stop_closes_the_streams_of_sessions() -> None:
    async def play() -> None:
        async with serving() as served:
            session = await served.open_session()
            async with session.listen() as stream:
                served.stop.set()
                assert [one async for one in events(stream, session.revision)] == []

    asyncio.run(play())
