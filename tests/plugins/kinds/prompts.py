"""Prompts of every kind."""

from __future__ import annotations

from typing import Literal

from mcp_agent import Audio, Context, Embedded, Image, Message, ResourceLink, Text, prompt
from mcp_agent.model import ResourceContents
from tests.plugins.kinds.samples import ICON, Person


async def _colours(ctx: Context, value: str, others: dict[str, str]) -> list[str]:
    near = ["red", "rose"] if others.get("mood") == "warm" else ["red", "rust", "blue"]
    return [colour for colour in near if colour.startswith(value)]


@prompt(title="Paint", icons=[ICON], complete={"colour": _colours})
async def paint(colour: str, mood: str = "calm") -> list[Message]:
    """Ask for a picture."""
    return [
        Message(role="user", content=Text(text=f"Paint in {colour}, {mood}")),
        Message(role="assistant", content=Image(data=b"\x89PNG", mime_type="image/png")),
        Message(role="user", content=Audio(data=b"RIFF", mime_type="audio/wav")),
        Message(role="user", content=ResourceLink(uri="kinds://note", name="note")),
        Message(role="user", content=Embedded(resource=ResourceContents(uri="kinds://note", text="hi"))),
    ]


@prompt()
async def plain() -> str:
    """A prompt without arguments."""
    return "Just talk."


@prompt()
async def mood(kind: Literal["calm", "wild"]) -> str:
    """A prompt with a choice."""
    return f"Be {kind}"


@prompt()
async def personal(ctx: Context) -> str:
    """A prompt that asks first."""
    return f"Greet {(await ctx.elicit('Who?', Person)).content.name}"


PROMPTS = [paint, plain, mood, personal]
