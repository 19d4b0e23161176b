"""Set everything up, step by step: plugins, what they need, their secrets, and your assistants.

Nothing is written before you have seen all of it. Without a terminal, without the extra 'tui', or with --plain,
questions are plain lines.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from collections.abc import Mapping

from mcp_agent import plugins
from mcp_agent.cli.arguments import Parser, near, plugin_option
from mcp_agent.cli.hosting import file_of, hosted, import_from_here, load_config
from mcp_agent.cli.output import say
from mcp_agent.cli.prompts import Prompts
from mcp_agent.cli.secrets import passphrase
from mcp_agent.clients.launch import this_agent
from mcp_agent.clients.machine import this_machine
from mcp_agent.doctor.libraries import HOST
from mcp_agent.errors import PluginError
from mcp_agent.host import Host
from mcp_agent.paths import default_paths
from mcp_agent.vault.choose import choose
from mcp_agent.wizard import steps
from mcp_agent.wizard.face import Face
from mcp_agent.wizard.plugins import Subject, subject


def arguments(parser: Parser) -> None:
    parser.add_argument("plugins", nargs="*", metavar="NAME", help="only these plugins, and no assistants")
    parser.add_argument("--plain", action="store_true", help="plain questions, also in a terminal")
    plugin_option(parser)


def run(args: argparse.Namespace) -> int:
    subjects, home = _subjects(args), _home(args)

    def work(face: Face) -> None:
        steps.run(face, home, subjects, args.plugins)

    if args.plain or not _has_screen():
        work(Prompts())
        return 0
    from mcp_agent.wizard.screen import WizardApp

    home.backend.names()  # asks for the passphrase where there is one, while the terminal is still plain
    app = WizardApp(work)
    stopped = app.run()
    say("\n".join(app.said))
    if stopped is not None:
        raise stopped
    return 0


def _has_screen() -> bool:
    there = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "") != "dumb"
    return there and importlib.util.find_spec("textual") is not None


def _subjects(args: argparse.Namespace) -> list[Subject]:
    import_from_here(args.plugin)
    sections = load_config(args).plugins
    found = [
        one for one in plugins.discover(args.plugin) if one.distribution != HOST
    ]  # what the host itself offers stays
    subjects = [subject(one, sections.get(one.name, {})) for one in found]
    known = [one.name for one in subjects]
    for name in args.plugins:
        if name not in known:
            raise PluginError(f"There is no plugin {name}.{near(name, known)} Installed: {', '.join(known) or 'none'}.")
    return subjects


def _home(args: argparse.Namespace) -> steps.Home:
    paths, vault = default_paths(), load_config(args).vault

    async def healths(host: Host) -> Mapping[str, str]:
        failed = {one.name: one.reason or one.status for one in host.plugins() if one.status == "failed"}
        return {**await host.checks(), **failed}

    return steps.Home(
        file=file_of(args), state=paths.state, machine=this_machine(), launch=this_agent(args.config),
        backend=choose(vault.store, paths.data, paths.state, passphrase),
        healths=lambda: hosted(args, healths),
    )  # fmt: skip
