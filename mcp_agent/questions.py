"""What a tool may ask of the client, for ``ctx.ask``, and the answer to an elicitation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from mcp_agent.model import Answer, Content, Json, Message, Text
from mcp_agent.schema.forms import form_schema, read_form

Form = type | dict[str, Any]


def elicitation(message: str, form: Form | None = None, url: str | None = None) -> tuple[str, Json]:
    """A question to the person, for ``ctx.ask``."""
    if url is not None:
        return "elicitation/create", {"mode": "url", "message": message, "url": url}
    schema = form_schema(form if form is not None else {"type": "object", "properties": {}})
    return "elicitation/create", {"mode": "form", "message": message, "requestedSchema": schema}


def sampling(messages: str | Sequence[Message], max_tokens: int = 1000, **options: Json) -> tuple[str, Json]:
    """A request to the client's model, for ``ctx.ask``."""
    if isinstance(messages, str):
        content: Content = Text(text=messages)
        messages = [Message(role="user", content=content)]
    return "sampling/createMessage", {"messages": list(messages), "maxTokens": max_tokens, **options}


ROOTS: tuple[str, Json] = ("roots/list", {})
"""A request for the client's folders, for ``ctx.ask``."""


def read_answer(raw: Json, form: Form | None = None) -> Answer:
    """What came back for an elicitation, typed when the form is a type."""
    answer = msgspec.convert(raw, Answer)
    if not answer.accepted or form is None:
        return answer
    return Answer(answer.action, read_form(form, answer.content))
