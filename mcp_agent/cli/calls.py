"""See the latest calls, and go on with what comes. 'mcp-agent audit' searches all there ever were."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import datetime

import msgspec

from mcp_agent.cli.arguments import Parser, UsageError, json_option, whole
from mcp_agent.cli.desk import at_desk
from mcp_agent.cli.output import complain, say, say_json, width
from mcp_agent.control import api
from mcp_agent.control.client import Instance
from mcp_agent.control.desk import Desk

_LOOK_FOR_NEW = 1.0
"""Seconds between two looks for instances that have come."""


def arguments(parser: Parser) -> None:
    parser.add_argument("-n", type=whole, default=20, metavar="N", help="how many, 20 unless told")
    parser.add_argument("--follow", "-f", action="store_true", help="go on with what comes, until Ctrl-C")
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    if args.n < 0:
        raise UsageError(f"-n takes how many calls to show, not {args.n}.")

    async def work(desk: Desk) -> None:
        past = await desk.stored.calls(args.n) if args.n else []
        if args.json and not args.follow:
            say_json([_facts(one.ended, one.arguments) for one in past])
            return
        for one in past:
            _show(one.ended, one.arguments, args.json)
        if not past and not args.follow:
            say("No call has been made yet.")
        if args.follow:
            await _follow(desk, args.json)

    at_desk(args, work)
    return 0


async def _follow(desk: Desk, as_json: bool) -> None:
    def told(tick: api.Tick) -> None:
        for ended in tick.ended:
            _show(ended, ended.arguments, as_json)
        if tick.dropped:
            complain(f"{tick.dropped} calls came too fast to be shown; the audit log has them.")
        sys.stdout.flush()

    async def watch(instance: Instance) -> None:
        instance.on_tick = told
        await instance.ask(api.Watch())

    watching: set[asyncio.Task[None]] = set()

    def came(instance: Instance) -> None:
        task = asyncio.get_running_loop().create_task(watch(instance))
        watching.add(task)
        task.add_done_callback(watching.discard)

    desk.came = came
    for instance in desk.instances:
        came(instance)
    while True:
        await asyncio.sleep(_LOOK_FOR_NEW)
        await desk.refresh()


def _show(ended: api.Ended, arguments: str, as_json: bool) -> None:
    if as_json:
        say(msgspec.json.encode(_facts(ended, arguments)).decode())
        return
    when = datetime.fromtimestamp(ended.at).strftime("%H:%M:%S")
    line = f"{when}  {ended.outcome:<9} {ended.ms:>9.1f} ms  {ended.principal}  {ended.tool} {arguments}"
    more = f"  {ended.detail}" if ended.detail else ""
    fits = not sys.stdout.isatty() or len(line + more) <= width()
    say(line + more if fits else f"{(line + more)[: width() - 3]}...")


def _facts(ended: api.Ended, arguments: str) -> dict[str, object]:
    return {
        "at": ended.at, "tool": ended.tool, "plugin": ended.plugin, "principal": ended.principal,
        "effect": ended.effect, "outcome": ended.outcome, "ms": ended.ms, "decision": ended.decision,
        "detail": ended.detail, "arguments": arguments,
    }  # fmt: skip
