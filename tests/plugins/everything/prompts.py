"""Prompts: plain, with arguments and completion, with content, and one that asks."""

from __future__ import annotations

from typing import Annotated

from mcp_agent import Context, Embedded, Field, Image, ResourceContents, Text, prompt
from tests.plugins.everything.asking import form
from tests.plugins.everything.samples import PNG

_WORDS = ["paris", "park", "party", "world"]


def _words(ctx: Context, value: str, others: dict[str, str]) -> list[str]:
    return [word for word in _WORDS if word.startswith(value)]


@prompt()
async def test_simple_prompt() -> str:
    """A prompt without arguments."""
    return "This is a simple prompt for testing."


@prompt(complete={"arg1": _words, "arg2": _words})
async def test_prompt_with_arguments(
    arg1: Annotated[str, Field("First test argument")], arg2: Annotated[str, Field("Second test argument")]
) -> str:
    """A prompt with arguments."""
    return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"


@prompt()
async def test_prompt_with_embedded_resource(
    resourceUri: Annotated[str, Field("URI of the resource to embed")],
) -> list[Embedded | Text]:
    """A prompt with a resource in it."""
    text = "Embedded resource content for testing."
    found = ResourceContents(uri=resourceUri, mime_type="text/plain", text=text)
    return [Embedded(resource=found), Text(text="Please process the embedded resource above.")]


@prompt()
async def test_prompt_with_image() -> list[Image | Text]:
    """A prompt with a picture in it."""
    return [Image(data=PNG, mime_type="image/png"), Text(text="Please analyze the image above.")]


@prompt()
async def test_input_required_result_prompt(ctx: Context) -> str:
    """A prompt that asks."""
    question = form(context={"type": "string"})
    answer = await ctx.elicit("What context should the prompt use?", question, key="user_context")
    return f"Use this context: {answer.content['context']}"


PROMPTS = [
    test_simple_prompt,
    test_prompt_with_arguments,
    test_prompt_with_embedded_resource,
    test_prompt_with_image,
    test_input_required_result_prompt,
]
