"""YAML as plain values, with the line that each came from. Takes less than YAML allows: no aliases, no odd keys."""

from __future__ import annotations

import re
from typing import Any

import yaml

from mcp_agent.config_file.origin import Key

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Wrong = tuple[int, str]
"""A line, counted from 1, and what is wrong there."""

_DEPTH = 50
_ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_HINTS = (
    ("mapping values are not allowed", "A text with ': ' in it needs quotes; or this line is indented too far."),
    ("could not find expected ':'", "A setting is written 'key: value'."),
    ("did not find expected key", "Settings of one section must be indented alike."),
    ("expected <block end>", "Settings of one section must be indented alike."),
    ("expected the node content", "Here a value should begin."),
    ("expected a single document", "Only one document can be in it: remove the '---'."),
    ("cannot start any token", "A text that begins with this character needs quotes."),
    ("quoted scalar", "A quote was opened and not closed."),
)


def parse(text: str) -> tuple[Any, dict[Key, int], list[Wrong]]:
    """The value, the line of every key in it, and what is wrong. A value with something wrong may lack parts."""
    odd = _ODD.search(text)
    if odd:
        words = f"The character U+{ord(odd[0]):04X} cannot stand in YAML. Remove it."
        return None, {(): 1}, [(text.count("\n", 0, odd.start()) + 1, words)]
    tree = _Tree()
    try:
        if tree.refuses(text):
            return None, tree.lines, tree.wrong
        loader = Loader(text)
        try:
            node = loader.get_single_node()
            value = None if node is None else tree.value(loader, node, ())
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        return None, tree.lines, [_in_words(error, text)]
    return value, tree.lines, tree.wrong


class _Tree:
    def __init__(self) -> None:
        self.lines: dict[Key, int] = {(): 1}
        self.wrong: list[Wrong] = []

    def refuses(self, text: str) -> bool:
        """Looks through without recursion: what is nested very deep would overflow the stack of the composer."""
        depth = 0
        for event in yaml.parse(text, Loader=Loader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEPTH:
                self._add(event, "This is nested too deep.")
            elif isinstance(event, yaml.AliasEvent):
                self._add(event, f"Aliases such as *{event.anchor} are not taken here. Write the value out.")
            else:
                continue
            return True
        return False

    def value(self, loader: Any, node: Any, at: Key) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(loader, node, at)
        if isinstance(node, yaml.SequenceNode):
            return [self._item(loader, item, (*at, index)) for index, item in enumerate(node.value)]
        try:
            return loader.construct_object(node)
        except ValueError:  # looks like a date or a number and is none: 2026-99-99
            return node.value

    def _mapping(self, loader: Any, node: Any, at: Key) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._add(key_node, "A key must be a word.")
                continue
            key = str(key_node.value)  # as written, where YAML would see a number, a date or a yes
            if key in result:
                first = self.lines[(*at, key)]
                self._add(key_node, f"{key} is written twice; first in line {first}. Keep one of them.")
                continue
            self.lines[(*at, key)] = key_node.start_mark.line + 1
            result[key] = self.value(loader, value_node, (*at, key))
        return result

    def _item(self, loader: Any, node: Any, at: Key) -> Any:
        self.lines[at] = node.start_mark.line + 1
        return self.value(loader, node, at)

    def _add(self, place: Any, words: str) -> None:
        self.wrong.append((place.start_mark.line + 1, words))


def _in_words(error: yaml.MarkedYAMLError, text: str) -> Wrong:
    mark = error.problem_mark or error.context_mark
    number = mark.line if mark else 0
    lines = text.splitlines()
    line = lines[number] if number < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return number + 1, "This line is indented with a tab. YAML takes spaces only."
    problem = f"{error.problem or ''} {error.context or ''}"
    if "could not determine a constructor" in problem:
        return number + 1, "Tags such as '!name' are not taken here."
    hint = next((hint for sign, hint in _HINTS if sign in problem), "")
    return number + 1, f"This is not readable as YAML: {error.problem}. {hint}".rstrip()
