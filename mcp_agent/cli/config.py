"""Write, see and check the configuration."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from mcp_agent import config_file, plugins
from mcp_agent.cli.arguments import Parser, actions
from mcp_agent.cli.hosting import file_of
from mcp_agent.cli.output import complain, say, say_json
from mcp_agent.clients.files import replace
from mcp_agent.config import Config
from mcp_agent.config_file import Settings, write
from mcp_agent.config_file.hiding import without_logins
from mcp_agent.config_file.origin import dotted
from mcp_agent.doctor.settings import plugin_problems
from mcp_agent.errors import AgentError, ConfigError, PluginError


def arguments(parser: Parser) -> None:
    made = actions(
        parser,
        {
            "init": "write a file with every setting at its default, and what it is for",
            "show": "show the settings that hold, and where they come from",
            "check": "say what is wrong with the configuration",
            "path": "say where the configuration file is",
        },
        plugin=False,
    )
    made["init"].add_argument("--force", action="store_true", help="replace the file that is there")


def run(args: argparse.Namespace) -> int:
    return {"show": _show, "init": _init, "check": _check, "path": _path}[args.action or "show"](args)


def _init(args: argparse.Namespace) -> int:
    path = file_of(args)
    try:
        if path.exists() and not args.force:
            raise AgentError(f"{path} is there already and was left as it is. --force replaces it.")
        replace(path, write.render(Config(), dict(_shapes())))
    except OSError as error:
        raise AgentError(f"{path} cannot be written: {error.strerror}. Nothing was changed.") from None
    say(f"Written: {path}")
    return 0


def _show(args: argparse.Namespace) -> int:
    settings = _read(args)
    if settings.problems:
        raise ConfigError("\n".join(map(str, settings.problems)))
    sources = write.sources(settings.config, settings.origins)
    if args.json:
        say_json(
            {
                "config": without_logins(msgspec.to_builtins(settings.config, enc_hook=str)),
                "sources": {dotted(key): str(at) for key, at in sources.items()},
            }
        )
        return 0
    say(f"# {settings.path}" + ("" if settings.found else " (not there: everything is at its default)"))
    say(write.annotated(settings.config, sources).rstrip())
    return 0


def _check(args: argparse.Namespace) -> int:
    settings = _read(args)
    problems = [*settings.problems, *plugin_problems(settings)]
    if args.json:
        say_json({
            "path": settings.path, "found": settings.found, "ok": not problems,
            "problems": [
                {"source": one.origin.source, "line": one.origin.line, "key": one.key, "message": one.message}
                for one in problems
            ],
        })  # fmt: skip
    elif problems:
        for problem in problems:
            complain(str(problem))
    elif settings.found:
        say(f"{settings.path} is right.")
    else:
        say(f"There is no {settings.path}; everything is at its default. 'mcp-agent config init' writes one.")
    return 2 if problems else 0


def _path(args: argparse.Namespace) -> int:
    path = file_of(args)
    if args.json:
        say_json({"path": path, "found": path.exists()})
    else:
        say(str(path))
    return 0


def _read(args: argparse.Namespace) -> Settings:
    return config_file.read(file_of(args), required=args.config is not None)


def _shapes() -> Iterator[tuple[str, type[Struct] | None]]:
    """What each installed plugin declares as its settings; one that does not load has none to show."""
    for found in plugins.discover():
        try:
            yield found.name, plugins.load(found, {}).hook.mcp_agent_config()
        except PluginError:
            yield found.name, None
