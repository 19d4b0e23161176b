"""Every kind of result, and what is none."""

from __future__ import annotations

from typing import Any

from msgspec import Raw

from mcp_agent import Audio, Embedded, Image, ResourceLink, Text, ToolError, ToolResult, tool
from mcp_agent.model import Content, ResourceContents
from tests.plugins.kinds.samples import ICON, SEEN, Weather, endless


@tool(effect="read")
async def echo(text: str) -> str:
    """Give the text back."""
    return text


@tool(effect="destructive", title="Wipe it", icons=[ICON], idempotent=True, open_world=True)
async def wipe(what: str = "all") -> None:
    """Pretend to delete something."""


@tool(effect="read")
async def weather(city: str) -> Weather:
    """Weather as structured content."""
    return Weather(city, 21.5)


@tool(effect="read")
async def numbers() -> list[int]:
    """A list, which is wrapped into an object."""
    return [1, 2, 3]


@tool(effect="read")
async def every_kind() -> list[Content]:
    """One block of every kind."""
    return [
        Text(text="words", annotations=SEEN),
        Image(data=b"\x89PNG", mime_type="image/png", annotations=SEEN),
        Audio(data=b"RIFF", mime_type="audio/wav", annotations=SEEN),
        ResourceLink(uri="kinds://note", name="note", title="A note", mime_type="text/plain", annotations=SEEN),
        Embedded(resource=ResourceContents(uri="kinds://note", mime_type="text/plain", text="hi"), annotations=SEEN),
        Embedded(resource=ResourceContents(uri="kinds://bytes", mime_type="image/png", blob=b"\x00\x01")),
    ]


@tool(effect="read")
async def with_meta() -> ToolResult:
    """A result with ``_meta`` of its own."""
    return ToolResult(content=(Text(text="meta"),), meta={"example.com/key": 1})


@tool(effect="read")
async def spread_out() -> ToolResult:
    """Ready JSON over several lines."""
    return ToolResult(content=(Text(text="x"),), structured=Raw(b'{\r\n "a": "b\\nc"\n}'))


@tool(effect="read")
async def refuse() -> str:
    """An error for the model."""
    raise ToolError("The drawer is locked.", hint="Find the key.")


@tool(effect="read")
async def bug() -> str:
    """A programming error."""
    raise KeyError("secret")


@tool(effect="read")
async def surrogate() -> str:
    """Text that no encoding has a form for."""
    return "before\ud800after"


@tool(effect="read")
async def surrogate_inside() -> dict[str, Any]:
    """The same, inside structured content."""
    return {"name": "file\udcff"}


@tool(effect="read")
async def unspeakable() -> ToolResult:
    """A result that cannot be encoded at all."""
    return ToolResult(content=(Text(text="x"),), meta=endless())


@tool(effect="read")
async def bottomless() -> dict[str, Any]:
    """Structured content that cannot be encoded."""
    return endless()


@tool(effect="read")
async def long_text(size: int) -> str:
    """So many characters."""
    return "x" * size


@tool(effect="read")
async def anything(value: Any = None) -> ToolResult:
    """Takes whatever JSON holds."""
    return ToolResult(content=(Text(text=type(value).__name__),))


TOOLS = [
    echo,
    wipe,
    weather,
    numbers,
    every_kind,
    with_meta,
    spread_out,
    refuse,
    bug,
    surrogate,
    surrogate_inside,
    unspeakable,
    bottomless,
    long_text,
    anything,
]
