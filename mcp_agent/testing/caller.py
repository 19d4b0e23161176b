"""A person and a model whose answers were written down beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from mcp_agent.errors import CannotAsk
from mcp_agent.model import Json, LogLevel

Elicited = Mapping[str, Json] | Literal["accept", "decline", "cancel"]
"""What a person does with a form: fills it in, or just says yes or no."""

_CAPABILITIES = {"elicitation/create": "elicitation", "sampling/createMessage": "sampling", "roots/list": "roots"}


class ScriptedCaller:
    """Give it to ``host.call``; then look at what it was ``asked``, ``progressed`` and ``logged``.

    ``elicit`` and ``sample`` are used up answer by answer, in order. One that is None is a client that cannot be
    asked for it; so is None for ``roots``, the URIs of the client's folders.
    """

    def __init__(
        self,
        *,
        elicit: Iterable[Elicited] | None = None,
        sample: Iterable[str] | None = None,
        roots: Sequence[str] | None = None,
        principal: str = "test",
    ) -> None:
        self.principal = principal
        self.session = principal
        self.trace_id = f"{1:032x}"
        self.asked: list[tuple[str, Json]] = []
        """Each question as (method, params)."""
        self.progressed: list[tuple[float, float | None, str | None]] = []
        """Each report as (value, total, message)."""
        self.logged: list[tuple[LogLevel, str, Json]] = []
        """Each message as (level, plugin, data)."""
        self.detached = False
        self._answers: dict[str, list[Json] | None] = {
            "elicitation/create": None if elicit is None else [_elicited(answer) for answer in elicit],
            "sampling/createMessage": None if sample is None else [_sampled(text) for text in sample],
        }
        self._roots = None if roots is None else {"roots": [{"uri": uri} for uri in roots]}

    def supports(self, capability: str) -> bool:
        kind = capability.partition(".")[0]
        if kind == "roots":
            return self._roots is not None
        return any(_CAPABILITIES[method] == kind for method, left in self._answers.items() if left is not None)

    def progress(self, value: float, total: float | None, message: str | None) -> None:
        self.progressed.append((value, total, message))

    def log(self, level: LogLevel, logger: str, data: Json) -> None:
        self.logged.append((level, logger, data))

    async def ask(self, requests: Mapping[str, tuple[str, Json]]) -> Mapping[str, Json]:
        return {key: self._answer(method, params) for key, (method, params) in requests.items()}

    async def detach(self) -> None:
        self.detached = True

    def _answer(self, method: str, params: Json) -> Any:
        if not self.supports(_CAPABILITIES[method]):
            raise CannotAsk(f"This caller cannot be asked for {_CAPABILITIES[method]}.")
        self.asked.append((method, params))
        if method == "roots/list":
            return self._roots
        left = self._answers[method]
        if not left:
            raise CannotAsk(f"The script has no answer left for {method}: {params.get('message') or params}")
        return left.pop(0)


def _elicited(answer: Elicited) -> Json:
    if isinstance(answer, str):
        return {"action": answer}
    return {"action": "accept", "content": dict(answer)}


def _sampled(text: str) -> Json:
    return {"role": "assistant", "content": {"type": "text", "text": text}, "model": "script"}
