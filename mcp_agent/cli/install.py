"""Put mcp-agent into AI assistants: it shows what would change, asks, keeps a copy, and can take it back."""

from __future__ import annotations

import argparse

from mcp_agent.cli.arguments import Parser
from mcp_agent.cli.client_changes import chosen, options, perform, show_snippet
from mcp_agent.clients.change import install, uninstall
from mcp_agent.clients.launch import this_agent
from mcp_agent.paths import default_paths


def arguments(parser: Parser) -> None:
    options(parser)
    parser.add_argument("--undo", action="store_true", help="take it out again, as 'mcp-agent uninstall' does")


def run(args: argparse.Namespace) -> int:
    launch, state = this_agent(args.config), default_paths().state
    if args.clients == ["other"]:
        return show_snippet(launch)
    if args.undo:
        return perform(args, chosen(args), lambda found: uninstall(found, state), state)
    return perform(args, chosen(args), lambda found: install(found, launch), state)
