"""Which images an engine has."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, tool
from mcp_agent_containers.engines import ConnectionName, engine_of
from mcp_agent_containers.examples import EXAMPLES
from mcp_agent_containers.words import megabytes, short_id

_MOST = 200


class ImageShort(Struct, frozen=True, omit_defaults=True):
    """``used_by`` counts containers, stopped ones too. ``megabytes`` includes layers that images share."""

    id: str
    tags: list[str]
    megabytes: float
    created: int
    used_by: int = 0


class Images(Struct, frozen=True, omit_defaults=True):
    """``created`` is in seconds since 1970."""

    connection: str
    images: list[ImageShort] = []
    not_shown: int = 0


@tool(
    effect="read",
    examples=EXAMPLES["containers_images"],
)  # fmt: skip
async def containers_images(
    ctx: Context,
    search: Annotated[str, Field("Only those with this in a tag.", max_length=200)] = "",
    unused: Annotated[bool, Field("Only those that no container uses.")] = False,
    connection: ConnectionName = None,
) -> Images:
    """Images of an engine, the largest first, with how many containers use each."""
    engine = engine_of(ctx, connection)
    with engine.told("list images"):
        raw = await engine.client.images.list()
        users = [one._container["ImageID"] for one in await engine.client.containers.list(all=True)]
    found = [
        ImageShort(
            short_id(one["Id"]), [tag for tag in one.get("RepoTags") or () if tag != "<none>:<none>"],
            megabytes(one["Size"]), one["Created"], users.count(one["Id"]),
        )
        for one in raw
    ]  # fmt: skip
    found = [
        one
        for one in sorted(found, key=lambda one: -one.megabytes)
        if (not search or any(search.casefold() in tag.casefold() for tag in one.tags)) and not (unused and one.used_by)
    ]
    return Images(str(engine), found[:_MOST], max(0, len(found) - _MOST))
