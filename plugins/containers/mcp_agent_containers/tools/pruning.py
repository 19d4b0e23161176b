"""Cleaning up: first a list of what would go, then exactly that."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, Literal

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_containers.engines import ConnectionName, Engine, engine_of, writable_engine_of
from mcp_agent_containers.examples import EXAMPLES
from mcp_agent_containers.words import ENDED, megabytes, name_of, short_id

Kind = Literal["containers", "dangling_images", "unused_images", "networks", "volumes"]
Kinds = Annotated[
    list[Kind],
    Field(
        "stopped containers; images without a tag (dangling) or without a container (unused); networks and volumes "
        "that no container has. Volumes hold data.",
        min_length=1,
    ),
]
_USUAL: list[Kind] = ["containers", "dangling_images"]
_BUILT_IN = ("bridge", "host", "none", "podman")
_SHOWN = 100


class Item(Struct, frozen=True, omit_defaults=True):
    """``key`` is what the engine knows it by."""

    kind: str
    name: str
    key: str
    megabytes: float | None = None


class PrunePlan(Struct, frozen=True, omit_defaults=True):
    """``plan`` stands for exactly these things: hand it to containers_prune."""

    connection: str
    plan: str
    count: int
    items: list[Item] = []
    megabytes_of_images: float = 0


class Pruned(Struct, frozen=True, omit_defaults=True):
    connection: str
    removed: list[str] = []
    kept: dict[str, str] = {}


@tool(
    effect="read",
    examples=EXAMPLES["containers_prune_plan"],
)  # fmt: skip
async def containers_prune_plan(ctx: Context, what: Kinds = _USUAL, connection: ConnectionName = None) -> PrunePlan:
    """What cleaning up would remove: a dry run. Nothing is changed. containers_prune then removes exactly that."""
    engine = engine_of(ctx, connection)
    items = await _items(engine, what)
    images = round(sum(one.megabytes or 0 for one in items), 1)
    return PrunePlan(str(engine), _plan_of(items), len(items), items[:_SHOWN], images)


async def _preview(ctx: Context, **given: Any) -> str:
    engine = writable_engine_of(ctx, given["connection"])
    items = await _planned(engine, given["what"], given["plan"])
    listed = ", ".join(f"{one.kind} {one.name}" for one in items[:20])
    more = f" and {len(items) - 20} more" if len(items) > 20 else ""
    return f"On {engine}: remove for good {listed}{more}."


@tool(
    effect="destructive",
    preview=_preview,
    timeout=1800,
    examples=EXAMPLES["containers_prune"],
)  # fmt: skip
async def containers_prune(
    ctx: Context,
    plan: Annotated[str, Field("From containers_prune_plan.", min_length=8, max_length=64)],
    what: Kinds = _USUAL,
    connection: ConnectionName = None,
) -> Pruned:
    """Remove for good what containers_prune_plan listed, called with the same ``what``. When that has changed since,
    nothing is removed."""
    from aiodocker import DockerError

    engine = writable_engine_of(ctx, connection)
    removed, kept = list[str](), dict[str, str]()
    for at, item in enumerate(items := await _planned(engine, what, plan)):
        with engine.told(f"remove {item.name}"):
            try:
                await _remove(engine, item)
            except DockerError as error:
                if error.status not in (404, 409):
                    raise
                kept[item.name] = error.message  # it came into use meanwhile, or is gone already
            else:
                removed.append(f"{item.kind} {item.name}")
        ctx.progress(at + 1, len(items), item.name)
    return Pruned(str(engine), removed, kept)


async def _planned(engine: Engine, what: Sequence[Kind], plan: str) -> list[Item]:
    items = await _items(engine, what)
    if _plan_of(items) != plan:
        raise ToolError(
            "What there is to remove is not what that plan listed.",
            hint="Call containers_prune_plan again, and show it.",
        )
    if not items:
        raise ToolError("There is nothing to remove.", hint="containers_prune_plan with other kinds.")
    return items


def _plan_of(items: Sequence[Item]) -> str:
    return hashlib.sha256("\n".join(sorted(f"{one.kind} {one.key}" for one in items)).encode()).hexdigest()[:16]


async def _items(engine: Engine, what: Sequence[Kind]) -> list[Item]:
    with engine.told("list what nothing uses"):
        return [item for kind in dict.fromkeys(what) async for item in _FINDERS[kind](engine)]


async def _containers(engine: Engine) -> AsyncIterator[Item]:
    for one in await engine.client.containers.list(all=True):
        raw = one._container
        if raw["State"] in (*ENDED, "created"):
            yield Item("container", name_of(raw), raw["Id"])


async def _dangling(engine: Engine) -> AsyncIterator[Item]:
    async for item, tagged in _unused_images(engine):
        if not tagged:
            yield item


async def _unused(engine: Engine) -> AsyncIterator[Item]:
    async for item, _ in _unused_images(engine):
        yield item


async def _unused_images(engine: Engine) -> AsyncIterator[tuple[Item, bool]]:
    """With whether they have a tag."""
    used = {one._container["ImageID"] for one in await engine.client.containers.list(all=True)}
    for raw in await engine.client.images.list():
        tags = [tag for tag in raw.get("RepoTags") or () if tag != "<none>:<none>"]
        if raw["Id"] not in used:
            name = ", ".join(tags) or short_id(raw["Id"])
            yield Item("image", name, raw["Id"], megabytes(raw["Size"])), bool(tags)


async def _networks(engine: Engine) -> AsyncIterator[Item]:
    for raw in await engine.client.networks.list(filters={"dangling": ["true"]}):
        if raw["Name"] not in _BUILT_IN:
            yield Item("network", raw["Name"], raw["Id"])


async def _volumes(engine: Engine) -> AsyncIterator[Item]:
    volumes: Any = engine.client.volumes
    found = await volumes.list(filters={"dangling": ["true"]})
    for raw in found["Volumes"] or ():
        yield Item("volume", raw["Name"], raw["Name"])


async def _remove(engine: Engine, item: Item) -> None:
    client: Any = engine.client
    if item.kind == "container":
        await client.containers.container(item.key).delete()
    elif item.kind == "image":
        for name in (await client.images.inspect(item.key)).get("RepoTags") or [item.key]:  # the last takes it along
            await client.images.delete(name)
    elif item.kind == "network":
        await (await client.networks.get(item.key)).delete()
    else:
        await (await client.volumes.get(item.key)).delete()


_FINDERS = {
    "containers": _containers,
    "dangling_images": _dangling,
    "unused_images": _unused,
    "networks": _networks,
    "volumes": _volumes,
}
