"""How a client starts this agent: a command that is still there tomorrow, with a whole path, because desktop programs
do not see the search path of a shell."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import sysconfig
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from msgspec import Struct

from mcp_agent.paths import HOME_VARIABLE

_PASSING = ("archive-v0", "environments-v2", "builds-v0")
"""Folders in the cache of uv: what 'uvx' runs from, and clears away."""
_ALL, _HOST = "mcp-agent-all", "mcp-agent-host"
"""What there is to run from: with every plugin, or without any."""


class Launch(Struct, frozen=True):
    command: str
    args: tuple[str, ...]
    env: Mapping[str, str] = {}


def this_agent(config: Path | None = None, environ: Mapping[str, str] = os.environ) -> Launch:
    """``config`` is a configuration file that was named; a home of its own is passed on too."""
    command, args = _command()
    if config is not None:
        args += ("--config", str(config.absolute()))
    home = environ.get(HOME_VARIABLE)
    return Launch(command, args, {HOME_VARIABLE: str(Path(home).absolute())} if home else {})


def _command() -> tuple[str, tuple[str, ...]]:
    uv = shutil.which("uv")
    if uv and set(Path(sys.prefix).parts) & set(_PASSING):
        everything = ("--with", _ALL) if _has(_ALL) else ()
        return uv, ("tool", "run", "--from", _HOST, *everything, "mcp-agent", "serve")
    script = Path(sysconfig.get_path("scripts")) / ("mcp-agent.exe" if sys.platform == "win32" else "mcp-agent")
    if script.exists():
        return str(script), ("serve",)
    return sys.executable, ("-m", "mcp_agent", "serve")


def _has(distribution: str) -> bool:
    try:
        version(distribution)
    except PackageNotFoundError:
        return False
    return True


def missing(command: str, args: tuple[str, ...]) -> str | None:
    """The file that a command needs and that is not there, None where it can be started."""
    if not (shutil.which(command) or Path(command).is_file()):
        return command
    for option, value in itertools.pairwise(args):
        if option in ("--config", "--directory") and not Path(value).exists():
            return value
    return None
