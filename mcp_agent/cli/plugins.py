"""List plugins, see one, make one, switch them on and off."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from mcp_agent import plugins
from mcp_agent.cli.arguments import Parser, actions, near
from mcp_agent.cli.desk import at_desk
from mcp_agent.cli.hosting import file_of, hosted
from mcp_agent.cli.output import first_line, say, say_json, say_table, say_wrapped
from mcp_agent.config_file.hiding import without_logins
from mcp_agent.config_file.write import default_of, describe_field, scalar
from mcp_agent.errors import AgentError, PluginError
from mcp_agent.hookspecs import PluginInfo
from mcp_agent.host import Host
from mcp_agent.model import PluginRecord, Tool
from mcp_agent.plugins import Plugin
from mcp_agent.schema.explain import describe
from mcp_agent.schema.types import schema_of


def arguments(parser: Parser) -> None:
    made = actions(
        parser,
        {
            "list": "list the plugins and what became of each",
            "info": "show everything about one plugin",
            "new": "write a new plugin, with tests that pass, into this folder",
            "enable": "switch a plugin on in the configuration",
            "disable": "switch a plugin off in the configuration",
        },
        plugin=True,
    )
    for action in ("info", "new", "enable", "disable"):
        made[action].add_argument("name", metavar="NAME", help="the plugin")


def run(args: argparse.Namespace) -> int:
    commands = {"list": _list, "info": _info, "new": _new, "enable": _switch, "disable": _switch}
    return commands[args.action or "list"](args)


def _list(args: argparse.Namespace) -> int:
    async def work(host: Host) -> tuple[PluginRecord, ...]:
        return host.plugins()

    records = hosted(args, work)
    if args.json:
        say_json([_as_json(record) for record in records])
    elif records:
        rows = [(one.name, one.version or "-", one.status, str(len(one.tools)), one.reason or "") for one in records]
        say_table(rows, ("PLUGIN", "VERSION", "STATUS", "TOOLS", ""))
    else:
        say("No plugin is installed. 'mcp-agent plugins new NAME' writes one.")
    return 0


def _info(args: argparse.Namespace) -> int:
    async def work(host: Host) -> tuple[PluginRecord, dict[str, Tool], Mapping[str, object]]:
        record = next((one for one in host.plugins() if one.name == args.name), None)
        if record is None:
            raise _unknown(args.name, [one.name for one in host.plugins()])
        return record, {tool.name: tool for tool in host.tools()}, host.config.plugins.get(args.name, {})

    record, tools, section = hosted(args, work)
    plugin = _loaded(record.name, args.plugin)
    settings = list(_settings(plugin, section))
    if args.json:
        say_json({**_as_json(record), "settings": settings})
    else:
        _show(record, plugin.info if plugin else PluginInfo(), tools)
        _show_settings(record.name, settings)
    return 0


def _show(record: PluginRecord, info: PluginInfo, tools: Mapping[str, Tool]) -> None:
    say(f"{record.name}: {info.title}" if info.title else record.name)
    say_wrapped(info.description, "  ")
    facts = {
        "status": record.status, "reason": record.reason, "version": record.version,
        "package": record.distribution, "module": record.module,
        "resources": ", ".join(record.resources), "prompts": ", ".join(record.prompts),
    }  # fmt: skip
    say_table([(f"  {key}", value) for key, value in facts.items() if value])
    if record.tools:
        say()
        say_table([(f"  {name}", first_line(tools[name].description)) for name in record.tools], ("TOOLS", ""))


def _show_settings(name: str, settings: Sequence[Mapping[str, Any]]) -> None:
    if not settings:
        return
    rows = []
    for one in settings:
        changed = "" if one["value"] == one["default"] else f" Default: {scalar(one['default'])}."
        rows.append(
            (f"  {one['name']}", scalar(one["value"]), f"{one['description']} ({one['allowed']}){changed}".strip())
        )
    say()
    say(f"SETTINGS in the section plugins.{name}")
    say_table(rows)


def _settings(plugin: Plugin | None, section: Mapping[str, object]) -> Iterator[dict[str, Any]]:
    shape: type[Struct] | None = plugin.hook.mcp_agent_config() if plugin else None
    for field in msgspec.structs.fields(shape) if shape else ():
        default = None if field.required else msgspec.to_builtins(default_of(field), enc_hook=str)
        yield {
            "name": field.encode_name,
            "description": describe_field(shape, field.name) if shape else "",
            "allowed": describe(schema_of(field.type)),
            "default": default,
            "value": without_logins(section.get(field.encode_name, default)),
        }


def _new(args: argparse.Namespace) -> int:
    from mcp_agent.cli.scaffold import write_plugin

    folder = write_plugin(args.name, Path.cwd())
    say(f"Written: {folder}")
    say("Its README says how to run and publish it.")
    return 0


def _switch(args: argparse.Namespace) -> int:
    on = args.action == "enable"
    known = [one.name for one in plugins.discover(args.plugin)]
    if args.name not in known:
        raise _unknown(args.name, known)
    changed, followed = at_desk(args, lambda desk: desk.switch_plugin(args.name, on, known))
    words = "on" if on else "off"
    say(
        f"{args.name} is switched {words} in {file_of(args)}."
        if changed
        else f"{args.name} is switched {words} already."
    )
    if followed:
        say("The instance that runs followed at once." if followed == 1 else f"{followed} running instances followed.")
    return 0


def _loaded(name: str, modules: Sequence[str]) -> Plugin | None:
    """The plugin with all it declares; None where it does not load, which its record tells."""
    found = next(one for one in plugins.discover(modules) if one.name == name)
    try:
        return plugins.load(found, {})
    except PluginError:
        return None


def _as_json(record: PluginRecord) -> dict[str, Any]:
    return {field: getattr(record, field) for field in record.__struct_fields__}


def _unknown(name: str, known: Sequence[str]) -> AgentError:
    return AgentError(f"There is no plugin {name}.{near(name, known)} Installed: {', '.join(known) or 'none'}.")
