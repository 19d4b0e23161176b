"""The tools that only read, beside a real engine."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Callable
from typing import Any

import pytest

from mcp_agent import Host, ToolError
from mcp_agent.testing import host_for
from mcp_agent.transports.memory import MemoryConnection
from tests.real.engine import IMAGE, Engine
from tests.support.schema import LEGACY
from tests.support.wire import Client

MODULE = "mcp_agent_containers"
pytestmark = pytest.mark.real


def settings(engine: Engine, **more: Any) -> dict[str, Any]:
    return {"connections": {"test": {"url": engine.url, **more}}}


async def in_thread(work: Callable[[], Any]) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, work)


def names(listing: Any) -> list[str]:
    return [one["name"] for one in listing["containers"]]


async def ask(host: Host, name: str, **arguments: Any) -> Any:
    return (await host.call(name, arguments)).data


def test_what_runs_is_listed_and_inspected(fresh: Engine) -> None:
    labels = {"com.docker.compose.project": "shop", "com.docker.compose.service": "web"}
    fresh.container(
        "web", "sleep", "1000", Labels=labels, Env=["API_TOKEN=abc123def", "COLOUR=green", "DB=postgres://u:pw@db/x"],
        HostConfig={"Memory": 64 * 10**6, "Binds": ["data:/data", "/srv:/srv:ro"], "PortBindings": {}},
    )  # fmt: skip
    fresh.container("broken", "sh", "-c", "exit 3")
    fresh.wait("broken")

    async def work() -> None:
        async with host_for(MODULE, settings(fresh)) as host:
            found = await ask(host, "containers_list")
            assert names(found) == ["web", "broken"]
            assert [one["state"] for one in found["containers"]] == ["running", "exited"]
            assert found["containers"][0]["project"] == "shop"
            assert found["connection"] == f"test ({fresh.url})"
            assert names(await ask(host, "containers_list", search="SHOP")) == ["web"]
            assert names(await ask(host, "containers_list", state="exited")) == ["broken"]
            web = await ask(host, "containers_inspect", container="web")
            assert web["memory_limit"] == 64
            assert set(web["mounts"]) == {"data -> /data", "/srv -> /srv (read-only)"}
            assert web["reaches_host"] == ["it has /srv of the host to read"]
            assert {"API_TOKEN=(hidden)", "COLOUR=green", "DB=postgres://(hidden)@db/x"} <= set(web["env"])
            broken = await ask(host, "containers_inspect", container="broken")
            assert (broken["state"], broken["exit_code"]) == ("exited", 3)
            images = await ask(host, "containers_images")
            [image] = images["images"]
            assert ([tag.endswith(IMAGE) for tag in image["tags"]], image["used_by"]) == ([True], 2)
            assert "health" not in web
            assert (await ask(host, "containers_images", unused=True)).get("images", []) == []
            with pytest.raises(ToolError, match=r"(?i)no such container"):
                await host.call("containers_inspect", {"container": "nobody"})
            assert re.search(r"Engine \d+\.\d+", (await host.checks())["containers"])
            assert (await host.checks())["containers"].endswith("read-only.")

    asyncio.run(work())


def test_usage_is_measured(fresh: Engine) -> None:
    fresh.container("busy", "sh", "-c", "while true; do true; done", HostConfig={"Memory": 32 * 10**6})
    fresh.container("idle", "sleep", "1000")

    async def work() -> None:
        async with host_for(MODULE, settings(fresh)) as host:
            busy, idle = (await ask(host, "containers_stats"))["containers"]
            assert (busy["name"], idle["name"]) == ("busy", "idle")
            assert 200 > busy["cpu"] > 10 > idle["cpu"], "of one processor, and a loop uses no more than that"
            assert busy["memory_limit"] == 32
            assert busy["processes"] >= 1
            [one] = (await ask(host, "containers_stats", container="busy"))["containers"]
            assert one["cpu"] > 10

    asyncio.run(work())


def test_a_thousand_calls_leave_no_connection_and_an_engine_that_restarts_is_found_again(fresh: Engine) -> None:
    fresh.container("web", "echo", "hello")
    fresh.wait("web")

    def descriptors() -> int:
        return len(os.listdir("/proc/self/fd"))

    async def work() -> None:
        async with host_for(MODULE, settings(fresh)) as host:
            before = descriptors()
            assert (await host.call("containers_list")).data["containers"]
            for _ in range(50):
                calls = [("containers_logs", {"container": "web"}), ("containers_list", {})] * 10
                assert all(not isinstance(one, ToolError) for one in await host.batch(calls))
            most = descriptors()
            assert most - before <= 40
            await in_thread(fresh.stop)
            with pytest.raises(ToolError, match="does not answer"):
                await host.call("containers_list")
            assert descriptors() - before <= 2, "connections to an engine that is gone stay open"
            await in_thread(fresh.start)
            assert (await host.call("containers_list")).data["containers"]

    asyncio.run(work())


def test_nothing_is_connected_before_it_is_used(fresh: Engine) -> None:
    async def work() -> None:
        both = {"connections": {"gone": {"url": "unix:///nowhere"}, "test": {"url": fresh.url}}}
        async with host_for(MODULE, both) as host:
            assert (await host.call("containers_list", {"connection": "test"})).data["connection"].startswith("test")

    asyncio.run(work())


def test_events_are_a_resource_that_tells_of_new_ones(fresh: Engine) -> None:
    async def work() -> None:
        uri = "containers://test/events"
        async with host_for(MODULE, settings(fresh)) as host:
            client = await Client(MemoryConnection(host.server), LEGACY[-1]).open()

            async def read() -> Any:
                return json.loads((await client.call("resources/read", {"uri": uri}))["contents"][0]["text"])

            async def told_of(*actions: str) -> dict[str, Any]:
                while True:
                    assert (await client.note("notifications/resources/updated"))["uri"] == uri
                    for event in (await read())["events"]:
                        if event["action"] in actions:
                            return dict(event)

            assert (await read())["events"] == []
            await client.call("resources/subscribe", {"uri": uri})
            await in_thread(lambda: fresh.container("brief", "sh", "-c", "exit 7"))
            died = await asyncio.wait_for(told_of("die"), 20)
            assert (died["name"], died["exit_code"]) == ("brief", "7")
            assert died["image"].endswith(IMAGE)
            await in_thread(fresh.stop)
            await in_thread(fresh.start)
            await in_thread(lambda: fresh.ask("DELETE", "/containers/brief"))
            gone = await asyncio.wait_for(told_of("destroy", "remove"), 30)  # as Docker says, and Podman
            assert gone["name"] == "brief"
            actions = [event["action"] for event in (await read())["events"]]
            assert actions.count("die") == 1, "events from before the restart came again"

    asyncio.run(work())
