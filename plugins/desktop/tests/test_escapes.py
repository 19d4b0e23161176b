"""No tool of this plugin gets out of the folders: every trick with every tool that takes a path, and races."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from mcp_agent_desktop import search
from mcp_agent_desktop.freedesktop_trash import Freedesktop

from mcp_agent import Folder, Folders, Host, ToolError
from mcp_agent.testing import host_for
from tests.folders import tricks
from tests.folders.test_escapes import swapping

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the tree has pipes, sockets and links in it")
MODULE = "mcp_agent_desktop"
CALLS: list[tuple[str, Callable[[str], Mapping[str, Any]]]] = [
    ("list_files", lambda path: {"path": path}),
    ("tree", lambda path: {"path": path}),
    ("search_files", lambda path: {"path": path, "query": "nobody"}),
    ("read_file", lambda path: {"path": path}),
    ("move", lambda path: {"source": "a.txt", "target": path}),
    ("move", lambda path: {"source": path, "target": "moved"}),
    ("write_file", lambda path: {"path": path, "text": "written", "overwrite": True}),
    ("edit_file", lambda path: {"path": path, "old": "nobody", "new": "everybody"}),
    ("trash", lambda path: {"path": path}),
]


def test_no_trick_gets_out_through_any_tool(tmp_path: Path) -> None:
    async def work() -> None:
        base = tmp_path / "base"
        async with host_for(MODULE, {"folders": [{"path": str(base / "work"), "writable": True}]}) as host:
            for trick in set(tricks.ALL) - set(tricks.PRIVATE):  # this host keeps nothing there
                if not any("\ud800" <= letter < "\ue000" for letter in trick):  # no JSON holds those
                    tricks.make_tree(base)
                    await tried(host, base, trick)
                    shutil.rmtree(base)

    asyncio.run(work())


async def tried(host: Host, base: Path, trick: str) -> None:
    work = str(base / "work")
    path = trick.format(base=base, work=work, docs=base / "docs", outside=base / "outside", WORK=work.upper())
    guarded = [base / "outside", base / "docs", base / "work-evil"]
    before = tricks.fingerprint(*guarded)
    for name, arguments in CALLS:
        try:
            text = (await host.call(f"desktop_{name}", arguments(path))).text
        except ToolError as error:
            text = str(error)
        else:
            assert trick not in tricks.REFUSED, (name, trick, text)
        assert tricks.SECRET.decode() not in text, (name, trick)
    assert tricks.fingerprint(*guarded) == before, trick


def trash_it(folders: Folders, path: str) -> str:
    Freedesktop().put(folders, path)
    return ""


def search_it(folders: Folders, path: str) -> str:
    return str(list(search._in_contents(folders, "nobody", os.path.dirname(path), "*")))


def bring_it_back(folders: Folders, path: str) -> str:
    """Something is put into the trash and comes back while its folder is a link half of the time."""
    state = Freedesktop().state(folders, path)
    Freedesktop().put(folders, path)
    Freedesktop().put_back(folders, path, state)
    return ""


@pytest.mark.skipif(sys.platform != "linux", reason="the swapper uses an exchange that Linux has")
@pytest.mark.parametrize("operation", [trash_it, bring_it_back, search_it], ids=lambda one: one.__name__)
def test_a_folder_that_turns_into_a_link_and_back_does_not_help(
    operation: Callable[[Folders, str], str], tmp_path: Path
) -> None:
    if operation is search_it and shutil.which("rg") is None:
        pytest.skip("ripgrep is not installed here")
    work, outside = tmp_path / "work", tmp_path / "outside"
    for folder in (work / "folder", outside):
        folder.mkdir(parents=True)
    target = work / "folder" / "secret.txt"
    (outside / "secret.txt").write_bytes(tricks.SECRET)
    (work / "link").symlink_to(outside)
    folders = Folders([Folder(str(work), writable=True)])
    before = tricks.fingerprint(outside)
    done = refused = 0
    until = time.monotonic() + 25
    with swapping(work / "folder", work / "link"):
        while (done + refused < 300 or not done or not refused) and time.monotonic() < until:
            with contextlib.suppress(ToolError):
                folders.save(str(target), b"inside, where nobody looks")
            try:
                assert tricks.SECRET.decode() not in operation(folders, str(target))
                done += 1
            except ToolError:
                refused += 1
    assert tricks.fingerprint(outside) == before
    assert done
    assert refused
    sys.stdout.write(f"{operation.__name__}: {done} done, {refused} refused, nothing escaped\n")
