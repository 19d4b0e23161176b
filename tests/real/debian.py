"""Programs from Debian's packages, for tests on a machine where they may be installed."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.real.installing import Unavailable, or_skip

_SECONDS = 600
_LOCK = Path(tempfile.gettempdir()) / "mcp-agent-tests-apt.lock"


def install(programs: Mapping[str, str]) -> None:
    """Have programs, or files by their whole path: each with its package. Raises Unavailable where that cannot be."""
    missing = {program: package for program, package in programs.items() if not _is_there(program)}
    if not missing:
        return
    packages = sorted(set(missing.values()))
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Unavailable(f"{', '.join(sorted(missing))} are missing: install {', '.join(packages)}.")
    with _LOCK.open("w") as lock:  # two test runs at once
        _wait_for(lock.fileno())
        _update()
        _apt("install", "-y", "--no-install-recommends", *packages)
    still = [program for program in missing if not _is_there(program)]
    if still:
        raise Unavailable(f"{', '.join(packages)} did not bring {', '.join(still)}.")


def programs(**packages: str) -> None:
    """Like install, for tests: where it is not possible the test is skipped, which is a failure in CI."""
    or_skip(lambda: install({program.replace("_", "-"): package for program, package in packages.items()}))


def _is_there(program: str) -> bool:
    return shutil.which(program) is not None or (program.startswith("/") and Path(program).exists())


@functools.cache
def _update() -> None:
    _apt("update")


def _apt(*command: str) -> None:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", *command], capture_output=True, text=True, env=environ,
        stdin=subprocess.DEVNULL, timeout=_SECONDS, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Unavailable(f"apt-get {command[0]} failed: {done.stderr.strip()}")


def _wait_for(lock: int) -> None:
    import fcntl

    fcntl.flock(lock, fcntl.LOCK_EX)
