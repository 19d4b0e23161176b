"""The difference between a compose file and what there is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from msgspec import Struct

from mcp_agent import ToolError
from mcp_agent_containers.checking import unallowed
from mcp_agent_containers.compose.services import Project, Wanted
from mcp_agent_containers.engines import Engine
from mcp_agent_containers.words import PROJECT, SERVICE, hide, name_of

MADE_FROM = "mcp-agent.compose"
"""A label: what the container was made from."""


class Step(Struct, frozen=True, omit_defaults=True):
    """``action`` is create, recreate, start or keep. ``changes`` says why, secrets hidden."""

    service: str
    action: str
    container: str
    changes: list[str] = []


class ComposePlan(Struct, frozen=True, omit_defaults=True):
    """``plan`` stands for exactly this: hand it to containers_compose_apply. What is in ``unsupported``, ``refused`` or
    ``missing_images`` keeps it from being done. ``left_alone``: containers of the project that the file has not."""

    connection: str
    project: str
    plan: str
    steps: list[Step]
    new_networks: list[str] = []
    new_volumes: list[str] = []
    unsupported: list[str] = []
    refused: list[str] = []
    missing_images: list[str] = []
    left_alone: list[str] = []


async def plan_of(engine: Engine, project: Project) -> ComposePlan:
    """Reads only. Raises ToolError for services that wait for each other."""
    client: Any = engine.client
    with engine.told(f"compare {project.name} with what runs"):
        there = await _containers(engine, project.name)
        networks = {one["Name"] for one in await client.networks.list()}
        volumes = {one["Name"] for one in (await client.volumes.list())["Volumes"] or ()}
        images = {one.body["Image"]: await _image(engine, one.body["Image"]) for one in project.services.values()}
        reaching = {key: await unallowed(engine, one.body["HostConfig"]) for key, one in project.services.items()}
    steps = [_step(project.services[key], there.get(key), images) for key in _in_order(project)]
    new_networks = [one for one in project.networks if one not in networks]
    new_volumes = [one for one in project.volumes if one not in volumes]
    ids = sorted(one["Id"] for one in there.values())
    exact = [project, steps, new_networks, new_volumes, ids, images]
    digest = hashlib.sha256(json.dumps(exact, default=_plain, sort_keys=True).encode()).hexdigest()
    return ComposePlan(
        str(engine), project.name, digest[:16], steps, new_networks, new_volumes, project.unsupported,
        [f"{key}: {reach.what}" for key, found in reaching.items() for reach in found],
        sorted(image for image, found in images.items() if found is None),
        sorted(name_of(one) for key, one in there.items() if key not in project.services),
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return {name: getattr(value, name) for name in value.__struct_fields__}


def _in_order(project: Project) -> list[str]:
    order = TopologicalSorter({key: set(one.after) for key, one in project.services.items()})
    try:
        found = list(order.static_order())
    except CycleError as error:
        raise ToolError(f"These services wait for each other: {' -> '.join(error.args[1])}.") from None
    strange = [key for key in found if key not in project.services]
    if strange:
        raise ToolError(f"A service waits for {strange[0]}, which the file does not have.")
    return found


async def _containers(engine: Engine, project: str) -> dict[str, dict[str, Any]]:
    """By service, inspected."""
    listed = await engine.client.containers.list(all=True, filters={"label": [f"{PROJECT}={project}"]})
    found = [await one.show() for one in listed]
    return {one["Config"]["Labels"].get(SERVICE, one["Id"]): one for one in found}


async def _image(engine: Engine, name: str) -> str | None:
    from aiodocker import DockerError

    try:
        return str((await engine.client.images.inspect(name))["Id"])
    except DockerError as error:
        if error.status == 404:
            return None
        raise


def _step(wanted: Wanted, there: dict[str, Any] | None, images: Mapping[str, str | None]) -> Step:
    if there is None:
        return Step(wanted.service, "create", wanted.container, [f"image {wanted.body['Image']}"])
    changes = list(_changes(wanted, there, images[wanted.body["Image"]]))
    if changes:
        return Step(wanted.service, "recreate", wanted.container, changes)
    return Step(wanted.service, "keep" if there["State"]["Running"] else "start", wanted.container)


def _changes(wanted: Wanted, there: dict[str, Any], image: str | None) -> Iterator[str]:
    made_from = there["Config"]["Labels"].get(MADE_FROM)
    if made_from is None:
        yield "it was made by another program, so what it was made from is not known"
        return
    if image is not None and there["Image"] != image:
        yield f"image {wanted.body['Image']}: there is another one of that name now"
    before, after = json.loads(made_from), facts(wanted)
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            yield f"{key}: {_shown(key, before.get(key))} -> {_shown(key, after.get(key))}"


def facts(wanted: Wanted) -> dict[str, str]:
    """All that a container is made from, one by one: 'Env.COLOUR': 'green'."""
    found = dict(_flat("", {**wanted.body, "Name": wanted.container, "MoreNetworks": wanted.networks}))
    found.update({f"Env.{one.partition('=')[0]}": one.partition("=")[2] for one in wanted.body.get("Env") or ()})
    return {key: value for key, value in found.items() if key != "Env"}


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _flat(f"{prefix}.{key}" if prefix else key, one)
    else:
        yield prefix, value if isinstance(value, str) else json.dumps(value)


def _shown(key: str, value: str | None) -> str:
    return "nothing" if value is None else hide(key, value).removeprefix(f"{key}=")[:200]
