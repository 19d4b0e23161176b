"""Tools that make a bucket like a folder, or the other way round: first a plan, then what was planned."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_storage.examples import EXAMPLES
from mcp_agent_storage.sources import FileSource, Source
from mcp_agent_storage.store import Store, store_named
from mcp_agent_storage.syncing import Direction, Step, Steps, Wish, compare, digest_of_plan, path_in
from mcp_agent_storage.tools.arguments import BucketName, Prefix, StoreName, size_of
from mcp_agent_storage.tools.reading import download

_SHOWN = 100
FolderPath = Annotated[str, Field("A folder here: absolute, '~/...', or relative.", min_length=1)]
Way = Annotated[Direction, Field("'up' makes the bucket like the folder, 'down' the folder like the bucket.")]
Delete = Annotated[bool, Field("Also delete there what is not here.")]


class Change(Struct, frozen=True):
    """``size`` in bytes."""

    do: Literal["add", "replace", "delete"]
    name: str
    size: int


class Plan(Struct, frozen=True, omit_defaults=True):
    """``plan`` is what storage_sync_apply takes. ``changes`` are the first hundred; ``bytes`` will be transferred."""

    plan: str
    what: str
    add: int
    replace: int
    delete: int
    same: int
    bytes: int
    changes: list[Change]


class Synced(Struct, frozen=True):
    """What was done."""

    what: str
    add: int
    replace: int
    delete: int
    bytes: int


async def _planned(ctx: Context, wish: Wish) -> tuple[Store, Steps]:
    place = store_named(ctx, wish.store)
    return place, await compare(ctx, place, wish)


async def _must_be_writable(ctx: Context, place: Store, wish: Wish) -> None:
    """Where the changes would be made."""
    if wish.direction == "up":
        await place.must_be_writable(wish.bucket)
    else:
        ctx.folders.resolve(wish.folder, write=True)


def _what(ctx: Context, place: Store, wish: Wish) -> str:
    bucket = f"{wish.prefix or 'all'} of {place.where(wish.bucket)}"
    folder = ctx.folders.resolve(wish.folder)
    return f"{folder} to {bucket}" if wish.direction == "up" else f"{bucket} to {folder}"


@tool(
    effect="read", open_world=True, timeout=3600,
    examples=EXAMPLES["storage_sync_plan"],
)  # fmt: skip
async def storage_sync_plan(
    ctx: Context,
    bucket: BucketName,
    folder: FolderPath,
    direction: Way,
    prefix: Prefix = "",
    delete: Delete = False,
    store: StoreName = "",
) -> Plan:
    """What it takes to make a bucket (or what begins with a prefix, best with '/' at its end) like a folder here, or
    the other way round: a diff by content, changing nothing. Show it to the person, then storage_sync_apply. Up to
    10,000 files."""
    wish = Wish(store=store, bucket=bucket, prefix=prefix, folder=folder, direction=direction, delete=delete)
    place, steps = await _planned(ctx, wish)
    changes = [Change(step.do, step.name, step.size) for step in steps.steps[:_SHOWN]]
    return Plan(
        digest_of_plan(wish, steps), _what(ctx, place, wish), steps.of("add"), steps.of("replace"), steps.of("delete"),
        steps.same, steps.bytes, changes,
    )  # fmt: skip


async def _apply_preview(ctx: Context, plan: str, **wished: Any) -> str:
    wish = Wish(**wished)
    place, steps = await _planned(ctx, wish)
    await _must_be_writable(ctx, place, wish)
    counts = f"adds {steps.of('add')}, replaces {steps.of('replace')}, deletes {steps.of('delete')}"
    return f"From {_what(ctx, place, wish)}: {counts} ({size_of(steps.bytes)})."


@tool(
    effect="destructive", preview=_apply_preview, open_world=True, timeout=6 * 3600,
    examples=EXAMPLES["storage_sync_apply"],
)  # fmt: skip
async def storage_sync_apply(
    ctx: Context,
    plan: Annotated[str, Field("'plan' of storage_sync_plan.", max_length=64)],
    bucket: BucketName,
    folder: FolderPath,
    direction: Way,
    prefix: Prefix = "",
    delete: Delete = False,
    store: StoreName = "",
) -> Synced:
    """Do what storage_sync_plan planned with the same arguments; nothing where anything has changed since. It replaces
    and deletes for good where no versions are kept."""
    wish = Wish(store=store, bucket=bucket, prefix=prefix, folder=folder, direction=direction, delete=delete)
    place, steps = await _planned(ctx, wish)
    if digest_of_plan(wish, steps) != plan:
        raise ToolError(
            "This is not what was planned: something has changed since, or the arguments differ.",
            hint="Nothing was done. Call storage_sync_plan again, and show the new plan.",
        )
    await _must_be_writable(ctx, place, wish)
    for number, step in enumerate(steps.steps):
        try:
            await (_up if direction == "up" else _down)(ctx, place, wish, step)
        except ToolError as error:
            raise ToolError(
                f"{number} of {len(steps.steps)} steps were done, then {step.name}: {error}",
                hint="storage_sync_plan shows what is left.",
            ) from None
        ctx.progress(number + 1, len(steps.steps), step.name)
    return Synced(
        _what(ctx, place, wish), steps.of("add"), steps.of("replace"), steps.of("delete"), steps.bytes
    )  # fmt: skip


async def _up(ctx: Context, place: Store, wish: Wish, step: Step) -> None:
    key = wish.prefix + step.name
    if step.file is None or step.do == "delete":
        await place.delete(wish.bucket, key)
        return
    path = step.file.path
    source: Source = await ctx.in_thread(lambda: FileSource(ctx, path))
    await place.put(wish.bucket, key, source, new=step.do == "add", progress=lambda done: None)


async def _down(ctx: Context, place: Store, wish: Wish, step: Step) -> None:
    path = path_in(wish, step.name)
    if step.object is None or step.do == "delete":
        await ctx.in_thread(lambda: ctx.folders.remove(path))
        return
    expected = step.file.version if step.file else None
    await download(ctx, place, wish.bucket, step.object, path, expected, told=False)
