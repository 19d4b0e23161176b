"""Compose files: what would change, and changing it."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_containers.compose import reading
from mcp_agent_containers.compose.applying import apply
from mcp_agent_containers.compose.planning import ComposePlan, plan_of
from mcp_agent_containers.compose.services import Project, project_of
from mcp_agent_containers.engines import ConnectionName, Engine, engine_of, writable_engine_of
from mcp_agent_containers.examples import EXAMPLES

ComposeFile = Annotated[
    str, Field("The file: docker-compose.yml in one of the folders.", min_length=1, max_length=4000)
]
ProjectName = Annotated[
    str | None, Field("Name of the project. Left out: what the file says, or its folder.", max_length=100)
]


class Applied(Struct, frozen=True):
    connection: str
    project: str
    done: list[str]


@tool(
    effect="read",
    origin="compose file",
    examples=EXAMPLES["containers_compose_plan"],
)  # fmt: skip
async def containers_compose_plan(
    ctx: Context, file: ComposeFile, project: ProjectName = None, connection: ConnectionName = None
) -> ComposePlan:
    """What applying a compose file would change, service by service, field by field. Nothing is changed. Names what is
    not supported (build, secrets, healthcheck, ...) and what the settings refuse."""
    engine = engine_of(ctx, connection)
    return await plan_of(engine, await _project(ctx, file, project))


async def _project(ctx: Context, file: str, name: str | None) -> Project:
    def read() -> tuple[bytes, bytes, str]:
        data, info = ctx.folders.read(file, at_most=reading.MOST_BYTES)
        beside = str(PurePath(info.path).parent / ".env")
        env = ctx.folders.read(beside, at_most=reading.MOST_BYTES)[0] if ctx.folders.find(beside) else b""
        return data, env, PurePath(info.path).parent.name

    data, env, folder = await ctx.in_thread(read)
    usual = re.sub(r"[^a-z0-9_-]", "", folder.lower()).lstrip("_-")
    raw = reading.read(data, reading.read_env(env))
    return project_of({**raw, "name": name} if name else raw, usual)


async def _planned(ctx: Context, engine: Engine, file: str, name: str | None, plan: str) -> tuple[Project, ComposePlan]:
    project = await _project(ctx, file, name)
    found = await plan_of(engine, project)
    if found.plan != plan:
        raise ToolError(
            "The file, or what runs, is not what that plan was made of.", hint="Call containers_compose_plan again."
        )
    for what, names in (
        ("The file has what is not supported", found.unsupported),
        ("The settings do not allow it", found.refused),
        ("These images are not there", found.missing_images),
    ):
        if names:
            raise ToolError(f"{what}: {', '.join(names)}.", hint="Nothing was changed.")
    return project, found


async def _preview(ctx: Context, **given: Any) -> str:
    engine = writable_engine_of(ctx, given["connection"])
    project, plan = await _planned(ctx, engine, given["file"], given["project"], given["plan"])
    steps = ", ".join(f"{step.action} {step.container}" for step in plan.steps if step.action != "keep")
    return f"On {engine}, project {project.name}: {steps or 'nothing'}."


@tool(
    effect="destructive",
    preview=_preview,
    timeout=1800,
    examples=EXAMPLES["containers_compose_apply"],
)  # fmt: skip
async def containers_compose_apply(
    ctx: Context,
    file: ComposeFile,
    plan: Annotated[str, Field("From containers_compose_plan.", min_length=8, max_length=64)],
    project: ProjectName = None,
    connection: ConnectionName = None,
) -> Applied:
    """Do what containers_compose_plan showed, and nothing else. Recreating a container loses what it wrote outside of
    volumes; a new one that does not start leaves the old one running."""
    engine = writable_engine_of(ctx, connection)
    found, planned = await _planned(ctx, engine, file, project, plan)
    return Applied(str(engine), found.name, await apply(engine, found, planned))
