"""Connections: few, given back, and found again after the server was killed."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from mcp_agent import UpstreamError
from plugins.kubernetes.tests.conftest import Desk, desk_for, pod
from tests.real.kubernetes import Kube

pytestmark = [pytest.mark.real, pytest.mark.built]
CALLS = 1000


def open_to(port: int) -> int:
    """Connections of this process to that port."""
    mine = set()
    for entry in os.scandir("/proc/self/fd"):
        try:
            mine.add(os.readlink(entry.path))
        except OSError:
            continue
    found = 0
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        if int(words[2].rpartition(":")[2], 16) == port and f"socket:[{words[9]}]" in mine:
            found += 1
    return found


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="Connections are counted in /proc.")
def test_a_thousand_calls_leak_no_connection(kube: Kube, capsys: pytest.CaptureFixture[str]) -> None:
    calls = [
        ("k8s_list", {"kind": "pod"}), ("k8s_get", {"kind": "pod", "name": "web"}), ("k8s_events", {}),
        ("k8s_describe", {"kind": "pod", "name": "web"}), ("k8s_get", {"kind": "pod", "name": "none"}),
    ]  # fmt: skip

    async def work() -> tuple[int, int, float]:
        async with desk_for(kube) as desk:
            await desk.beside(kube.create, pod("web"), desk.namespace)
            before, gate = open_to(kube.port), asyncio.Semaphore(16)

            async def one(number: int) -> bool:
                name, arguments = calls[number % len(calls)]
                async with gate:
                    try:
                        await desk.call(name, **arguments)
                    except UpstreamError:
                        raise
                    except Exception:  # noqa: BLE001
                        return False
                    return True

            begun = time.perf_counter()
            done = await asyncio.gather(*map(one, range(CALLS)))
            took = time.perf_counter() - begun
            assert sum(done) == CALLS * 4 // 5  # every fifth asks for what is not there
            most = open_to(kube.port) - before
        return most, open_to(kube.port), took

    most, after, took = asyncio.run(work())
    with capsys.disabled():
        print(f"\n{CALLS} calls in {took:.1f} s over {most} connections, {after} left after the end")  # noqa: T201
    assert most <= 8
    assert after == 0


def test_a_server_that_is_killed_and_comes_back_is_found_again(kube: Kube) -> None:
    async def work(desk: Desk) -> None:
        await desk.beside(kube.create, pod("web"), desk.namespace)
        assert (await desk.call("k8s_list", kind="pod"))["rows"][0][0] == "web"
        await desk.beside(kube.kill_api)
        try:
            said = await desk.refused("k8s_list", kind="pod")
            assert "does not answer" in said
            assert kube.url in said
            assert "does not answer" in (await desk.host.checks())["kubernetes"]
            assert "does not answer" in await desk.refused(
                "k8s_scale", kind="deploy", name="web", replicas=1, context="admin"
            )
        finally:
            await desk.beside(kube.start_api)
        assert (await desk.call("k8s_list", kind="pod"))["rows"][0][0] == "web"
        assert "v1.20.2" in (await desk.host.checks())["kubernetes"]

    async def within() -> None:
        async with desk_for(kube) as desk:
            await work(desk)

    asyncio.run(within())
