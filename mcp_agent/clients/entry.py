"""This agent's entry in the words of each client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_agent.clients.json_editor import JsonEditor
from mcp_agent.clients.launch import Launch
from mcp_agent.clients.table import ARGS, COMMAND, ENV, SERVER, Client, Format
from mcp_agent.clients.text import Editor, Spot
from mcp_agent.clients.toml_editor import TomlEditor
from mcp_agent.clients.yaml_editor import YamlEditor

_EDITORS: Mapping[Format, Editor] = {
    "json": JsonEditor(strict=True),
    "jsonc": JsonEditor(strict=False),
    "yaml": YamlEditor(),
    "toml": TomlEditor(),
}


def editor_of(client: Client) -> Editor:
    return _EDITORS[client.format]


def spot_of(client: Client) -> Spot:
    return Spot(client.key, SERVER, client.listed)


def entry_of(client: Client, launch: Launch, present: Mapping[str, Any]) -> dict[str, Any]:
    """The entry as it should be. What the person added to the one that is ``present`` stays."""
    given: dict[str, Any] = {COMMAND: launch.command, ARGS: list(launch.args), ENV: dict(launch.env)}
    entry = dict(present)
    for key, what in client.entry.items():
        value = given.get(what, what) if isinstance(what, str) else what
        if what == ENV:
            value = {**(entry.get(key) or {}), **value}
            if not value and key not in entry:
                continue
        entry[key] = value
    return entry


def snippet(client: Client, launch: Launch) -> str:
    """What to write into the client's file by hand."""
    return editor_of(client).put("", spot_of(client), entry_of(client, launch, {}))


def beginning(client: Client) -> str:
    """What a new file begins with."""
    return "".join(f"{key}: {value}\n" for key, value in client.start.items())
