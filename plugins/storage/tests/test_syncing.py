"""A bucket made like a folder, and back: planned first, and only what was planned."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import pytest
from mcp_agent_storage.store import Store
from mcp_agent_storage.syncing import Wish, _objects
from mcp_agent_storage.values import Object, Page

from plugins.storage.tests.conftest import Desk, desk_for, raw
from tests.real.s3 import S3

On = Callable[[Callable[[Desk], Awaitable[None]]], None]
Tree = dict[str, bytes]


def write(folder: Path, tree: Tree) -> None:
    """The folder holds this and nothing else."""
    for path in sorted(folder.rglob("*"), reverse=True) if folder.exists() else ():
        if path.is_file():
            path.unlink()
    for name, data in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def read(folder: Path) -> Tree:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def changed(tree: Tree, chance: random.Random) -> Tree:
    """Some gone, some of the same size with other bytes, some new."""
    kept = {name: data for name, data in tree.items() if chance.random() > 0.3}
    for name in list(kept):
        if chance.random() < 0.4:
            kept[name] = chance.randbytes(len(kept[name]))
    return kept | {f"new/{chance.randrange(99)}.bin": chance.randbytes(50)}


async def sync(desk: Desk, folder: Path, direction: str, **more: Any) -> dict[str, Any]:
    wish = {"folder": str(folder), "direction": direction, "prefix": "p/", "delete": True, **more}
    plan = await desk.call("storage_sync_plan", **wish)
    done = await desk.call("storage_sync_apply", plan=plan["plan"], **wish)
    counts = ("add", "replace", "delete", "bytes")
    assert [done[one] for one in counts] == [plan[one] for one in counts]
    again = await desk.call("storage_sync_plan", **wish)
    assert [again[one] for one in counts] == [0, 0, 0, 0]
    return dict(plan)


def test_whatever_was_there_both_are_alike_afterwards(on: On) -> None:
    async def work(desk: Desk) -> None:
        chance = random.Random(4)
        tree: Tree = {f"{one}/ä {two}.txt": chance.randbytes(20) for one in "ab" for two in range(4)}
        here, back = desk.files / "here", desk.files / "back"
        await desk.call("storage_put", key="other.txt", text="not below the prefix")
        for _ in range(3):
            write(here, tree)
            await sync(desk, here, "up")
            await sync(desk, back, "down")
            assert read(back) == tree
            tree = changed(tree, chance)
        assert "other.txt" in await desk.keys()

    on(work)


def test_the_plan_says_what_and_without_delete_nothing_goes(on: On) -> None:
    async def work(desk: Desk) -> None:
        here = desk.files / "here"
        write(here, {"a": b"one", "b": b"two", "c": b"same"})
        await sync(desk, here, "up")
        write(here, {"a": b"1ne", "c": b"same", "d": b"four"})
        plan = await sync(desk, here, "up", delete=False)
        assert [(one["do"], one["name"]) for one in plan["changes"]] == [("replace", "a"), ("add", "d")]
        assert (plan["same"], plan["bytes"]) == (1, 7)
        assert await desk.keys("p/") == ["p/a", "p/b", "p/c", "p/d"]

    on(work)


def test_only_what_was_planned_is_done(on: On) -> None:
    async def work(desk: Desk) -> None:
        here = desk.files / "here"
        write(here, {"a": b"one"})
        wish = {"folder": str(here), "direction": "up", "prefix": "p/"}
        plan = (await desk.call("storage_sync_plan", **wish))["plan"]
        assert "not what was planned" in await desk.refused("storage_sync_apply", plan=plan, **wish, delete=True)
        write(here, {"a": b"1ne"})
        assert "not what was planned" in await desk.refused("storage_sync_apply", plan=plan, **wish)
        plan = (await desk.call("storage_sync_plan", **wish))["plan"]
        await desk.call("storage_put", key="p/a", text="somebody else")
        assert "not what was planned" in await desk.refused("storage_sync_apply", plan=plan, **wish)
        assert (await desk.call("storage_get", key="p/a"))["text"] == "somebody else"

    on(work)


@pytest.mark.real
def test_no_key_gets_out_of_the_folder(s3: S3, tmp_path: Path) -> None:
    async def work() -> None:
        for key in ("p/../../out.txt", "p//out.txt", "p/a/./b"):
            async with desk_for(tmp_path / "w", s3) as desk:
                async with raw(s3) as client:
                    await client.put_object(Bucket=desk.bucket, Key=key, Body=b"x")
                said = await desk.refused(
                    "storage_sync_plan", folder=str(desk.files / "here"), direction="down", prefix="p/"
                )
                assert "no name for a file" in said

    (tmp_path / "w").mkdir()
    asyncio.run(work())


@pytest.mark.real
def test_a_read_only_account_is_not_synced_to(s3: S3, tmp_path: Path) -> None:
    async def work() -> None:
        async with desk_for(tmp_path, s3, writable=False) as desk:
            write(desk.files / "here", {"a": b"one"})
            wish = {"folder": str(desk.files / "here"), "direction": "up"}
            plan = (await desk.call("storage_sync_plan", **wish))["plan"]
            assert "writable: true" in await desk.refused("storage_sync_apply", plan=plan, **wish)
            assert await desk.keys() == []

    asyncio.run(work())


def test_what_stands_for_a_folder_in_a_bucket_does_not_stop_a_sync() -> None:
    """Consoles make empty objects whose keys end in '/'."""

    class Console:
        async def page(self, bucket: str, prefix: str, **asked: Any) -> Page:
            sizes = {"p/": 0, "p/sub/": 0, "p/sub/x.txt": 1}
            return Page(objects=[Object(key=key, size=size) for key, size in sizes.items()])

    wish = Wish(store="", bucket="b", prefix="p/", folder="f", direction="down", delete=False)
    assert list(asyncio.run(_objects(cast(Store, Console()), wish))) == ["sub/x.txt"]
