"""Every client that this knows: where it keeps its servers on each platform, in which format, and in which words.

A path begins with a variable of ``machine.py``. Of the places of a platform the first counts whose folder is there;
where none is, the first without a ``*``. What a client is given is its ``entry``, in which ``COMMAND``, ``ARGS`` and
``ENV`` stand for how this agent is started.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from msgspec import Struct

Platform: TypeAlias = Literal["linux", "macos", "windows"]
Format: TypeAlias = Literal["json", "jsonc", "yaml", "toml"]

PLATFORMS: tuple[Platform, ...] = ("linux", "macos", "windows")
SERVER = "mcp-agent"
"""The name of this agent's entry in every client."""

COMMAND, ARGS, ENV = "$COMMAND", "$ARGS", "$ENV"


class Place(Struct, frozen=True):
    """A file, and the folder that is there when the client is."""

    folder: str
    file: str


class Client(Struct, frozen=True, kw_only=True):
    """``key`` leads to the servers in the file. They are a table by name; with ``listed`` a list of entries that name
    themselves. ``restart`` is what the person does afterwards."""

    name: str
    title: str
    format: Format
    key: str
    entry: Mapping[str, Any]
    places: Mapping[Platform, tuple[Place, ...]]
    restart: str
    listed: bool = False
    start: Mapping[str, Any] = {}
    """What a new file begins with, where servers alone make no file."""


def _everywhere(*places: Place) -> Mapping[Platform, tuple[Place, ...]]:
    return dict.fromkeys(PLATFORMS, places)


def _electron(folder: str, file: str) -> dict[Platform, tuple[Place, ...]]:
    """A desktop program that keeps its settings where the platform wants them."""
    roots: dict[Platform, str] = {"linux": "{config}", "macos": "{library}", "windows": "{appdata}"}
    return {name: (Place(f"{root}/{folder}", f"{root}/{folder}/{file}"),) for name, root in roots.items()}


_PLAIN = {"command": COMMAND, "args": ARGS, "env": ENV}
_TYPED = {"type": "stdio", **_PLAIN}

_CLAUDE = "claude_desktop_config.json"
_CLAUDE_DESKTOP = _electron("Claude", _CLAUDE)
_FROM_STORE = ("{localappdata}/Claude-Data/claude_*", "{localappdata}/Packages/Claude_*/LocalCache/Roaming/Claude")
_CLAUDE_DESKTOP["windows"] = tuple(Place(at, f"{at}/{_CLAUDE}") for at in (*_FROM_STORE, "{appdata}/Claude"))

_GOOSE = Place("{xdg}/goose", "{xdg}/goose/config.yaml")
_ZED = Place("{xdg}/zed", "{xdg}/zed/settings.json")

CLIENTS: tuple[Client, ...] = (
    Client(
        name="claude-desktop", title="Claude Desktop", format="json", key="mcpServers", entry=_PLAIN,
        places=_CLAUDE_DESKTOP, restart="Quit Claude Desktop (also from its tray or menu bar) and start it again.",
    ),
    Client(
        name="claude-code", title="Claude Code", format="json", key="mcpServers", entry=_TYPED,
        places=_everywhere(Place("{claude}", "{claude_json}")), restart="Start a new session; /mcp shows it.",
    ),
    Client(
        name="cursor", title="Cursor", format="jsonc", key="mcpServers", entry=_PLAIN,
        places=_everywhere(Place("{home}/.cursor", "{home}/.cursor/mcp.json")), restart="Restart Cursor.",
    ),
    Client(
        name="vscode", title="VS Code", format="jsonc", key="servers", entry=_TYPED,
        places=_electron("Code/User", "mcp.json"), restart="In the command palette: MCP: List Servers, start it there.",
    ),
    Client(
        name="windsurf", title="Windsurf", format="jsonc", key="mcpServers", entry=_PLAIN,
        places=_everywhere(Place("{home}/.codeium/windsurf", "{home}/.codeium/windsurf/mcp_config.json")),
        restart="Press refresh in Cascade's list of MCP servers, or restart Windsurf.",
    ),
    Client(
        name="zed", title="Zed", format="jsonc", key="context_servers", entry={"source": "custom", **_PLAIN},
        places={
            "linux": (_ZED,), "macos": (_ZED,),
            "windows": (Place("{appdata}/Zed", "{appdata}/Zed/settings.json"),),
        },
        restart="Nothing: Zed sees the change by itself.",
    ),
    Client(
        name="goose", title="Goose", format="yaml", key="extensions",
        entry={
            "name": SERVER, "type": "stdio", "cmd": COMMAND, "args": ARGS, "envs": ENV, "enabled": True, "timeout": 300,
        },
        places={
            "linux": (_GOOSE,), "macos": (_GOOSE,),
            "windows": (Place("{appdata}/Block/goose", "{appdata}/Block/goose/config/config.yaml"),),
        },
        restart="Start a new session.",
    ),
    Client(
        name="lm-studio", title="LM Studio", format="json", key="mcpServers", entry=_PLAIN,
        places=_everywhere(
            Place("{home}/.lmstudio", "{home}/.lmstudio/mcp.json"),
            Place("{home}/.cache/lm-studio", "{home}/.cache/lm-studio/mcp.json"),
        ),
        restart="Switch mcp-agent on in the Program tab.",
    ),
    Client(
        name="codex", title="Codex CLI", format="toml", key="mcp_servers", entry=_PLAIN,
        places=_everywhere(Place("{codex}", "{codex}/config.toml")), restart="Start a new session; /mcp shows it.",
    ),
    Client(
        name="gemini", title="Gemini CLI", format="jsonc", key="mcpServers", entry=_PLAIN,
        places=_everywhere(Place("{home}/.gemini", "{home}/.gemini/settings.json")),
        restart="Start a new session; /mcp shows it.",
    ),
    Client(
        name="cline", title="Cline in VS Code", format="json", key="mcpServers", entry=_TYPED,
        places=_electron("Code/User/globalStorage/saoudrizwan.claude-dev", "settings/cline_mcp_settings.json"),
        restart="Nothing: Cline sees the change by itself.",
    ),
    Client(
        name="cline-cli", title="Cline CLI", format="json", key="mcpServers", entry=_TYPED,
        places=_everywhere(Place("{home}/.cline", "{cline_mcp}")), restart="Start a new session.",
    ),
    Client(
        name="continue", title="Continue", format="yaml", key="mcpServers", listed=True,
        entry={"name": SERVER, "type": "stdio", **_PLAIN},
        places=_everywhere(Place("{home}/.continue", "{home}/.continue/config.yaml")),
        start={"name": "Local Agent", "version": "1.0.0", "schema": "v1"},
        restart="Nothing: Continue sees the change by itself.",
    ),
)  # fmt: skip

BY_NAME: Mapping[str, Client] = {client.name: client for client in CLIENTS}
