"""See what waits for your consent, and allow or refuse it."""

from __future__ import annotations

import argparse
import asyncio

from mcp_agent.cli.arguments import Parser, json_option
from mcp_agent.cli.hosting import load_config
from mcp_agent.cli.output import say, say_json, say_wrapped
from mcp_agent.clock import SystemClock
from mcp_agent.errors import ToolError
from mcp_agent.paths import default_paths
from mcp_agent.store.approvals import MIGRATIONS, Approval, Approvals
from mcp_agent.store.database import Database


def arguments(parser: Parser) -> None:
    parser.add_argument("id", nargs="?", help="what to allow; left out, everything that waits is listed")
    parser.add_argument("--refuse", action="store_true", help="refuse it instead")
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    config = load_config(args)
    folder = default_paths().state
    folder.mkdir(parents=True, exist_ok=True)

    async def work() -> int:
        database = Database(folder / "approvals.sqlite3", MIGRATIONS)
        approvals = Approvals(database, SystemClock(), seconds=config.policy.approval_seconds)
        try:
            return await (_list(approvals, args.json) if args.id is None else _decide(approvals, args))
        finally:
            await database.close()

    return asyncio.run(work())


async def _list(approvals: Approvals, as_json: bool) -> int:
    waiting = await approvals.pending()
    if as_json:
        say_json([_facts(one) for one in waiting])
        return 0
    for one in waiting:
        say(f"{one.id}  {one.tool}, for {one.principal}")
        say_wrapped(one.summary, "  ")
    say("'mcp-agent approve ID' allows one, with --refuse it is refused." if waiting else "Nothing waits for you.")
    return 0


async def _decide(approvals: Approvals, args: argparse.Namespace) -> int:
    found = await approvals.find(args.id)
    if found is None or not await approvals.decide(args.id, not args.refuse):
        raise ToolError(
            f"Nothing of the id {args.id} waits for an answer: it has expired, was answered, or never was.",
            hint="'mcp-agent approve' lists what does.",
        )
    say(f"{found.tool} is {'refused' if args.refuse else 'allowed, once'}.")
    return 0


def _facts(one: Approval) -> dict[str, object]:
    return {
        "id": one.id, "tool": one.tool, "principal": one.principal, "summary": one.summary, "expires": one.expires,
    }  # fmt: skip
