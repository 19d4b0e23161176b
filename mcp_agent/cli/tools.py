"""List the tools that an assistant gets, see one, call one."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from mcp_agent.cli.arguments import Parser, actions
from mcp_agent.cli.hosting import hosted
from mcp_agent.cli.output import complain, first_line, say, say_json, say_table, say_wrapped
from mcp_agent.cli.person import Person
from mcp_agent.cli.results import as_json, as_text
from mcp_agent.cli.values import read_arguments
from mcp_agent.errors import ToolError
from mcp_agent.host import Host
from mcp_agent.model import Text, Tool, ToolResult
from mcp_agent.schema.explain import describe


def arguments(parser: Parser) -> None:
    made = actions(
        parser,
        {"list": "list the tools", "show": "show one tool and its arguments", "call": "call a tool"},
        plugin=True,
    )
    for action in ("show", "call"):
        made[action].add_argument("name", metavar="NAME", help="the tool")
    made["call"].add_argument(
        "words",
        nargs="*",
        default=[],
        metavar="KEY=VALUE",
        help="its arguments, or all of them as one JSON object: '{...}'",
    )


def run(args: argparse.Namespace) -> int:
    return {"list": _list, "show": _show, "call": _call}[args.action or "list"](args)


def _list(args: argparse.Namespace) -> int:
    async def work(host: Host) -> list[Tool]:
        return list(host.tools())

    tools = hosted(args, work)
    if args.json:
        say_json([_summary(tool) for tool in tools])
    elif tools:
        say_table([(tool.name, tool.effect, first_line(tool.description)) for tool in tools], ("TOOL", "EFFECT", ""))
    else:
        say("There are no tools. 'mcp-agent plugins' says why.")
    return 0


def _show(args: argparse.Namespace) -> int:
    tool = hosted(args, lambda host: _find(host, args.name))
    if args.json:
        say_json({**_summary(tool), "inputSchema": tool.input_schema, "outputSchema": tool.output_schema})
        return 0
    say(f"{tool.name}: {tool.title}" if tool.title else tool.name)
    say_wrapped(tool.description, "  ")
    say()
    known = {"plugin": tool.plugin, "effect": tool.effect, "time": _time(tool)}
    marks = [word for word, holds in (("idempotent", tool.idempotent), ("open world", tool.open_world)) if holds]
    say_table([(f"  {key}", value) for key, value in known.items()] + [("  ", mark) for mark in marks])
    rows = [(f"  {name}", _about(name, node, tool.input_schema)) for name, node in _properties(tool).items()]
    say()
    if rows:
        say_table(rows, ("ARGUMENT", ""))
    else:
        say("It takes no arguments.")
    return 0


def _call(args: argparse.Namespace) -> int:
    async def work(host: Host) -> ToolResult:
        tool = await _find(host, args.name)
        given = read_arguments(args.words, tool.input_schema)
        try:
            return await host.call(tool.name, given, Person())
        except ToolError as error:
            return ToolResult(content=(Text(text=str(error)),), is_error=True)

    result = hosted(args, work)
    if args.json:
        say_json(as_json(result))
    else:
        (complain if result.is_error else say)(as_text(result))
    return 1 if result.is_error else 0


async def _find(host: Host, name: str) -> Tool:
    try:
        return host.tool(name)
    except ToolError as error:
        raise ToolError(str(error), hint="'mcp-agent tools' lists them.") from None


def _summary(tool: Tool) -> dict[str, Any]:
    return {
        "name": tool.name, "plugin": tool.plugin, "title": tool.title, "description": tool.description,
        "effect": tool.effect, "idempotent": tool.idempotent, "openWorld": tool.open_world,
    }  # fmt: skip


def _properties(tool: Tool) -> Mapping[str, Mapping[str, Any]]:
    properties: Mapping[str, Mapping[str, Any]] = tool.input_schema.get("properties", {})
    return properties


def _about(name: str, node: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    words = describe(node)
    if name in schema.get("required", ()):
        words += ", required"
    elif "default" in node:
        words += f", {node['default']!r} if left out"
    return f"{words}. {node.get('description', '')}".rstrip()


def _time(tool: Tool) -> str:
    return f"up to {tool.timeout:g} seconds" if tool.timeout else "as long as limits.tool_seconds says"
