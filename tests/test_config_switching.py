"""Switching plugins on and off in a configuration file changes one thing and keeps the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from mcp_agent import config_file
from mcp_agent.config_file.edit import switch_plugin
from mcp_agent.errors import ConfigError


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "plugins:\n  it:\n    enabled: false\n"),
        ("# mine\n", "# mine\nplugins:\n  it:\n    enabled: false\n"),
        ("log:\n  level: info", "log:\n  level: info\nplugins:\n  it:\n    enabled: false\n"),
        ("plugins:\nlog: {}\n", "plugins:\n  it:\n    enabled: false\nlog: {}\n"),
        ("plugins:\n  # it:\n", "plugins:\n  it:\n    enabled: false\n  # it:\n"),
        ("plugins: {}\n", "plugins: {it: {enabled: false}}\n"),
        ("plugins: {a: {}} # x\n", "plugins: {it: {enabled: false}, a: {}} # x\n"),
        ("plugins:\n    a:\n        b: 1 # c\n", "plugins:\n    it:\n      enabled: false\n    a:\n        b: 1 # c\n"),
        ("plugins:\n  it:\n  a: {}\n", "plugins:\n  it:\n    enabled: false\n  a: {}\n"),
        ("plugins:\n  it: {}\n", "plugins:\n  it: {enabled: false}\n"),
        ("plugins:\n  it: {x: 1}\n", "plugins:\n  it: {enabled: false, x: 1}\n"),
        ("plugins:\n  it: # mine\n    # x\n    x: 1\n",
         "plugins:\n  it: # mine\n    enabled: false\n    # x\n    x: 1\n"),
        ("plugins:\n  it:\n    x: 1\n    enabled: yes  # on\n    y: 2\n",
         "plugins:\n  it:\n    x: 1\n    enabled: false  # on\n    y: 2\n"),
        ('plugins: {it: {"enabled": true, x: é}}\n', 'plugins: {it: {"enabled": false, x: é}}\n'),
        ("é: é\r\nplugins:\r\n  it:\r\n    x: é\r\n", None),
        ("plugins:\r\n  it:\r\n    x: é\r\n", "plugins:\r\n  it:\r\n    enabled: false\r\n    x: é\r\n"),
        ('"plugins":\n  "it":\n    x: 1\n', '"plugins":\n  "it":\n    enabled: false\n    x: 1\n'),
    ],
)  # fmt: skip
def test_switching_changes_one_thing_and_keeps_the_rest(tmp_path: Path, before: str, after: str | None) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(before.encode())
    switch_plugin(path, "it", False)
    if after is not None:
        assert path.read_bytes().decode() == after
    assert config_file.read(path, environ={}).config.plugins["it"]["enabled"] is False
    assert [one.name for one in tmp_path.iterdir()] == ["config.yaml"]


@pytest.mark.parametrize(
    "text",
    [
        "plugins:\n  it: null\n", "plugins: ~\n", "plugins: [it]\n", "plugins:\n  it: 5\n", "- a\n", "a: 1\n...\n",
        "plugins:\n  it:\n    enabled: {}\n", "plugins: {\n", "{a: 1}\n", "\tx", "a: *b\n",
        "plugins: &x\n  a: {}\nb: *x\n",
        "plugins:\n  it:\n    enabled: |\n      x\n", "it: &x {}\nplugins:\n  it: *x\n",
    ],
)  # fmt: skip
def test_a_form_that_leaves_no_safe_place_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"plugins:\n  it:\n    enabled: false$"):
        switch_plugin(path, "it", False)
    assert path.read_text() == text


def test_a_link_and_the_mode_of_a_file_stay(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "agent.yaml"
    real.parent.mkdir()
    real.write_text("log: {}\n")
    real.chmod(0o640)
    link = tmp_path / "config.yaml"
    link.symlink_to(real)
    switch_plugin(link, "it", True)
    assert link.is_symlink()
    assert real.read_text() == "log: {}\nplugins:\n  it:\n    enabled: true\n"
    assert real.stat().st_mode & 0o777 == 0o640
