"""kill -9 while a tool saves: the old file or the new one, and never a change that undo would get wrong.

With MCP_AGENT_FULL it is killed at every step, otherwise at some.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

KILLER = r'''
import asyncio, functools, os, shutil, signal, sys, threading
from pathlib import Path
import docx, openpyxl, pptx, python_calamine, mcp_agent_office.text.runs, mcp_agent_office.slides.editing
import mcp_agent_office.sheets.patch
from mcp_agent import ToolError
from mcp_agent.testing import host_for

base = Path(sys.argv[1])
STEPS = "open fchmod fsync ftruncate replace rename link unlink write close mkdir fstat".split()

def kill_at(number, after, folder):
    """Kill this process at so-manieth call that touches the disk while a tool of office runs in its thread."""
    count, main = 0, threading.main_thread()
    def patched(real, *arguments, **options):
        nonlocal count
        if not counting or threading.current_thread() is main:
            return real(*arguments, **options)
        count += 1
        if count == number and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*arguments, **options)
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    for name in STEPS:
        setattr(os, name, functools.partial(patched, getattr(os, name)))

counting = False

def make(kind, path):
    if kind == "write_cells":
        book = openpyxl.Workbook()
        book.active.append(["what"])
        book.save(path)
    elif kind == "replace_text":
        document = docx.Document()
        document.add_paragraph("old words")
        document.save(str(path))
    else:
        deck = pptx.Presentation()
        deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = "old words"
        deck.save(str(path))

def says(kind, path):
    """What it says; raises for a file that is broken."""
    if kind == "write_cells":
        return [row[0].value for row in openpyxl.load_workbook(path).active.iter_rows()][1:]
    if kind == "replace_text":
        return [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]
    return [slide.shapes.title.text for slide in pptx.Presentation(str(path)).slides]

CALLS = {
    "write_cells": (".xlsx", {"rows": [["new words"]]}),
    "replace_text": (".docx", {"replacements": [{"find": "old", "replace": "new"}]}),
    "edit_slide": (".pptx", {"action": "text", "slide": 1, "text": ["new words"]}),
}

def in_child(work):
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(work())
            os._exit(0)
        except BaseException as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)

def attempt(kind, number, after):
    ending, arguments = CALLS[kind]
    folder = base / f"{kind}-{number}-{after}"
    files, path = folder / "files", folder / "files" / f"a{ending}"
    files.mkdir(parents=True)
    make(kind, path)
    old = path.read_bytes()
    places = {"folders": [{"path": str(files), "writable": True}]}

    async def change():
        global counting
        async with host_for("mcp_agent_office", places, folder=folder / "home") as host:
            await host.call("office_search", {"query": "x"})  # what is made once, such as threads, is there
            kill_at(number, after, files)
            counting = True
            await host.call("office_" + kind, {"path": path.name, **arguments})
            counting = False

    killed = in_child(change)
    changed = path.read_bytes() != old
    found = says(kind, path)
    assert ("new words" in found) is changed, (kind, number, after, found)

    async def undo():
        async with host_for("mcp_agent_office", places, folder=folder / "home") as host:
            try:
                undone = await host.undo()
            except ToolError:
                assert not changed, "the change is not in the journal"
            else:
                back = path.read_bytes() == old
                assert back or (undone.stopped and path.read_bytes() != old and says(kind, path) == found), undone
            await host.call("office_" + kind, {"path": path.name, **arguments}) if path.read_bytes() == old else None
            left = [entry.name for entry in files.iterdir()]
            assert left == [path.name], left

    assert not in_child(undo)
    shutil.rmtree(folder)
    return killed, changed

outcomes = []
step = int(sys.argv[2])
for kind in CALLS:
    for after in (False, True):
        number = 1
        while True:
            killed, changed = attempt(kind, number, after)
            if not killed:
                assert changed
                break
            outcomes.append(changed)
            number += step
print(len(outcomes), sum(outcomes))
'''


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills children of its own")
def test_kill_9_in_any_step_of_a_tool_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    step = "1" if os.environ.get("MCP_AGENT_FULL") else "19"
    done = subprocess.run(
        [sys.executable, "-c", KILLER, str(tmp_path), step], capture_output=True, text=True, timeout=500, check=False
    )
    assert done.returncode == 0, done.stderr
    kills, new = map(int, done.stdout.split())
    sys.stdout.write(f"{kills} kills: {kills - new} times the old file was there, {new} times the new one\n")
    assert new > 0
    assert kills - new > 5
