"""One setting of a plugin in a person's file: one small change, everything else as it was.

The place is found in the parsed file, the text around it stays. What comes out is read again and must differ in
this one setting only; otherwise the file is left alone and the error says what to write.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

import yaml

from mcp_agent.config_file.write import scalar
from mcp_agent.config_file.yaml_tree import parse
from mcp_agent.errors import ConfigError

_STEP = "  "


def switch_plugin(path: Path, name: str, on: bool) -> None:
    """Write ``plugins.NAME.enabled``. Raises ConfigError when the file cannot be changed safely."""
    set_plugin(path, name, "enabled", on)


def set_plugin(path: Path, name: str, key: str, value: Any) -> None:
    """Write ``plugins.NAME.KEY``. Raises ConfigError when the file cannot be changed safely."""
    path = path.resolve()  # people keep such files as links into a repository of theirs
    try:
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read()
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(path, name, key, value, f"it cannot be read: {error}") from None
    try:
        changed = _changed(text, name, key, value)
    except yaml.YAMLError:
        why = "it is not readable as YAML ('mcp-agent config check' says where)"
        raise _refused(path, name, key, value, why) from None
    if changed is None or not _only_differs(text, changed, name, key, value):
        raise _refused(path, name, key, value, "its form leaves no safe place to write to")
    try:
        _replace(path, changed)
    except OSError as error:
        raise _refused(path, name, key, value, f"it cannot be written: {error.strerror}") from None


def _changed(text: str, name: str, key: str, value: Any) -> str | None:
    """The text with the setting in it, None where the file has a form that this does not know."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += end
    setting = f"{scalar(key)}: {scalar(value)}"
    root = yaml.compose(text, Loader=yaml.SafeLoader)  # the C loader counts columns in bytes
    plugins = _entry(root, "plugins")
    section = _entry(plugins[1], name) if plugins else None
    if plugins is None:
        return "".join(lines) + end.join(["plugins:", f"{_STEP}{scalar(name)}:", f"{_STEP * 2}{setting}", ""])
    if section is None:
        return _insert(lines, plugins, f"{scalar(name)}:", f"{_STEP}{setting}", f"{{{setting}}}", end)
    present = _entry(section[1], key)
    if present is None:
        return _insert(lines, section, setting, None, None, end)
    if isinstance(value, dict) and isinstance(present[1], yaml.MappingNode):
        return _extended(lines, present, value, end)
    start, stop = present[1].start_mark, present[1].end_mark
    collection = isinstance(present[1], yaml.CollectionNode)
    if (
        start.line != stop.line
        or collection is not isinstance(value, list)
        or (collection and not present[1].flow_style)
    ):
        return None
    line = lines[start.line]
    lines[start.line] = f"{line[: start.column]}{scalar(value)}{line[stop.column :]}"
    return "".join(lines)


def _extended(lines: list[str], present: tuple[Any, Any], value: dict[str, Any], end: str) -> str | None:
    """A map with what is new in it; what is there is not touched, so a change of that is found to be missing later."""
    there = {key.value for key, _ in present[1].value}
    new = [f"{scalar(key)}: {scalar(one)}" for key, one in value.items() if key not in there]
    if new and present[1].flow_style:
        return _insert(lines, present, ", ".join(new), None, None, end)
    for setting in reversed(new):
        _insert(lines, present, setting, None, None, end)
    return "".join(lines)


def _entry(node: Any, key: str) -> tuple[Any, Any] | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next(((one, value) for one, value in node.value if one.value == key), None)


def _insert(
    lines: list[str], entry: tuple[Any, Any], first: str, second: str | None, flow: str | None, end: str
) -> str | None:
    """Make ``first`` (and ``second`` below it, or ``flow`` behind it) the first thing inside an entry."""
    key, value = entry
    if isinstance(value, yaml.MappingNode) and value.flow_style:
        at = value.start_mark
        line = lines[at.line]
        inside = f"{first} {flow}" if flow else first
        comma = ", " if value.value else ""
        lines[at.line] = f"{line[: at.column + 1]}{inside}{comma}{line[at.column + 1 :]}"
        return "".join(lines)
    if isinstance(value, yaml.MappingNode):
        indent = " " * value.start_mark.column
    elif isinstance(value, yaml.ScalarNode) and value.value == "":
        indent = " " * key.start_mark.column + _STEP
    else:
        return None
    new = [indent + text + end for text in (first, second) if text]
    lines[key.end_mark.line + 1 : key.end_mark.line + 1] = new
    return "".join(lines)


def _only_differs(before: str, after: str, name: str, key: str, setting: Any) -> bool:
    expected = parse(before)[0] or {}
    value, _, wrong = parse(after)
    if wrong or not isinstance(expected, dict):
        return False
    plugins = expected["plugins"] = expected.get("plugins") or {}
    section = plugins[name] = plugins.get(name) or {}
    section[key] = setting
    return bool(value == expected)


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(text.encode())
        with contextlib.suppress(FileNotFoundError):
            unfinished.chmod(path.stat().st_mode & 0o777)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def _refused(path: Path, name: str, key: str, value: Any, why: str) -> ConfigError:
    wanted = f"plugins:\n{_STEP}{scalar(name)}:\n{_STEP * 2}{scalar(key)}: {scalar(value)}"
    return ConfigError(f"{path} was left as it is: {why}. Write there yourself:\n{wanted}")
