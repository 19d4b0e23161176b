"""The command line. Each command is a module; only the one that runs is imported."""

from __future__ import annotations

import sys


def main() -> int:
    """Entry point of ``mcp-agent``. Gives the exit code."""
    from mcp_agent.cli.serve import run

    return run(sys.argv[2:])
