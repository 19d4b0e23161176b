"""What every format shares: an edit of a text that holds settings, and the promise that nothing else is changed."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Mapping
from typing import Any, Protocol

from msgspec import Struct

from mcp_agent.errors import AgentError

MAX_DEPTH = 100


class BrokenFile(AgentError):
    """A file that its own client could not read, or whose form leaves no safe place to write to."""


class Spot(Struct, frozen=True):
    """Where an entry stands: ``key`` leads to the servers; ``listed`` if they are a list of entries with a name."""

    key: str
    name: str
    listed: bool = False


class Editor(Protocol):
    """A format. Texts have no byte order mark. All raise BrokenFile."""

    def parse(self, text: str) -> Any:
        """The value, None for a text with nothing in it."""

    def put(self, text: str, spot: Spot, entry: Mapping[str, Any]) -> str:
        """The text with the entry in it, in place of one of its name."""

    def drop(self, text: str, spot: Spot) -> str:
        """The text without the entry, which is in it."""


def line_of(text: str, index: int) -> int:
    """Counted from 1."""
    return text.count("\n", 0, index) + 1


def newline_of(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def entry_at(tree: Any, spot: Spot) -> Any:
    """The entry, None where there is none. Raises BrokenFile where the file is not made as its client makes it."""
    servers = servers_in(tree, spot)
    if isinstance(servers, list):
        return next((one for one in servers if isinstance(one, dict) and one.get("name") == spot.name), None)
    return servers.get(spot.name)


def servers_in(tree: Any, spot: Spot) -> dict[str, Any] | list[Any]:
    """All entries, by name or as a list."""
    if tree is None:
        tree = {}
    if not isinstance(tree, dict):
        raise BrokenFile("it holds something else than settings by name.")
    servers = tree.get(spot.key)
    if servers is None:
        return [] if spot.listed else {}
    if not isinstance(servers, list if spot.listed else dict):
        raise BrokenFile(f"what stands under {spot.key} is no {'list' if spot.listed else 'table'}.")
    found: dict[str, Any] | list[Any] = servers
    return found


def check(editor: Editor, before: str, after: str, spot: Spot, entry: Mapping[str, Any] | None) -> None:
    """Raise BrokenFile unless ``after`` says what ``before`` does, but for this entry (None: gone)."""
    old, new = editor.parse(before), None
    with contextlib.suppress(BrokenFile):  # before could be read: what is wrong is the edit
        new = editor.parse(after)
    wanted = None if entry is None else dict(entry)
    if entry_at(new, spot) != wanted or _with(old, spot, entry) != _with(new, spot, entry):
        raise BrokenFile("its form leaves no safe place to write to.")


def _with(tree: Any, spot: Spot, entry: Mapping[str, Any] | None) -> Any:
    """A copy in which the entry is as given; lists without order, as far as this entry goes."""
    tree = copy.deepcopy(tree) or {}
    servers = servers_in(tree, spot)
    if isinstance(servers, list):
        rest = [one for one in servers if not (isinstance(one, dict) and one.get("name") == spot.name)]
        return {**tree, spot.key: rest + ([dict(entry)] if entry is not None else [])}
    rest_by_name = {name: one for name, one in servers.items() if name != spot.name}
    return {**tree, spot.key: {**rest_by_name, **({spot.name: dict(entry)} if entry is not None else {})}}
