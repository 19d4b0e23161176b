"""The trash of the desktop: other programs find in it what we put there, and undo brings back the very same file."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from mcp_agent_desktop import trash

from mcp_agent import Folder, Folders, Host, ToolError
from mcp_agent.testing import host_for
from tests.real.python_env import python_env

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the trash of freedesktop.org")
MODULE = "mcp_agent_desktop"


def with_host(work: Callable[[Host], Awaitable[None]]) -> None:
    async def main() -> None:
        async with host_for(MODULE) as host:
            await work(host)

    asyncio.run(main())


def test_undo_brings_back_the_same_file(files: Path, tmp_path: Path) -> None:
    (files / "d" / "e").mkdir(parents=True)
    (files / "d" / "e" / "ä b%.txt").write_text("hello")
    (files / "d" / "link").symlink_to("e")
    inode = (files / "d" / "e" / "ä b%.txt").stat().st_ino

    async def work(host: Host) -> None:
        assert (await host.call("desktop_trash", {"path": "d"})).text == f"{files}/d is in the trash."
        assert os.listdir(files) == []
        assert f"Path={files}/d\n" in (tmp_path / "share" / "Trash" / "info" / "d.trashinfo").read_text()
        assert (await host.undo()).stopped is None
        assert (files / "d" / "e" / "ä b%.txt").stat().st_ino == inode
        assert os.readlink(files / "d" / "link") == "e"
        assert os.listdir(tmp_path / "share" / "Trash" / "info") == []

    with_host(work)


def test_of_several_with_one_name_the_right_one_comes_back(files: Path) -> None:
    async def work(host: Host) -> None:
        for text in ("one", "two", "three"):
            await host.call("desktop_write_file", {"path": "d/a.txt", "text": text})
            await host.call("desktop_trash", {"path": "d/a.txt"})
        for text in ("three", "two", "one"):
            await host.undo()
            assert (files / "d" / "a.txt").read_text() == text
            await host.undo()  # of the writing
        assert os.listdir(files) == []

    with_host(work)


def test_what_was_taken_out_of_the_trash_is_said(files: Path, tmp_path: Path) -> None:
    (files / "a.txt").write_text("x")

    async def work(host: Host) -> None:
        await host.call("desktop_trash", {"path": "a.txt"})
        shutil.rmtree(tmp_path / "share" / "Trash")
        stopped = (await host.undo()).stopped
        assert stopped is not None
        assert "not in the trash any more" in stopped

    with_host(work)


def test_it_does_not_go_over_what_is_there_now(files: Path) -> None:
    (files / "a.txt").write_text("old")

    async def work(host: Host) -> None:
        await host.call("desktop_trash", {"path": "a.txt"})
        (files / "a.txt").write_text("new")
        stopped = (await host.undo()).stopped
        assert stopped is not None
        assert "changed again since" in stopped
        assert (files / "a.txt").read_text() == "new"
        with pytest.raises(ToolError, match="There is no"):
            await host.call("desktop_trash", {"path": "nothing"})

    with_host(work)


@pytest.mark.real
def test_other_programs_understand_our_trash(files: Path, tmp_path: Path) -> None:
    """trash-cli lists what we put there, and puts it back."""
    tools = python_env("trash-cli==0.24.5.26").parent
    environ = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "share")}
    name = "Grüße & 100% [neu].txt"
    (files / name).write_text("hello")

    async def work(host: Host) -> None:
        await host.call("desktop_trash", {"path": name})

    with_host(work)
    listed = subprocess.run([tools / "trash-list"], env=environ, capture_output=True, text=True, check=True, timeout=60)
    assert f"{files}/{name}" in listed.stdout
    subprocess.run(
        [tools / "trash-restore", str(files / name)], env=environ, input="0\n", text=True, check=True, timeout=60,
        capture_output=True,
    )  # fmt: skip
    assert (files / name).read_text() == "hello"


BY_LIBRARY = """
import pathlib, sys
from mcp_agent import Folder, Folders
from mcp_agent_desktop.trash import ByLibrary
base = pathlib.Path(sys.argv[1])
folders = Folders([Folder(str(base / "files"), writable=True)], backups=base / "backups")
trash = ByLibrary()
state = trash.state(folders, "d")
trash.put(folders, "d")
assert not (base / "files" / "d").exists() and (base / "share" / "Trash" / "files" / "d" / "run.sh").exists()
trash.put_back(folders, "d", state)
assert trash.state(folders, "d") == state
"""


def test_the_library_that_other_systems_use(tmp_path: Path) -> None:
    """send2trash, in a process of its own: it looks for the trash when it is imported."""
    folder = tmp_path / "files" / "d"
    (folder / "empty").mkdir(parents=True)
    (folder / "run.sh").write_bytes(b"\0\xff")
    (folder / "run.sh").chmod(0o750)
    environ = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "share")}
    subprocess.run([sys.executable, "-c", BY_LIBRARY, str(tmp_path)], env=environ, check=True, timeout=60)
    assert (folder / "run.sh").read_bytes() == b"\0\xff"
    assert (folder / "run.sh").stat().st_mode & 0o777 == 0o750
    assert (folder / "empty").is_dir()


def test_what_no_copy_can_be_kept_of_is_not_trashed(tmp_path: Path) -> None:
    (tmp_path / "work" / "d").mkdir(parents=True)
    (tmp_path / "work" / "d" / "link").symlink_to("/etc")
    folders = Folders([Folder(str(tmp_path / "work"), writable=True)])
    with pytest.raises(ToolError, match="is a link"):
        trash.ByLibrary().state(folders, "d")


OTHER_DISK = """
import os, pathlib, sys
from mcp_agent import Folder, Folders
from mcp_agent_desktop.freedesktop_trash import Freedesktop
disk = pathlib.Path(sys.argv[1])
(disk / "work" / "d").mkdir(parents=True)
(disk / "work" / "d" / "a.txt").write_text("hello")
folders = Folders([Folder(str(disk / "work"), writable=True)])
state = Freedesktop().state(folders, "d")
Freedesktop().put(folders, "d")
[info] = (disk / f".Trash-{os.getuid()}" / "info").iterdir()
assert "Path=work/d\\n" in info.read_text(), info.read_text()
Freedesktop().put_back(folders, "d", state)
assert (disk / "work" / "d" / "a.txt").read_text() == "hello"
"""


def test_another_disk_has_a_trash_of_its_own(tmp_path: Path) -> None:
    """On a file system in memory, mounted where only this process sees it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none "$1" && shift && exec "$@"', "sh", str(disk)]
    try:
        subprocess.run([*mounted, "true"], check=True, capture_output=True, timeout=30)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this user may not mount anything")
    done = subprocess.run(
        [*mounted, sys.executable, "-c", OTHER_DISK, str(disk)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
