"""The tools that change something, beside a real engine."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from mcp_agent_containers import bodies

from mcp_agent import Host, ToolError
from mcp_agent.testing import ScriptedCaller, host_for
from tests.real.engine import IMAGE, Engine

MODULE = "mcp_agent_containers"
pytestmark = pytest.mark.real
RUN = {"image": IMAGE, "name": "web", "command": ["sleep", "1000"], "network": "none"}


def settings(engine: Engine, **more: Any) -> dict[str, Any]:
    return {"connections": {"test": {"url": engine.url, "writable": True, **more}}}


async def states(host: Host) -> dict[str, str]:
    return {one["name"]: one["state"] for one in (await host.call("containers_list")).data.get("containers", ())}


def test_running_is_undone_and_done_again(fresh: Engine, tmp_path: Path) -> None:
    async def work() -> None:
        async with host_for(MODULE, settings(fresh), folder=tmp_path) as host:
            more = {"env": {"COLOUR": "green"}, "volumes": ["data:/data"], "memory": 32, "restart": "on-failure"}
            started = (await host.call("containers_run", {**RUN, **more})).data
            assert (started["state"], started["connection"]) == ("running", f"test ({fresh.url})")
            about = (
                await host.call("containers_inspect", {"container": "web"}, ScriptedCaller(principal="another"))
            ).data
            assert "COLOUR=green" in about["env"]
            assert (about["memory_limit"], about["restart_policy"]) == (32, "on-failure")
            undone = await host.undo()
            assert undone.stopped is None
            assert await states(host) == {}
            assert (await host.undo(change=undone.undoings[0])).stopped is None
            assert await states(host) == {"web": "running"}
            with pytest.raises(ToolError, match="already in use"):
                await host.call("containers_run", RUN)

    asyncio.run(work())


def test_undoing_leaves_a_container_alone_that_took_the_name(fresh: Engine, tmp_path: Path) -> None:
    async def work() -> None:
        async with host_for(MODULE, settings(fresh), folder=tmp_path) as host:
            await host.call("containers_run", RUN)
            await host.call("containers_remove", {"container": "web", "force": True})
            other = await asyncio.to_thread(fresh.container, "web", "sleep", "1000")
            assert (await host.undo()).stopped
            assert (await host.call("containers_inspect", {"container": "web"})).data["id"] == other[:12]

    asyncio.run(work())


def test_one_that_does_not_start_leaves_nothing(fresh: Engine) -> None:
    async def work() -> None:
        async with host_for(MODULE, settings(fresh)) as host:
            with pytest.raises(ToolError, match="could not start web"):
                await host.call("containers_run", {**RUN, "command": ["no-such-program"]})
            with pytest.raises(ToolError, match=r"(?i)no such image"):
                await host.call("containers_run", {**RUN, "image": "nobody/nothing:1"})
            assert await states(host) == {}
            ended = (await host.call("containers_run", {**RUN, "command": ["true"], "restart": "no"})).data
            assert ended["state"] in ("running", "exited", "stopped")

    asyncio.run(work())


def test_stopping_and_starting_is_undone_the_other_way_round(fresh: Engine, tmp_path: Path) -> None:
    fresh.container("web", "sh", "-c", "trap 'exit 0' TERM; while true; do sleep 0.05; done")
    steps = [("stop", "exited"), ("start", "running"), ("pause", "paused"), ("unpause", "running")]

    async def work() -> None:
        async with host_for(MODULE, settings(fresh), folder=tmp_path) as host:
            seen = ["running"]
            for action, state in steps:
                await host.call("containers_start_stop", {"container": "web", "action": action})
                seen.append((await states(host))["web"])
                assert seen[-1] == state
            for state in reversed(seen[:-1]):
                assert (await host.undo()).stopped is None
                assert (await states(host))["web"] == state
            again = (await host.call("containers_start_stop", {"container": "web", "action": "restart"})).data
            assert (again["before"], again["after"]) == ("running", "running")
            with pytest.raises(ToolError, match="not paused"):
                await host.call("containers_start_stop", {"container": "web", "action": "unpause"})

    asyncio.run(work())


def test_a_container_that_runs_is_removed_by_force_only(fresh: Engine) -> None:
    fresh.container("web", "sleep", "1000")

    async def work() -> None:
        async with host_for(MODULE, settings(fresh)) as host:
            with pytest.raises(ToolError, match="web is running"):
                await host.call("containers_remove", {"container": "web"})
            assert "web is removed" in (await host.call("containers_remove", {"container": "web", "force": True})).text
            assert await states(host) == {}

    asyncio.run(work())


def test_a_command_in_a_container(fresh: Engine) -> None:
    fresh.container("web", "sleep", "1000")
    fresh.container("ended", "true")

    async def work() -> None:
        async with host_for(MODULE, settings(fresh)) as host:

            async def run(*command: str, **more: Any) -> Any:
                return await host.call("containers_exec", {"container": "web", "command": list(command), **more})

            with pytest.raises(ToolError, match="ended is not running"):
                await host.call("containers_exec", {"container": "ended", "command": ["true"]})
            said = await run("sh", "-c", "echo out; echo wrong >&2; exit 3")
            assert said.data == {
                "connection": f"test ({fresh.url})", "exit_code": 3, "output": "out\n", "errors": "wrong\n",
            }  # fmt: skip
            assert said.meta["mcp-agent/origin"]["origin"] == "container"
            assert (await run("sh", "-c", "pwd", working_dir="/bin")).data["output"] == "/bin\n"
            much = (await run("sh", "-c", "yes | head -c 5000000")).data
            assert (len(much["output"]), much["dropped"]) == (65536, 5_000_000 - 65536)
            with pytest.raises(ToolError, match="did not end within 1 seconds"):
                await run("sleep", "30", seconds=1)

    asyncio.run(work())


def test_cleaning_up_removes_what_the_dry_run_listed_and_nothing_else(fresh: Engine) -> None:
    fresh.container("runs", "sleep", "1000", HostConfig={"Binds": ["used:/x"]})
    fresh.container("ended", "true")
    fresh.wait("ended")
    fresh.ask("POST", "/volumes/create", json.dumps({"Name": "unused"}).encode())
    fresh.ask("POST", "/networks/create", json.dumps({"Name": "lonely"}).encode())
    what = ["containers", "dangling_images", "networks", "volumes", "unused_images"]

    async def work() -> None:
        async with host_for(MODULE, settings(fresh)) as host:

            async def plan() -> Any:
                return (await host.call("containers_prune_plan", {"what": what})).data

            listed = await plan()
            assert [(one["kind"], one["name"]) for one in listed["items"]] == [
                ("container", "ended"), ("network", "lonely"), ("volume", "unused"),
            ]  # fmt: skip
            assert await states(host) == {"runs": "running", "ended": "exited"}
            await asyncio.to_thread(fresh.container, "late", "true", start=False)
            with pytest.raises(ToolError, match="not what that plan listed"):
                await host.call("containers_prune", {"what": what, "plan": listed["plan"]})
            assert len(await states(host)) == 3
            done = (await host.call("containers_prune", {"what": what, "plan": (await plan())["plan"]})).data
            assert sorted(done["removed"]) == ["container ended", "container late", "network lonely", "volume unused"]
            assert await states(host) == {"runs": "running"}
            volumes = json.loads(await asyncio.to_thread(fresh.ask, "GET", "/volumes"))["Volumes"]
            assert [one["Name"] for one in volumes] == ["used"]
            with pytest.raises(ToolError, match="nothing to remove"):
                await host.call("containers_prune", {"what": what, "plan": (await plan())["plan"]})

    asyncio.run(work())


@pytest.mark.parametrize("port", ["", "80:", "a:80", "70000", "80:80:80:80", "8000-8010:80", "80/sctp", "0"])
def test_what_is_no_port_is_refused(port: str) -> None:
    with pytest.raises(ToolError, match="is no port"):
        bodies.port_bindings([port], address="127.0.0.1")


def test_ports_are_for_this_machine_unless_an_address_is_given() -> None:
    assert bodies.port_bindings(["8080:80", "0.0.0.0:53:53/udp", "[::1]:81:80"], address="127.0.0.1") == {
        "80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}, {"HostIp": "::1", "HostPort": "81"}],
        "53/udp": [{"HostIp": "0.0.0.0", "HostPort": "53"}],
    }
