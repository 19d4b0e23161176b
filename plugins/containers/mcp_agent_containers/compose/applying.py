"""Making it so, one service after the other. A service whose new container does not start keeps its old one."""

from __future__ import annotations

import json
from typing import Any

from mcp_agent import ToolError
from mcp_agent_containers.compose.planning import MADE_FROM, ComposePlan, Step, facts
from mcp_agent_containers.compose.services import Project, Wanted
from mcp_agent_containers.engines import Engine
from mcp_agent_containers.words import PROJECT, SERVICE

_ASIDE = "_before"


async def apply(engine: Engine, project: Project, plan: ComposePlan) -> list[str]:
    """What was done, in order. Raises ToolError, which says what was done until then."""
    client: Any = engine.client
    done = list[str]()
    labels = {PROJECT: project.name}
    try:
        with engine.told(f"make networks and volumes of {project.name}"):
            for name in plan.new_networks:
                await client.networks.create(
                    {"Name": name, "Driver": "bridge", "CheckDuplicate": True, "Labels": labels}
                )
                done.append(f"network {name}: made")
            for name in plan.new_volumes:
                await client.volumes.create({"Name": name, "Labels": labels})
                done.append(f"volume {name}: made")
        for step in plan.steps:
            with engine.told(f"{step.action} {step.service}"):
                await _do(engine, project, step)
            done.append(f"{step.service}: {step.action}")
    except ToolError as error:
        before = f"Done before that: {', '.join(done)}." if done else "Nothing was done before that."
        raise ToolError(str(error), hint=f"{before} Plan again, and apply the rest.") from None
    return done


async def _do(engine: Engine, project: Project, step: Step) -> None:
    wanted = project.services[step.service]
    if step.action == "create":
        await _create(engine, wanted)
    elif step.action != "keep":
        labels = [f"{PROJECT}={project.name}", f"{SERVICE}={step.service}"]
        [old] = await engine.client.containers.list(all=True, filters={"label": labels})
        if step.action == "start":
            await old.start()
        else:
            await _recreate(engine, wanted, old)


async def _recreate(engine: Engine, wanted: Wanted, old: Any) -> None:
    about = await old.show()
    name = about["Name"].removeprefix("/")
    await old.rename(name + _ASIDE)
    try:
        await old.stop()
        await _create(engine, wanted)
    except BaseException:
        await old.rename(name)
        if about["State"]["Running"]:
            await old.start()
        raise
    await old.delete()


async def _create(engine: Engine, wanted: Wanted) -> None:
    client: Any = engine.client
    labels = {**wanted.body["Labels"], MADE_FROM: json.dumps(facts(wanted), sort_keys=True)}
    made = await client.containers.create({**wanted.body, "Labels": labels}, name=wanted.container)
    try:
        for name in wanted.networks:
            network = await client.networks.get(name)
            await network.connect({"Container": made.id, "EndpointConfig": {"Aliases": [wanted.service]}})
        await made.start()
    except BaseException:
        await made.delete(force=True)
        raise
