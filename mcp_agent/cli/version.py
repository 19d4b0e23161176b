"""Show the version."""

from __future__ import annotations

import argparse
import platform

from mcp_agent.cli.arguments import Parser, json_option
from mcp_agent.cli.output import say, say_json
from mcp_agent.version import VERSION


def arguments(parser: Parser) -> None:
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    if args.json:
        say_json({"version": VERSION, "python": platform.python_version(), "platform": platform.platform()})
    else:
        say(f"mcp-agent {VERSION} (Python {platform.python_version()}, {platform.system()})")
    return 0
