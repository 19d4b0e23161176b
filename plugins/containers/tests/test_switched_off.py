"""Writing is switched on by a person, for each connection; until then nothing that changes reaches an engine."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Config, Host, ToolError
from mcp_agent.testing import ScriptedCaller, host_for
from plugins.containers.tests.recorder import Recorder, recorded
from tests.real.engine import IMAGE, Engine

MODULE = "mcp_agent_containers"
pytestmark = pytest.mark.real
KINDS = ("containers", "dangling_images", "unused_images", "networks", "volumes")
COMPOSE = f"services: {{one: {{image: {IMAGE}, network_mode: none, command: id}}}}"
_ONLY_READ = r"only for reading[\s\S]*connections: test: writable: true"


async def plans(host: Host, file: Path) -> tuple[dict[str, str], str]:
    """Of cleaning up, by kind, and of the compose file: what a write needs to be let in."""
    clean = {kind: (await host.call("containers_prune_plan", {"what": [kind]})).data["plan"] for kind in KINDS}
    return clean, (await host.call("containers_compose_plan", {"file": str(file)})).data["plan"]


def writes(clean: dict[str, str], compose: str, file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every way that the tools have to change something."""
    run: dict[str, Any] = {"image": IMAGE, "name": "new"}
    yield "containers_run", run
    for more in (
        {"command": ["id"]}, {"env": {"A": "b"}}, {"ports": ["8080:80"]}, {"volumes": ["made:/x"]}, {"network": "none"},
        {"network": "lonely"}, {"network": "host"}, {"restart": "always"}, {"user": "1000"}, {"working_dir": "/tmp"},
        {"memory": 32}, {"cpus": 0.5}, {"privileged": True}, {"capabilities": ["NET_ADMIN"]},
        {"devices": ["/dev/null"]}, {"host_pid": True}, {"host_ipc": True},
        {"volumes": ["/etc:/etc"]}, {"name": "there"}, {"image": "nobody:1"},
    ):  # fmt: skip
        yield "containers_run", {**run, **more}
    for container in ("there", "ended", "held"):
        for action in ("start", "stop", "restart", "pause", "unpause"):
            yield "containers_start_stop", {"container": container, "action": action}
        for force in (False, True):
            for volumes in (False, True):
                yield "containers_remove", {"container": container, "force": force, "volumes": volumes}
        for more in ({}, {"user": "0"}, {"working_dir": "/"}, {"seconds": 1}):
            yield "containers_exec", {"container": container, "command": ["touch", "/x"], **more}
    for kind, plan in clean.items():
        yield "containers_prune", {"what": [kind], "plan": plan}
    yield "containers_prune", {"what": list(KINDS), "plan": "0123456789abcdef"}
    for more in ({}, {"project": "other"}, {"plan": "0123456789abcdef"}):
        yield "containers_compose_apply", {"file": str(file), "plan": compose, **more}


def everything(engine: Engine) -> Any:
    """All that an engine has, as it says itself, without the times."""
    listed = json.loads(engine.ask("GET", "/containers/json", all="1"))
    return (
        sorted((one["Id"], one["State"]) for one in listed),
        sorted(one["Id"] for one in json.loads(engine.ask("GET", "/images/json"))),
        sorted(one["Name"] for one in json.loads(engine.ask("GET", "/volumes"))["Volumes"] or ()),
        sorted(one["Name"] for one in json.loads(engine.ask("GET", "/networks"))),
    )


@pytest.fixture
def stocked(fresh: Engine) -> Engine:
    fresh.container("there", "sleep", "1000", StopSignal="SIGKILL")
    fresh.container("held", "sleep", "1000", StopSignal="SIGKILL")
    fresh.ask("POST", "/containers/held/pause")
    fresh.container("ended", "true")
    fresh.wait("ended")
    fresh.ask("POST", "/volumes/create", json.dumps({"Name": "unused"}).encode())
    fresh.ask("POST", "/networks/create", json.dumps({"Name": "lonely"}).encode())
    return fresh


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "compose.yml"
    path.write_text(COMPOSE)
    return path


def settings(url: str, file: Path, *, writable: bool) -> dict[str, Any]:
    connection = {"url": url, **({"writable": True} if writable else {})}
    return {"connections": {"test": connection}, "folders": [{"path": str(file.parent)}]}


async def try_all(host: Host, recorder: Recorder, file: Path, answers: list[str]) -> int:
    """How many writes were tried. Each is asked about if ``answers`` has any: an assistant may be told yes."""
    clean, compose = await plans(host, file)
    tried = 0
    for name, arguments in writes(clean, compose, file):
        with pytest.raises(ToolError, match=_ONLY_READ):
            await host.call(name, arguments, ScriptedCaller(elicit=list(answers), principal=f"person-{tried}"))
        assert recorder.changing == [], f"{name} {arguments}"
        tried += 1
    changing = {tool.name for tool in host.tools() if tool.effect != "read"}
    assert {name for name, _ in writes(clean, compose, file)} == changing, "a tool that changes something is not tried"
    return tried


def test_no_write_reaches_an_engine_whose_connection_is_only_read(stocked: Engine, file: Path) -> None:
    async def work() -> None:
        before = await asyncio.to_thread(everything, stocked)
        with tempfile.TemporaryDirectory() as folder:
            async with recorded(stocked.socket, Path(folder)) as recorder:
                plain = settings(recorder.url, file, writable=False)
                async with host_for(MODULE, plain) as host:
                    tried = await try_all(host, recorder, file, [])
                config = Config(plugins={"containers": plain})
                async with Host(config, on_disk=False, modules=[MODULE], installed=False) as host:
                    await host.started()
                    tried += await try_all(host, recorder, file, ["accept"])
                assert await asyncio.to_thread(everything, stocked) == before
                sys.stdout.write(
                    f"{stocked.name}: {tried} writes tried, {len(recorder.changing)} reached it, "
                    f"{len(recorder.asked)} questions that only read did\n"
                )
                assert tried > 100
                assert recorder.asked, "the recorder notes nothing"

    asyncio.run(work())


def test_what_was_done_is_not_undone_once_writing_is_switched_off(stocked: Engine, file: Path, tmp_path: Path) -> None:
    async def work() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with recorded(stocked.socket, Path(folder)) as recorder:
                async with host_for(MODULE, settings(recorder.url, file, writable=True), folder=tmp_path) as host:
                    await host.call("containers_start_stop", {"container": "there", "action": "stop"})
                assert recorder.changing != []
                recorder.asked.clear()
                before = await asyncio.to_thread(everything, stocked)
                async with host_for(MODULE, settings(recorder.url, file, writable=False), folder=tmp_path) as host:
                    undone = await host.undo()
                    assert undone.stopped is not None
                assert recorder.changing == []
                assert await asyncio.to_thread(everything, stocked) == before

    asyncio.run(work())


def test_who_is_asked_sees_where_it_would_land(stocked: Engine, file: Path) -> None:
    async def work() -> None:
        config = Config(plugins={"containers": settings(stocked.url, file, writable=True)})
        async with Host(config, on_disk=False, modules=[MODULE], installed=False) as host:
            await host.started()
            clean, compose = await plans(host, file)
            calls: list[tuple[str, dict[str, Any], str]] = [
                ("containers_run", {"image": IMAGE, "name": "new"}, f"start a new container new of {IMAGE}"),
                (
                    "containers_start_stop",
                    {"container": "there", "action": "stop"},
                    "container there, which is running",
                ),
                ("containers_remove", {"container": "there"}, "remove the container there, which is running"),
                ("containers_exec", {"container": "there", "command": ["id"]}, "in the container there: run ['id']"),
                ("containers_prune", {"plan": clean["volumes"], "what": ["volumes"]}, "for good volume unused"),
                ("containers_compose_apply", {"file": str(file), "plan": compose}, f"create {file.parent.name}-one-1"),
            ]
            assert {name for name, _, _ in calls} == {tool.name for tool in host.tools() if tool.effect != "read"}
            before = await asyncio.to_thread(everything, stocked)
            for name, arguments, words in calls:
                person = ScriptedCaller(elicit=["decline"])
                with pytest.raises(ToolError, match="refused"):
                    await host.call(name, arguments, person)
                said = person.asked[0][1]["message"]
                assert f"On test ({stocked.url})" in said
                assert words in said, said
            assert await asyncio.to_thread(everything, stocked) == before

    asyncio.run(work())
