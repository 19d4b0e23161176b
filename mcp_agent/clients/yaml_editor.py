"""One entry in a YAML file: its lines put in or taken out, everything else byte for byte as it was.

The places come from the parsed file; libraries that keep comments lay the rest out anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from mcp_agent.clients.text import BrokenFile, Spot, newline_of

_STEP = "  "


class YamlEditor:
    def parse(self, text: str) -> Any:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            return yaml.load(text, Loader=loader)
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise _broken(error) from None

    def put(self, text: str, spot: Spot, entry: Mapping[str, Any]) -> str:
        root = _compose(text)
        servers = _entry(root, spot.key)
        if servers is not None and _find(servers[1], spot) is not None:
            text = self.drop(text, spot)
            servers = _entry(_compose(text), spot.key)
        if servers is None and isinstance(root, yaml.MappingNode) and root.flow_style:  # all of it in braces
            at = root.start_mark.index + 1
            inside = f"[{_flow(spot, entry)}]" if spot.listed else f"{{{_flow(spot, entry)}}}"
            return f"{text[:at]}{spot.key}: {inside}{', ' if root.value else ''}{text[at:]}"
        return _put(text, servers, spot, entry)

    def drop(self, text: str, spot: Spot) -> str:
        servers = _entry(_compose(text), spot.key)
        found = _find(servers[1], spot) if servers else None
        if servers is None or found is None:
            raise BrokenFile(f"there is no {spot.name} in it.")
        if servers[1].flow_style:
            start, stop = _flow_span(servers[1], found[0])
            return text[:start] + text[stop:]
        line = _line_start(text, found[0])
        if len(servers[1].value) > 1:
            return text[:line] + text[found[1] :]
        empty = " []" if spot.listed else " {}"
        colon = text.index(":", servers[0].end_mark.index) + 1
        return text[:colon] + empty + text[colon:line] + text[found[1] :]


def _put(text: str, servers: tuple[Any, Any] | None, spot: Spot, entry: Mapping[str, Any]) -> str:
    end = newline_of(text)
    if servers is None:
        if text and not text.endswith("\n"):
            text += end
        return f"{text}{spot.key}:{end}{_block(spot, entry, _STEP, end)}"
    key, container = servers
    if isinstance(container, yaml.CollectionNode) and container.value and not container.flow_style:
        return _after_line(text, key, _block(spot, entry, " " * container.start_mark.column, end))
    if isinstance(container, yaml.CollectionNode) and container.value:
        at = container.start_mark.index + 1
        return f"{text[:at]}{_flow(spot, entry)}, {text[at:]}"
    start, stop = container.start_mark.index, container.end_mark.index
    cut = text[:start].rstrip(" \t") + text[stop:]  # '{}', '[]', 'null' or nothing
    return _after_line(cut, key, _block(spot, entry, " " * key.start_mark.column + _STEP, end))


def _after_line(text: str, key: Any, block: str) -> str:
    """With a block behind the line of a key."""
    at = text.find("\n", key.end_mark.index)
    if at < 0:
        return text + newline_of(text) + block
    return text[: at + 1] + block + text[at + 1 :]


def _block(spot: Spot, entry: Mapping[str, Any], indent: str, end: str) -> str:
    value = [dict(entry)] if spot.listed else {spot.name: dict(entry)}
    dumped = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=float("inf"))
    return "".join(f"{indent}{line}{end}" for line in dumped.splitlines())


def _flow(spot: Spot, entry: Mapping[str, Any]) -> str:
    value = dict(entry) if spot.listed else {spot.name: dict(entry)}
    dumped: str = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=float("inf")).strip()
    return dumped if spot.listed else dumped.removeprefix("{").removesuffix("}")


class _Dumper(yaml.SafeDumper):
    """Lists of words on one line, everything else in lines of its own."""

    def represent_sequence(self, tag: str, sequence: Any, flow_style: Any = None) -> Any:
        words = all(isinstance(item, str) for item in sequence)
        return super().represent_sequence(tag, sequence, flow_style=words)


def _compose(text: str) -> Any:
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)  # the C loader counts in bytes
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _broken(error) from None


def _entry(node: Any, key: str) -> tuple[Any, Any] | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next(((one, value) for one, value in node.value if one.value == key), None)


def _find(container: Any, spot: Spot) -> tuple[int, int] | None:
    """Where the lines of the entry begin and end, None where there is none."""
    if isinstance(container, yaml.SequenceNode) and spot.listed:
        for item in container.value:
            named = _entry(item, "name")
            if named and named[1].value == spot.name:
                return item.start_mark.index, _end_of_lines(item)
    elif not spot.listed:
        found = _entry(container, spot.name)
        if found:
            return found[0].start_mark.index, _end_of_lines(found[1])
    return None


def _flow_span(container: Any, start: int) -> tuple[int, int]:
    """Where an item in braces or brackets begins and ends, with a comma that goes with it."""
    pairs = [item if isinstance(item, tuple) else (item, item) for item in container.value]
    spans = [(first.start_mark.index, last.end_mark.index) for first, last in pairs]
    at = next(index for index, span in enumerate(spans) if span[0] == start)
    if at + 1 < len(spans):
        return start, spans[at + 1][0]
    return (spans[at - 1][1] if at else start), spans[at][1]


def _end_of_lines(node: Any) -> int:
    """Behind the last line that the value stands on. Marks of blocks also count the comments after them."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    mark = node.end_mark
    at: int = mark.index
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        return at
    buffer: str = mark.buffer[mark.pointer :].partition("\n")[0] if mark.buffer is not None else ""
    return at + len(buffer.rstrip("\0")) + ("\0" not in buffer)


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _broken(error: Exception) -> BrokenFile:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or type(error).__name__
    return BrokenFile(f"line {mark.line + 1}: {problem}." if mark else f"{problem}.")
