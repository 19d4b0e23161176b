"""Look for what is wrong with Python, paths, databases, configuration, secrets, plugins, assistants, clock and disk.

The exit code is 1 when something is broken; what is only worth a look is a warning, and 0.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from mcp_agent import config_file
from mcp_agent import plugins as installed
from mcp_agent.cli.arguments import Parser, json_option, plugin_option
from mcp_agent.cli.desk import at_desk
from mcp_agent.cli.hosting import file_of, hosted
from mcp_agent.cli.output import say, say_json, say_wrapped
from mcp_agent.clients.launch import this_agent
from mcp_agent.clients.machine import this_machine
from mcp_agent.control.desk import Desk
from mcp_agent.doctor import assistants, libraries, machine, plugins, settings
from mcp_agent.doctor.finding import Finding, error, warning
from mcp_agent.errors import AgentError
from mcp_agent.paths import default_paths

_MARKS = {"ok": "ok    ", "warning": "look  ", "error": "BROKEN"}


def arguments(parser: Parser) -> None:
    json_option(parser)
    plugin_option(parser)


def run(args: argparse.Namespace) -> int:
    findings = []
    for finding in _examine(args):
        findings.append(finding)
        if not args.json:
            _show(finding)
    broken = sum(finding.level == "error" for finding in findings)
    looks = sum(finding.level == "warning" for finding in findings)
    if args.json:
        say_json({"ok": not broken, "errors": broken, "warnings": looks, "findings": findings})
    else:
        say(f"{broken} broken, {looks} worth a look." if broken or looks else "All is well.")
    return 1 if broken else 0


def _examine(args: argparse.Namespace) -> Iterator[Finding]:
    """Cheap things first. What needs a configuration waits until that is right."""
    paths = default_paths()
    yield from machine.python()
    yield from machine.folders(paths)
    yield from machine.disk(paths)
    yield from machine.databases(paths)
    yield from machine.clock(paths)
    read = config_file.read(file_of(args), required=args.config is not None)
    yield from settings.configuration(read)
    yield from settings.secrets(paths, read.config.vault)
    packages = [one.distribution for one in installed.discover() if one.distribution]
    yield from libraries.libraries([libraries.HOST, *packages])
    yield from assistants.clients(this_machine(), this_agent(args.config))
    if read.problems:
        yield warning("plugins", "Not looked at: the configuration must be right first.", "mcp-agent config check")
        return
    yield from _looked("instances", lambda: at_desk(args, _instances))
    yield from _looked("plugins", lambda: hosted(args, plugins.plugins))


def _looked(check: str, look: Callable[[], list[Finding]]) -> Iterator[Finding]:
    """What keeps anybody from looking is a finding too."""
    try:
        yield from look()
    except (OSError, AgentError) as failure:
        yield error(check, f"They cannot be looked at: {failure}", "Mend the first thing that is broken.")


async def _instances(desk: Desk) -> list[Finding]:
    return list(assistants.instances(desk))


def _show(finding: Finding) -> None:
    say_wrapped(f"{_MARKS[finding.level]} {finding.check}: {finding.message}")
    if finding.fix:
        say(f"       -> {finding.fix}")
