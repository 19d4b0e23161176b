"""Tools that look: who, which buckets, what is in them, how much room it takes."""

from __future__ import annotations

import heapq
from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_storage.examples import EXAMPLES
from mcp_agent_storage.store import names, store_named
from mcp_agent_storage.tools.arguments import BucketName, Prefix, StoreName, outside
from mcp_agent_storage.values import Bucket, Identity, Object, Page

_MOST = 1_000_000
_PAGE = 1000


class Share(Struct, frozen=True):
    """What begins with this takes so many bytes."""

    prefix: str
    objects: int
    bytes: int


class Usage(Struct, frozen=True, omit_defaults=True):
    """``unfinished_uploads`` take room too. ``more``: only the first million objects were counted."""

    objects: int
    bytes: int
    folders: list[Share]
    largest: list[Object]
    unfinished_uploads: int = 0
    more: bool = False


@tool(
    effect="read", open_world=True,
    examples=EXAMPLES["storage_whoami"],
)  # fmt: skip
async def storage_whoami(ctx: Context) -> list[Identity]:
    """The stores there are: account, endpoint, region, whether they may be changed, and whether they answer.
    Start here. The store 'local' is the folders of this machine, each of them a bucket."""
    found = []
    for name in names(ctx.config):
        try:
            found.append(await store_named(ctx, name).whoami())
        except ToolError as error:
            account = ctx.config.stores[name]
            found.append(
                Identity(
                    store=name, kind="s3", endpoint=account.endpoint or "Amazon S3", region=account.region,
                    access_key_id=account.access_key_id, writable=account.writable, problem=str(error),
                )
            )  # fmt: skip
    return found


@tool(
    effect="read", open_world=True,
    examples=EXAMPLES["storage_buckets"],
)  # fmt: skip
async def storage_buckets(ctx: Context, store: StoreName = "") -> list[Bucket]:
    """The buckets of a store, with region or folder. 'versions': what is deleted there can be brought back."""
    return await store_named(ctx, store).buckets()


@tool(
    effect="read", open_world=True, origin=outside,
    examples=EXAMPLES["storage_list"],
)  # fmt: skip
async def storage_list(
    ctx: Context,
    bucket: BucketName,
    prefix: Prefix = "",
    deep: Annotated[bool, Field("Also what is in folders in folders: no delimiter.")] = False,
    limit: Annotated[int, Field("How many in one page.", ge=1, le=1000)] = 100,
    token: Annotated[str, Field("'next' of the last page.", max_length=2048)] = "",
    store: StoreName = "",
) -> Page:
    """Objects of a bucket by key, with sizes in bytes and times in UTC, and its folders. Page by page."""
    return await store_named(ctx, store).page(bucket, prefix, deep=deep, token=token, limit=limit)


@tool(
    effect="read", open_world=True, origin=outside, timeout=1800,
    examples=EXAMPLES["storage_usage"],
)  # fmt: skip
async def storage_usage(ctx: Context, bucket: BucketName, prefix: Prefix = "", store: StoreName = "") -> Usage:
    """How many objects and bytes a bucket holds, by folder, the largest objects, and uploads never ended.
    Goes through all keys, 1,000 a request. Older versions are not counted."""
    place = store_named(ctx, store)
    shares: dict[str, list[int]] = {}
    largest: list[tuple[int, str, Object]] = []
    objects = size = 0
    token, more = "", True
    while more and objects < _MOST:
        page = await place.page(bucket, prefix, deep=True, token=token, limit=_PAGE)
        for one in page.objects:
            objects += 1
            size += one.size
            inner, slash, _ = one.key[len(prefix) :].partition("/")
            share = shares.setdefault(f"{prefix}{inner}/" if slash else prefix, [0, 0])
            share[0] += 1
            share[1] += one.size
            heapq.heappush(largest, (one.size, one.key, one))
            if len(largest) > 10:
                heapq.heappop(largest)
        token, more = page.next, bool(page.next)
        ctx.progress(objects, message=f"{objects:,} objects")
    folders = sorted((Share(name, *share) for name, share in shares.items()), key=lambda one: -one.bytes)
    biggest = [one for _, _, one in sorted(largest, reverse=True, key=lambda one: one[:2])]
    left = await place.unfinished(bucket, prefix)
    return Usage(objects, size, folders[:20], biggest, left, more)
