"""Tools that get what is in an object: a part as text, or all of it into a file."""

from __future__ import annotations

import asyncio
from typing import Annotated, BinaryIO

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool, undo_files
from mcp_agent_storage.examples import EXAMPLES
from mcp_agent_storage.store import Store, found_in, store_named
from mcp_agent_storage.tools.arguments import BucketName, Key, PathText, StoreName, outside, size_of
from mcp_agent_storage.values import Object


class Part(Struct, frozen=True, omit_defaults=True):
    """``text`` of the bytes asked for; without it they are no text. ``next_start`` is where to go on."""

    key: str
    size: int
    content_type: str
    etag: str
    text: str | None = None
    next_start: int | None = None


class Fetched(Struct, frozen=True):
    """The file that was written, and its size in bytes."""

    path: str
    bytes: int


@tool(
    effect="read", open_world=True, origin=outside,
    examples=EXAMPLES["storage_get"],
)  # fmt: skip
async def storage_get(
    ctx: Context,
    bucket: BucketName,
    key: Key,
    start: Annotated[int, Field("The first byte.", ge=0)] = 0,
    length: Annotated[int, Field("How many bytes at most.", ge=1, le=1_000_000)] = 20_000,
    store: StoreName = "",
) -> Part:
    """A part of an object as text (UTF-8), by range of bytes, with its size, type and ETag. To get a whole file, or one
    that is no text, use storage_download."""
    place = store_named(ctx, store)
    found = await found_in(place, bucket, key)
    about = (key, found.size, found.content_type, found.etag)
    if start >= found.size:
        return Part(*about, text="")
    data = await place.read(bucket, key, start, min(length, found.size - start))
    text, used = _as_text(data)
    if text is None:
        return Part(*about)
    end = start + used
    return Part(*about, text=text, next_start=end if end < found.size else None)


async def _download_preview(ctx: Context, bucket: str, key: str, path: str, store: str) -> str:
    place = store_named(ctx, store)
    found = await found_in(place, bucket, key)
    over = " in the place of the file there" if await ctx.in_thread(lambda: ctx.folders.find(path)) else ""
    where = ctx.folders.resolve(path, write=True)
    return f"Writes {key}, {size_of(found.size)}, from {place.where(bucket)} to {where}{over}."


@tool(
    effect="write", undo=undo_files("path"), preview=_download_preview, open_world=True, timeout=6 * 3600,
    examples=EXAMPLES["storage_download"],
)  # fmt: skip
async def storage_download(
    ctx: Context, bucket: BucketName, key: Key, path: PathText, store: StoreName = ""
) -> Fetched:
    """Write an object into a file of the folders here, replacing what is there as a whole, with progress. A failure
    leaves the old file."""
    place = store_named(ctx, store)
    return await download(ctx, place, bucket, await found_in(place, bucket, key), path, ctx.folders.ANY)


async def download(
    ctx: Context, place: Store, bucket: str, found: Object, path: str, expected: str | None, told: bool = True
) -> Fetched:
    """Bytes go from the network to the disk as they come. ``expected`` as in ``ctx.folders.save``."""
    loop = asyncio.get_running_loop()
    stream = place.stream(bucket, found)

    async def piece() -> bytes:
        return await anext(stream, b"")

    def write(file: BinaryIO) -> None:
        done = 0
        while data := asyncio.run_coroutine_threadsafe(piece(), loop).result():
            done += file.write(data)
            if told:
                ctx.progress(done, found.size, found.key)
        if done != found.size:
            raise ToolError(f"Only {done:,} of {found.size:,} bytes of {found.key} came.", hint="Call again.")

    try:
        saved = await ctx.in_thread(lambda: ctx.folders.save(path, write, expected=expected))
    finally:
        await stream.aclose()  # type: ignore[attr-defined]
    return Fetched(saved.path, saved.size)


def _as_text(data: bytes) -> tuple[str | None, int]:
    """Text and how many bytes it took: a character that the end cuts is left for the next part."""
    for used in range(len(data), max(len(data) - 4, -1), -1):
        try:
            text = data[:used].decode()
        except UnicodeDecodeError:
            continue
        return (None, 0) if "\0" in text or (not used and data) else (text, used)
    return None, 0
