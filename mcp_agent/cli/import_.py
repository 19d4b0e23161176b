"""See which MCP servers your AI assistants start, and which of them could stand behind this agent.

Nothing is changed, and no value of an environment is shown. Serving them from here comes later.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from mcp_agent.cli.arguments import Parser, UsageError, json_option, near
from mcp_agent.cli.output import complain, say, say_json, say_table
from mcp_agent.clients.change import tree_of
from mcp_agent.clients.machine import find, this_machine
from mcp_agent.clients.servers import Server, servers_of
from mcp_agent.clients.table import BY_NAME, CLIENTS, SERVER
from mcp_agent.errors import AgentError

_COULD = {"stdio": "yes", "http": "yes", "unknown": "no: it is neither a command nor an address"}


def arguments(parser: Parser) -> None:
    parser.add_argument("clients", nargs="*", metavar="CLIENT", help="only these")
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    for name in args.clients:
        if name not in BY_NAME:
            raise UsageError(f"There is no client {name}.{near(name, BY_NAME)} Known: {', '.join(BY_NAME)}.")
    problems: list[str] = []
    servers = list(_servers(args.clients or list(BY_NAME), problems))
    for problem in problems:
        complain(f"mcp-agent: {problem}")
    if args.json:
        say_json(servers)
    else:
        _show(servers)
    return 1 if problems else 0


def _servers(names: list[str], problems: list[str]) -> Iterator[Server]:
    machine = this_machine()
    for client in CLIENTS:
        if client.name in names:
            found = find(client, machine)
            try:
                yield from (one for one in servers_of(client, tree_of(found)) if one.name != SERVER)
            except AgentError as error:
                problems.append(str(error))


def _show(servers: list[Server]) -> None:
    if not servers:
        say("No client on this machine starts another MCP server.")
        return
    for name in dict.fromkeys(one.name for one in servers):
        same = [one for one in servers if one.name == name]
        say(f"{name}: {', '.join(BY_NAME[one.client].title + (' (off)' if one.off else '') for one in same)}")
        rows = [("  starts" if same[0].kind == "stdio" else "  is at", same[0].line)]
        env = sorted({variable for one in same for variable in one.env})
        if env:
            rows.append(("  with", f"{', '.join(env)} (values are not shown)"))
        rows.append(("  could move behind mcp-agent", _COULD[same[0].kind]))
        say_table(rows)
