"""docs/clients: one page for each client, whose facts come from the table. ``UPDATE_GOLDEN=1`` writes those anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mcp_agent.clients.entry import snippet
from mcp_agent.clients.launch import Launch
from mcp_agent.clients.table import BY_NAME, PLATFORMS, Client, Platform

DOCS = Path(__file__).parents[2] / "docs" / "clients"
BEGIN, END = "<!-- from the table of clients: do not edit -->\n", "<!-- end -->\n"
TITLES: dict[Platform, str] = {"linux": "Linux", "macos": "macOS", "windows": "Windows"}
LANGUAGE = {"json": "json", "jsonc": "json", "yaml": "yaml", "toml": "toml"}


def _shown(path: str, platform: Platform) -> str:
    home = "%USERPROFILE%" if platform == "windows" else "~"
    values = {
        "home": home, "xdg": "~/.config", "config": "~/.config", "library": "~/Library/Application Support",
        "appdata": "%APPDATA%", "localappdata": "%LOCALAPPDATA%", "codex": f"{home}/.codex",
        "claude_json": f"{home}/.claude.json", "cline_mcp": f"{home}/.cline/data/settings/cline_mcp_settings.json",
    }  # fmt: skip
    shown = path.format(**values)
    return shown.replace("/", "\\") if platform == "windows" else shown


def _facts(client: Client) -> str:
    lines = ["```sh", f"mcp-agent install {client.name}", "```", "", "| | file |", "| --- | --- |"]
    for platform in PLATFORMS:
        files = " or ".join(f"`{_shown(place.file, platform)}`" for place in client.places[platform])
        lines.append(f"| {TITLES[platform]} | {files} |")
    kinds = {"json": "JSON", "jsonc": "JSON with comments", "yaml": "YAML", "toml": "TOML"}
    written = snippet(client, Launch("/path/to/mcp-agent", ("serve",))).rstrip()
    lines += ["", f"It is {kinds[client.format]}; servers stand under `{client.key}`. This is what is added:", ""]
    lines += [f"```{LANGUAGE[client.format]}", written, "```", "", f"Afterwards: {client.restart}", ""]
    return "\n".join(lines)


@pytest.mark.parametrize("name", list(BY_NAME))
def test_the_page_says_what_the_table_says(name: str) -> None:
    page = DOCS / f"{name}.md"
    text = page.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    assert head.startswith(f"# {BY_NAME[name].title}\n")
    expected = f"{head}{BEGIN}{_facts(BY_NAME[name])}{END}{tail}"
    if os.environ.get("UPDATE_GOLDEN"):
        page.write_text(expected, encoding="utf-8")
        text = expected
    assert text == expected


def test_every_page_is_of_a_client_and_the_index_has_it() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    assert {page.stem for page in DOCS.glob("*.md")} == {*BY_NAME, "README"}
    for name, client in BY_NAME.items():
        assert f"[{client.title}]({name}.md)" in index
