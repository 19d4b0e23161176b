"""What a compose file says is so afterwards: on real networks, and for every key that is supported."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from mcp_agent_containers.compose.services import SUPPORTED

from mcp_agent import Host, ToolError
from mcp_agent.testing import ScriptedCaller, host_for
from plugins.containers.tests.stack import Stack, steps
from tests.real.engine import IMAGE, Engine

MODULE = "mcp_agent_containers"
pytestmark = pytest.mark.real
SERVICE = f"{{image: {IMAGE}, command: sleep 1000, stop_signal: SIGKILL"
NETWORKS = f"""
services:
  web: {SERVICE}, networks: [front, back], depends_on: [db]}}
  db: {SERVICE}, networks: [back]}}
  lone: {SERVICE}}}
  guest: {SERVICE}, networks: {{theirs: , back: }}}}
networks:
  front:
  back: {{driver: bridge}}
  theirs: {{name: lonely, external: true}}
"""
EVERY_KEY = f"""
services:
  one:
    image: {IMAGE}
    container_name: named
    entrypoint: [sh, -c]
    command: ["sleep 1000"]
    environment: [A=b, "C=d e"]
    labels: {{own: "yes"}}
    ports: ["127.0.0.1:8080:80", "9000:90/udp"]
    expose: [70]
    volumes:
      - data:/data
      - {{type: volume, source: data, target: /read, read_only: true}}
      - {{type: tmpfs, target: /fast}}
    tmpfs: /quick
    restart: "on-failure:3"
    user: "1000:1000"
    working_dir: /bin
    hostname: box
    extra_hosts: ["elsewhere:10.1.2.3"]
    tty: true
    stdin_open: true
    init: false
    read_only: true
    stop_signal: SIGKILL
    mem_limit: 64m
    cpus: 0.5
    cap_add: [NET_ADMIN]
    cap_drop: [CHOWN]
    devices: ["/dev/null:/dev/nothing:r"]
    security_opt: ["no-new-privileges:true"]
    privileged: false
    ipc: private
    networks: [default]
    depends_on: [two]
  two: {{image: {IMAGE}, command: sleep 1000, network_mode: none, stop_signal: SIGKILL, pid: host, uts: host}}
volumes:
  data:
"""


async def said(host: Host, container: str, *command: str) -> tuple[int, str]:
    arguments = {"container": container, "command": list(command)}
    data = (await host.call("containers_exec", arguments, ScriptedCaller(principal=f"{container} {command}"))).data
    return data["exit_code"], data.get("output", "") + data.get("errors", "")


async def finds(host: Host, here: str, there: str) -> bool:
    """A name that nobody has is looked for beyond the engine, for long: two seconds are enough for one that is."""
    arguments = {"container": f"shop-{here}-1", "command": ["ping", "-c1", "-W1", there], "seconds": 2}
    try:
        result = await host.call("containers_exec", arguments, ScriptedCaller(principal=f"{here} {there}"))
    except ToolError as error:
        if "did not end within 2 seconds" not in str(error):
            raise
        return False
    return bool(result.data["exit_code"] == 0)


def test_services_find_each_other_by_name_on_the_networks_of_the_file(fresh: Engine, tmp_path: Path) -> None:
    fresh.ask("POST", "/networks/create", json.dumps({"Name": "lonely", "Driver": "bridge"}).encode())
    stack = Stack(fresh, tmp_path)

    async def work() -> None:
        async with host_for(MODULE, stack.settings) as host:
            plan = await stack.plan(host, NETWORKS)
            assert plan["new_networks"] == ["shop_back", "shop_default", "shop_front"]
            assert set(steps(plan).values()) == {"create"}
            done = (await stack.apply(host, plan["plan"]))["done"]
            assert done[:3] == ["network shop_back: made", "network shop_default: made", "network shop_front: made"]
            web = (await host.call("containers_inspect", {"container": "shop-web-1"}, ScriptedCaller())).data
            assert set(web["networks"]) == {"shop_front", "shop_back"}
            assert all(web["networks"].values()), "an address on each"
            for here, there in (("web", "db"), ("db", "web"), ("guest", "db"), ("db", "guest")):
                assert await finds(host, here, there), f"{here} -> {there}"
            assert not await finds(host, "lone", "db")
            assert set(steps(await stack.plan(host, NETWORKS)).values()) == {"keep"}
            plan = await stack.plan(host, NETWORKS.replace("networks: [back]", "networks: [front]"))
            assert steps(plan)["db"] == "recreate"
            await stack.apply(host, plan["plan"])
            assert await finds(host, "web", "db")
            assert not await finds(host, "guest", "db")

    asyncio.run(work())


def test_every_supported_key_arrives_at_the_engine(fresh: Engine, tmp_path: Path) -> None:
    in_file = set(re.findall(r"^    (\w+):", EVERY_KEY, re.M)) | set(re.findall(r"[{,] (\w+):", EVERY_KEY))
    assert set(SUPPORTED) - in_file == {"userns_mode"}, "host is all it takes, and engines of root have no other"
    stack = Stack(
        fresh, tmp_path, capabilities=["NET_ADMIN"], devices=["/dev/null"], host_pid=True, privileged=True
    )  # fmt: skip

    async def work() -> None:
        async with host_for(MODULE, stack.settings) as host:
            plan = await stack.plan(host, EVERY_KEY)
            assert (plan.get("unsupported", []), plan.get("refused", [])) == ([], [])
            await stack.apply(host, plan["plan"])
            one = (await host.call("containers_inspect", {"container": "named"}, ScriptedCaller())).data
            assert one["state"] == "running"
            assert (one["user"], one["working_dir"], one["memory_limit"], one["cpus"]) == (
                "1000:1000",
                "/bin",
                67.1,
                0.5,
            )
            assert {"A=b", "C=d e"} <= set(one["env"])
            assert one["ports"] == ["0.0.0.0:9000->90/udp", "127.0.0.1:8080->80/tcp"]
            assert {"shop_data -> /data", "shop_data -> /read (read-only)"} <= set(one["mounts"])
            assert one["labels"]["own"] == "yes"
            raw = json.loads(await asyncio.to_thread(fresh.ask, "GET", "/containers/named/json"))
            config, limits = raw["Config"], raw["HostConfig"]
            assert (raw["Path"], raw["Args"], config["Hostname"]) == ("sh", ["-c", "sleep 1000"], "box")
            assert (config["Tty"], config["OpenStdin"], limits["ReadonlyRootfs"]) == (True, True, True)
            assert limits["RestartPolicy"] == {"Name": "on-failure", "MaximumRetryCount": 3}
            assert "elsewhere:10.1.2.3" in limits["ExtraHosts"]
            assert not limits["Privileged"]
            assert (await said(host, "named", "ls", "/dev/nothing"))[0] == 0
            mounts = (await said(host, "named", "cat", "/proc/mounts"))[1]
            assert "tmpfs /fast tmpfs" in mounts
            assert "tmpfs /quick tmpfs" in mounts
            status = dict(
                line.split(":\t", 1) for line in (await said(host, "named", "cat", "/proc/1/status"))[1].splitlines()
            )
            bounding = int(status["CapBnd"], 16)
            assert (bounding >> 12 & 1, bounding & 1, status["NoNewPrivs"].strip()) == (1, 0, "1")
            assert int((await said(host, "shop-two-1", "sh", "-c", "cd /proc; set -- [0-9]*; echo $#"))[1]) > 5

    asyncio.run(work())


def test_no_network_of_the_file_leads_to_the_host_or_another_container(fresh: Engine, tmp_path: Path) -> None:
    rooted = fresh.container("rooted", "sleep", "1000", HostConfig={"NetworkMode": "host"}, StopSignal="SIGKILL")
    stack = Stack(fresh, tmp_path)
    names = {
        "host": "network of the host", "ns:/proc/self/ns/net": "is no name", f"container:{rooted}": "is no name",
    }  # fmt: skip

    async def work() -> None:
        async with host_for(MODULE, stack.settings) as host:
            for name, why in names.items():
                network = f"networks: {{x: {{name: '{name}', external: true}}}}"
                text = f"services: {{web: {SERVICE}, networks: [x]}}}}\n{network}"
                with pytest.raises(ToolError, match=why):
                    await stack.up(host, text)
            listed = (await host.call("containers_list")).data["containers"]
            assert [one["name"] for one in listed] == ["rooted"]

    asyncio.run(work())


def test_ports_are_published_where_they_say(fresh: Engine) -> None:
    answer = ["sh", "-c", "while true; do echo here | nc -l -p 80; done"]
    run: dict[str, Any] = {"image": IMAGE, "name": "web", "command": answer, "ports": ["8080:80"]}

    async def work() -> None:
        async with host_for(MODULE, {"connections": {"test": {"url": fresh.url, "writable": True}}}) as host:
            await host.call("containers_run", run)
            [web] = (await host.call("containers_list")).data["containers"]
            assert web["ports"] == ["127.0.0.1:8080->80/tcp"]
            said = ""
            async with asyncio.timeout(20):
                while not said:  # what listens in the container may need a moment
                    said = await asyncio.to_thread(fresh.beside, "nc", "-w", "5", "127.0.0.1", "8080")
            assert said == "here\n"

    asyncio.run(work())
