"""The configuration file as it is written: read back the same, with comments that say what each setting is for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcp_agent import config_file
from mcp_agent.config import Config
from mcp_agent.config_file import check_plugin
from mcp_agent.config_file.write import render
from mcp_agent.schema.types import schema_of
from tests.test_config import Shape

_TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
_KEY = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)

_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEY, inner, max_size=3),
    max_leaves=6,
)


def values_of(node: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a schema allows."""
    if "enum" in node:
        return st.sampled_from(node["enum"])
    if "anyOf" in node:
        return st.one_of(*map(values_of, node["anyOf"]))
    match node.get("type"):
        case "object" if "properties" in node:
            parts = {key: values_of(inner) for key, inner in node["properties"].items()}
            required = {key: parts.pop(key) for key in node.get("required", ())}
            return st.fixed_dictionaries(required, optional=parts)
        case "object":
            return st.dictionaries(_KEY, values_of(node.get("additionalProperties", {})), max_size=3)
        case "array":
            return st.lists(values_of(node["items"]), max_size=3)
        case "integer":
            return st.integers(node.get("minimum"), node.get("maximum"))
        case "number":
            return st.floats(node.get("minimum"), node.get("maximum"), allow_nan=False, allow_infinity=False)
        case "boolean":
            return st.booleans()
        case "string":
            return _TEXT
        case "null":
            return st.none()
    return _ANY


def without_enabled(value: dict[str, Any]) -> dict[str, Any]:
    for section in value.get("plugins", {}).values():
        section.pop("enabled", None)
    return value


@given(values_of(schema_of(Config)).map(without_enabled))
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, value: dict[str, Any]) -> None:
    config = msgspec.convert(value, Config)
    path = tmp_path_factory.mktemp("config") / "config.yaml"
    path.write_text(render(config, {"one": Shape, "two": None}), encoding="utf-8")
    assert config_file.load(path, environ={}) == config


def test_the_defaults_are_written_with_comments_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    text = render(Config(), {"it": Shape})
    path.write_text(text)
    assert config_file.load(path, environ={}) == Config()
    assert "  # it:\n  #   enabled: true\n  #   folder: .\n  #   servers: []\n" in text
    assert max(map(len, text.splitlines())) <= 110


def test_a_section_that_stands_as_a_comment_can_be_uncommented(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    text = render(Config(), {"it": Shape})
    head, plugins, rest = text.partition("plugins:\n")
    path.write_text(head + plugins + rest.replace("  # ", "  "))
    config = config_file.load(path, environ={})
    assert check_plugin("it", Shape, config.plugins["it"], {}) == []
    assert config.plugins["it"]["high"] == 9


def test_every_setting_says_what_it_is_for() -> None:
    def silent(shape: type[msgspec.Struct], at: str) -> list[str]:
        found = [] if shape.__doc__ else [at]
        for field in msgspec.structs.fields(shape):
            kind = field.type
            if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
                found += silent(kind, f"{at}.{field.name}")
            elif not any(getattr(note, "description", None) for note in getattr(kind, "__metadata__", ())):
                found.append(f"{at}.{field.name}")
        return found

    assert silent(Config, "config") == []
