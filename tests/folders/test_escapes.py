"""There is no way out of the folders: several hundred tricks, each with every operation, and races."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mcp_agent import FileInfo, Folder, Folders, ToolError
from tests.folders import tricks

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the tree has pipes, sockets and links in it")

Operation = Callable[[Folders, str], object]
OPERATIONS: dict[str, Operation] = {
    "find": lambda folders, path: folders.find(path, digest=True),
    "info": lambda folders, path: folders.info(path),
    "read": lambda folders, path: folders.read(path, at_most=10_000),
    "list": lambda folders, path: folders.list(path),
    "walk": lambda folders, path: list(folders.walk(path)),
    "real_path": lambda folders, path: folders.real_path(path).name,
    "save": lambda folders, path: folders.save(path, b"written"),
    "save new": lambda folders, path: folders.save(path, b"written", expected=None),
    "save below": lambda folders, path: folders.save(f"{path}/new.txt", b"written"),
    "make_folder": lambda folders, path: folders.make_folder(path),
    "move from": lambda folders, path: folders.move(path, "moved"),
    "move to": lambda folders, path: folders.move("a.txt", path),
    "remove": lambda folders, path: folders.remove(path),
}


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home-that-is-not-configured"))
    return tricks.make_tree(tmp_path)


def folders_of(base: Path, *, by_handle: bool) -> Folders:
    settings = [Folder(str(base / "work"), writable=True), Folder(str(base / "docs"))]
    return Folders(settings, private=[base / "work" / "agent"], by_handle=by_handle)


def filled_in(trick: str, base: Path) -> str:
    work = str(base / "work")
    places = {"base": base, "work": work, "docs": base / "docs", "outside": base / "outside", "WORK": work.upper()}
    return trick.format(**places)


def test_the_corpus_is_large() -> None:
    assert len(set(tricks.ALL)) >= 250
    assert len(set(tricks.REFUSED)) >= 180


@pytest.mark.parametrize("by_handle", [True, False], ids=["by handle", "by path"])
@pytest.mark.parametrize("trick", tricks.ALL, ids=[ascii(trick)[:60] for trick in tricks.ALL])
def test_no_trick_gets_out(trick: str, by_handle: bool, base: Path) -> None:
    """Nothing outside is read, listed or changed, and what is a trick is refused, whatever is to be done with it."""
    path = filled_in(trick, base)
    guarded = [base / "outside", base / "docs", base / "work-evil", base / "work" / "agent"]
    before = tricks.fingerprint(*guarded)
    folders = folders_of(base, by_handle=by_handle)
    for name, operation in OPERATIONS.items():
        try:
            gave = operation(folders, path)
        except ToolError:
            continue
        assert trick not in tricks.REFUSED or is_only_named(gave), f"{name} took it: {gave}"
        assert tricks.SECRET.decode() not in str(gave), name
        assert "secret.txt" not in str(gave).replace(path, ""), name
    assert tricks.fingerprint(*guarded) == before


def is_only_named(found: object) -> bool:
    """Looking says that there is nothing, or something that is not followed."""
    return found is None or (isinstance(found, FileInfo) and found.kind in ("link", "other"))


def test_a_file_with_a_second_name_outside_keeps_its_bytes_there(base: Path) -> None:
    """Such a file is in the folder, so it can be read. Saving puts a new file into the place of this name alone."""
    folders = folders_of(base, by_handle=True)
    assert folders.read("hard.txt", at_most=100)[0] == tricks.SHARED
    folders.save("hard.txt", b"written")
    assert (base / "outside" / "shared.txt").read_bytes() == tricks.SHARED
    assert (base / "work" / "hard.txt").read_bytes() == b"written"


SWAPPER = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
one, other = (os.fsencode(path) for path in sys.argv[1:])
print("ready", flush=True)
os.set_blocking(0, False)
swaps = 0
while sys.stdin.buffer.read(1) is None:  # until it is closed
    for _ in range(100):
        assert libc.renameat2(-100, one, -100, other, 2) == 0  # RENAME_EXCHANGE: at no moment is there nothing
        swaps += 1
print(swaps, flush=True)
"""


@contextlib.contextmanager
def swapping(one: Path, other: Path) -> Iterator[list[int]]:
    """Another process exchanges two entries, over and over. Gives how often, once it has ended."""
    process = subprocess.Popen(
        [sys.executable, "-c", SWAPPER, str(one), str(other)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    swaps: list[int] = []
    with process:
        assert process.stdout.readline() == b"ready\n"
        try:
            yield swaps
        finally:
            process.stdin.close()
            swaps.append(int(process.stdout.readline()))


def naive_read(folders: Folders, path: str) -> object:
    """What most programs do: check the path, then use it."""
    real = os.path.realpath(path)
    if not real.startswith(os.path.dirname(os.path.dirname(path)) + "/"):
        raise ToolError("outside")
    return Path(path).read_bytes()


RACES: dict[str, Operation] = {
    "read": lambda folders, path: folders.read(path, at_most=1000),
    "find": lambda folders, path: folders.find(path, digest=True),
    "list": lambda folders, path: folders.list(os.path.dirname(path)),
    "walk": lambda folders, path: list(folders.walk(os.path.dirname(path))),
    "save": lambda folders, path: folders.save(path, b"written"),
    "save new": lambda folders, path: folders.save(f"{path}-{os.urandom(4).hex()}", b"written", expected=None),
    "make_folder": lambda folders, path: folders.make_folder(f"{path}-{os.urandom(4).hex()}"),
    "move": lambda folders, path: folders.move("movable", f"{path}-{os.urandom(4).hex()}"),
    "remove": lambda folders, path: folders.remove(path),
}


@pytest.mark.skipif(sys.platform != "linux", reason="the swapper uses an exchange that Linux has")
@pytest.mark.parametrize("name", [*RACES, "naive"])
def test_a_folder_that_turns_into_a_link_and_back_does_not_help(name: str, tmp_path: Path) -> None:
    """The same race catches the usual way of doing it: that is the control, and it must be seen to escape."""
    work, outside = tmp_path / "work", tmp_path / "outside"
    for folder in (work / "folder", outside):
        folder.mkdir(parents=True)
    target = work / "folder" / "secret.txt"
    target.write_bytes(b"inside")
    (outside / "secret.txt").write_bytes(tricks.SECRET)
    (outside / "only-outside").write_bytes(tricks.SECRET)
    (work / "link").symlink_to(outside)
    folders = Folders([Folder(str(work), writable=True)])
    operation = RACES.get(name, naive_read)
    before = tricks.fingerprint(outside)
    done = refused = escaped = 0
    until = time.monotonic() + 20
    with swapping(work / "folder", work / "link") as swaps:
        while done + refused < 1500 or not (done and refused) or (name == "naive" and not escaped):
            if time.monotonic() > until:
                break
            (work / "movable").touch()
            try:
                gave = str(operation(folders, str(target)))
                done += 1
            except (ToolError, OSError) as error:
                if isinstance(error, OSError) and name != "naive":
                    raise
                refused += 1
                gave = ""
            escaped += tricks.SECRET.decode() in gave or "only-outside" in gave
            if name == "remove" and not os.path.exists(target):
                with contextlib.suppress(ToolError):
                    folders.save(str(target), b"inside")
    escaped += tricks.fingerprint(outside) != before
    sys.stdout.write(f"{name}: {done} done, {refused} refused, {escaped} escaped, {swaps[0]} swaps\n")
    assert done, "the race was not run: nothing succeeded"
    assert refused, "the race was not run: nothing was refused"
    assert swaps[0] > 1000
    assert escaped == 0 if name != "naive" else escaped > 0


def test_a_file_that_turns_into_a_link_and_back_does_not_help(tmp_path: Path) -> None:
    """In a thread of this process, by renaming, as a file sharing program would."""
    work, secret = tmp_path / "work", tmp_path / "secret.txt"
    work.mkdir()
    secret.write_bytes(tricks.SECRET)
    target, ended, swaps = work / "file.txt", threading.Event(), 0

    def swap() -> None:
        nonlocal swaps
        while not ended.is_set():
            with contextlib.suppress(OSError):
                (work / "new").symlink_to(secret)
                (work / "new").replace(target)
                (work / "new").write_bytes(b"inside")
                (work / "new").replace(target)
                swaps += 2

    target.write_bytes(b"inside")
    folders = Folders([Folder(str(work), writable=True)])
    thread = threading.Thread(target=swap)
    thread.start()
    done = refused = 0
    try:
        until = time.monotonic() + 30
        while (swaps < 3000 or not refused or not done) and time.monotonic() < until:
            try:
                assert folders.read("file.txt", at_most=100)[0] in (b"inside", b"written", b"")
                done += 1
                folders.save("file.txt", b"written")
            except ToolError:
                refused += 1
    finally:
        ended.set()
        thread.join()
    assert secret.read_bytes() == tricks.SECRET
    assert done
    assert refused
    assert swaps >= 3000
