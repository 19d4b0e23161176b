"""See what waits for your consent, and allow or refuse it."""

from __future__ import annotations

import argparse

from mcp_agent.cli.arguments import Parser, json_option
from mcp_agent.cli.desk import at_desk
from mcp_agent.cli.output import say, say_json, say_wrapped
from mcp_agent.control.desk import Desk
from mcp_agent.store.approvals import Approval


def arguments(parser: Parser) -> None:
    parser.add_argument("id", nargs="?", metavar="ID", help="what to allow; left out, everything that waits is listed")
    parser.add_argument("--refuse", action="store_true", help="refuse it instead")
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    async def work(desk: Desk) -> None:
        if args.id is None:
            _list(await desk.stored.approvals(), args.json)
        else:
            decided = await desk.stored.decide(args.id, not args.refuse)
            say(f"{decided.tool} is {'refused' if args.refuse else 'allowed, once'}.")

    at_desk(args, work)
    return 0


def _list(waiting: list[Approval], as_json: bool) -> None:
    if as_json:
        say_json([_facts(one) for one in waiting])
        return
    for one in waiting:
        say(f"{one.id}  {one.tool}, for {one.principal}")
        say_wrapped(one.summary, "  ")
    say("'mcp-agent approve ID' allows one, with --refuse it is refused." if waiting else "Nothing waits for you.")


def _facts(one: Approval) -> dict[str, object]:
    return {
        "id": one.id, "tool": one.tool, "principal": one.principal, "summary": one.summary, "expires": one.expires,
    }  # fmt: skip
