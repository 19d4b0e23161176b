"""What leaves a real server on stdio: nothing but messages, and none lost, however slow the client is."""

from __future__ import annotations

import asyncio
import json
import os
import select
import socket
import subprocess
from pathlib import Path

import pytest

from tests.support.process import PATIENCE, Process, process, until
from tests.support.schema import MODERN, REVISIONS
from tests.support.wire import Client

NOISY = "tests.plugins.noisy"


@pytest.mark.parametrize("revision", ["2025-06-18", MODERN])
def test_what_a_plugin_prints_lands_on_stderr(revision: str) -> None:
    async def work() -> None:
        client = await Client(server, revision).open()
        for tool in ("shout", "shout_in_thread"):
            for _ in range(3):
                assert (await client.tool(tool))["content"][0]["text"] == "quiet"
        await client.quiet()

    with process(NOISY) as server:
        asyncio.run(work())
        server.end_input()
        assert server.wait() == 0
        with pytest.raises(EOFError) as end:
            server.read_line()
        assert end.value.args == (b"",)
        server.log.seek(0)
        said = server.log.read().decode()
    for how in ("at import", "at import, past Python", "by print", "by __stdout__", "by os.write", "by puts",
                "by printf", "by write", "by a child", "by a shell", "by logging", "from a thread"):  # fmt: skip
        assert f"noise {how}" in said
    assert "forged" in said


def test_a_plugin_that_reads_stdin_gets_nothing_and_takes_nothing_away() -> None:
    async def work() -> None:
        client = await Client(server, MODERN).open()
        listening = client.request("tools/call", {"name": "listen"})
        for n in range(50):
            client.request("tools/call", {"name": "pid"}, request_id=f"p{n}")
        assert (await client.result(listening))["content"][0]["text"] == "nothing b'' ''"
        for n in range(50):
            assert (await client.result(f"p{n}"))["structuredContent"] == {"result": server.popen.pid}

    with process(NOISY) as server:
        asyncio.run(work())


def _stuff(server: Process, client: Client, count: int, size: int) -> int:
    """Send calls with long answers and read none, until the server takes no more. Gives how many went out."""
    os.set_blocking(server.stdin, False)
    frames = b"".join(
        json.dumps(client.frame("tools/call", {"name": "long_text", "arguments": {"size": size}})[1]).encode() + b"\n"
        for _ in range(count)
    )
    sent = 0
    while sent < len(frames):
        _, writable, _ = select.select([], [server.stdin], [], 1.0)
        if not writable:
            break
        sent += os.write(server.stdin, frames[sent : sent + 65536])
    os.set_blocking(server.stdin, True)
    client.line._left = frames[sent:]  # type: ignore[attr-defined]
    return frames[:sent].count(b"\n")


def test_a_client_that_stops_reading_costs_little_and_loses_nothing() -> None:
    count, size = 15_000, 20_000  # 300 MB of answers

    async def work() -> None:
        client = await Client(server, MODERN).open()
        for _ in range(100):
            await client.tool("long_text", size=size)
        baseline = server.peak_memory()
        taken = _stuff(server, client, count, size)
        assert taken < count, "the server read all of it, though nobody reads its answers"
        stalled = server.peak_memory()
        assert stalled - baseline < 100 * 2**20, f"{(stalled - baseline) / 2**20:.0f} MB more"
        seen = 0
        rest = memoryview(server._left)  # type: ignore[attr-defined]
        os.set_blocking(server.stdin, False)
        while seen < count:
            readable, writable, _ = select.select([server.stdout], [server.stdin] if rest else [], [], PATIENCE)
            assert readable or writable, f"silence after {seen} answers"
            if writable:
                rest = rest[os.write(server.stdin, rest[:65536]) :]
            if readable:
                data = os.read(server.stdout, 1 << 20)
                assert data
                lines = (server._rest + data).split(b"\n")
                server._rest = lines.pop()
                for line in lines:
                    message = json.loads(line)
                    assert len(message["result"]["content"][0]["text"]) == size
                    del client._sent[message["id"]]
                    seen += 1
        assert not client._sent
        os.set_blocking(server.stdin, True)
        await client.quiet()
        assert server.peak_memory() - baseline < 100 * 2**20

    with process() as server:
        asyncio.run(work())


def test_changes_wait_for_a_client_that_does_not_read_once_each(tmp_path: Path) -> None:
    """Whoever changes things while nobody reads must not fill the memory with news of it."""

    async def work() -> None:
        client = await Client(server, MODERN).open()
        uris = ["a:1", "a:2"]
        client.request("subscriptions/listen", {"notifications": {"resourceSubscriptions": uris}}, request_id="s")
        await client.note("notifications/subscriptions/acknowledged")
        filler = client.request("tools/call", {"name": "long_text", "arguments": {"size": 8_000_000}})
        arguments = {"uris": uris, "times": 20_000, "sign": str(tmp_path / "done")}
        storm = client.request("tools/call", {"name": "storm", "arguments": arguments})
        until((tmp_path / "done").exists)
        await client.result(filler)
        await client.result(storm)
        changes = [note["params"]["uri"] for note in await client.quiet()]
        assert set(changes) == set(uris)
        assert len(changes) < 1000, f"{len(changes)} of 40,000"

    with process() as server:
        asyncio.run(work())


@pytest.mark.parametrize("revision", REVISIONS)
def test_files_for_both_ends(revision: str, tmp_path: Path) -> None:
    requests, answers = tmp_path / "in", tmp_path / "out"

    class Written:
        """A client whose frames go to a file first and whose answers come from one afterwards."""

        def send_frame(self, frame: bytes) -> None:
            with requests.open("ab") as file:
                file.write(frame + b"\n")

        async def receive(self) -> bytes:
            return lines.pop(0)

    client = Client(Written(), revision)
    if revision != MODERN:
        params = {"protocolVersion": revision, "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
        client.request("initialize", params, request_id="i")
    ids = [client.request("tools/call", {"name": "echo", "arguments": {"text": str(n)}}) for n in range(100)]
    with requests.open("rb") as inward, answers.open("wb") as outward, process(stdin=inward, stdout=outward) as server:
        assert server.wait() == 0
    lines = answers.read_bytes().splitlines()

    async def work() -> None:
        for n, request_id in enumerate(ids):
            assert (await client.result(request_id))["content"][0]["text"] == str(n)

    asyncio.run(work())


@pytest.mark.parametrize("one", [True, False])
def test_sockets_for_both_ends(one: bool) -> None:
    """Node starts its children so."""
    ours, theirs = socket.socketpair()
    ours2, theirs2 = (ours, theirs) if one else socket.socketpair()
    for end in (ours, ours2):
        end.settimeout(PATIENCE)

    class Socket:
        rest = b""

        def send_frame(self, frame: bytes) -> None:
            ours.sendall(frame + b"\n")

        async def receive(self) -> bytes:
            while b"\n" not in self.rest:
                data = ours2.recv(65536)
                assert data
                self.rest += data
            line, _, self.rest = self.rest.partition(b"\n")
            return line

    async def work() -> None:
        client = await Client(Socket(), "2025-11-25").open()
        assert len((await client.tool("long_text", size=3_000_000))["content"][0]["text"]) == 3_000_000
        await client.quiet()

    with ours, ours2, process(stdin=theirs, stdout=theirs2) as server:
        theirs.close()
        theirs2.close()
        asyncio.run(work())
        ours.shutdown(socket.SHUT_WR)
        assert server.wait() == 0


def test_nothing_to_read_from_and_nothing_to_write_to() -> None:
    with process(stdin=subprocess.DEVNULL) as server:
        assert server.wait() == 0
        with pytest.raises(EOFError):
            server.read_line()
    with process(stdout=subprocess.DEVNULL) as server:
        server.write(b'{"jsonrpc":"2.0","id":1,"method":"ping"}\nwhat\n')
        server.end_input()
        assert server.wait() == 0
