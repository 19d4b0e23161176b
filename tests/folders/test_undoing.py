"""Undo of what a plugin did to files, in one line of the plugin; and the bytes that are kept for it."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import io
import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcp_agent import Host, ToolError
from mcp_agent.folders.backups import Backups
from mcp_agent.testing import host_for

MODULE = "tests.plugins.filing"


def contents(folder: Path) -> dict[str, object]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mode) if path.is_file() else None
        for path in folder.rglob("*")
    }


PATHS = st.sampled_from(["a", "b", "d/a", "d/e/a", "d", "d/e"])
CALLS = st.lists(st.tuples(PATHS, st.binary(max_size=8)), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(CALLS, st.booleans())
def test_undo_of_any_writes_brings_every_byte_back(calls: list[tuple[str, bytes]], on_disk: bool) -> None:
    import tempfile

    async def work(base: Path) -> None:
        files = base / "files"
        (files / "d").mkdir(parents=True)
        (files / "a").write_bytes(b"at the start")
        (files / "a").chmod(0o640)
        before = contents(files)
        opened = {"folders": [{"path": str(files), "writable": True}]}
        async with host_for(MODULE, opened, folder=base / "home" if on_disk else None) as host:
            states = [before]
            for path, data in calls:
                with contextlib.suppress(ToolError):  # a folder is there
                    await host.call("filing_write", {"path": path, "text": data.hex()})
                states.append(contents(files))
            if states[-1] == before:
                return
            undone = await host.undo(last=len(calls))
            assert undone.stopped is None
            assert contents(files) == before
            for number in [number for number in undone.undoings if number is not None][::-1]:
                assert (await host.undo(change=number)).stopped is None  # and forth again
            assert contents(files) == states[-1]

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(work(Path(folder)))


def test_the_plugin_gets_its_folders_and_not_the_agents_own(tmp_path: Path) -> None:
    async def work() -> None:
        opened = {"folders": [{"path": str(tmp_path), "writable": True}]}
        async with host_for(MODULE, opened, folder=tmp_path / "home") as host:
            await host.call("filing_write", {"path": "a.txt", "text": "hello"})
            for path in ("home/config.yaml", "home/data/x", "home/state/x", "home/data/audit/x"):
                with pytest.raises(ToolError, match="the agent's own"):
                    await host.call("filing_write", {"path": path, "text": "mine"})
            assert (await host.call("filing_names")).data["result"] == ["a.txt", "home"]
            kept = list((tmp_path / "home" / "data" / "plugins" / "filing" / "backups").iterdir())
            assert [path.name for path in kept] == [hashlib.sha256(b"hello").hexdigest()]

    asyncio.run(work())


def test_wrong_settings_say_so() -> None:
    async def work(host: Host) -> None:
        with pytest.raises(ToolError, match="not absolute"):
            await host.call("filing_names")

    async def main() -> None:
        async with host_for(MODULE, {"folders": [{"path": "somewhere"}]}) as host:
            await work(host)

    asyncio.run(main())


@pytest.mark.parametrize("on_disk", [True, False])
def test_backups_are_bounded_and_the_oldest_go_first(on_disk: bool, tmp_path: Path) -> None:
    backups = Backups(tmp_path / "backups" if on_disk else None, most_bytes=4000)
    digests = []
    for number in range(12):
        digests.append(backups.keep(io.BytesIO(bytes([number]) * 900), 900))
        if on_disk:  # times of files are coarse
            os.utime(tmp_path / "backups" / digests[-1], ns=(number * 10**9, number * 10**9))
    kept, gone = [], []
    for number, digest in enumerate(digests):
        try:
            assert backups.open(digest).read() == bytes([number]) * 900
            kept.append(number)
        except ToolError as error:
            gone.append(str(error))
    assert kept == [8, 9, 10, 11]
    assert all("newer backups took its room" in text for text in gone)
    with pytest.raises(ToolError, match="only up to 1,000"):
        backups.keep(io.BytesIO(b""), 1001)


def test_a_backup_that_was_damaged_is_not_put_back(tmp_path: Path) -> None:
    backups = Backups(tmp_path)
    digest = backups.keep(io.BytesIO(b"good"), 4)
    assert backups.keep(io.BytesIO(b"good"), 4) == digest
    assert os.listdir(tmp_path) == [digest]
    (tmp_path / digest).write_bytes(b"evil")
    with pytest.raises(ToolError, match="damaged"):
        backups.open(digest)


def test_several_backups_of_one_folder_work_at_once(tmp_path: Path) -> None:
    """As several processes would: each thinks it is alone."""
    chance = random.Random(1)
    several = [Backups(tmp_path, most_bytes=40_000) for _ in range(3)]
    for number in range(60):
        data = chance.randbytes(3000)
        backups = chance.choice(several)
        digest = backups.keep(io.BytesIO(data), len(data))
        assert chance.choice(several).open(digest).read() == data, number
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 3 * 40_000
