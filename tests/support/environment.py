"""Loaded by pytest before anything else: gets what the tests need and the program does not.

``uv run pytest`` makes an environment with what ``uv run mcp-agent`` needs, which is small. So pytest that was started
by uv starts itself once more, by the same uv, with the group ``dev``: up to date, whatever was there before.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

_AGAIN = "MCP_AGENT_TESTS_AGAIN"

uv = os.environ.get("UV")
if uv is not None and _AGAIN not in os.environ:
    again = [uv, "run", "--group", "dev", "pytest", *sys.argv[1:]]
    sys.exit(subprocess.run(again, env={**os.environ, _AGAIN: "1"}, check=False).returncode)
if importlib.util.find_spec("hypothesis") is None:
    sys.exit("The tests need more than the program does: 'uv run pytest' gets it.")
