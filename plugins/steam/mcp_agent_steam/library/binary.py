"""Valve's binary format, as in ``shortcuts.vdf`` and ``appinfo.vdf``, read even where it breaks off."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from mcp_agent_steam.library.vdf import Tree

_MAP, _TEXT, _END = 0, 1, 8
_FIXED = {2: "<i", 3: "<f", 4: "<I", 6: "<I", 7: "<Q", 10: "<q"}
_READERS = {kind: struct.Struct(layout) for kind, layout in _FIXED.items()}
_INDEX = struct.Struct("<I")


class _Reader:
    def __init__(self, data: bytes, names: Sequence[str] | None) -> None:
        self.data = data
        self.names = names
        self.at = 0

    def text(self) -> str:
        end = self.data.index(b"\0", self.at)
        begun, self.at = self.at, end + 1
        return self.data[begun:end].decode("utf-8", "replace")

    def name(self) -> str:
        if self.names is None:
            return self.text().lower()
        index: int = self.fixed(_INDEX)
        return self.names[index].lower()

    def fixed(self, layout: struct.Struct) -> Any:
        [value] = layout.unpack_from(self.data, self.at)
        self.at += layout.size
        return value


def parse_binary(
    data: bytes, names: Sequence[str] | None = None, *, until: str | None = None
) -> tuple[Tree, str | None]:
    """As much of the tree as is whole, and what is wrong. ``names`` is the table that newer files keep names in.

    Never raises. Names are lowercased, as in the text format. ``until``: the rest after the end of the first block of
    this name is not looked at.
    """
    reader = _Reader(data, names)
    top: Tree = {}
    stack = [top]
    opened: list[str | None] = [None]
    try:
        while stack:
            kind = reader.data[reader.at]
            reader.at += 1
            if kind == _END:
                stack.pop()
                if opened.pop() == until and until:
                    return top, None
                continue
            name = reader.name()
            if kind == _MAP:
                inner: Tree = {}
                stack[-1][name] = inner
                stack.append(inner)
                opened.append(name)
            elif kind == _TEXT:
                stack[-1][name] = reader.text()
            elif kind in _READERS:
                stack[-1][name] = reader.fixed(_READERS[kind])
            else:
                return top, f"it has a value of the unknown kind {kind}"
    except (IndexError, ValueError, struct.error):  # beyond the end of the data or of the table of names
        return top, "it breaks off before its end" if data else "it is empty"
    return top, None
