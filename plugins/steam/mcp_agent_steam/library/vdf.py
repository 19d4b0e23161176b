"""Valve's text format (VDF, ACF), read even where the file breaks off.

Steam does not care about the case of names, and writes them differently on each platform: they are lowercased here.
"""

from __future__ import annotations

import re
from typing import Any

Tree = dict[str, Any]
"""Names to texts and further trees."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"\\]*(?:\\.[^"\\]*)*)"|(?P<brace>[{}])|//[^\n]*|\[[^\]\n]*\]|(?P<bare>[^\s"{}\[]+)|(?P<broken>["\[])',
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\([\\\"'?nt])")
_MEANS = {"n": "\n", "t": "\t"}
"""Others stand for themselves. Steam escapes neither ' nor ?, but other programs that edit its files do."""


def parse(text: str) -> tuple[Tree, str | None]:
    """The whole tree, or as much of it as is whole, with what is wrong with the text. Never raises."""
    tree: Tree = {}
    above: list[Tree] = []
    name: str | None = None
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind is None:  # a comment, or a condition such as [$WIN32]
            continue
        if kind == "broken":
            return _top(tree, above), "it breaks off in the middle of a text"
        if kind != "brace":
            word = _plain(token[kind])
            if name is None:
                name = word.lower()
            else:
                tree[name], name = word, None
        elif token["brace"] == "{":
            if name is None:
                return _top(tree, above), "it has a block without a name"
            inner = tree.get(name)
            if not isinstance(inner, dict):
                inner = tree[name] = {}
            above.append(tree)
            tree, name = inner, None
        else:
            if name is not None or not above:
                return _top(tree, above), "it has a bracket too many" if name is None else f"{name!r} has no value"
            tree = above.pop()
    if name is not None or above:
        return _top(tree, above), "it breaks off before its end"
    return tree, None if tree else "it is empty"


def dumps(tree: Tree, indent: str = "") -> str:
    """The text of a tree, in the layout that Steam writes."""
    lines = []
    for name, value in tree.items():
        if isinstance(value, dict):
            lines.append(f"{indent}{_quoted(name)}\n{indent}{{\n{dumps(value, indent + chr(9))}{indent}}}\n")
        else:
            lines.append(f"{indent}{_quoted(name)}\t\t{_quoted(str(value))}\n")
    return "".join(lines)


def dig(tree: Tree, *names: str) -> Tree:
    """The tree below these names, an empty one where there is none."""
    for name in names:
        inner = tree.get(name)
        if not isinstance(inner, dict):
            return {}
        tree = inner
    return tree


def text(tree: Tree, name: str) -> str:
    """A text, empty where there is none."""
    value = tree.get(name)
    return value if isinstance(value, str) else ""


def number(tree: Tree, name: str) -> int:
    """A whole number of at most 64 bits that is not negative; 0 where there is none."""
    value = tree.get(name)
    if isinstance(value, int):
        return max(value, 0)
    digits = isinstance(value, str) and len(value) <= 20 and value.isascii() and value.isdecimal()
    return int(value) if isinstance(value, str) and digits else 0


def _top(tree: Tree, above: list[Tree]) -> Tree:
    return above[0] if above else tree


def _plain(word: str) -> str:
    return _ESCAPE.sub(lambda match: _MEANS.get(match[1], match[1]), word) if "\\" in word else word


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'
