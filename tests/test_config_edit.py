"""Changing one setting in a person's file: maps get what is new in them, and nothing that stands there is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from mcp_agent import ConfigError
from mcp_agent.config_file.edit import set_plugin


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("cups:\n      blue: 1 # mine\n", "cups:\n      green: 2\n      large red: 3\n      blue: 1 # mine\n"),
        ("cups: {blue: 1} # mine\n", "cups: {green: 2, large red: 3, blue: 1} # mine\n"),
        ("cups: {}\n", "cups: {green: 2, large red: 3, blue: 1}\n"),
        ("rest: 1\n", "cups: {blue: 1, green: 2, large red: 3}\n    rest: 1\n"),
    ],
    ids=["block", "flow", "empty", "absent"],
)
def test_a_map_gets_what_is_new(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"plugins:\n  one:\n    {before}")
    wanted = {"blue": 1, "green": 2, "large red": 3}
    set_plugin(path, "one", "cups", wanted)
    section = yaml.safe_load(path.read_text())["plugins"]["one"]
    assert section["cups"] == wanted
    if before != "cups: {}\n":
        assert path.read_text() == f"plugins:\n  one:\n    {after}"


@pytest.mark.parametrize("cups", ["{blue: 2}", "\n      blue: 2", "{blue: 1, red: 1}", "[blue]"])
def test_what_stands_in_a_map_is_not_changed(tmp_path: Path, cups: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"plugins:\n  one:\n    cups: {cups}\n")
    before = path.read_text()
    with pytest.raises(ConfigError, match="Write there yourself"):
        set_plugin(path, "one", "cups", {"blue": 1})
    assert path.read_text() == before
