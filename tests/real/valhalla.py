"""Valhalla itself: a release, and for Python 3.11, for which there is no wheel of it, the last build that had one."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tests.real.installing import Unavailable, cached, or_skip, run

_PACKAGE = "pyvalhalla==3.9.1" if sys.version_info >= (3, 12) else "pyvalhalla-weekly==3.5.1.post1.dev248"


def valhalla_folder() -> Path:
    """A folder for Python's path with nothing else in it. Where it is not to be had the test is skipped, a failure in
    CI."""
    return or_skip(_install)


def _install() -> Path:
    """Raises Unavailable."""

    def install(scratch: Path, made: Path) -> Path:
        uv = os.environ.get("UV") or shutil.which("uv")
        if uv is None:
            raise Unavailable("uv is not on the PATH, and it is what fetches Valhalla.")
        only = ["--only-binary", ":all:"]
        run([uv, "pip", "install", "--quiet", *only, "--python", sys.executable, "--target", str(made), _PACKAGE])
        return made

    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return cached("valhalla", "valhalla", (_PACKAGE, version), install)
