"""See which AI assistants are on this machine, and whether they start mcp-agent."""

from __future__ import annotations

import argparse

from mcp_agent.cli.arguments import Parser, json_option
from mcp_agent.cli.output import say, say_json, say_table, say_wrapped
from mcp_agent.clients.change import status
from mcp_agent.clients.launch import this_agent
from mcp_agent.clients.machine import find, this_machine
from mcp_agent.clients.table import CLIENTS


def arguments(parser: Parser) -> None:
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    launch, machine = this_agent(args.config), this_machine()
    rows = [(found, *status(found, launch)) for found in (find(client, machine) for client in CLIENTS)]
    if args.json:
        say_json([
            {"name": found.client.name, "title": found.client.title, "file": found.file, "status": how, "reason": why}
            for found, how, why in rows
        ])  # fmt: skip
        return 0
    here = [(found.client.name, how, str(found.file)) for found, how, _ in rows if found.here]
    if here:
        say_table(here, ("CLIENT", "MCP-AGENT IS", "FILE"))
    for found, _, why in rows:
        if why:
            say_wrapped(why if found.client.title in why else f"{found.client.title}: {why}")
    away = ", ".join(found.client.name for found, _, _ in rows if not found.here)
    if away:
        say_wrapped(f"Not found on this machine: {away}.")
    say("'mcp-agent install CLIENT' puts it in.")
    return 0
