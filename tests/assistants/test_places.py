"""Where a client's file is looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from mcp_agent.clients.machine import Machine, find
from mcp_agent.clients.table import BY_NAME, PLATFORMS, Platform
from tests.assistants.machines import machine


def test_nothing_is_here_on_an_empty_machine(tmp_path: Path) -> None:
    for client in BY_NAME.values():
        for platform in PLATFORMS:
            found = find(client, machine(platform, tmp_path))
            assert not found.here
            assert "*" not in str(found.file)
            assert found.file.is_relative_to(tmp_path)


@pytest.mark.parametrize(
    ("folders", "file"),
    [
        (("AppData/Roaming/Claude",), "AppData/Roaming/Claude"),
        (
            ("AppData/Roaming/Claude", "AppData/Local/Packages/Claude_pzs8sx/LocalCache/Roaming/Claude"),
            "AppData/Local/Packages/Claude_pzs8sx/LocalCache/Roaming/Claude",
        ),
        (
            ("AppData/Local/Packages/Claude_pzs8sx/LocalCache/Roaming/Claude", "AppData/Local/Claude-Data/claude_1"),
            "AppData/Local/Claude-Data/claude_1",
        ),
    ],
)
def test_claude_desktop_from_the_store_has_a_place_of_its_own(
    folders: tuple[str, ...], file: str, tmp_path: Path
) -> None:
    for folder in folders:
        (tmp_path / folder).mkdir(parents=True)
    found = find(BY_NAME["claude-desktop"], machine("windows", tmp_path))
    assert found.here
    assert found.file == tmp_path / file / "claude_desktop_config.json"


@pytest.mark.parametrize(
    ("name", "variable", "file"),
    [
        ("codex", "CODEX_HOME", "there/config.toml"),
        ("claude-code", "CLAUDE_CONFIG_DIR", "there/.claude.json"),
        ("zed", "XDG_CONFIG_HOME", "there/zed/settings.json"),
        ("vscode", "XDG_CONFIG_HOME", "there/Code/User/mcp.json"),
    ],
)
def test_variables_of_the_client_count(name: str, variable: str, file: str, tmp_path: Path) -> None:
    moved = Machine("linux", tmp_path, {variable: str(tmp_path / "there")})
    assert find(BY_NAME[name], moved).file == tmp_path / file


def test_the_older_folder_of_lm_studio_counts_only_without_the_newer(tmp_path: Path) -> None:
    (tmp_path / ".cache/lm-studio").mkdir(parents=True)
    client = BY_NAME["lm-studio"]
    assert find(client, machine("macos", tmp_path)).file == tmp_path / ".cache/lm-studio/mcp.json"
    (tmp_path / ".lmstudio").mkdir()
    assert find(client, machine("macos", tmp_path)).file == tmp_path / ".lmstudio/mcp.json"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_file_without_the_folder_is_enough(platform: Platform, tmp_path: Path) -> None:
    (tmp_path / ".claude.json").write_text("{}")
    assert find(BY_NAME["claude-code"], machine(platform, tmp_path)).here
