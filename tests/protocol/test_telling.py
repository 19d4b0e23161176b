"""What a call says on its way (progress, log), and calls that are called off."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_agent.model import LOG_LEVELS
from tests.plugins.kinds import waiting
from tests.support.schema import LEGACY, MODERN, REVISIONS
from tests.support.served import in_loop, serving
from tests.support.wire import PREFIX, Client, failing

every_revision = pytest.mark.parametrize("revision", REVISIONS)
every_legacy = pytest.mark.parametrize("revision", LEGACY)


async def progress_of(client: Client, arguments: dict[str, Any], token: Any = "t", tool: str = "progress") -> list[Any]:
    """The progress notifications of a call, all of which came before its result."""
    meta = {} if token is None else {"progressToken": token}
    result = await client.call("tools/call", {"name": tool, "arguments": arguments}, meta=meta)
    assert result["content"][0]["text"] == "done"
    told, client.notes = client.notes, []
    assert await client.quiet() == []
    return [note["params"] for note in told]


@every_revision
@pytest.mark.parametrize("token", ["t", 0, 7, ""])
def test_progress(revision: str, token: Any) -> None:
    async def work() -> None:
        async with serving() as served:
            told = await progress_of(await served.client(revision), {"steps": [1, 2.5], "total": 3}, token)
            message = (lambda at: {"message": at}) if revision >= "2025-03-26" else (lambda at: {})
            assert told == [
                {"progressToken": token, "progress": 1, "total": 3, **message("at 1")},
                {"progressToken": token, "progress": 2.5, "total": 3, **message("at 2.5")},
            ]

    in_loop(work)


@every_revision
def test_progress_never_goes_back_nor_stands_still(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            told = await progress_of(await served.client(revision), {"steps": [-1, 0, 0, 3, 2, 3, 4]})
            assert [params["progress"] for params in told] == [-1, 0, 3, 4]
            assert all("total" not in params for params in told)

    in_loop(work)


@every_revision
def test_progress_that_is_no_number_is_left_out(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            told = await progress_of(await served.client(revision), {}, tool="progress_nowhere")
            assert [params["progress"] for params in told] == [1, 2]
            assert all("total" not in params for params in told)

    in_loop(work)


@every_revision
def test_who_gave_no_token_hears_of_no_progress(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            assert await progress_of(await served.client(revision), {"steps": [1, 2]}, None) == []

    in_loop(work)


@every_revision
def test_a_sync_tool_tells_from_its_thread(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            meta = {"progressToken": 1, PREFIX + "logLevel": "debug"}
            await client.call("tools/call", {"name": "progress_in_thread"}, meta=meta)
            assert [note["method"] for note in client.notes] == ["notifications/progress", "notifications/message"]

    in_loop(work)


@every_legacy
def test_log_levels_of_a_session(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            for level in ("info", *LOG_LEVELS):  # info is what it begins with
                if level != "info" or waiting.stopped:
                    await client.call("logging/setLevel", {"level": level})
                waiting.stopped.append("begun")
                await client.tool("talk")
                said = [note["params"]["level"] for note in client.notes]
                client.notes.clear()
                assert said == list(LOG_LEVELS[LOG_LEVELS.index(level) :])  # type: ignore[arg-type]
            error = await failing(client.call("logging/setLevel", {"level": "loud"}))
            assert error.code == -32602

    in_loop(work)


@pytest.mark.parametrize("level", [*LOG_LEVELS, None])
def test_log_level_of_one_request(level: str | None) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(MODERN)
            meta = {} if level is None else {PREFIX + "logLevel": level}
            await client.call("tools/call", {"name": "talk"}, meta=meta)
            said = [note["params"]["level"] for note in client.notes]
            assert said == ([] if level is None else list(LOG_LEVELS[LOG_LEVELS.index(level) :]))  # type: ignore[arg-type]
            client.notes.clear()
            await client.tool("talk")
            assert await client.quiet() == []  # it was said for that request only

    in_loop(work)


@every_revision
def test_ping(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            if revision == MODERN:
                assert (await failing(client.call("ping"))).code == -32601
            else:
                assert await client.call("ping") == {}

    in_loop(work)


# --- calling off ---------------------------------------------------------------------------------


@every_revision
def test_a_cancelled_call_is_stopped_and_not_answered(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            request_id = client.request("tools/call", {"name": "hold", "arguments": {"gate": "a"}})
            await waiting.running["a"].wait()
            client.cancel(request_id)
            await client.quiet()
            assert waiting.stopped == ["a"]
            assert not client.ended
            assert served.host.health().in_flight == 0

    in_loop(work)


@every_revision
def test_a_call_cancelled_before_it_starts_never_does(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            request_id = client.request("tools/call", {"name": "hold", "arguments": {"gate": "a"}})
            client.cancel(request_id)
            await client.quiet()
            assert not waiting.running["a"].is_set()
            assert not client.ended

    in_loop(work)


@every_revision
def test_cancelling_what_is_unknown_finished_or_about_to_come(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            client.cancel("never sent")
            await client.tool_as("done", "echo", text="x")
            client.cancel("done")
            client.cancel("later")
            result = await client.tool_as("later", "echo", text="y")
            assert result["content"][0]["text"] == "y"
            assert (await client.tool_as("done", "echo", text="z"))["content"][0]["text"] == "z"
            assert await client.quiet() == []

    in_loop(work)


@every_revision
def test_an_id_as_text_is_not_the_same_as_a_number(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            client.request("tools/call", {"name": "hold", "arguments": {"gate": "a"}}, request_id=500)
            client.cancel("500")
            await client.tool("release", gate="a")
            assert (await client.result(500))["content"][0]["text"] == "through a"

    in_loop(work)


@every_revision
@pytest.mark.parametrize("work_of", ["resources/read", "prompts/get", "completion/complete"])
def test_other_work_can_be_cancelled_too(revision: str, work_of: str) -> None:
    params = {
        "resources/read": {"uri": "kinds://note"},
        "prompts/get": {"name": "plain"},
        "completion/complete": {
            "ref": {"type": "ref/prompt", "name": "paint"},
            "argument": {"name": "colour", "value": ""},
        },
    }[work_of]

    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            client.cancel(client.request(work_of, params))
            await client.quiet()
            assert not client.ended
            await client.call(work_of, params)

    in_loop(work)


@every_legacy
def test_initialize_cannot_be_cancelled(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            client.cancel(1)
            await client.call("ping")

    in_loop(work)


@every_revision
def test_a_client_that_left_stops_what_it_asked_for(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            client.request("tools/call", {"name": "hold", "arguments": {"gate": "a"}})
            await waiting.running["a"].wait()
            served.connections[0].close()
            other = await served.client(revision)
            await other.quiet()
            assert waiting.stopped == ["a"]

    in_loop(work)


# --- stopping ------------------------------------------------------------------------------------


@every_revision
def test_drain_waits_for_what_is_running(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            request_id = client.request("tools/call", {"name": "hold", "arguments": {"gate": "a"}})
            await waiting.running["a"].wait()
            waiting.gates["a"].set()
            await served.server.drain(30)
            assert (await client.result(request_id))["content"][0]["text"] == "through a"

    in_loop(work)


@every_revision
def test_drain_ends_what_takes_too_long_with_an_error(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            begun = client.request("tools/call", {"name": "hold", "arguments": {"gate": "a"}})
            await waiting.running["a"].wait()
            unbegun = client.request("tools/call", {"name": "hold", "arguments": {"gate": "b"}})
            await served.server.drain(0)
            for request_id in (begun, unbegun):
                error = await failing(client.result(request_id))
                assert error.code == -32603
                assert "shutting down" in error.message

    in_loop(work)
