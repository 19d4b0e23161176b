"""What every set-up of a real counterpart shares: a cache, installing beside its place, and how to say that it is not
to be had.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import platformdirs

T = TypeVar("T")

CACHE_VARIABLE = "MCP_AGENT_TEST_CACHE"
NOT_BUILT = "run this once with MCP_AGENT_FULL=1"
"""In what is said of a counterpart that takes minutes to build, where nobody asked for that."""
_SECONDS = 300


class Unavailable(Exception):
    """The counterpart cannot be had on this machine; the message says why."""


def cache_folder() -> Path:
    """Where test set-ups keep what they installed. Delete it to start over."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_cache_dir("mcp-agent-tests", appauthor=False))


def cached(kind: str, label: str, asked: tuple[str, ...], install: Callable[[Path, Path], Path]) -> Path:
    """The folder for what was asked, made by ``install(scratch, scratch / "made")`` if it is not there yet.

    It is made beside its place and moved there when it is whole, so that a broken run leaves nothing to trip over.
    ``install`` gives what is to be moved. Raises Unavailable.
    """
    folder = _place(kind, label, asked)
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as scratch:
        made = install(Path(scratch), Path(scratch) / "made")
        try:
            made.rename(folder)
        except OSError:  # another run was faster
            if not folder.exists():
                raise
    return folder


def is_cached(kind: str, label: str, asked: tuple[str, ...]) -> bool:
    return _place(kind, label, asked).exists()


def _place(kind: str, label: str, asked: tuple[str, ...]) -> Path:
    key = hashlib.sha256("\n".join(asked).encode()).hexdigest()[:12]
    return cache_folder() / kind / f"{label}-{key}"


def run(command: list[str]) -> str:
    """What it prints. Raises Unavailable when it fails or takes too long."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS, stdin=subprocess.DEVNULL, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"No answer from a package index within {_SECONDS} seconds.") from None
    if done.returncode:
        raise Unavailable(f"{' '.join(Path(word).name for word in command[:2])} failed: {done.stderr.strip()}")
    return done.stdout


def or_skip(make: Callable[[], T]) -> T:
    """For tests: what is not to be had skips the test, which is a failure in CI."""
    import pytest

    try:
        return make()
    except Unavailable as reason:
        pytest.skip(str(reason))
