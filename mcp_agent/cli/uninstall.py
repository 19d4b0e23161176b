"""Take mcp-agent out of AI assistants. Files that were not touched since become again what they were."""

from __future__ import annotations

import argparse

from mcp_agent.cli.arguments import Parser
from mcp_agent.cli.client_changes import chosen, options, perform
from mcp_agent.clients.change import uninstall
from mcp_agent.paths import default_paths


def arguments(parser: Parser) -> None:
    options(parser)


def run(args: argparse.Namespace) -> int:
    state = default_paths().state
    return perform(args, chosen(args), lambda found: uninstall(found, state), state)
