"""Tools that change objects: put, copy, delete, and links for others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_storage.examples import EXAMPLES
from mcp_agent_storage.sources import FileSource, Source, TextSource
from mcp_agent_storage.store import found_in, store_named
from mcp_agent_storage.tools.arguments import BucketName, Key, PathText, StoreName, size_of
from mcp_agent_storage.undo import must_be_safe, undo_objects
from mcp_agent_storage.values import Object

Keys = Annotated[list[Key], Field("Which.", min_length=1, max_length=100)]
_HOUR = 3600


class Put(Struct, frozen=True):
    """Where it is now."""

    where: str
    object: Object


class Link(Struct, frozen=True):
    """Whoever has ``url`` can use it until ``expires``, in UTC."""

    url: str
    expires: datetime


async def _source(ctx: Context, text: str | None, path: str) -> Source:
    if (text is None) == (not path):
        raise ToolError("Give either a text or the path of a file.")
    if text is not None:
        return TextSource(text)
    source: Source = await ctx.in_thread(lambda: FileSource(ctx, path))
    return source


async def _put_preview(ctx: Context, bucket: str, key: str, path: str, text: str | None, store: str) -> str:
    place = store_named(ctx, store)
    await place.must_be_writable(bucket)
    size = size_of((await _source(ctx, text, path)).size)
    what = ctx.folders.resolve(path) if path else "a text"
    over = ", in the place of what is there, of which a version is kept" if await place.find(bucket, key) else ""
    return f"Puts {what}, {size}, as {key} into {place.where(bucket)}{over}."


@tool(
    effect="write", undo=undo_objects(lambda arguments: [(arguments.bucket, arguments.key)]), preview=_put_preview,
    open_world=True, timeout=6 * _HOUR,
    examples=EXAMPLES["storage_put"],
)  # fmt: skip
async def storage_put(
    ctx: Context,
    bucket: BucketName,
    key: Key,
    path: PathText = "",
    text: Annotated[str | None, Field("Text to put instead of a file.", max_length=1_000_000)] = None,
    store: StoreName = "",
) -> Put:
    """Put a file of the folders here, or a text, into a bucket. From 16 MiB on in parts: when it breaks off, the same
    call goes on where it was. What is there is replaced only where the bucket keeps versions."""
    place = store_named(ctx, store)
    source = await _source(ctx, text, path)
    new = await must_be_safe(place, bucket, key)
    made = await place.put(
        bucket, key, source, new=new, progress=lambda done: ctx.progress(done, source.size, f"{size_of(done)} sent")
    )
    return Put(place.where(bucket), made)


async def _copy_preview(ctx: Context, bucket: str, key: str, target_key: str, target_bucket: str, store: str) -> str:
    place = store_named(ctx, store)
    await place.must_be_writable(target_bucket or bucket)
    found = await found_in(place, bucket, key)
    target = place.where(target_bucket or bucket)
    return f"Copies {key}, {size_of(found.size)}, to {target_key} in {target}."


@tool(
    effect="write", preview=_copy_preview, open_world=True, timeout=_HOUR,
    undo=undo_objects(lambda arguments: [(arguments.target_bucket or arguments.bucket, arguments.target_key)]),
    examples=EXAMPLES["storage_copy"],
)  # fmt: skip
async def storage_copy(
    ctx: Context,
    bucket: BucketName,
    key: Key,
    target_key: Key,
    target_bucket: Annotated[str, Field("Empty for the same bucket.", max_length=255)] = "",
    store: StoreName = "",
) -> Put:
    """Copy an object within a store; the bytes do not pass through this machine. What is at the target is replaced only
    where its bucket keeps versions."""
    place = store_named(ctx, store)
    target = target_bucket or bucket
    if (target, target_key) == (bucket, key):
        raise ToolError("That is the same object.", hint="Give another target_key or target_bucket.")
    new = await must_be_safe(place, target, target_key)
    found = await found_in(place, bucket, key)
    return Put(place.where(target), await place.copy(bucket, found, target, target_key, new=new))


async def _delete_preview(ctx: Context, bucket: str, keys: list[str], store: str) -> str:
    place = store_named(ctx, store)
    await place.must_be_writable(bucket)
    size = sum([(await found_in(place, bucket, key)).size for key in keys])
    listed = ", ".join(keys[:10]) + (f" and {len(keys) - 10} more" if len(keys) > 10 else "")
    return f"Deletes {listed}, {size_of(size)}, from {place.where(bucket)}."


async def _delete(ctx: Context, bucket: str, keys: list[str], store: str, *, kept: bool) -> str:
    place = store_named(ctx, store)
    await place.must_be_writable(bucket)
    if await place.keeps(bucket) != kept:
        raise ToolError(
            f"{place.where(bucket)} keeps {'no versions' if kept else 'versions'}: what is deleted there "
            f"{'cannot' if kept else 'can'} be brought back.",
            hint=f"That is storage_delete{'_forever' if kept else ''}.",
        )
    keys = list(dict.fromkeys(keys))
    for key in keys:
        await found_in(place, bucket, key)  # all or none
    for done, key in enumerate(keys):
        await place.delete(bucket, key)
        ctx.progress(done + 1, len(keys))
    return f"Deleted {len(keys)} of {place.where(bucket)}." + (" It can be undone." if kept else "")


@tool(
    effect="write", preview=_delete_preview, open_world=True, timeout=_HOUR,
    undo=undo_objects(lambda arguments: [(arguments.bucket, key) for key in arguments.keys]),
    examples=EXAMPLES["storage_delete"],
)  # fmt: skip
async def storage_delete(ctx: Context, bucket: BucketName, keys: Keys, store: StoreName = "") -> str:
    """Delete objects where that can be undone: in buckets that keep versions, and in folders of this machine. Elsewhere
    it deletes nothing and says so."""
    return await _delete(ctx, bucket, keys, store, kept=True)


@tool(
    effect="destructive", preview=_delete_preview, open_world=True, timeout=_HOUR,
    examples=EXAMPLES["storage_delete_forever"],
)  # fmt: skip
async def storage_delete_forever(ctx: Context, bucket: BucketName, keys: Keys, store: StoreName = "") -> str:
    """Delete objects of a bucket that keeps no versions: nobody can bring them back. Where versions are kept, use
    storage_delete."""
    return await _delete(ctx, bucket, keys, store, kept=False)


async def _presign_preview(ctx: Context, bucket: str, key: str, method: str, minutes: int, store: str) -> str:
    place = store_named(ctx, store)
    if method == "put":
        await place.must_be_writable(bucket)
    what = "read" if method == "get" else "replace"
    return f"Makes a link with which anybody can {what} {key} in {place.where(bucket)} for {minutes} minutes."


@tool(
    effect="write", undo="impossible", preview=_presign_preview, open_world=True,
    examples=EXAMPLES["storage_presign"],
)  # fmt: skip
async def storage_presign(
    ctx: Context,
    bucket: BucketName,
    key: Key,
    method: Annotated[Literal["get", "put"], Field("To download, or to upload.")] = "get",
    minutes: Annotated[int, Field("How long it works.", ge=1, le=7 * 24 * 60)] = 60,
    store: StoreName = "",
) -> Link:
    """A link for somebody without an account, to download an object or to upload one. It cannot be called back before
    it expires."""
    place = store_named(ctx, store)
    if method == "put":
        await place.must_be_writable(bucket)
    else:
        await found_in(place, bucket, key)
    url = await place.link(bucket, key, upload=method == "put", seconds=minutes * 60)
    return Link(url, datetime.fromtimestamp(ctx.clock.time(), UTC) + timedelta(minutes=minutes))
