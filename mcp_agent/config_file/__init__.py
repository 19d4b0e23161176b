"""The configuration as a person writes it: a YAML file and environment variables, read into a Config.

``MCP_AGENT__SECTION__KEY`` stands over the file, its value read as YAML. What is wrong is collected, each problem
with the file and line or the variable that it comes from.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from mcp_agent.config import Config
from mcp_agent.config_file.check import check_config, check_plugin
from mcp_agent.config_file.origin import Key, Origin, Problem
from mcp_agent.errors import ConfigError

__all__ = ["PREFIX", "Key", "Origin", "Problem", "Settings", "check_plugin", "load", "read"]

PREFIX = "MCP_AGENT__"
MAX_BYTES = 2**20
"""A longer file is no configuration."""


class Settings(Struct, frozen=True, kw_only=True):
    """What was read. With ``problems``, a section that has one stands at its defaults in ``config``."""

    config: Config
    origins: Mapping[Key, Origin]
    problems: tuple[Problem, ...]
    path: Path
    found: bool


def load(path: Path, *, required: bool = False, environ: Mapping[str, str] = os.environ) -> Config:
    """The configuration. Raises ConfigError that lists everything that is wrong.

    A file that is not there is one with nothing in it, unless it is ``required``.
    """
    settings = read(path, required=required, environ=environ)
    if settings.problems:
        raise ConfigError("\n".join(map(str, settings.problems)))
    return settings.config


def read(path: Path, *, required: bool = False, environ: Mapping[str, str] = os.environ) -> Settings:
    """The configuration and everything that is wrong with it."""
    problems: list[Problem] = []
    origins: dict[Key, Origin] = {}
    tree: dict[str, Any] = {}
    text = _content(path, required, problems)
    if text is not None:
        _overlay(tree, origins, (), _parsed(text, str(path), problems), problems)
    for variable in sorted(environ):
        if variable.upper().startswith(PREFIX):
            key = tuple(variable[len(PREFIX) :].lower().split("__"))
            before = len(problems)
            parsed = _parsed(environ[variable], variable, problems, lines=False)
            if len(problems) == before:
                _overlay(tree, origins, key, parsed, problems)
    config = check_config(tree, origins, problems)
    return Settings(config=config, origins=origins, problems=tuple(problems), path=path, found=text is not None)


def _content(path: Path, required: bool, problems: list[Problem]) -> str | None:
    origin = Origin(str(path))
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        if required:
            problems.append(Problem(origin, "There is no such file. 'mcp-agent config init' writes one."))
        return None
    except OSError as error:
        problems.append(Problem(origin, f"It cannot be read: {error.strerror}."))
        return None
    if len(data) > MAX_BYTES:
        problems.append(Problem(origin, f"It is longer than {MAX_BYTES} bytes; this cannot be a configuration."))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problems.append(Problem(Origin(str(path), line), "This is not UTF-8 text. Save the file as UTF-8."))
        return None


class _Parsed(Struct, frozen=True):
    value: Any
    origins: Mapping[Key, Origin]


def _parsed(text: str, source: str, problems: list[Problem], *, lines: bool = True) -> _Parsed:
    from mcp_agent.config_file.yaml_tree import parse  # imports PyYAML

    value, found, wrong = parse(text)
    problems.extend(Problem(Origin(source, line if lines else None), words) for line, words in wrong)
    return _Parsed(value, {key: Origin(source, line if lines else None) for key, line in found.items()})


def _overlay(
    tree: dict[str, Any], origins: dict[Key, Origin], at: Key, parsed: _Parsed, problems: list[Problem]
) -> None:
    """Put what was parsed into the tree, key by key, over what is there."""
    if not isinstance(parsed.value, dict):
        for key in [key for key in origins if key[: len(at)] == at]:
            del origins[key]
    for key, origin in parsed.origins.items():
        origins[(*at, *key)] = origin
    origin = parsed.origins.get((), Origin("?"))
    if not at:
        if parsed.value is not None and not isinstance(parsed.value, dict):
            words = (
                "The configuration must be sections with settings in them, such as 'log:' and below it '  level: info'."
            )
            problems.append(Problem(origin, words))
            return
        _merge(tree, parsed.value or {})
        return
    if "" in at:
        problems.append(Problem(origin, f"It names no setting: write {PREFIX}SECTION__KEY."))
        return
    value = parsed.value
    for part in reversed(at):
        value = {str(part): value}
    _merge(tree, value)


def _merge(tree: dict[str, Any], over: Mapping[str, Any]) -> None:
    for key, value in over.items():
        below = tree.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            _merge(below, value)
        else:
            tree[key] = value
