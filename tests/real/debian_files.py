"""Packages of Debian, unpacked into the cache without being installed: for what they contain."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.real.installing import Unavailable, cached, or_skip, run

_SECONDS = 300


def debian_files(*packages: str) -> Path:
    """A folder with the files of exactly these packages, as from the root of a system.

    Where they are not to be had the test is skipped, which is a failure in CI.
    """
    return or_skip(lambda: unpack(packages))


def unpack(packages: tuple[str, ...]) -> Path:
    """Like debian_files, for set-ups. Raises Unavailable."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise Unavailable(f"{', '.join(packages)} come from Debian, and apt is not there.")

    def install(scratch: Path, made: Path) -> Path:
        downloads = scratch / "downloads"
        downloads.mkdir()
        if not _downloaded(packages, downloads):
            if os.geteuid() == 0:
                run(["apt-get", "update", "-qq"])
            if not _downloaded(packages, downloads):
                raise Unavailable(f"apt-get cannot download {', '.join(packages)}; 'apt-get update' may help.")
        made.mkdir()
        for package in downloads.glob("*.deb"):
            run(["dpkg-deb", "--extract", str(package), str(made)])
        return made

    return cached("debian", packages[0], tuple(sorted(packages)), install)


def _downloaded(packages: tuple[str, ...], folder: Path) -> bool:
    done = subprocess.run(
        ["apt-get", "download", "-qq", *packages], cwd=folder, capture_output=True, timeout=_SECONDS, check=False
    )
    return done.returncode == 0 and len(list(folder.glob("*.deb"))) == len(packages)
