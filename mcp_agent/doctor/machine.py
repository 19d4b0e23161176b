"""Python, the clock, the disk, and the folders of this home."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import sqlite3
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import mcp_agent
from mcp_agent.doctor.finding import Finding, error, ok, warning
from mcp_agent.paths import Paths

OLDEST_PYTHON = (3, 11)
LITTLE, TOO_LITTLE = 2**30, 100 * 2**20
"""Bytes free on a disk."""
_SLACK = 120.0
"""Seconds that a file may seem to come from the future: network file systems have a clock of their own."""
_SET_CLOCK = {
    "linux": "sudo timedatectl set-ntp true",
    "darwin": "sudo sntp -sS time.apple.com",
    "win32": "w32tm /resync",
}


def python(version: tuple[int, ...] = sys.version_info[:3]) -> Iterator[Finding]:
    """The interpreter, and what SQLite was built with."""
    if version < OLDEST_PYTHON:
        yield error("python", f"Python {'.'.join(map(str, version))} is too old; 3.11 is needed.", _REINSTALL)
    else:
        yield ok("python", f"Python {'.'.join(map(str, version))}, {sys.executable}")
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("create virtual table words using fts5(text)")
    except sqlite3.OperationalError:
        yield error("python", "Its SQLite has no full-text search, which the memory needs.", _REINSTALL)
    finally:
        connection.close()


_REINSTALL = "uv tool install --reinstall --python 3.13 mcp-agent-host"


def folders(paths: Paths) -> Iterator[Finding]:
    """Each can be written to, and what is private is."""
    for name, folder in (("config", paths.config), ("data", paths.data), ("state", paths.state)):
        there = _nearest(folder)
        if not there.is_dir():
            yield error("paths", f"{there} is no folder, so {folder} cannot be one.", f"Move {there} away.")
        elif not os.access(there, os.R_OK | os.W_OK | os.X_OK):
            yield error("paths", f"{folder} ({name}) cannot be read and written to.", f'chmod u+rwx "{there}"')
        elif name == "state" and there == folder and _open_to_others(folder):
            yield warning("paths", f"{folder} holds keys, and others can write to it.", f'chmod go-w "{folder}"')
        else:
            yield ok("paths", f"{name}: {folder}" + ("" if there == folder else " (not there yet)"))


def disk(paths: Paths) -> Iterator[Finding]:
    """Room for what is written down: without it calls are refused."""
    free = shutil.disk_usage(_nearest(paths.data)).free
    said = f"{free / 2**30:.1f} GB free for {paths.data}."
    if free < TOO_LITTLE:
        yield error("disk", f"Only {said} What is not written down is not done.", f'du -sh "{paths.data}"/*')
    elif free < LITTLE:
        yield warning("disk", f"Only {said}", f'du -sh "{paths.data}"/*')
    else:
        yield ok("disk", said)


def databases(paths: Paths) -> Iterator[Finding]:
    """Each can be read as far as its table of contents."""
    files: list[Path] = []
    for folder, pattern in (
        (paths.state, "*.sqlite3"),
        (paths.audit_folder, "*.sqlite"),
        (paths.data, "*/*/*.sqlite3"),
    ):
        with contextlib.suppress(OSError):  # closed, which is a finding of another check
            files += sorted(folder.glob(pattern))
    damaged = 0
    for path in files:
        try:
            with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
                connection.execute("select count(*) from sqlite_master").fetchone()
        except sqlite3.Error as failure:
            damaged += 1
            yield error("databases", f"{path} cannot be read: {failure}.", f'mv "{path}" "{path}.damaged"')
    if not damaged:
        yield ok("databases", f"{len(files)} can be read.")


def clock(paths: Paths, now: float | None = None) -> Iterator[Finding]:
    """Held against files that were written before: consent expires and changes are undone by the clock."""
    now = time.time() if now is None else now
    fix = _SET_CLOCK.get(sys.platform, "Set the clock.")
    latest = max((_written(path) for path in _files(paths)), default=0.0)
    if now < _written(Path(mcp_agent.__file__)) - 86400:
        yield error("clock", "The clock says a time before mcp-agent was installed.", fix)
    elif now < latest - _SLACK:
        minutes = (latest - now) / 60
        yield error("clock", f"The clock went back: something was written {minutes:.0f} minutes from now.", fix)
    else:
        shown = time.strftime("%Y-%m-%d %H:%M %Z", time.localtime(now))
        yield ok("clock", f"{shown}, on {platform.system()} {platform.machine()}")


def _files(paths: Paths) -> Iterator[Path]:
    for folder in (paths.data, paths.state, paths.audit_folder, paths.log_file.parent):
        with contextlib.suppress(OSError):  # not there yet, or closed, which is a finding of another check
            yield from (path for path in folder.iterdir() if path.is_file())


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # it went away meanwhile
        return 0.0


def _nearest(path: Path) -> Path:
    """The path, or what is there above it."""
    while not os.path.exists(path) and path != path.parent:  # Path.exists raises below a closed folder
        path = path.parent
    return path


def _open_to_others(folder: Path) -> bool:
    return sys.platform != "win32" and bool(folder.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH))
