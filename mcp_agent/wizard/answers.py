"""Texts that a person types, as values of settings."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from mcp_agent.config_file import check_plugin
from mcp_agent.config_file.write import scalar


def read_answer(plugin: str, shape: type[Struct], key: str, text: str) -> tuple[Any, str | None]:
    """The value, and what is wrong with it. Read as YAML where the setting takes that, as a text otherwise."""
    from mcp_agent.config_file.yaml_tree import parse

    value, _, wrong = parse(text)
    candidates = [text] if wrong or value is None else [value, text]
    candidates.append([part.strip() for part in text.split(",")])
    said = []
    for candidate in candidates:
        problems = check_plugin(plugin, shape, {key: candidate}, {})
        here = [problem.message for problem in problems if problem.key and f".{key}" in problem.key]
        if not here:
            return candidate, None
        said += here
    return None, said[0]


def shown(value: Any) -> str:
    """A value as a person would type it."""
    return "" if value is None else value if isinstance(value, str) else scalar(value)
