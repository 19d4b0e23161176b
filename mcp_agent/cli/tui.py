"""Watch and steer what runs, in the terminal: calls, approvals, plugins, memory, logs."""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import re
import shutil
import sys
from pathlib import Path

from mcp_agent.cli.arguments import Parser, UsageError
from mcp_agent.cli.hosting import file_of, load_config
from mcp_agent.cli.output import say
from mcp_agent.errors import AgentError
from mcp_agent.paths import default_paths

PAGES = ("now", "calls", "approvals", "plugins", "memory", "secrets", "logs", "help")


class NoTui(AgentError):
    """The dashboard is not installed."""


def arguments(parser: Parser) -> None:
    parser.add_argument("--screen", choices=PAGES, default="now", help="the screen to begin with")
    parser.add_argument("--screenshot", type=Path, metavar="FILE", help="write a picture of it as SVG, and end")
    parser.add_argument("--size", type=_size, metavar="WxH", help="size of the picture, such as 120x36")


def run(args: argparse.Namespace) -> int:
    if importlib.util.find_spec("textual") is None:
        raise NoTui("The dashboard needs the extra 'tui': install mcp-agent-host[tui].")
    if args.size and not args.screenshot:
        raise UsageError("--size goes with --screenshot only: a terminal has a size of its own.")
    if not args.screenshot and not sys.stdout.isatty():
        raise UsageError("The dashboard needs a terminal. 'mcp-agent status' and 'mcp-agent calls' do not.")
    from mcp_agent.control.desk import Desk
    from mcp_agent.tui.run import picture, show

    desk = Desk(default_paths(), load_config(args), file_of(args))
    if not args.screenshot:
        return asyncio.run(show(desk, args.screen))
    size = args.size or tuple(shutil.get_terminal_size((120, 36)))
    try:
        args.screenshot.write_text(asyncio.run(picture(desk, args.screen, size)), encoding="utf-8")
    except OSError as error:
        raise AgentError(f"{args.screenshot} could not be written: {error.strerror}.") from None
    say(f"Written: {args.screenshot}")
    return 0


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{2,3})x(\d{2,3})", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no size: write WxH in characters, such as 120x36")
    return int(found[1]), int(found[2])
