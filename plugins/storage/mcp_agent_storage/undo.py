"""Taking back what was put, copied or deleted: the state of one object or several, before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mcp_agent import Context, ToolError, Undo
from mcp_agent_storage.store import Store, store_named

Place = tuple[str, str]
"""Bucket and key."""


def undo_objects(places: Callable[[Any], Iterable[Place]]) -> Undo:
    """``places`` gives from the arguments, which have a ``store``, what the tool may change."""

    async def snapshot(ctx: Context, arguments: Any, result: Any) -> Any:
        store = store_named(ctx, arguments.store)
        return [await store.state(bucket, key) for bucket, key in places(arguments)]

    async def restore(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
        store = store_named(ctx, arguments.store)
        for (bucket, key), state in zip(places(arguments), snapshot, strict=True):
            await store.must_be_writable(bucket)
            if await store.state(bucket, key) != state:
                await store.restore(bucket, key, state)

    return Undo(snapshot, restore)


async def must_be_safe(store: Store, bucket: str, key: str) -> bool:
    """Whether nothing is there. Raises ToolError where something is that could not be brought back."""
    await store.must_be_writable(bucket)
    there = await store.find(bucket, key)
    if there is not None and not await store.keeps(bucket):
        raise ToolError(
            f"There is a {key!r} already in {store.where(bucket)}, which keeps no versions: it would be gone for good.",
            hint="Take another key; or ask the person whether it may go, and call storage_delete_forever first.",
        )
    return there is None
