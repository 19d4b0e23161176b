"""Python environments of their own for the real counterparts: named, pinned packages, outside the project's.

They are kept below a cache folder (``MCP_AGENT_TEST_CACHE``, or the user's own cache) and used again by later runs.
Delete the folder to start over.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import platformdirs

CACHE_VARIABLE = "MCP_AGENT_TEST_CACHE"
_SECONDS = 300


class Unavailable(Exception):
    """The environment cannot be had on this machine; the message says why."""


def cache_folder() -> Path:
    """Where test set-ups keep what they installed."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_cache_dir("mcp-agent-tests", appauthor=False))


def build_env(*packages: str, override: str = "") -> Path:
    """The interpreter of an environment with exactly these requirements, made if it is not there yet.

    ``override`` is one requirement that counts in place of what the packages themselves ask for. Raises Unavailable.
    """
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    label = packages[0].partition("==")[0]
    key = hashlib.sha256("\n".join([version, *sorted(packages), override]).encode()).hexdigest()[:12]
    folder = cache_folder() / "python" / f"{label}-{key}"
    interpreter = Path("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not folder.exists():
        _install(folder, packages, override)
    return folder / interpreter


def python_env(*packages: str, override: str = "") -> Path:
    """Like build_env, for tests: where it is not to be had the test is skipped, which is a failure in CI."""
    import pytest

    try:
        return build_env(*packages, override=override)
    except Unavailable as reason:
        pytest.skip(str(reason))


def _install(folder: Path, packages: tuple[str, ...], override: str) -> None:
    """Built beside its place and moved there when it is whole, so that a broken run leaves nothing to trip over."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        raise Unavailable(f"uv is not on the PATH, and it is what installs {', '.join(packages)}.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as beside:
        made = Path(beside) / "env"
        overrides = Path(beside) / "overrides.txt"
        overrides.write_text(override)
        _run([uv, "venv", "--quiet", "--relocatable", "--python", sys.executable, str(made)])
        install = [uv, "pip", "install", "--quiet", "--python", str(made), "--overrides", str(overrides), *packages]
        _run(install)
        try:
            made.rename(folder)
        except OSError:  # another run was faster
            if not folder.exists():
                raise


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS, stdin=subprocess.DEVNULL, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"No answer from a package index within {_SECONDS} seconds.") from None
    if done.returncode:
        raise Unavailable(f"{Path(command[0]).name} {command[1]} failed: {done.stderr.strip()}")
