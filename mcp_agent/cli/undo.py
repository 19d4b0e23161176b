"""Take back what was changed: the last change, the last few, those of some time, or one by its number."""

from __future__ import annotations

import argparse
import time
from datetime import datetime

import msgspec

from mcp_agent.cli.arguments import Parser, json_option, plugin_option, whole
from mcp_agent.cli.hosting import hosted
from mcp_agent.cli.moments import moment
from mcp_agent.cli.output import complain, say, say_json, say_table
from mcp_agent.cli.person import Person
from mcp_agent.host import Host
from mcp_agent.model import Change, Undone


def arguments(parser: Parser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("change", nargs="?", type=whole, metavar="CHANGE", help="the number of one change")
    which.add_argument("--last", type=_count, metavar="N", help="the last N changes, 1 if left out")
    which.add_argument("--since", metavar="TIME", help="all changes since then: 10m, 2h, 1d ago, or a date")
    which.add_argument("--list", action="store_true", help="only show what can be undone")
    json_option(parser)
    plugin_option(parser)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of changes, such as 3")
    return int(text)


def run(args: argparse.Namespace) -> int:
    if args.list:
        return _list(hosted(args, lambda host: host.changes()), args.json)
    since = None if args.since is None else moment(args.since, time.time())

    async def work(host: Host) -> Undone:
        return await host.undo(last=args.last or 1, since=since, change=args.change, wanted_by=Person())

    undone = hosted(args, work)
    if args.json:
        say_json(
            {"undone": [change.id for change in undone.changes], "stopped": undone.stopped, "undoings": undone.undoings}
        )
    else:
        for change, undoing in zip(undone.changes, undone.undoings, strict=True):
            back = (
                "Things were as before already." if undoing is None else f"'mcp-agent undo {undoing}' brings it back."
            )
            say(f"Undone: {change.tool}, change {change.id}, of {_when(change)}. {back}")
        if undone.stopped:
            complain(undone.stopped)
    return 1 if undone.stopped else 0


def _list(changes: list[Change], as_json: bool) -> int:
    if as_json:
        say_json(changes)
    elif changes:
        rows = [
            (str(change.id), _when(change), _what(change), msgspec.json.encode(change.arguments).decode())
            for change in changes
        ]
        say_table(rows, ("CHANGE", "WHEN", "TOOL", "ARGUMENTS"))
    else:
        say("There is nothing to undo.")
    return 0


def _what(change: Change) -> str:
    marks = {"begun": " (cut off)", "failed": " (failed)"}
    return change.tool + marks.get(change.state, "") + (" (held a secret)" if change.redacted else "")


def _when(change: Change) -> str:
    return datetime.fromtimestamp(change.at).strftime("%Y-%m-%d %H:%M:%S")
