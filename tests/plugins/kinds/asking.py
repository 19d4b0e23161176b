"""Questions to the person, to the client and to its model."""

from __future__ import annotations

import asyncio
from typing import Any

from mcp_agent import ROOTS, Audio, Context, Image, Message, Text, elicitation, read_answer, sampling, tool
from tests.plugins.kinds.samples import PERSON, Person

WEATHER_TOOL = {"name": "weather", "inputSchema": {"type": "object", "properties": {"city": {"type": "string"}}}}


@tool(effect="read")
async def ask_name(ctx: Context, greeting: str = "Hello", note: Any = None) -> str:
    """Ask for a name with a form."""
    answer = await ctx.elicit("Who are you?", Person)
    return f"{greeting} {answer.content.name}" if answer.accepted else answer.action


@tool(effect="read")
async def ask_url(ctx: Context) -> str:
    """Ask to open a page."""
    return (await ctx.elicit("Please sign in", url="https://example.com/sign-in")).action


@tool(effect="read")
async def ask_at_once(ctx: Context) -> str:
    """Three questions side by side."""
    name, said, roots = await asyncio.gather(ctx.elicit("Name?", Person), ctx.sample("Say hi"), ctx.roots())
    return f"{name.content.name}, {said.text}, {roots[0].uri}"


@tool(effect="read")
async def ask_many(ctx: Context) -> str:
    """Three questions in one request."""
    asked = await ctx.ask({"who": elicitation("Name?", Person), "say": sampling("Say hi"), "where": ROOTS})
    who = read_answer(asked["who"], Person)
    return f"{who.content.name}, {asked['say']['content']['text']}, {asked['where']['roots'][0]['uri']}"


@tool(effect="read")
async def ask_in_turn(ctx: Context) -> str:
    """Three questions, one after the other."""
    answers = [await ctx.elicit(f"Name {number}?", PERSON) for number in (1, 2, 3)]
    return " ".join(answer.content["name"] for answer in answers)


@tool(effect="read")
async def sample(ctx: Context) -> str:
    """Let the client's model speak, with all kinds of content to go by."""
    said = await ctx.sample(
        [
            Message(role="user", content=Text(text="Look at this")),
            Message(role="user", content=Image(data=b"\x89PNG", mime_type="image/png")),
            Message(role="user", content=Audio(data=b"RIFF", mime_type="audio/wav")),
        ],
        max_tokens=7,
        systemPrompt="Be brief.",
        temperature=0.5,
        modelPreferences={"hints": [{"name": "small"}], "speedPriority": 1},
    )
    return f"{said.model} said {said.text}"


@tool(effect="read")
async def sample_tools(ctx: Context) -> str:
    """Let the client's model use a tool."""
    first = await ctx.sample("Weather?", tools=[WEATHER_TOOL], toolChoice={"mode": "auto"})
    return str(first.stop_reason)


@tool(effect="read")
async def list_roots(ctx: Context) -> str:
    """Where the client works."""
    return " ".join(root.uri for root in await ctx.roots())


@tool(effect="read")
async def forms(ctx: Context) -> str:
    """A form with every kind of field."""
    form = {
        "type": "object",
        "properties": {
            "text": {"type": "string", "minLength": 1, "maxLength": 9, "title": "Text"},
            "mail": {"type": "string", "format": "email"},
            "whole": {"type": "integer", "minimum": 1, "maximum": 9},
            "yes": {"type": "boolean", "default": True},
            "one": {"type": "string", "enum": ["a", "b"]},
        },
        "required": ["text"],
    }
    return (await ctx.elicit("Fill this in", form)).action


@tool(effect="read")
async def newer_forms(ctx: Context, several: bool = False) -> str:
    """A form that the first revision with forms had no words for."""
    fields: dict[str, Any] = {
        "titled": {"type": "string", "oneOf": [{"const": "a", "title": "A"}], "default": "a"},
        "part": {"type": "number", "minimum": 0.5, "default": 1},
    }
    if several:
        fields["several"] = {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}
    answer = await ctx.elicit("Choose", {"type": "object", "properties": fields})
    return " ".join(answer.content["seen"])


TOOLS = [ask_name, ask_url, ask_at_once, ask_many, ask_in_turn, sample, sample_tools, list_roots, forms, newer_forms]
