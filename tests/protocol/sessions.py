"""Clients of the revisions with sessions that answer what they are asked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.protocol.rounds import name
from tests.support.schema import LEGACY
from tests.support.wire import Client

every_legacy = pytest.mark.parametrize("revision", LEGACY)
with_forms = pytest.mark.parametrize("revision", ["2025-06-18", "2025-11-25"])
SAID = {"role": "assistant", "content": {"type": "text", "text": "hi"}, "model": "small", "stopReason": "endTurn"}
ROOTS = {"roots": [{"uri": "file:///home", "name": "home"}, {"uri": "file:///work"}]}


def text_of(result: dict[str, Any]) -> str:
    text: str = result["content"][0]["text"]
    return text


def answer_everything(client: Client) -> None:
    client.answers = {
        "elicitation/create": lambda params: name("Ada"),
        "sampling/createMessage": lambda params: SAID,
        "roots/list": lambda params: ROOTS,
    }
