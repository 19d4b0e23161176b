"""What the tools, resources and prompts of all kinds share."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from mcp_agent import Annotations, Icon

ICON = Icon(src="https://example.com/icon.png", mime_type="image/png", sizes=("48x48",), theme="dark")
SEEN = Annotations(audience=("user",), priority=0.5)


class Weather(Struct):
    """What it is like outside."""

    city: str
    degrees: float


class Person(Struct):
    """Who is asked."""

    name: str
    age: int = 30


PERSON = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}


def endless() -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(100_000):  # deeper than the encoder goes in any version of Python
        value = {"in": value}
    return value
