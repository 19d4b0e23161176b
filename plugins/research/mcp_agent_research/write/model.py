"""The model that plans and writes: the client's own by sampling, or one at an OpenAI-compatible address."""

from __future__ import annotations

from typing import Any, Protocol

from msgspec import Struct

from mcp_agent import Context, UpstreamError, read_body

KEY = "model_key"
_BYTES_PER_TOKEN = 2
"""Fewer than any text in words has, so that what is set aside beforehand is enough."""
_PER = 1_000_000
_MOST_BYTES = 2_000_000


class Reply(Struct, frozen=True):
    """``input`` and ``output`` are tokens, counted by the other side where it says, else estimated from above."""

    text: str
    model: str
    input: int
    output: int


class Model(Protocol):
    """Whoever writes."""

    @property
    def name(self) -> str:
        """What a report says wrote it."""

    async def ask(self, system: str, prompt: str, schema: dict[str, Any]) -> Reply:
        """JSON of this schema, as far as the model can. Raises ToolError."""

    def price(self, input: int, output: int) -> float:
        """What so many tokens cost, in the person's currency."""

    @property
    def most_output(self) -> int:
        """Tokens that a reply may have."""


class Sampling:
    """The client's model. What it costs is between the person and the client."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self.most_output: int = ctx.config.model.most_output
        self.name = "the model of the client"

    async def ask(self, system: str, prompt: str, schema: dict[str, Any]) -> Reply:
        answer = await self._ctx.sample(prompt, max_tokens=self.most_output, systemPrompt=system)
        return Reply(answer.text, answer.model, estimate(system + prompt), estimate(answer.text))

    def price(self, input: int, output: int) -> float:
        return 0.0


class Endpoint:
    """A model at an address of the configuration."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._settings = ctx.config.model
        self.most_output: int = self._settings.most_output
        self.name: str = self._settings.name or "the configured model"

    async def ask(self, system: str, prompt: str, schema: dict[str, Any]) -> Reply:
        import aiohttp
        import msgspec

        body = {
            "model": self._settings.name, "max_tokens": self.most_output, "temperature": 0,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": prompt}],
            "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}},
        }  # fmt: skip
        url = f"{self._settings.address.rstrip('/')}/chat/completions"
        key = await self._ctx.secrets.get(KEY)
        headers = {"Authorization": f"Bearer {key.reveal()}"} if key else {}
        timeout = aiohttp.ClientTimeout(total=self._settings.seconds)
        try:
            async with self._ctx.http.post(
                url, json=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                answer = await read_body(response, at_most=_MOST_BYTES)
                if response.status != 200:
                    raise UpstreamError(f"The model answered with status {response.status}: {answer[:300]!r}.")
            found = msgspec.json.decode(answer, type=_Completion)
        except aiohttp.ClientError as error:
            raise UpstreamError(f"The model cannot be reached: {error}.") from None
        except TimeoutError:
            raise UpstreamError(f"The model did not answer within {self._settings.seconds:g} seconds.") from None
        except msgspec.MsgspecError as error:
            raise UpstreamError(f"The model did not answer as an OpenAI-compatible one does: {error}.") from None
        text = (found.choices[0].message.content or "") if found.choices else ""
        usage = found.usage or _Usage(estimate(system + prompt), estimate(text))
        return Reply(text, found.model or self.name, usage.prompt_tokens, usage.completion_tokens)

    def price(self, input: int, output: int) -> float:
        return float(self._settings.input_price * input + self._settings.output_price * output) / _PER


def endpoint(ctx: Context) -> Endpoint | None:
    """The configured model, if there is one."""
    return Endpoint(ctx) if ctx.config.model.address else None


def model_for(ctx: Context) -> Model | None:
    """The client's model where it offers one, else the configured one, else none."""
    return Sampling(ctx) if ctx.supports("sampling") else endpoint(ctx)


def estimate(text: str) -> int:
    """Tokens that a text has at most."""
    return len(text.encode()) // _BYTES_PER_TOKEN + 1


class _Message(Struct):
    content: str | None = None


class _Choice(Struct):
    message: _Message


class _Usage(Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Completion(Struct):
    choices: list[_Choice]
    model: str = ""
    usage: _Usage | None = None
