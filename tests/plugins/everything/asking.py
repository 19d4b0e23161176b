"""Tools that ask one thing of the client, in the words of the older revisions' scenarios."""

from __future__ import annotations

from typing import Any

import msgspec

from mcp_agent import Answer, Context, tool

_OPTIONS = ["option1", "option2", "option3"]


def form(**properties: dict[str, Any]) -> dict[str, Any]:
    """A form in which everything must be filled in."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def choices(prefix: str, *titles: str) -> list[dict[str, str]]:
    return [{"const": f"{prefix}{number}", "title": title} for number, title in enumerate(titles, 1)]


def _described(answer: Answer) -> str:
    content = msgspec.json.encode(answer.content).decode()
    return f"Elicitation completed: action={answer.action}, content={content}"


@tool(effect="read")
async def ask(ctx: Context) -> str:
    """Ask for a name."""
    answer = await ctx.elicit("Name?", form(name={"type": "string"}), key="user_name")
    return f"Hello {answer.content['name']}"


@tool(effect="read")
async def test_sampling(ctx: Context, prompt: str) -> str:
    """Let the client's model answer."""
    sample = await ctx.sample(prompt, max_tokens=100)
    return f"LLM response: {sample.text}"


@tool(effect="read")
async def test_missing_capability(ctx: Context) -> str:
    """Need a client that samples."""
    return (await ctx.sample("Are you there?")).text


@tool(effect="read")
async def test_elicitation(ctx: Context, message: str) -> str:
    """Ask for a user name and an address."""
    answer = await ctx.elicit(
        message,
        form(
            username={"type": "string", "description": "User's response"},
            email={"type": "string", "description": "User's email address"},
        ),
    )
    return f"User response: {_described(answer)}"


@tool(effect="read")
async def test_streaming_elicitation(ctx: Context) -> str:
    """Say something, then ask."""
    ctx.log("info", "A question follows.")
    ctx.progress(1, 2)
    return _described(await ctx.elicit("Go on?", form(confirm={"type": "boolean"})))


@tool(effect="read")
async def test_elicitation_sep1034_defaults(ctx: Context) -> str:
    """Ask with a default for each kind of field."""
    schema = form(
        name={"type": "string", "default": "John Doe"},
        age={"type": "integer", "default": 30},
        score={"type": "number", "default": 95.5},
        status={"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
        verified={"type": "boolean", "default": True},
    )
    return _described(await ctx.elicit("Is this right?", {**schema, "required": []}))


@tool(effect="read")
async def test_elicitation_sep1330_enums(ctx: Context) -> str:
    """Ask with each kind of choice."""
    schema = form(
        untitledSingle={"type": "string", "enum": _OPTIONS},
        titledSingle={
            "type": "string",
            "oneOf": choices("value", "First Option", "Second Option", "Third Option"),
        },
        legacyEnum={
            "type": "string",
            "enum": ["opt1", "opt2", "opt3"],
            "enumNames": ["Option One", "Option Two", "Option Three"],
        },
        untitledMulti={"type": "array", "items": {"type": "string", "enum": _OPTIONS}},
        titledMulti={
            "type": "array",
            "items": {"anyOf": choices("value", "First Choice", "Second Choice", "Third Choice")},
        },
    )
    return _described(await ctx.elicit("Choose", {**schema, "required": []}))


TOOLS = [
    ask,
    test_sampling,
    test_missing_capability,
    test_elicitation,
    test_streaming_elicitation,
    test_elicitation_sep1034_defaults,
    test_elicitation_sep1330_enums,
]
