"""Compose files, beside a real engine."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from mcp_agent_containers.compose.reading import read, read_env
from mcp_agent_containers.compose.services import project_of

from mcp_agent import ToolError
from mcp_agent.testing import ScriptedCaller, host_for
from plugins.containers.tests.stack import Stack, steps
from tests.real.engine import IMAGE, Engine

MODULE = "mcp_agent_containers"
FILE = """
services:
  web:
    image: ${IMAGE:-busybox:test}
    command: sleep 1000
    network_mode: none
    environment: {COLOUR: green, API_TOKEN: "${TOKEN}"}
    volumes: ["data:/data"]
    restart: unless-stopped
    stop_signal: SIGKILL
    depends_on: [db]
  db:
    image: busybox:test
    command: ["sh", "-c", "sleep 1000"]
    stop_signal: SIGKILL
    network_mode: none
volumes:
  data:
"""


@pytest.fixture
def stack(fresh: Engine, tmp_path: Path) -> Stack:
    return Stack(fresh, tmp_path)


@pytest.mark.real
def test_a_file_is_planned_applied_and_changed(stack: Stack, fresh: Engine) -> None:
    async def work() -> None:
        async with host_for(MODULE, stack.settings) as host:
            plan = await stack.plan(host, FILE)
            assert list(steps(plan).items()) == [("db", "create"), ("web", "create")]
            assert plan["new_volumes"] == ["shop_data"]
            assert (await host.call("containers_list")).data.get("containers", []) == []
            done = await stack.apply(host, plan["plan"])
            assert done["done"] == ["volume shop_data: made", "db: create", "web: create"]
            web = (await host.call("containers_inspect", {"container": "shop-web-1"}, ScriptedCaller())).data
            assert {"COLOUR=green", "API_TOKEN=(hidden)"} <= set(web["env"])
            assert (web["mounts"], web["restart_policy"]) == (["shop_data -> /data"], "unless-stopped")
            assert "abc$123" not in json.dumps(web)
            assert set(steps(await stack.plan(host, FILE)).values()) == {"keep"}

            changed = FILE.replace("COLOUR: green", "COLOUR: red").replace(
                "sleep 1000\n    network", "sleep 2000\n    network"
            )
            plan = await stack.plan(host, changed.replace("${TOKEN}", "other"))
            assert steps(plan) == {"db": "keep", "web": "recreate"}
            assert set(plan["steps"][1]["changes"]) == {
                'Cmd: ["sleep", "1000"] -> ["sleep", "2000"]', "Env.COLOUR: green -> red",
                "Env.API_TOKEN: (hidden) -> (hidden)",
            }  # fmt: skip
            assert (await stack.apply(host, plan["plan"]))["done"] == ["db: keep", "web: recreate"]
            await host.call("containers_start_stop", {"container": "shop-db-1", "action": "stop"})
            assert steps(await stack.plan(host, changed.replace("${TOKEN}", "other"))) == {"db": "start", "web": "keep"}
            with pytest.raises(ToolError, match="not what that plan was made of"):
                await stack.apply(host, plan["plan"])
            without = await stack.plan(
                host, "services: {db: {image: busybox:test, command: sleep 5, network_mode: none}}"
            )
            assert (steps(without), without["left_alone"]) == ({"db": "recreate"}, ["shop-web-1"])

    asyncio.run(work())


@pytest.mark.real
def test_a_new_container_that_does_not_start_leaves_the_old_one_running(stack: Stack, fresh: Engine) -> None:
    async def work() -> None:
        async with host_for(MODULE, stack.settings) as host:
            await stack.up(host, FILE)
            before = (await host.call("containers_list")).data["containers"]
            with pytest.raises(ToolError, match=r"could not recreate web[\s\S]*Done before that: db: keep"):
                await stack.up(host, FILE.replace("command: sleep 1000", "command: no-such-program"))
            after = (await host.call("containers_list")).data["containers"]
            assert [(one["name"], one["id"], one["state"]) for one in after] == [
                (one["name"], one["id"], "running") for one in before
            ]

    asyncio.run(work())


@pytest.mark.real
def test_what_is_not_supported_refused_or_missing_is_named_and_keeps_it_from_being_done(stack: Stack) -> None:
    text = """
services:
  web:
    image: nobody/nothing:1
    build: .
    healthcheck: {test: "true"}
    volumes: ["./here:/x", "/etc:/etc", "/var/run/docker.sock:/s"]
    network_mode: host
    privileged: true
    deploy: {replicas: 3}
secrets: {one: {file: a}}
x-notes: fine
"""

    async def work() -> None:
        async with host_for(MODULE, stack.settings) as host:
            plan = await stack.plan(host, text)
            named = " ".join(plan["unsupported"])
            for word in ("web.build", "web.healthcheck", "web.deploy", "./here", "secrets (at the top)"):
                assert word in named
            assert "x-notes" not in named
            refused = " ".join(plan["refused"])
            for word in ("privileged", "network of the host", "/etc of the host", "socket of an engine"):
                assert f"{word}" in refused
            assert plan["missing_images"] == ["nobody/nothing:1"]
            with pytest.raises(ToolError, match=r"not supported: .*build"):
                await stack.apply(host, plan["plan"])
            only_refused = f"services: {{web: {{image: '{IMAGE}', network_mode: none, privileged: true}}}}"
            with pytest.raises(ToolError, match="do not allow it: web: it is privileged"):
                await stack.up(host, only_refused)
            assert (await host.call("containers_list")).data.get("containers", []) == []

    asyncio.run(work())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("services: [", "no YAML"),
        ("a: 1", "no services"),
        ("services: {a: {build: .}}", "no image"),
        ("services: {a: {image: x, cpus: many}}", "makes no sense"),
        ("services: {a: {image: x, pid: 'container:b'}}", "makes no sense"),
        ("services: {a: {image: x, environment: [HOME]}}", "environment"),
        ("services: {a: {image: '${NOT_THERE}'}}", "NOT_THERE is not set"),
        ("services: {a: {image: '${NO:?say which}'}}", "say which"),
        ("services: {a: {image: '$'}}", "begins no variable"),
        ("services: {a: {image: x, volumes: ['v:/v']}}", "volume v, which"),
        ("services: {a: {image: x, networks: [n]}}", "network n, which"),
        ("services: {a: {image: x, restart: often}}", "makes no sense"),
        ("services: {a: {image: x, ports: ['1-2:1']}}", "no port"),
        ("a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
         "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\nservices: {a: [*d,*d,*d,*d]}", "more than 20,000 values"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told(text: str, why: str) -> None:
    with pytest.raises(ToolError, match=why):
        project_of(read(text.encode(), {}), "p")


def test_variables_come_from_the_file_beside_it_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FROM_OUTSIDE", "secret")
    known = read_env(b"A=1\nexport B = 'two words'\nC=\n# D=4\nE=5 # five\n")
    assert known == {"A": "1", "B": "two words", "C": "", "E": "5"}
    text = b"services: {s: {image: 'x:$A-${B}-${C:-c}-${C-d}-$$A-${FROM_OUTSIDE:-none}-${E:+yes}'}}"
    assert read(text, known)["services"]["s"]["image"] == "x:1-two words-c--$A-none-yes"
