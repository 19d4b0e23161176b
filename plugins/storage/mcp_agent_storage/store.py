"""What every place for objects can do, and how a tool finds the one that is meant."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

from mcp_agent import Context, ToolError
from mcp_agent_storage.settings import Settings
from mcp_agent_storage.sources import Source
from mcp_agent_storage.values import Bucket, Identity, Object, Page

LOCAL = "local"
Progress = Callable[[int], None]
"""Is told how many bytes are through."""


class Store(Protocol):
    """Buckets with objects in them. Every function raises ToolError, in words for a person."""

    name: str

    def where(self, bucket: str) -> str:
        """Store, account, endpoint and bucket, in a few words: where a change would land."""

    async def whoami(self) -> Identity: ...

    async def buckets(self) -> list[Bucket]:
        """All of them, by name."""

    async def page(self, bucket: str, prefix: str, *, deep: bool, token: str, limit: int) -> Page:
        """Objects in the order of their keys. Without ``deep`` those below the next '/' are one folder."""

    async def find(self, bucket: str, key: str) -> Object | None: ...

    async def read(self, bucket: str, key: str, start: int, length: int) -> bytes:
        """A part, shorter where the object ends."""

    def stream(self, bucket: str, found: Object) -> AsyncIterator[bytes]:
        """All bytes of what was found. Raises ToolError when it is not that any more."""

    async def must_be_writable(self, bucket: str) -> None:
        """Raises ToolError where the configuration does not allow changes."""

    async def keeps(self, bucket: str) -> bool:
        """Whether what is replaced or deleted there can be brought back."""

    async def put(self, bucket: str, key: str, source: Source, *, new: bool, progress: Progress) -> Object:
        """Make or replace an object as a whole. ``new``: nothing may be there."""

    async def copy(self, bucket: str, found: Object, target_bucket: str, target_key: str, *, new: bool) -> Object: ...

    async def delete(self, bucket: str, key: str) -> None: ...

    async def same(self, bucket: str, found: Object, source: Source) -> bool:
        """Whether an object holds these bytes."""

    async def link(self, bucket: str, key: str, *, upload: bool, seconds: int) -> str: ...

    async def unfinished(self, bucket: str, prefix: str) -> int:
        """How many uploads were begun and not ended: they take room and are in no listing."""

    async def state(self, bucket: str, key: str) -> Any:
        """What is there, as JSON, for undo."""

    async def restore(self, bucket: str, key: str, state: Any) -> None:
        """Make it what a state says. Raises ToolError where that content is gone."""


def store_named(ctx: Context, name: str) -> Store:
    """The store of that name; without a name the only account, or the folders where there is none."""
    from mcp_agent_storage.local import LocalStore
    from mcp_agent_storage.s3.store import S3Store

    accounts = ctx.config.stores
    if not name and len(accounts) > 1:
        raise ToolError("There are several stores.", hint=f"Say which: {', '.join(names(ctx.config))}.")
    name = name or next(iter(accounts), LOCAL)
    if name == LOCAL:
        return LocalStore(ctx)
    if name not in accounts:
        raise ToolError(f"There is no store {name!r}.", hint=f"There are: {', '.join(names(ctx.config))}.")
    return S3Store(ctx, name, accounts[name])


def names(settings: Settings) -> list[str]:
    return [*settings.stores, LOCAL]


async def found_in(store: Store, bucket: str, key: str) -> Object:
    """An object that has to be there."""
    found = await store.find(bucket, key)
    if found is None:
        raise ToolError(f"There is no {key!r} in {store.where(bucket)}.", hint="storage_list shows what there is.")
    return found
