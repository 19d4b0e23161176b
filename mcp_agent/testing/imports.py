"""What importing a plugin pulls in, seen from a fresh interpreter."""

from __future__ import annotations

import json
import subprocess
import sys

from msgspec import Struct

_SCRIPT = """
import importlib, json, sys, time
given = json.loads(sys.argv[1])
sys.path[:] = given["path"]
import mcp_agent
for name in mcp_agent.__all__:
    getattr(mcp_agent, name)
before = set(sys.modules)
begun = time.perf_counter()
importlib.import_module(given["module"])
took = (time.perf_counter() - begun) * 1000
sys.stdout.write(given["mark"] + json.dumps([sorted(set(sys.modules) - before), took]))
"""
_MARK = "--- what was imported: "
_SECONDS = 60


class Imported(Struct, frozen=True):
    """``modules`` that came with a plugin beyond what the host has loaded anyway; what it ``printed`` meanwhile; and
    how long it took, in ``milliseconds``."""

    modules: tuple[str, ...]
    printed: str
    milliseconds: float

    def foreign(self, package: str) -> list[str]:
        """Top-level packages among them that are neither Python's own, nor the host's, nor the plugin's.

        Those with a leading underscore are left out: they come with another, or belong to this build of Python.
        """
        tops = {module.partition(".")[0] for module in self.modules if not module.startswith("_")}
        return sorted(tops - {package, "mcp_agent"} - sys.stdlib_module_names)


def imports_of(module: str) -> Imported:
    """Import a module in a process of its own. Raises AssertionError when that fails."""
    given = json.dumps({"path": sys.path, "module": module, "mark": _MARK})
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, given], capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    assert done.returncode == 0, f"{module} cannot be imported in a fresh interpreter:\n{done.stderr}"
    printed, _, told = done.stdout.rpartition(_MARK)
    modules, milliseconds = json.loads(told)
    return Imported(tuple(modules), printed, milliseconds)
