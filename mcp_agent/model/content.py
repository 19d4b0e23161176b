"""What results, prompts and conversations are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

Effect: TypeAlias = Literal["read", "write", "destructive"]
"""What a call does to the world: nothing, something that can be taken back, something that cannot."""

TaskMode: TypeAlias = Literal["auto", "always", "required"]
"""When a call goes on in the background: once it outlives the threshold; from its start; or from its
start, and only for clients that speak the tasks extension."""

LogLevel: TypeAlias = Literal["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"]
LOG_LEVELS: tuple[LogLevel, ...] = LogLevel.__args__  # type: ignore[attr-defined]

Role: TypeAlias = Literal["user", "assistant"]
Json: TypeAlias = Any
"""A value that JSON can hold."""


class Value(Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """Base of the wire values."""


class Icon(Value, frozen=True):
    """A picture for a user interface. ``src`` is an https: or data: URI; ``sizes`` such as ``48x48`` or ``any``."""

    src: str
    mime_type: str | None = None
    sizes: tuple[str, ...] = ()
    theme: Literal["light", "dark"] | None = None


class Annotations(Value, frozen=True):
    """Who a piece of content is for and how much it matters: ``priority`` from 0.0 to 1.0."""

    audience: tuple[Role, ...] = ()
    priority: float | None = None
    last_modified: str | None = None


class Text(Value, frozen=True, tag_field="type", tag="text"):
    text: str
    annotations: Annotations | None = None


class Image(Value, frozen=True, tag_field="type", tag="image"):
    """``data`` is raw bytes here and base64 on the wire."""

    data: bytes
    mime_type: str
    annotations: Annotations | None = None


class Audio(Value, frozen=True, tag_field="type", tag="audio"):
    """``data`` is raw bytes here and base64 on the wire."""

    data: bytes
    mime_type: str
    annotations: Annotations | None = None


class ResourceLink(Value, frozen=True, tag_field="type", tag="resource_link"):
    """Points to a resource that the client may read."""

    uri: str
    name: str
    title: str | None = None
    description: str | None = None
    mime_type: str | None = None
    size: int | None = None
    annotations: Annotations | None = None


class ResourceContents(Value, frozen=True):
    """What reading a resource gives: ``text``, or ``blob`` (raw bytes here, base64 on the wire)."""

    uri: str
    mime_type: str | None = None
    text: str | None = None
    blob: bytes | None = None


class Embedded(Value, frozen=True, tag_field="type", tag="resource"):
    """A resource carried whole inside a result."""

    resource: ResourceContents
    annotations: Annotations | None = None


Content: TypeAlias = Text | Image | Audio | ResourceLink | Embedded


class Message(Value, frozen=True):
    """One message of a prompt or of a conversation to sample from."""

    role: Role
    content: Content


DEGRADED = "mcp-agent/degraded"
"""Key in the ``meta`` of a result that is not what was asked for, but the next best: how it came about."""


ORIGIN = "mcp-agent/origin"
"""Key in a result's meta: text that came from outside says where from, and that it is not to be trusted."""


class ToolResult(Struct, frozen=True, kw_only=True):
    """What a call gave. ``structured`` is a JSON object or absent; ``is_error`` is for the model to act on."""

    content: tuple[Content, ...] = ()
    structured: Json | msgspec.UnsetType = msgspec.UNSET
    is_error: bool = False
    meta: Mapping[str, Json] | None = None

    @property
    def degraded(self) -> bool:
        """A fallback gave this, not the tool itself."""
        return self.meta is not None and DEGRADED in self.meta

    @property
    def origin(self) -> str | None:
        """Where it came from when somebody else wrote it, None for our own."""
        marked: str | None = (self.meta or {}).get(ORIGIN, {}).get("origin")
        return marked

    @property
    def text(self) -> str:
        """All text blocks, a line break between two."""
        return "\n".join(block.text for block in self.content if isinstance(block, Text))

    @property
    def data(self) -> Json:
        """The structured part as plain Python values, None where there is none."""
        if isinstance(self.structured, msgspec.Raw):
            return msgspec.json.decode(self.structured)
        return None if self.structured is msgspec.UNSET else self.structured


class ResourceResult(Struct, frozen=True, kw_only=True):
    """What reading a resource gave."""

    contents: tuple[ResourceContents, ...]
    meta: Mapping[str, Json] | None = None


class PromptResult(Struct, frozen=True, kw_only=True):
    messages: tuple[Message, ...]
    description: str | None = None


class Completion(Value, frozen=True):
    """Suggestions for an argument, best first, 100 at most; ``total`` counts those not shown too."""

    values: tuple[str, ...]
    total: int | None = None
    has_more: bool = False
