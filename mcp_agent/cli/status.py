"""See which instances run, whom they serve, and what waits for you."""

from __future__ import annotations

import argparse
from datetime import timedelta
from typing import Any

import msgspec

from mcp_agent.cli.arguments import Parser, json_option
from mcp_agent.cli.desk import at_desk
from mcp_agent.cli.output import complain, say, say_json, say_table
from mcp_agent.control import api
from mcp_agent.control.client import InstanceGone
from mcp_agent.control.desk import Desk


def arguments(parser: Parser) -> None:
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    async def work(desk: Desk) -> tuple[list[tuple[api.Hello, api.State]], int, dict[Any, str]]:
        found = []
        for instance in desk.instances:
            try:
                found.append((instance.hello, await instance.ask(api.GetState())))
            except InstanceGone:  # it ended just now
                continue
        return found, len(await desk.stored.approvals()), desk.refused

    found, waiting, refused = at_desk(args, work)
    if args.json:
        instances = [{**msgspec.to_builtins(hello), **msgspec.to_builtins(state)} for hello, state in found]
        say_json({"instances": instances, "waiting": waiting})
        return 0
    if found:
        say_table([_row(*one) for one in found], ("PID", "SERVES", "UP", "CALLS", "FAILED", "IN FLIGHT", "CLIENTS"))
    else:
        say("No instance is running.")
    for path, why in refused.items():
        complain(f"{path.name}: {why}")
    if waiting:
        say(f"{waiting} waiting for your consent: 'mcp-agent approve' shows what.")
    return 0


def _row(hello: api.Hello, state: api.State) -> tuple[str, ...]:
    clients = ", ".join(sorted(client.principal for client in state.clients))
    up = str(timedelta(seconds=int(state.uptime)))
    return (str(hello.pid), hello.serves, up, str(state.calls), str(state.failed), str(state.in_flight), clients or "-")
