"""What 'install' and 'uninstall' share: choosing clients, showing what would change, asking, doing it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from mcp_agent.cli.arguments import Parser, UsageError, near
from mcp_agent.cli.output import complain, prompt, say
from mcp_agent.clients.change import Change, apply
from mcp_agent.clients.entry import snippet
from mcp_agent.clients.launch import Launch
from mcp_agent.clients.machine import Found, find, this_machine
from mcp_agent.clients.table import BY_NAME, CLIENTS
from mcp_agent.errors import AgentError


def options(parser: Parser) -> None:
    parser.add_argument("clients", nargs="*", metavar="CLIENT", help=f"which: {', '.join(BY_NAME)}")
    parser.add_argument("--all", action="store_true", help="every client that is on this machine")
    parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    parser.add_argument("--yes", "-y", action="store_true", help="do not ask")


def chosen(args: argparse.Namespace) -> list[Found]:
    """The clients that were named, or all that are here. Raises UsageError for one that is not known."""
    machine = this_machine()
    for name in args.clients:
        if name not in BY_NAME:
            raise UsageError(
                f"There is no client {name}.{near(name, BY_NAME)} Known: {', '.join(BY_NAME)}. "
                "'mcp-agent install other' shows what any other needs."
            )
    here = [found for found in (find(client, machine) for client in CLIENTS) if found.here]
    if args.all:
        return here
    if not args.clients:
        names = ", ".join(found.client.name for found in here)
        raise UsageError(f"Name a client, or --all for all that are here: {names or 'none was found'}.")
    return [find(BY_NAME[name], machine) for name in dict.fromkeys(args.clients)]


def perform(args: argparse.Namespace, clients: list[Found], plan: Callable[[Found], Change], state: Path) -> int:
    """Each client on its own: a file that is broken holds up no other. Gives the exit code."""
    if not clients:
        say("No client was found on this machine. 'mcp-agent clients' lists those it looks for.")
    code = 0
    for found in clients:
        try:
            change = plan(found)
            if not change.needed:
                say(f"{found.client.title}: nothing to do, {_as_wanted(change)} in {found.file}")
            elif _agreed(change, args):
                _report(change, apply(change, state))
        except AgentError as error:
            complain(f"mcp-agent: {error}")
            code = 1
    return code


def show_snippet(launch: Launch) -> int:
    say("Most programs take this, in a file of theirs for MCP servers:\n")
    say(snippet(BY_NAME["claude-desktop"], launch).rstrip())
    say("\nOthers have a window that asks for a command and its arguments:\n")
    say(" ".join([launch.command, *launch.args]))
    return 0


def _as_wanted(change: Change) -> str:
    return "it is not" if change.action == "remove" else "it is already"


def _agreed(change: Change, args: argparse.Namespace) -> bool:
    say(f"{change.found.client.title}:")
    for line in change.diff():
        say(line)
    if change.after is None:
        say(f"{change.found.file} will be deleted: there was none before.")
    if args.dry_run:
        say("Nothing was changed: this is a dry run.")
        return False
    if args.yes:
        return True
    if not sys.stdin.isatty():
        raise AgentError("Nobody is here to be asked, so nothing was changed. --yes goes ahead without asking.")
    prompt("Change it? [y/N] ")
    if sys.stdin.readline().strip().lower() in ("y", "yes"):
        return True
    say("Nothing was changed.")
    return False


def _report(change: Change, copy: Path | None) -> None:
    say(f"Written: {change.found.file}" if change.after is not None else f"Deleted: {change.found.file}")
    if copy is not None:
        say(f"As it was: {copy}")
    say(change.found.client.restart)
