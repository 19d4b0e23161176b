"""What is remembered, through the tools of the memory plugin: by their names, as an assistant would."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
from msgspec import Struct

from mcp_agent.control import api
from mcp_agent.control.desk import Desk
from mcp_agent.errors import ToolError

RECALL, UPDATE, FORGET, RECENT = "memory_recall", "memory_update", "memory_forget", "memory_recent"
_SHOWN = 100
_TOKENS = 50_000
"""What an answer may cost: a person pays for none."""


class Remembered(Struct, frozen=True):
    """A fact. ``created`` is ISO 8601, UTC."""

    id: int
    text: str
    created: str = ""
    source: str | None = None
    tags: list[str] = []
    superseded_by: int | None = None


class Forgotten(Struct, frozen=True):
    """``copies`` are files that may still hold it, ``versions`` older versions of it, which stay."""

    copies: list[str] = []
    versions: list[int] = []


class _Updated(Struct, frozen=True):
    id: int


async def memory_tools(desk: Desk) -> frozenset[str]:
    """Those tools of the memory plugin that are on offer now; none where no instance runs."""
    if not desk.instances:
        return frozenset()
    return frozenset(tool for one in await desk.plugins() if one.status == "active" for tool in one.tools) & {
        RECALL, UPDATE, FORGET, RECENT,
    }  # fmt: skip


async def search(desk: Desk, query: str, tools: Collection[str]) -> list[Remembered]:
    """Facts about a question, best first; without one the newest, where the plugin can tell. Raises ToolError."""
    if query.strip():
        return _facts(await desk.call(RECALL, {"query": query, "limit": _SHOWN, "tokens": _TOKENS}))
    return _facts(await desk.call(RECENT, {"limit": _SHOWN})) if RECENT in tools else []


async def update(desk: Desk, fact: int, text: str) -> int:
    """The person says it anew. Gives the number of the new fact. Raises ToolError."""
    given = _done(await desk.call(UPDATE, {"id": fact, "text": text}, confirmed=True))
    return msgspec.json.decode(given.data, type=_Updated).id


async def forget(desk: Desk, fact: int, *, permanent: bool) -> Forgotten:
    """The person has confirmed it. Raises ToolError."""
    given = _done(await desk.call(FORGET, {"ids": [fact], "permanent": permanent}, confirmed=True))
    return msgspec.json.decode(given.data, type=Forgotten)


def _done(given: api.Given) -> api.Given:
    if given.is_error:
        raise ToolError(given.text)
    return given


def _facts(given: api.Given) -> list[Remembered]:
    """A page of facts, or a list of them."""
    data: Any = msgspec.json.decode(_done(given).data)
    found = data.get("facts", data.get("result", [])) if isinstance(data, dict) else []
    return msgspec.convert(found, list[Remembered])
