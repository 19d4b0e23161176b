"""A call that asks, and its retries with the answers, as a client of 2026-07-28 makes them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.support.schema import MODERN
from tests.support.served import serving
from tests.support.wire import EVERYTHING, Client

SAID = {"role": "assistant", "content": {"type": "text", "text": "hi"}, "model": "small", "stopReason": "endTurn"}
ROOTS = {"roots": [{"uri": "file:///home"}]}


def name(value: str) -> dict[str, Any]:
    return {"action": "accept", "content": {"name": value, "age": 3}}


def text_of(result: dict[str, Any]) -> str:
    assert result["resultType"] == "complete"
    text: str = result["content"][0]["text"]
    return text


class Call:
    """A call and its retries, as a client makes them."""

    def __init__(self, client: Client, tool: str, **arguments: Any) -> None:
        self.client = client
        self.params: dict[str, Any] = {"name": tool, "arguments": arguments}
        self.state: str | None = None
        self.questions: dict[str, Any] = {}

    async def start(self) -> dict[str, Any]:
        """The questions of the first round."""
        return await self.questions_of(self.params)

    async def questions_of(self, params: dict[str, Any]) -> dict[str, Any]:
        result = await self.client.call("tools/call", params)
        assert result["resultType"] == "input_required", result
        self.state = result["requestState"]
        self.questions = result["inputRequests"]
        assert self.questions
        return self.questions

    def retry(self, answers: dict[str, Any] | None, **other: Any) -> dict[str, Any]:
        """Parameters of the next round."""
        more: dict[str, Any] = {"requestState": self.state}
        if answers is not None:
            more["inputResponses"] = answers
        return {**self.params, **more, **other}

    async def again(self, answers: dict[str, Any] | None = None, **other: Any) -> dict[str, Any]:
        """The questions of the next round."""
        return await self.questions_of(self.retry(answers, **other))

    async def end(self, answers: dict[str, Any] | None = None, **other: Any) -> str:
        """The text at the end."""
        return text_of(await self.client.call("tools/call", self.retry(answers, **other)))


@asynccontextmanager
async def asked(**options: Any) -> AsyncIterator[tuple[Any, Client]]:
    async with serving(**options) as served:
        yield served, await served.client(MODERN, capabilities=EVERYTHING)
