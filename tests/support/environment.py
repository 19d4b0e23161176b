"""Loaded by pytest before anything else: gets what the tests need and the program does not.

``uv run pytest`` makes an environment with what ``uv run mcp-agent`` needs, which is small. In one without the group
``dev`` this starts pytest again in one with it, by the same uv.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

if importlib.util.find_spec("hypothesis") is None:
    uv = os.environ.get("UV")
    if uv is None:
        sys.exit("The tests need more than the program does: 'uv run pytest' gets it.")
    if os.environ.get("MCP_AGENT_TESTS_AGAIN"):
        sys.exit("The group dev is there, but without hypothesis: 'uv sync --group dev' says why.")
    again = [uv, "run", "--group", "dev", "pytest", *sys.argv[1:]]
    sys.exit(subprocess.run(again, env={**os.environ, "MCP_AGENT_TESTS_AGAIN": "1"}, check=False).returncode)
