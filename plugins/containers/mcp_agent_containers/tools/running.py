"""A new container."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, Undo, tool
from mcp_agent_containers import bodies
from mcp_agent_containers.checking import check
from mcp_agent_containers.engines import ConnectionName, ContainerName, Engine, writable_engine_of
from mcp_agent_containers.examples import EXAMPLES
from mcp_agent_containers.words import ENDED, short_id

_HERE = "127.0.0.1"
_MADE_BY = "mcp-agent.run"
"""A label: which call made it, as a digest of what it asked for."""


class Started(Struct, frozen=True, omit_defaults=True):
    """``exit_code`` of one that has ended already: containers_logs says more."""

    name: str
    id: str
    connection: str
    state: str
    exit_code: int | None = None


async def _found(ctx: Context, arguments: Any, result: Any) -> str | None:
    """What is under that name: made by a call like this one, or by somebody else. None for nothing."""
    from aiodocker import DockerError

    engine = writable_engine_of(ctx, arguments.connection)
    with engine.told(f"look for {arguments.name}"):
        try:
            about = await engine.client.containers.container(arguments.name).show()
        except DockerError as error:
            if error.status == 404:
                return None
            raise
    return str((about["Config"]["Labels"] or {}).get(_MADE_BY) or about["Id"])


async def _restore(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
    engine = writable_engine_of(ctx, arguments.connection)
    if snapshot is not None:
        await _run(engine, arguments.name, _body(arguments))
        return
    with engine.told(f"remove {arguments.name}"):
        await engine.client.containers.container(arguments.name).delete(force=True)


async def _preview(ctx: Context, **given: Any) -> str:
    engine = writable_engine_of(ctx, given["connection"])
    more = ", ".join(f"{key} {given[key]}" for key in ("ports", "volumes", "network", "restart") if given[key])
    command = f", with the command {given['command']}" if given["command"] else ""
    return f"On {engine}: start a new container {given['name']} of {given['image']}{command}{more and ', '}{more}."


@tool(
    effect="write",
    undo=Undo(_found, _restore),
    preview=_preview,
    examples=EXAMPLES["containers_run"],
)  # fmt: skip
async def containers_run(
    ctx: Context,
    image: Annotated[str, Field("One that is there: containers_images lists them.", min_length=1, max_length=300)],
    name: ContainerName,
    command: Annotated[list[str], Field("Instead of the image's own, word by word.")] = [],  # noqa: B006
    env: Annotated[dict[str, str], Field("Environment variables.", private=True)] = {},  # noqa: B006
    ports: Annotated[
        list[str], Field("'8080:80' is reachable from that machine only; '0.0.0.0:8080:80' from everywhere.")
    ] = [],  # noqa: B006
    volumes: Annotated[list[str], Field("'name:/data'; '/srv/data:/data:ro' for a folder of the host.")] = [],  # noqa: B006
    network: Annotated[
        str, Field("A network by name, 'none', or 'host'. Left out: the usual one.", max_length=100)
    ] = "",
    restart: Annotated[
        Literal["no", "on-failure", "unless-stopped", "always"], Field("When it ends by itself.")
    ] = "no",
    user: Annotated[str, Field("Runs as this user of the image: 'name' or '1000:1000'.", max_length=100)] = "",
    working_dir: Annotated[str, Field("Begins in this folder.", max_length=500)] = "",
    memory: Annotated[int | None, Field("At most, in megabytes.", ge=6)] = None,
    cpus: Annotated[float | None, Field("At most, in processors.", gt=0)] = None,
    privileged: Annotated[bool, Field("With all rights on the host.")] = False,
    capabilities: Annotated[list[str], Field("Further rights, such as NET_ADMIN.")] = [],  # noqa: B006
    devices: Annotated[list[str], Field("Devices of the host, such as /dev/snd.")] = [],  # noqa: B006
    host_pid: Annotated[bool, Field("Sees the processes of the host.")] = False,
    host_ipc: Annotated[bool, Field("Shares the memory of the host.")] = False,
    connection: ConnectionName = None,
) -> Started:
    """Make a container of an image that is there, and start it. What reaches into the host (privileged, its folders,
    network, devices, the engine's socket) is refused unless a person allowed it in the settings. Nothing is pulled."""
    engine = writable_engine_of(ctx, connection)
    given = Given(
        image, command, env, ports, volumes, network, restart, user, working_dir, memory, cpus, privileged,
        capabilities, devices, host_pid, host_ipc,
    )  # fmt: skip
    body = _body(given)
    return await _run(engine, name, body)


class Given(Struct, frozen=True):
    """The arguments that make the container. Undo has them by the same names."""

    image: str
    command: Sequence[str]
    env: Mapping[str, str]
    ports: Sequence[str]
    volumes: Sequence[str]
    network: str
    restart: str
    user: str
    working_dir: str
    memory: int | None
    cpus: float | None
    privileged: bool
    capabilities: Sequence[str]
    devices: Sequence[str]
    host_pid: bool
    host_ipc: bool


def _body(given: Any) -> dict[str, Any]:
    """``given`` has the fields of Given. Raises ToolError."""
    if given.network.startswith("container:"):
        raise ToolError("A container cannot join the network of another.", hint="Give both a network by name.")
    bindings = bodies.port_bindings(given.ports, address=_HERE)
    host = {
        "PortBindings": bindings, "Binds": bodies.binds(given.volumes), "NetworkMode": given.network,
        "RestartPolicy": bodies.restart_policy(given.restart), "Privileged": given.privileged,
        "CapAdd": list(given.capabilities), "Devices": bodies.devices(given.devices),
        "PidMode": "host" if given.host_pid else "", "IpcMode": "host" if given.host_ipc else "",
        "Memory": given.memory * 10**6 if given.memory else None,
        "NanoCpus": round(given.cpus * 1e9) if given.cpus else None,
    }  # fmt: skip
    body = bodies.without_nothing({
        "Image": given.image, "Cmd": list(given.command), "Env": [f"{key}={value}" for key, value in given.env.items()],
        "ExposedPorts": {port: {} for port in bindings}, "User": given.user, "WorkingDir": given.working_dir,
    }) | {"HostConfig": bodies.without_nothing(host)}  # fmt: skip
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    return {**body, "Labels": {_MADE_BY: digest[:16]}}


async def _run(engine: Engine, name: str, body: dict[str, Any]) -> Started:
    with engine.told(f"look at what {name} would have"):
        await check(engine, body["HostConfig"], what=f"The container {name}")
    hint = "containers_images lists what is there. A person can pull more, or it is the name or a port that is taken."
    with engine.told(f"make {name}", hint=hint):
        made = await engine.client.containers.create(body, name=name)
    try:
        with engine.told(f"start {name}", hint="Nothing is left of it."):
            await made.start()
    except ToolError:
        with engine.told(f"remove {name}, which did not start"):
            await made.delete(force=True)
        raise
    with engine.told(f"inspect {name}"):
        state = (await made.show())["State"]
    ended = state["Status"] in ENDED
    return Started(name, short_id(made.id), str(engine), state["Status"], state["ExitCode"] if ended else None)
