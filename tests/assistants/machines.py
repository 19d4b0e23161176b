"""A machine of each platform, in a folder: what a client would find on it."""

from __future__ import annotations

from pathlib import Path

from mcp_agent.clients.launch import Launch
from mcp_agent.clients.machine import Found, Machine, find
from mcp_agent.clients.table import BY_NAME, PLATFORMS, Platform

INPUTS = Path(__file__).parent / "inputs"
BROKEN = {
    "json": '{\n  "mcpServers": {\n    "a": {"command": "x"}\n    "b": {}\n  }\n}\n',
    "jsonc": '{\n  // fine\n  "servers": {"a": {"command": "x",, }}\n}\n',
    "yaml": "extensions:\n  a: [1, 2\nmcpServers: {\n",
    "toml": "[mcp_servers.a]\ncommand = \n",
}

LAUNCH: dict[Platform, Launch] = {
    "linux": Launch("/home/anna/.local/bin/mcp-agent", ("serve",)),
    "macos": Launch("/Users/anna/.local/bin/mcp-agent", ("serve", "--config", "/Users/anna/my agent.yaml")),
    "windows": Launch(
        "C:\\Users\\Änna\\.local\\bin\\mcp-agent.exe", ("serve",), {"MCP_AGENT_HOME": "D:\\mcp agent"}
    ),
}  # fmt: skip


def machine(platform: Platform, home: Path) -> Machine:
    environ = {}
    if platform == "windows":
        environ = {"APPDATA": f"{home}/AppData/Roaming", "LOCALAPPDATA": f"{home}/AppData/Local"}
    return Machine(platform, home, environ)


def found(name: str, platform: Platform, home: Path, text: bytes | None = None) -> Found:
    """The client on a machine where it has its folder, and its file where there is a text for it."""
    there = find(BY_NAME[name], machine(platform, home))
    folder = BY_NAME[name].places[platform][-1].folder
    if "*" not in folder:
        Path(machine(platform, home).expand(folder)).mkdir(parents=True, exist_ok=True)
    if text is not None:
        there.file.parent.mkdir(parents=True, exist_ok=True)
        there.file.write_bytes(text)
    return find(BY_NAME[name], machine(platform, home))


def input_of(name: str) -> bytes:
    [file] = INPUTS.glob(f"{name}.*")
    return file.read_bytes()


EVERY = [(name, platform) for name in BY_NAME for platform in PLATFORMS]
