"""Callers that are no client: nobody at all, and a tool that runs another."""

from __future__ import annotations

from collections.abc import Mapping

from mcp_agent.errors import CannotAsk
from mcp_agent.model import Caller, Json, LogLevel
from mcp_agent.protocol import trace


class NoCaller:
    """A caller with nobody behind it: the host itself, a script, a program that embeds the host."""

    def __init__(self, principal: str) -> None:
        self.principal = principal
        self.session = principal
        self.trace_id = trace.fresh()

    def supports(self, capability: str) -> bool:
        return False

    def progress(self, value: float, total: float | None, message: str | None) -> None:
        """Nobody wants to know."""

    def log(self, level: LogLevel, logger: str, data: Json) -> None:
        """Nobody wants to know."""

    async def ask(self, requests: Mapping[str, tuple[str, Json]]) -> Mapping[str, Json]:
        raise CannotAsk(
            f"This needs an answer from a person or a model, and {self.principal} has none.",
            hint="Call it from an assistant, or give the answer as an argument where the tool takes one.",
        )

    async def detach(self) -> None:
        """It is waited for all the same."""


class PassedOn:
    """Who called a tool, for a tool that this one runs. Questions of the two are told apart, for an answer goes by the
    key of its question."""

    def __init__(self, caller: Caller, prefix: str) -> None:
        self.principal, self.session, self.trace_id = caller.principal, caller.session, caller.trace_id
        self.supports, self.log, self.detach = caller.supports, caller.log, caller.detach
        self._caller = caller
        self._prefix = prefix

    def progress(self, value: float, total: float | None, message: str | None) -> None:
        """Only the tool that was called knows how far all of it is."""

    async def ask(self, requests: Mapping[str, tuple[str, Json]]) -> Mapping[str, Json]:
        answers = await self._caller.ask({f"{self._prefix}.{key}": one for key, one in requests.items()})
        return {key: answers[f"{self._prefix}.{key}"] for key in requests}
