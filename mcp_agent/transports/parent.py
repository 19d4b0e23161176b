"""Ends this process when the one that started it is gone, even where nobody closes the pipe.

A thread watches, so that a blocked event loop cannot keep an orphan alive. On Linux it waits on process
descriptors; elsewhere it looks every half second whether it was adopted. See docs/decisions/0003-parent-death.md.
"""

from __future__ import annotations

import os
import select
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

LAUNCHERS = frozenset({"uv", "uvx", "pipx", "poetry", "hatch"})
"""Programs that assistants start servers through and that outlive the assistant: their parent is watched too."""

_POLL = 0.5


def watch_parent(tell: Callable[[], object], grace: float) -> None:
    """Call ``tell`` (from a thread) when the parent dies; end the process after ``grace`` seconds all the same."""
    thread = threading.Thread(target=_watch, args=(tell, grace), name="parent-watch", daemon=True)
    thread.start()


def end_soon(grace: float) -> None:
    """End the process after ``grace`` seconds, though a thread in a library that blocks would keep it alive."""
    timer = threading.Timer(grace, os._exit, [0])
    timer.daemon = True
    timer.start()


def _watch(tell: Callable[[], object], grace: float) -> None:
    if hasattr(os, "pidfd_open"):
        _wait_for_any(_ancestors())
    elif sys.platform == "win32":
        _wait_windows(os.getppid())
    else:
        parent = os.getppid()
        while os.getppid() == parent:
            time.sleep(_POLL)
    try:
        tell()
    except RuntimeError:  # the loop is closed: the process is ending anyway
        return
    time.sleep(max(0.0, grace - _POLL))
    os._exit(0)


def _wait_for_any(pids: list[int]) -> None:
    poll = select.poll()
    descriptors = []
    for pid in pids:
        try:
            descriptors.append(os.pidfd_open(pid))
        except ProcessLookupError:
            return
        except OSError:  # not permitted to watch it: the others will do
            continue
        poll.register(descriptors[-1], select.POLLIN)
    if descriptors:
        poll.poll()
    else:
        threading.Event().wait()


def _ancestors() -> list[int]:
    """The parent, and while that is a launcher, its parent too."""
    pids = [os.getppid()]
    while pids[-1] > 1 and _command(pids[-1]) in LAUNCHERS:
        parent = _parent(pids[-1])
        if parent <= 1:
            break
        pids.append(parent)
    return pids


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _parent(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    return int(status.rpartition(")")[2].split()[1])


def _wait_windows(pid: int) -> None:
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
    synchronize, infinite = 0x00100000, 0xFFFFFFFF
    handle = kernel.OpenProcess(synchronize, False, pid)
    if handle:
        kernel.WaitForSingleObject(handle, infinite)
    else:
        threading.Event().wait()
