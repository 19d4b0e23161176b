"""A folder of this machine, a bucket with versions and one without: the same calls, the same answers."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable

from plugins.storage.tests.conftest import Desk

On = Callable[[Callable[[Desk], Awaitable[None]]], None]
KEYS = ["a-b.txt", "a.txt", "a/b.txt", "a/c/d.txt", "b.txt", "ä ö?.txt", "z%20/+&=.txt"]


def test_what_is_put_is_there_in_the_order_of_keys(on: On) -> None:
    async def work(desk: Desk) -> None:
        for key in reversed(KEYS):
            put = await desk.call("storage_put", key=key, text=f"this is {key}")
            assert put["object"]["size"] == len(f"this is {key}".encode())
            assert desk.bucket in put["where"]
        assert await desk.keys() == sorted(KEYS, key=str.encode)
        assert await desk.keys("a") == ["a-b.txt", "a.txt", "a/b.txt", "a/c/d.txt"]
        assert await desk.keys("a/") == ["a/b.txt", "a/c/d.txt"]
        assert await desk.keys("a/c/d.t") == ["a/c/d.txt"]
        assert await desk.keys("nothing/here") == []
        for key in KEYS:
            assert (await desk.call("storage_get", key=key))["text"] == f"this is {key}"

    on(work)


def test_pages_hold_everything_once_and_folders_are_folded(on: On) -> None:
    async def work(desk: Desk) -> None:
        for key in KEYS:
            await desk.call("storage_put", key=key, text="x")
        for deep, all_of_it in (
            (True, sorted(KEYS, key=str.encode)),
            (False, ["a-b.txt", "a.txt", "a/", "b.txt", "z%20/", "ä ö?.txt"]),
        ):
            seen: list[str] = []
            token = ""
            for _ in range(20):
                page = await desk.call("storage_list", deep=deep, limit=2, token=token)
                found = [one["key"] for one in page["objects"]] + page.get("folders", [])
                assert len(found) <= 2
                seen += sorted(found, key=str.encode)
                token = page.get("next", "")
                if not token:
                    break
            assert seen == all_of_it

    on(work)


def test_parts_of_a_text_come_together_again(on: On) -> None:
    async def work(desk: Desk) -> None:
        text = "äöü€🙂" * 50
        await desk.call("storage_put", key="t.txt", text=text)
        got, start = "", 0
        while start is not None:
            part = await desk.call("storage_get", key="t.txt", start=start, length=97)
            got += part["text"]
            start = part.get("next_start")
        assert got == text
        assert (await desk.call("storage_get", key="t.txt", start=10_000))["text"] == ""
        (desk.files / "b.bin").write_bytes(b"\0\xff" * 100)
        await desk.call("storage_put", key="b.bin", path=str(desk.files / "b.bin"))
        part = await desk.call("storage_get", key="b.bin")
        assert "text" not in part
        assert part["size"] == 200

    on(work)


def test_files_large_and_small_go_there_and_back(on: On) -> None:
    async def work(desk: Desk) -> None:
        for size in (0, 1, 17 * 2**20 + 5):
            data = os.urandom(size)
            (desk.files / "up.bin").write_bytes(data)
            await desk.call("storage_put", key=f"f/{size}", path=str(desk.files / "up.bin"))
            down = desk.files / "deep" / "down.bin"
            fetched = await desk.call("storage_download", key=f"f/{size}", path=str(down))
            assert fetched["bytes"] == size
            assert down.read_bytes() == data
        assert (await desk.host.undo()).stopped is None  # the last download: the file of before is back
        assert (desk.files / "deep" / "down.bin").read_bytes() != data
        usage = await desk.call("storage_usage")
        assert (usage["objects"], usage["bytes"]) == (3, 17 * 2**20 + 6)
        assert usage["largest"][0]["key"] == f"f/{size}"
        assert usage["folders"] == [{"prefix": "f/", "objects": 3, "bytes": 17 * 2**20 + 6}]

    on(work)


def test_what_is_new_can_be_undone_everywhere(on: On) -> None:
    async def work(desk: Desk) -> None:
        await desk.call("storage_put", key="a.txt", text="one")
        await desk.call("storage_copy", key="a.txt", target_key="c/b.txt")
        assert (await desk.call("storage_get", key="c/b.txt"))["text"] == "one"
        assert (await desk.host.undo()).stopped is None
        assert await desk.keys() == ["a.txt"]
        assert (await desk.host.undo()).stopped is None
        assert await desk.keys() == []

    on(work)


def test_nothing_is_lost_by_replacing_or_deleting(on: On) -> None:
    """Where versions are kept it can be undone, and the undoing as well; elsewhere it is not done."""

    async def work(desk: Desk) -> None:
        await desk.call("storage_put", key="a.txt", text="one")
        await desk.call("storage_put", key="b.txt", text="two")
        [bucket] = [
            one for one in (await desk.call("storage_buckets", bucket=None))["result"] if one["name"] == desk.bucket
        ]
        if not bucket.get("versions"):
            for tool, arguments in (
                ("storage_put", {"key": "a.txt", "text": "other"}),
                ("storage_copy", {"key": "b.txt", "target_key": "a.txt"}),
                ("storage_delete", {"keys": ["a.txt"]}),
            ):
                assert "storage_delete_forever" in await desk.refused(tool, **arguments)
                assert (await desk.call("storage_get", key="a.txt"))["text"] == "one"
            await desk.call("storage_delete_forever", keys=["a.txt"])
            assert await desk.keys() == ["b.txt"]
            return
        assert "storage_delete" in await desk.refused("storage_delete_forever", keys=["a.txt"])
        await desk.call("storage_put", key="a.txt", text="other")
        await desk.call("storage_copy", key="b.txt", target_key="a.txt")
        await desk.call("storage_delete", keys=["a.txt", "b.txt"])
        assert await desk.keys() == []
        undone = await desk.host.undo()
        assert undone.stopped is None
        assert (await desk.call("storage_get", key="a.txt"))["text"] == "two"
        assert (await desk.host.undo(change=undone.undoings[0])).stopped is None  # undoing the undoing
        assert await desk.keys() == []
        assert (await desk.host.undo()).stopped is None
        assert (await desk.host.undo()).stopped is None
        assert (await desk.call("storage_get", key="a.txt"))["text"] == "other"
        assert (await desk.host.undo()).stopped is None
        assert (await desk.call("storage_get", key="a.txt"))["text"] == "one"

    on(work)


def test_what_cannot_be_is_said_in_words(on: On) -> None:
    async def work(desk: Desk) -> None:
        assert "There is no 'nope'" in await desk.refused("storage_get", key="nope")
        assert "bucket" in await desk.refused("storage_list", bucket="no-such-bucket")
        assert "bucket" in await desk.refused("storage_get", bucket="no-such-bucket", key="a")
        assert "bucket" in await desk.refused("storage_put", bucket="no-such-bucket", key="a", text="x")
        await desk.call("storage_put", key="a.txt", text="one")
        assert "There is no 'nope'" in await desk.refused("storage_copy", key="nope", target_key="b")
        assert "same object" in await desk.refused("storage_copy", key="a.txt", target_key="a.txt")
        assert "either" in await desk.refused("storage_put", key="b.txt")
        assert "There is no" in await desk.refused("storage_put", key="b.txt", path=str(desk.files / "gone.txt"))
        for tool in ("storage_delete", "storage_delete_forever"):
            await desk.refused(tool, keys=["a.txt", "nope"])
        assert await desk.keys() == ["a.txt"]

    on(work)


def test_an_object_is_found_by_its_whole_key(on: On) -> None:
    async def work(desk: Desk) -> None:
        for key in ("a", "ab"):
            await desk.call("storage_put", key=key, text=key)
        assert await desk.keys("a") == ["a", "ab"]
        assert (await desk.call("storage_usage", prefix="ab"))["objects"] == 1

    on(work)


def test_a_key_given_twice_is_deleted_once(on: On) -> None:
    async def work(desk: Desk) -> None:
        await desk.call("storage_put", key="a", text="x")
        kept = next(
            one for one in (await desk.call("storage_buckets", bucket=None))["result"] if one["name"] == desk.bucket
        )
        tool = "storage_delete" if kept.get("versions") else "storage_delete_forever"
        assert "Deleted 1" in await desk.call(tool, keys=["a", "a"])
        assert await desk.keys() == []

    on(work)
