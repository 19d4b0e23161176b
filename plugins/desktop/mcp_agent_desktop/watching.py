"""A folder that is watched: a resource which tells its subscribers when something in it changed.

watchfiles only says *that* something happened; what happened is found by comparing two walks through the folders. So
nothing is missed between two looks, and nothing behind a link is ever named.
"""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import UTC, datetime

from mcp_agent import Context, Folders, ToolError
from mcp_agent_desktop.watch_tools import Seen

_MOST_WATCHES = 8
_MOST_ENTRIES = 5000
_MOST_CHANGES = 200
_QUIET_MS = 200
"""Changes that follow each other faster than this are told together."""
_LOOK_SECONDS = 60
"""A look without being told, for disks that tell nothing."""

State = dict[str, str]
"""The version of everything in a folder, by path."""


class Watch:
    """One folder that is watched, in a task of its own."""

    def __init__(self, ctx: Context, number: int, path: str, state: State) -> None:
        self.id = str(number)
        self.uri = f"desktop://watch/{number}"
        self.path = path
        self.total = 0
        self.stopped: str | None = None
        self.changes: deque[Seen] = deque(maxlen=_MOST_CHANGES)
        self._ctx = ctx
        self._state = state
        self.task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        from watchfiles._rust_notify import WatchfilesRustInternalError

        try:
            while True:
                await self._watch(self._folders())
        except ToolError as error:
            self.stopped = str(error)
        except (OSError, WatchfilesRustInternalError) as error:  # such as no more watches to be had
            self.stopped = f"The system does not let this folder be watched: {error}"
        self._ctx.resource_updated(self.uri)

    async def _watch(self, folders: list[str]) -> None:
        """Until there are other folders. Each by itself: watched as a whole, links would be followed."""
        from watchfiles import awatch

        told = awatch(
            *folders, recursive=False, watch_filter=None, debounce=_QUIET_MS, rust_timeout=_LOOK_SECONDS * 1000,
            yield_on_timeout=True, ignore_permission_denied=True,
        )  # fmt: skip
        try:
            while True:
                waiting = asyncio.ensure_future(anext(told))
                try:
                    await asyncio.sleep(0)  # now the system watches: look what happened before it did
                    await self._look()
                    if folders != self._folders():
                        return
                    await waiting
                finally:
                    waiting.cancel()
                    await asyncio.wait([waiting])
        finally:
            await told.aclose()

    def _folders(self) -> list[str]:
        return [self.path, *(path for path, version in self._state.items() if version.startswith("folder-"))]

    @property
    def entries(self) -> int:
        return len(self._state)

    async def _look(self) -> None:
        now = await self._ctx.in_thread(lambda: state_of(self._ctx.folders, self.path))
        changes = compared(self._state, now, datetime.fromtimestamp(int(self._ctx.clock.time()), UTC))
        self._state = now
        if changes:
            self.total += len(changes)
            self.changes.extendleft(changes)
            self._ctx.resource_updated(self.uri)


class Watches:
    """All folders that are watched. The plugin keeps it in ``ctx.state``."""

    def __init__(self) -> None:
        self._all: dict[str, Watch] = {}
        self._count = 0

    async def start(self, ctx: Context, path: str) -> Watch:
        shown = ctx.folders.resolve(path)
        for watch in self._all.values():
            if watch.path == shown and watch.stopped is None:
                return watch
        if len(self._all) >= _MOST_WATCHES:
            raise ToolError(f"{_MOST_WATCHES} folders are watched already.", hint="End one with desktop_unwatch.")
        state = await ctx.in_thread(lambda: state_of(ctx.folders, shown))
        self._count += 1
        watch = self._all[str(self._count)] = Watch(ctx, self._count, shown, state)
        return watch

    def find(self, watch_id: str) -> Watch | None:
        return self._all.get(watch_id)

    async def stop(self, watch_id: str) -> Watch:
        watch = self._all.pop(watch_id, None)
        if watch is None:
            raise ToolError(f"There is no watch {watch_id!r}.", hint=f"There are: {', '.join(self._all) or 'none'}.")
        watch.task.cancel()
        await asyncio.wait([watch.task])
        return watch

    async def close(self) -> None:
        for watch_id in list(self._all):
            await self.stop(watch_id)


def state_of(folders: Folders, path: str) -> State:
    found = list(folders.walk(path, most=_MOST_ENTRIES + 1))
    if len(found) > _MOST_ENTRIES:
        raise ToolError(f"{path} holds more than {_MOST_ENTRIES:,} files and folders.", hint="Watch a folder in it.")
    return {one.path: one.version for one in found}


def compared(before: State, now: State, at: datetime) -> list[Seen]:
    """What is different, by path."""
    changes = []
    for path in sorted(before.keys() | now.keys()):
        old, new = before.get(path), now.get(path)
        if old != new:
            changes.append(Seen(at, "added" if old is None else "removed" if new is None else "changed", path))
    return changes
