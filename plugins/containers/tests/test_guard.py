"""What reaches into the host is refused, whatever it is called, unless a rule says so."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp_agent_containers.guard import reaches, refused
from mcp_agent_containers.settings import Allow

from mcp_agent import ToolError
from mcp_agent.testing import host_for
from tests.real.engine import IMAGE, Engine

MODULE = "mcp_agent_containers"
DISGUISED = {"DriverConfig": {"Options": {"type": "none", "o": "bind", "device": "/"}}}
REACHING: list[tuple[dict[str, Any], str]] = [
    ({"Privileged": True}, "privileged"),
    ({"NetworkMode": "host"}, "host_network"),
    ({"NetworkMode": "ns:/proc/1/ns/net"}, "host_network"),
    ({"NetworkMode": "slirp4netns:allow_host_loopback=true"}, "host_network"),
    ({"NetworkMode": "pasta:-T,auto"}, "host_network"),
    ({"PidMode": "host"}, "host_pid"),
    ({"PidMode": "ns:/proc/1/ns/pid"}, "host_pid"),
    ({"IpcMode": "host"}, "host_ipc"),
    ({"UTSMode": "host"}, "privileged"),
    ({"UsernsMode": "host"}, "privileged"),
    ({"CapAdd": ["cap_sys_admin"]}, "capabilities"),
    ({"CapAdd": ["ALL"]}, "capabilities"),
    ({"Devices": [{"PathOnHost": "/dev/../dev/sda"}]}, "devices"),
    ({"DeviceCgroupRules": ["a *:* rwm"]}, "privileged"),
    ({"SecurityOpt": ["seccomp=unconfined"]}, "privileged"),
    ({"SecurityOpt": ["apparmor:unconfined"]}, "privileged"),
    ({"Binds": ["/etc:/etc:ro"]}, "mounts"),
    ({"Binds": ["//etc//:/etc"]}, "mounts"),
    ({"Mounts": [{"Type": "bind", "Source": "/home/me", "Target": "/x"}]}, "mounts"),
    ({"Mounts": [{"Type": "volume", "Source": "v", "VolumeOptions": DISGUISED}]}, "mounts"),
    ({"Binds": ["/:/host"]}, "engine_socket"),
    ({"Binds": ["/var:/x"]}, "mounts"),
    ({"Binds": ["/var/run:/x"]}, "engine_socket"),
    ({"Binds": ["/run/../run/docker.sock:/x"]}, "engine_socket"),
    ({"Binds": ["/var/run/docker.sock:/x:ro"]}, "engine_socket"),
    ({"Binds": ["/run/user/1000/podman/podman.sock:/x"]}, "engine_socket"),
    ({"Binds": ["/run/containerd:/x"]}, "engine_socket"),
]  # fmt: skip
EVERYTHING = Allow(
    privileged=True, host_network=True, host_pid=True, host_ipc=True, engine_socket=True, mounts=("/",),
    capabilities=("SYS_ADMIN", "CAP_ALL"), devices=("/dev/sda",),
)  # fmt: skip


@pytest.mark.parametrize(("host", "setting"), REACHING)
def test_each_way_into_the_host_needs_its_own_rule(host: dict[str, Any], setting: str) -> None:
    found = reaches(host)
    assert setting in {reach.setting for reach in refused(found, Allow())}
    assert refused(found, EVERYTHING) == []
    others = {name: getattr(EVERYTHING, name) for name in Allow.__struct_fields__ if name != setting}
    assert {reach.setting for reach in refused(found, Allow(**others))} == {setting}


def test_what_stays_inside_needs_none() -> None:
    inside = {
        "Binds": ["data:/data:rw"], "NetworkMode": "none", "SecurityOpt": ["no-new-privileges"], "PidMode": "",
        "Mounts": [{"Type": "tmpfs", "Target": "/tmp"}, {"Type": "volume", "Source": "v", "Target": "/v"}],
        "PortBindings": {"80/tcp": [{"HostPort": "8080"}]}, "RestartPolicy": {"Name": "always"},
        "IpcMode": "shareable", "UTSMode": "private", "UsernsMode": "",
    }  # fmt: skip
    assert reaches(inside) == []


PART = st.sampled_from(["srv", "data", "..", ".", "", "srv2", "etc", "data-2"])


@given(st.lists(PART, max_size=6), st.booleans())
def test_a_rule_for_a_folder_lets_nothing_out_of_it(parts: list[str], read_only: bool) -> None:
    path = "/" + "/".join(parts)
    real = Path("/")
    for part in parts:
        real = real.parent if part == ".." else real / part
    wrong = refused(reaches({"Binds": [f"{path}:/x:{'ro' if read_only else 'rw'}"]}), Allow(mounts=("/srv/data",)))
    assert (not wrong) == real.is_relative_to("/srv/data")
    wrong = refused(reaches({"Binds": [f"{path}:/x:{'ro' if read_only else 'rw'}"]}), Allow(mounts=("/srv/data:ro",)))
    assert (not wrong) == (real.is_relative_to("/srv/data") and read_only)


LEADING: dict[str, dict[str, Any]] = {
    "rooted": {"Binds": ["/:/host"]},
    "heir": {"VolumesFrom": ["rooted"]},
    "open": {"NetworkMode": "host"},
    "guest": {"NetworkMode": "container:open"},
    "watcher": {"PidMode": "host"},
    "second": {"PidMode": "container:watcher"},
}
"""Containers that lead into the host, some by way of another."""


@pytest.mark.real
def test_the_tools_refuse_them_on_a_real_engine_and_make_nothing(fresh: Engine, tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "link").symlink_to("/etc")
    device = {"Driver": "local", "DriverOpts": {"type": "none", "o": "bind", "device": "/etc"}}
    fresh.ask("POST", "/volumes/create", json.dumps({"Name": "disguised", **device}).encode())
    for name, more in LEADING.items():
        fresh.container(name, "sleep", "1000", HostConfig=more)
    allow = {"mounts": [str(tmp_path / "open")], "capabilities": ["NET_ADMIN"]}
    settings = {"connections": {"test": {"url": fresh.url, "writable": True, "allow": allow}}}
    run = {"image": IMAGE, "name": "wolf", "command": ["sleep", "1000"], "network": "none"}
    tricks: list[tuple[dict[str, Any], str]] = [
        ({"privileged": True}, "it is privileged"),
        ({"network": "host"}, "network of the host"),
        ({"network": "container:rooted"}, "join the network"),
        ({"network": f"ns:/proc/{fresh.process.pid}/ns/net"}, "network of the host"),
        ({"host_pid": True}, "processes"),
        ({"host_ipc": True}, "memory"),
        ({"capabilities": ["SYS_ADMIN"]}, "SYS_ADMIN"),
        ({"devices": ["/dev/null"]}, "/dev/null"),
        ({"volumes": ["/etc:/x"]}, "/etc of the host"),
        ({"volumes": [f"{tmp_path}/open/../../..:/x"]}, "of the host"),
        ({"volumes": [f"{tmp_path}/open/link:/x"]}, "/etc of the host"),
        ({"volumes": ["disguised:/x"]}, "/etc of the host"),
        ({"volumes": [f"{fresh.socket}:/x"]}, "socket of an engine"),
        ({"volumes": [f"{fresh.folder}:/x"]}, "socket of an engine"),
        ({"volumes": ["../../etc:/x"]}, "is no volume"),
        ({"volumes": ["~/x:/x"]}, "is no volume"),
    ]

    async def work() -> None:
        async with host_for(MODULE, settings) as host:
            for more, why in tricks:
                with pytest.raises(ToolError, match=why):
                    await host.call("containers_run", {**run, **more})
            for name in LEADING:
                with pytest.raises(ToolError, match=f"A command in the container {name} is refused"):
                    await host.call("containers_exec", {"container": name, "command": ["cat", "/host/etc/shadow"]})
            listed = (await host.call("containers_list")).data["containers"]
            assert {one["name"] for one in listed} == set(LEADING)
            fine = {"volumes": [f"{tmp_path}/open:/x"], "capabilities": ["CAP_NET_ADMIN"]}
            assert (await host.call("containers_run", {**run, **fine})).data["state"] == "running"

    asyncio.run(work())
