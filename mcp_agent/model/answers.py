"""What asking a client gives."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from mcp_agent.model.content import Json, Role


class Answer(Struct, frozen=True):
    """What a person did with a question. ``content`` is set when ``action`` is ``accept``."""

    action: Literal["accept", "decline", "cancel"]
    content: Any = None

    @property
    def accepted(self) -> bool:
        return self.action == "accept"


class Sample(Struct, frozen=True, rename="camel"):
    """What the client's model said. ``content`` is one block, or several when it used tools."""

    role: Role
    content: Json
    model: str
    stop_reason: str | None = None

    @property
    def text(self) -> str:
        """All text blocks joined."""
        blocks = self.content if isinstance(self.content, list) else [self.content]
        return "".join(b.get("text", "") for b in blocks if isinstance(b, dict))


class Root(Struct, frozen=True):
    """A folder the client works in, as a ``file://`` URI."""

    uri: str
    name: str | None = None
