"""Saving: the old file or the new one, never over what somebody else did."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO

import pytest

from mcp_agent import Folder, Folders, ToolError


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    (tmp_path / "work").mkdir()
    return Folders([Folder(str(tmp_path / "work"), writable=True)])


KILLER = r'''
import functools, os, signal, sys
from pathlib import Path
from mcp_agent import Folder, Folders

work = Path(sys.argv[1])
OLD, NEW = b"old" * 50_000, b"new" * 70_000
STEPS = "open fchmod fsync ftruncate replace rename link unlink stat fstat mkdir close".split()

def kill_at(number, after):
    """Kill this process at so-manieth call of anything that touches the disk, before it or after it."""
    count = 0
    def patched(real, *arguments, **options):
        nonlocal count
        count += 1
        if count == number and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*arguments, **options)
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    for name in STEPS:
        setattr(os, name, functools.partial(patched, getattr(os, name)))

def write_in_pieces(file):
    for at in range(0, len(NEW), 30_000):
        file.write(NEW[at:at + 30_000])
        file.flush()
        os.fstat(file.fileno())  # a place to be killed at in the middle of writing

def attempt(number, after, fresh):
    path = work / f"{number}-{after}-{fresh}" / "file.txt"
    path.parent.mkdir()
    if not fresh:
        path.write_bytes(OLD)
    child = os.fork()
    if child == 0:
        folders = Folders([Folder(str(work), writable=True)])
        kill_at(number, after)
        folders.save(str(path), write_in_pieces)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    found = path.read_bytes() if path.exists() else None
    assert found in ((None, NEW) if fresh else (OLD, NEW)), (number, after, fresh, found and found[:20])
    Folders([Folder(str(work), writable=True)]).save(str(path), b"next")  # what was left is no hindrance
    assert path.read_bytes() == b"next"
    assert [entry.name for entry in path.parent.iterdir()] == ["file.txt"], list(path.parent.iterdir())
    return os.WIFSIGNALED(status), found

outcomes = []
for fresh in (False, True):
    for after in (False, True):
        number = 1
        while True:
            killed, found = attempt(number, after, fresh)
            if not killed:
                assert found == NEW
                break
            outcomes.append(found)
            number += 1
print(len(outcomes), sum(found == NEW for found in outcomes), sum(found == OLD for found in outcomes))
'''


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills children of its own")
def test_kill_9_at_every_step_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLER, str(tmp_path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    kills, new, old = map(int, done.stdout.split())
    sys.stdout.write(f"{kills} kills: {old} times the old file was there, {new} times the new one\n")
    assert kills > 60
    assert new > 5
    assert old > 20


def test_a_writer_that_fails_leaves_the_old_file(folders: Folders, tmp_path: Path) -> None:
    folders.save("a.txt", b"old")

    def write(file: BinaryIO) -> None:
        file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ToolError, match="disk is full"):
        folders.save("a.txt", write)
    with pytest.raises(ZeroDivisionError):
        folders.save("a.txt", lambda file: 1 // 0)
    assert os.listdir(tmp_path / "work") == ["a.txt"]
    assert (tmp_path / "work" / "a.txt").read_bytes() == b"old"


def test_what_was_changed_since_it_was_read_is_not_overwritten(folders: Folders, tmp_path: Path) -> None:
    path = tmp_path / "work" / "a.txt"
    first = folders.save("a.txt", b"one", expected=None)
    data, read = folders.read("a.txt", at_most=100)
    assert (data, read.version) == (b"one", first.version)
    path.write_bytes(b"two")
    for known in (read.version, read.sha256):
        with pytest.raises(ToolError, match="changed by somebody else"):
            folders.save("a.txt", b"mine", expected=known)
    now = folders.info("a.txt", digest=True)
    folders.save("a.txt", b"three", expected=now.sha256)
    folders.save("a.txt", b"four", expected=folders.info("a.txt").version)
    with pytest.raises(ToolError, match="There is a file"):
        folders.save("a.txt", b"mine", expected=None)
    path.unlink()
    with pytest.raises(ToolError, match="somebody removed it"):
        folders.save("a.txt", b"mine", expected=now.version)
    assert os.listdir(tmp_path / "work") == []


def test_what_changes_while_it_is_written_is_not_overwritten(folders: Folders, tmp_path: Path) -> None:
    path = tmp_path / "work" / "a.txt"
    folders.save("a.txt", b"old")

    def meanwhile(file: BinaryIO) -> None:
        file.write(b"mine")
        path.write_bytes(b"theirs, and longer")

    with pytest.raises(ToolError, match="changed by somebody else"):
        folders.save("a.txt", meanwhile)
    assert path.read_bytes() == b"theirs, and longer"
    path.unlink()
    with pytest.raises(ToolError, match="appeared"):
        folders.save("a.txt", meanwhile, expected=None)
    assert path.read_bytes() == b"theirs, and longer"


@pytest.mark.parametrize("mark", [".~lock.plan.odt#", "~$plan.odt", "~$an.odt", ".plan.odt.swp", ".#plan.odt"])
def test_what_another_program_has_open_is_not_overwritten(mark: str, folders: Folders, tmp_path: Path) -> None:
    folders.save("plan.odt", b"old")
    (tmp_path / "work" / mark).touch()
    with pytest.raises(ToolError, match="open in another program"):
        folders.save("plan.odt", b"new")
    assert folders.read("plan.odt", at_most=10)[0] == b"old"


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells")
def test_what_another_program_is_writing_is_not_overwritten(folders: Folders, tmp_path: Path) -> None:
    folders.save("a.log", b"old")
    with (tmp_path / "work" / "a.log").open("ab"), pytest.raises(ToolError, match="being written by another program"):
        folders.save("a.log", b"new")
    with (tmp_path / "work" / "a.log").open("rb"):
        folders.save("a.log", b"new")


def test_two_that_save_at_once_do_not_mix(folders: Folders) -> None:
    contents = [bytes([65 + number]) * 200_000 for number in range(4)]
    saved: list[bool] = []
    refusals: set[str] = set()

    def save(data: bytes) -> None:
        for _ in range(20):
            try:
                folders.save("a.txt", data)
                saved.append(True)
            except ToolError as error:
                refusals.add(str(error))

    threads = [threading.Thread(target=save, args=[data]) for data in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert saved
    known = ("right now", "changed by somebody", "appeared while", "being written by another")
    assert [text for text in refusals if not any(words in text for words in known)] == []
    assert folders.read("a.txt", at_most=10**6)[0] in contents
    assert [entry.path.rpartition("/")[2] for entry in folders.list()] == ["a.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of Unix")
def test_permissions_stay_and_the_mark_read_only_is_respected(folders: Folders, tmp_path: Path) -> None:
    path = tmp_path / "work" / "run.sh"
    folders.save("run.sh", b"one")
    path.chmod(0o750)
    assert folders.save("run.sh", b"two").mode == 0o750
    assert folders.save("run.sh", b"two", mode=0o640).mode == 0o640
    path.chmod(0o444)
    with pytest.raises(ToolError, match="read-only"):
        folders.save("run.sh", b"three")


def test_a_new_file_has_the_permissions_that_programs_give(folders: Folders, tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    assert folders.save("a.txt", b"").mode == (tmp_path / "usual").stat().st_mode & 0o777


def test_attributes_stay(folders: Folders, tmp_path: Path) -> None:
    path = tmp_path / "work" / "a.txt"
    folders.save("a.txt", b"one")
    try:
        os.setxattr(path, "user.colour", b"blue")  # type: ignore[attr-defined,unused-ignore]
    except (AttributeError, OSError):
        pytest.skip("this disk keeps no attributes")
    folders.save("a.txt", b"two")
    assert os.getxattr(path, "user.colour") == b"blue"  # type: ignore[attr-defined,unused-ignore]


LEASED = """
import fcntl, os, sys, threading
from mcp_agent import Folder, Folders

def opens_meanwhile(fd, command, argument=0, real=fcntl.fcntl):
    result = real(fd, command, argument)
    if (command, argument) == (fcntl.F_SETLEASE, fcntl.F_RDLCK):
        opener = threading.Thread(target=lambda: open(sys.argv[1] + "/a.log", "ab").close())
        opener.start()  # it waits in the system until the lease is given back
        opener.join(0.2)
        assert opener.is_alive()
    return result

folders = Folders([Folder(sys.argv[1], writable=True)])
folders.save("a.log", b"old")
fcntl.fcntl = opens_meanwhile
folders.save("a.log", b"new")
print(folders.read("a.log", at_most=10)[0])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells")
def test_asking_whether_a_file_is_being_written_does_not_end_the_program(tmp_path: Path) -> None:
    """The system signals whoever holds a lease that another program breaks: by default that would be the end."""
    done = subprocess.run(
        [sys.executable, "-c", LEASED, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, "b'new'\n"), done.stderr
