"""How a real server on stdio ends: in good time, with every answer given, and never left behind."""

from __future__ import annotations

import asyncio
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.process import PATIENCE, ROOT, Process, command, gone, process
from tests.support.schema import MODERN
from tests.support.wire import EVERYTHING, Client, WireError, failing

BOTH = pytest.mark.parametrize("revision", ["2025-06-18", MODERN])
NOISY = "tests.plugins.noisy"


async def holding(server: Process, revision: str, tool: str = "hold", **arguments: Any) -> tuple[Client, Any]:
    """A client with a call that waits, which has begun."""
    client = await Client(server, revision, capabilities=EVERYTHING).open()
    request_id = client.request("tools/call", {"name": tool, "arguments": arguments or {"gate": "a"}})
    await client.tool("echo", text="it has begun by now")
    return client, request_id


async def rest(client: Client) -> None:
    """Read to the end; what comes must be valid like all before."""
    while True:
        try:
            await client.read()
        except EOFError as end:
            left = end.args
            break
    assert left == (b"",)


@BOTH
def test_end_of_input_in_the_middle_of_a_call(revision: str) -> None:
    async def work() -> None:
        client, request_id = await holding(server, revision)
        server.end_input()
        error = await failing(client.result(request_id))
        assert "shutting down" in error.message
        await rest(client)

    with process() as server:
        asyncio.run(work())
        assert server.wait() == 0


def test_a_call_that_ends_while_draining_is_answered() -> None:
    async def work() -> None:
        client, request_id = await holding(server, MODERN, "nap", seconds=0.5)
        server.end_input()
        assert (await client.result(request_id))["content"][0]["text"] == "rested"
        await rest(client)

    with process() as server:
        asyncio.run(work())
        assert server.wait() == 0


def test_a_last_message_without_a_line_end_counts() -> None:
    async def work() -> None:
        client = await Client(server, MODERN).open()
        request_id, message = client.frame("tools/call", {"name": "echo", "arguments": {"text": "last"}})
        server.write(json.dumps(message).encode())
        server.end_input()
        assert (await client.result(request_id))["content"][0]["text"] == "last"
        await rest(client)

    with process() as server:
        asyncio.run(work())
        assert server.wait() == 0


def test_a_tool_stuck_in_a_thread_does_not_keep_the_process_alive() -> None:
    async def work() -> None:
        client, request_id = await holding(server, MODERN, "block", gate="a")
        server.end_input()
        assert "shutting down" in (await failing(client.result(request_id))).message
        await rest(client)

    with process() as server:
        asyncio.run(work())
        assert server.wait() == 0


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
@pytest.mark.parametrize("busy", [False, True])
def test_signals(name: str, busy: bool) -> None:
    async def work() -> None:
        client, request_id = await holding(server, MODERN)
        if not busy:
            client.cancel(request_id)
            await client.quiet()
        server.popen.send_signal(getattr(signal, name))
        if busy:
            assert "shutting down" in (await failing(client.result(request_id))).message
        await rest(client)

    with process() as server:
        asyncio.run(work())
        assert server.wait() == 0
        assert "Traceback" not in server.said()


def test_streams_end_in_good_order() -> None:
    async def work() -> None:
        client = await Client(server, MODERN).open()
        client.request("subscriptions/listen", {"notifications": {"toolsListChanged": True}}, request_id="s")
        await client.note("notifications/subscriptions/acknowledged")
        server.end_input()
        assert (await client.result("s"))["resultType"] == "complete"
        await rest(client)

    with process() as server:
        asyncio.run(work())
        assert server.wait() == 0


def test_a_question_that_nobody_will_answer_any_more() -> None:
    async def work() -> None:
        client, request_id = await holding(server, "2025-06-18", "ask_name", greeting="Hi")
        await client.question()
        server.end_input()
        with pytest.raises(WireError, match="shutting down"):
            await client.result(request_id)
        await rest(client)

    with process() as server:
        asyncio.run(work())
        assert server.wait() == 0


def test_a_client_that_closes_only_its_reading_end() -> None:
    async def work() -> None:
        client = await Client(server, MODERN).open()
        assert server.popen.stdout is not None
        server.popen.stdout.close()
        client.request("tools/list")

    with process() as server:
        asyncio.run(work())
        assert server.wait() == 0
        assert "Traceback" not in server.said()


def test_a_client_that_neither_reads_nor_leaves_does_not_stop_the_end() -> None:
    with process() as server:
        asyncio.run(Client(server, MODERN).open())
        client = Client(server, MODERN)
        client.request("tools/call", {"name": "long_text", "arguments": {"size": 10_000_000}})
        server.end_input()
        assert server.wait() == 0


def test_a_retry_reaches_a_server_that_was_started_again(tmp_path: Path) -> None:
    async def ask(params: dict[str, Any]) -> dict[str, Any]:
        with process(env={"MCP_AGENT_HOME": str(tmp_path)}) as server:
            client = await Client(server, MODERN, capabilities=EVERYTHING).open()
            return await client.call("tools/call", {"name": "ask_in_turn", "arguments": {}, **params})

    async def work() -> None:
        answer = await ask({})
        for value in ("one", "two", "three"):
            assert answer["resultType"] == "input_required"
            [key] = answer["inputRequests"]
            answered = {key: {"action": "accept", "content": {"name": value}}}
            answer = await ask({"requestState": answer["requestState"], "inputResponses": answered})
        assert answer["content"][0]["text"] == "one two three"

    asyncio.run(work())


# --- a parent that dies --------------------------------------------------------------------------

_PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen(sys.argv[3:], stdin=int(sys.argv[1]), stdout=int(sys.argv[2]))
time.sleep(3600)
"""


def _orphan(tool: str | None, launcher: tuple[str, ...] = ()) -> None:
    """Start a server under a parent, kill the parent, and see the server end though its pipes stay open."""
    to_server, from_server = os.pipe(), os.pipe()
    words = [*launcher, *command(NOISY, "tests.plugins.kinds")]
    with open(os.devnull, "wb") as nothing:
        parent = subprocess.Popen(
            [sys.executable, "-c", _PARENT, str(to_server[0]), str(from_server[1]), *words],
            pass_fds=(to_server[0], from_server[1]), cwd=ROOT, stderr=nothing,
        )  # fmt: skip
    for end in (to_server[0], from_server[1]):
        os.close(end)
    with open(to_server[1], "wb", 0) as writer, open(from_server[0], "rb", 0) as reader:

        class Pipes:
            def send_frame(self, frame: bytes) -> None:
                writer.write(frame + b"\n")

            async def receive(self) -> bytes:
                readable, _, _ = select.select([reader], [], [], PATIENCE)
                assert readable, "the server is silent"
                return reader.readline().rstrip(b"\n")  # what is short comes whole

        async def work() -> int:
            client = await Client(Pipes(), MODERN).open()
            pid: int = (await client.tool("pid"))["structuredContent"]["result"]
            if tool is not None:
                client.request("tools/call", {"name": tool, "arguments": {} if tool == "freeze" else {"gate": "a"}})
                if tool != "freeze":
                    await client.quiet()
            return pid

        try:
            pid = asyncio.run(work())
        finally:
            parent.kill()
            parent.wait()
        assert gone(pid, 2.5), "the server outlived its parent"  # 2 seconds, and time to look


@pytest.mark.skipif(sys.platform != "linux", reason="kills a parent the Linux way")
@pytest.mark.parametrize("tool", [None, "hold", "block", "freeze"])
def test_a_parent_that_is_killed_takes_the_server_along(tool: str | None) -> None:
    _orphan(tool)


@pytest.mark.skipif(sys.platform != "linux", reason="kills a parent the Linux way")
@pytest.mark.parametrize("tool", [None, "hold"])
def test_a_launcher_between_makes_no_difference(tool: str | None) -> None:
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not installed")
    _orphan(tool, (uv, "run", "--no-project", "--offline"))
