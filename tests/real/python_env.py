"""Python environments of their own for the real counterparts: named, pinned packages, outside the project's."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tests.real.installing import Unavailable, cached, or_skip, run


def build_env(*packages: str, override: str = "") -> Path:
    """The interpreter of an environment with exactly these requirements, made if it is not there yet.

    ``override`` is one requirement that counts in place of what the packages themselves ask for. Raises Unavailable.
    """
    version = f"{sys.version_info.major}.{sys.version_info.minor}"

    def install(scratch: Path, made: Path) -> Path:
        uv = os.environ.get("UV") or shutil.which("uv")
        if uv is None:
            raise Unavailable(f"uv is not on the PATH, and it is what installs {', '.join(packages)}.")
        overrides = scratch / "overrides.txt"
        overrides.write_text(override)
        run([uv, "venv", "--quiet", "--relocatable", "--python", sys.executable, str(made)])
        run([uv, "pip", "install", "--quiet", "--python", str(made), "--overrides", str(overrides), *packages])
        return made

    label = packages[0].partition("==")[0]
    folder = cached("python", label, (version, *sorted(packages), override), install)
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def python_env(*packages: str, override: str = "") -> Path:
    """Like build_env, for tests: where it is not to be had the test is skipped, which is a failure in CI."""
    return or_skip(lambda: build_env(*packages, override=override))
