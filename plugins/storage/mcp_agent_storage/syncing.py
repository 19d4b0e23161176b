"""What it takes to make a bucket like a folder, or a folder like a bucket."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec import Struct

from mcp_agent import Context, FileInfo, ToolError
from mcp_agent_storage.at_once import each
from mcp_agent_storage.sources import FileSource, parts_of
from mcp_agent_storage.store import Store
from mcp_agent_storage.values import Object

MOST = 10_000
"""Files and objects in one plan."""
Direction = Literal["up", "down"]


class Wish(Struct, frozen=True, kw_only=True):
    """``up`` makes the bucket like the folder. ``delete``: also take away there what is not here."""

    store: str
    bucket: str
    prefix: str
    folder: str
    direction: Direction
    delete: bool


class Step(Struct, frozen=True, kw_only=True):
    """``name`` is below the prefix and the folder; ``size`` in bytes of what comes, or goes."""

    do: Literal["add", "replace", "delete"]
    name: str
    size: int
    file: FileInfo | None
    object: Object | None


class Steps(Struct, frozen=True):
    """In the order of names; ``same`` is how many are alike already."""

    steps: list[Step]
    same: int

    def of(self, what: str) -> int:
        return sum(step.do == what for step in self.steps)

    @property
    def bytes(self) -> int:
        """To be transferred."""
        return sum(step.size for step in self.steps if step.do != "delete")


async def compare(ctx: Context, place: Store, wish: Wish) -> Steps:
    """Reads every file whose size is that of its object: times say nothing of content."""
    files: Mapping[str, FileInfo] = await ctx.in_thread(lambda: _files(ctx, wish.folder))
    objects = await _objects(place, wish)
    differ: set[str] = set()
    both = files.keys() & objects.keys()

    async def look(name: str) -> None:
        source = await ctx.in_thread(lambda: FileSource(ctx, files[name].path))
        if not await place.same(wish.bucket, objects[name], source):
            differ.add(name)

    await each(look, sorted(both))
    wanted, there = (files, objects) if wish.direction == "up" else (objects, files)
    steps = []
    for name in sorted(files.keys() | objects.keys()):
        file, found = files.get(name), objects.get(name)
        if name in wanted and (name not in there or name in differ):
            do: Literal["add", "replace", "delete"] = "replace" if name in there else "add"
            steps.append(Step(do=do, name=name, size=wanted[name].size, file=file, object=found))
        elif name not in wanted and wish.delete:
            steps.append(Step(do="delete", name=name, size=there[name].size, file=file, object=found))
    return Steps(steps, len(both) - len(differ))


def digest_of_plan(wish: Wish, steps: Steps) -> str:
    """Stands for just these steps between just these contents."""
    return hashlib.sha256(msgspec.json.encode([wish, steps.steps])).hexdigest()[:16]


def path_in(wish: Wish, name: str) -> str:
    return os.path.join(wish.folder, *parts_of(name))


def _files(ctx: Context, folder: str) -> dict[str, FileInfo]:
    if ctx.folders.find(folder) is None:
        ctx.folders.resolve(folder)
        return {}
    start = len(ctx.folders.resolve(folder).rstrip(os.sep)) + 1
    found = list(ctx.folders.walk(folder, most=MOST + 1))
    if len(found) > MOST:
        raise _too_many(folder)
    return {one.path[start:].replace(os.sep, "/"): one for one in found if one.kind == "file"}


async def _objects(place: Store, wish: Wish) -> dict[str, Object]:
    found: dict[str, Object] = {}
    token, more = "", True
    while more:
        page = await place.page(wish.bucket, wish.prefix, deep=True, token=token, limit=1000)
        for one in page.objects:
            name = one.key[len(wish.prefix) :]
            if not name or (name.endswith("/") and not one.size):  # what stands for a folder in consoles
                continue
            parts_of(name)
            found[name] = one
        if len(found) > MOST:
            raise _too_many(place.where(wish.bucket))
        token, more = page.next, bool(page.next)
    return found


def _too_many(where: str) -> ToolError:
    return ToolError(f"There are more than {MOST:,} in {where}.", hint="Take a folder and a prefix for a part of it.")
