"""The person at the terminal, as whoever makes a call: they can be asked."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from typing import Any

from mcp_agent.callers import NoCaller
from mcp_agent.cli.output import complain
from mcp_agent.errors import CannotAsk
from mcp_agent.model import Json


class Person(NoCaller):
    """Questions go to stderr and answers come from stdin, where both are a terminal."""

    def __init__(self) -> None:
        super().__init__("cli")
        self._there = sys.stdin.isatty() and sys.stderr.isatty()

    def supports(self, capability: str) -> bool:
        return capability == "elicitation" and self._there

    async def ask(self, requests: Mapping[str, tuple[str, Json]]) -> Mapping[str, Json]:
        return {key: await self._ask(method, params) for key, (method, params) in requests.items()}

    async def _ask(self, method: str, params: Json) -> Json:
        if method != "elicitation/create" or params.get("mode") == "url" or not self._there:
            raise CannotAsk("A terminal cannot answer this.", hint="Call it from an assistant.")
        complain(params["message"])
        content: dict[str, Any] = {}
        for name, node in params["requestedSchema"].get("properties", {}).items():
            given = await asyncio.to_thread(_read, node.get("title") or node.get("description") or name, node)
            if given is None:
                return {"action": "cancel"}
            content[name] = given
        return {"action": "accept", "content": content}


def _read(label: str, node: Mapping[str, Any]) -> Any:
    """One value, None when the person gives up with an empty line."""
    choices: list[str] = [str(choice) for choice in node.get("enum", ())]
    complain("".join(f"  {number}. {choice}\n" for number, choice in enumerate(choices, 1)).rstrip("\n"))
    while True:
        complain(f"{label}{' (number)' if choices else ''}: ", end="")
        text = sys.stdin.readline().strip()
        if not text:
            return None
        if not choices:
            return _typed(text, node.get("type"))
        if text.isdigit() and 1 <= int(text) <= len(choices):
            return choices[int(text) - 1]
        complain("Type one of the numbers, or nothing to give up.")


def _typed(text: str, kind: str | None) -> Any:
    if kind == "boolean":
        return text.lower() in ("y", "yes", "true", "1")
    if kind in ("integer", "number"):
        try:
            return int(text) if kind == "integer" else float(text)
        except ValueError:
            return text
    return text
