"""One connection for many calls, given back when idle, found again when the server was away."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import psutil
import pytest

from plugins.storage.tests.conftest import desk_for
from plugins.storage.tests.gate import gate_to
from tests.real.s3 import S3

pytestmark = pytest.mark.real


def test_calls_one_after_the_other_share_a_connection(s3: S3, tmp_path: Path) -> None:
    """Counted where they arrive."""

    async def work() -> None:
        async with gate_to(s3.port) as (gate, url), desk_for(tmp_path, s3, endpoint=url) as desk:
            await desk.call("storage_put", key="a.txt", text="one")
            begun, asked = gate.accepted, len(gate.asked)
            for _ in range(100):
                assert (await desk.call("storage_get", key="a.txt"))["text"] == "one"
                assert (await desk.call("storage_list"))["objects"]
            opened, questions = gate.accepted - begun, len(gate.asked) - asked
            sys.stdout.write(f"200 calls one after the other: {questions} requests over {1 + opened} connection(s)\n")
            assert questions >= 300
            assert opened <= 2, "a connection is made for each call"
            await asyncio.gather(*(desk.call("storage_list") for _ in range(200)))
            sys.stdout.write(f"200 calls at once: {gate.accepted - begun - opened} more connections\n")
            assert gate.accepted - begun <= 10

    asyncio.run(work())


def _connections(port: int) -> int:
    return sum(one.raddr != () and one.raddr.port == port for one in psutil.Process().net_connections("tcp"))


def test_a_thousand_calls_leak_no_connection_and_an_idle_one_is_closed(s3: S3, tmp_path: Path) -> None:
    async def work() -> None:
        async with desk_for(tmp_path, s3, more={"idle_seconds": 0.3}) as desk:
            assert _connections(s3.port) == 0
            await desk.call("storage_put", key="a.txt", text="one")
            most = 0
            for _ in range(50):
                calls = [desk.call("storage_get", key="a.txt") for _ in range(10)]
                calls += [desk.call("storage_list") for _ in range(9)]
                for said in await asyncio.gather(*calls, desk.refused("storage_get", key="nope")):
                    assert said
                most = max(most, _connections(s3.port))
            assert most <= 10
            async with asyncio.timeout(20):
                while _connections(s3.port):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            assert (await desk.call("storage_get", key="a.txt"))["text"] == "one"  # and opened again
        assert _connections(s3.port) == 0

    asyncio.run(work())


def test_a_server_that_was_away_is_found_again(s3: S3, tmp_path: Path) -> None:
    async def work() -> None:
        async with gate_to(s3.port) as (gate, url), desk_for(tmp_path, s3, endpoint=url) as desk:
            assert await desk.keys() == []
            gate.shut_after = 0
            assert "does not answer" in await desk.refused("storage_put", key="a", text="x")
            gate.shut_after = None
            await desk.call("storage_put", key="a", text="x")
            assert await desk.keys() == ["a"]

    asyncio.run(work())
