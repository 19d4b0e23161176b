"""What the wizard needs of whoever shows it: prompts in a terminal, a window in one, or a test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from mcp_agent.errors import AgentError
from mcp_agent.vault.secret import Secret


class Stopped(AgentError):
    """The person gave up. Nothing was changed."""


Check = Callable[[str], str | None]
"""What is wrong with an answer, None when it is right."""


class Face(Protocol):
    """Each question blocks until it is answered, and raises Stopped when the person gives up."""

    def say(self, text: str) -> None: ...
    def pick(self, question: str, options: Sequence[str], chosen: Sequence[int]) -> list[int]:
        """Any number of them, by their places. ``chosen`` are those to begin with."""

    def one(self, question: str, options: Sequence[str]) -> int:
        """One of them, by its place. The first is the usual answer."""

    def text(self, question: str, about: str, default: str, check: Check) -> str:
        """``default`` is what an empty answer means. Asked again until ``check`` finds it right."""

    def secret(self, question: str, about: str) -> Secret | None:
        """Typed without being shown. None for an empty answer: leave it as it is."""

    def yes(self, question: str) -> bool: ...
