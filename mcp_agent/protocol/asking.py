"""Putting questions to the client: written once by a tool, carried in one of three ways.

Up to 2025-11-25 the server sends a request. In 2026-07-28 the call ends with ``input_required`` and runs again
from its start when the client comes back with the answers (so a tool asks first and acts after). A call that has
become a task shows its questions in ``tasks/get`` and waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from mcp_agent.errors import CannotAsk, InvalidParams, MissingCapability
from mcp_agent.model import Json
from mcp_agent.protocol import wire
from mcp_agent.protocol.methods import INPUT_REQUESTS

if TYPE_CHECKING:
    from mcp_agent.protocol.exchange import Exchange

Questions = Mapping[str, tuple[str, Json]]

SUSPENDED = "waits for the answers of the client"
"""The message of the cancellation that ends a call until its client comes back with answers."""


class _ElicitResult(msgspec.Struct):
    action: Literal["accept", "decline", "cancel"]
    content: dict[str, Any] | None = None


class _SampleResult(msgspec.Struct):
    role: Literal["user", "assistant"]
    content: dict[str, Any] | list[dict[str, Any]]
    model: str


class _Root(msgspec.Struct):
    uri: str


class _RootsResult(msgspec.Struct):
    roots: list[_Root]


_SHAPES: dict[str, type] = {
    "elicitation/create": _ElicitResult,
    "sampling/createMessage": _SampleResult,
    "roots/list": _RootsResult,
}


async def ask(exchange: Exchange, questions: Questions) -> Mapping[str, Json]:
    """Every answer by its key. Raises MissingCapability or CannotAsk when this client cannot be asked."""
    for method, params in questions.values():
        _require(exchange, method, params)
    if not exchange.revision.modern:
        answers = await _ask_directly(exchange, questions)
    elif exchange.job is not None:
        answers = await _ask_as_task(exchange, questions)
    else:
        answers = await _ask_in_rounds(exchange, questions)
    for key, (method, _) in questions.items():
        check(key, method, answers[key])
    return answers


def _require(exchange: Exchange, method: str, params: Json) -> None:
    capability = INPUT_REQUESTS[method]
    if method == "elicitation/create" and params.get("mode") == "url":
        capability = "elicitation.url"
    elif method == "sampling/createMessage" and "tools" in params:
        capability = "sampling.tools"
    if not exchange.supports(capability):
        if exchange.revision.modern:
            name, _, part = capability.partition(".")
            raise MissingCapability({name: {part: {}} if part else {}})
        raise CannotAsk(
            f"This needs an answer ({capability}), and the client in use cannot be asked.",
            hint="Use a client that declares it, or give the answer as an argument where the tool takes one.",
        )
    if exchange.job is not None and exchange.revision.modern and not exchange.tasks:
        raise CannotAsk("A call that went on in the background cannot ask this client anything.")


def check(key: str, method: str, answer: Json) -> None:
    """Raises InvalidParams for an answer that is no result of the method."""
    try:
        msgspec.convert(answer, _SHAPES[method])
    except msgspec.ValidationError as error:
        raise InvalidParams(f"The answer to {key!r} is not a result of {method}: {error}") from None


async def _ask_directly(exchange: Exchange, questions: Questions) -> Mapping[str, Json]:
    requests = [
        asyncio.ensure_future(
            exchange.peer.request(exchange.channel, method, wire.ask_params(method, params, exchange.revision))
        )
        for method, params in questions.values()
    ]
    try:
        return dict(zip(questions, await asyncio.gather(*requests), strict=True))
    finally:  # one that failed takes the others back
        for request in requests:
            request.cancel()


async def _ask_as_task(exchange: Exchange, questions: Questions) -> Mapping[str, Json]:
    job = exchange.job
    assert job is not None
    jobs = exchange.server.jobs
    answers = jobs.ask(job, {key: _question(exchange, *question) for key, question in questions.items()})
    try:
        return dict(zip(questions, await asyncio.gather(*answers), strict=True))
    finally:  # also when the tool gave up waiting
        jobs.settle(job)


async def _ask_in_rounds(exchange: Exchange, questions: Questions) -> Mapping[str, Json]:
    missing = []
    for key, (method, _) in questions.items():
        if key in exchange.answers:
            check(key, method, exchange.answers[key])
            exchange.answered.add(key)
        else:
            missing.append(key)
    if missing:
        for key in missing:
            exchange.open_questions[key] = _question(exchange, *questions[key])
        loop = asyncio.get_running_loop()
        loop.call_soon(exchange.suspend)  # what runs beside this may have questions too: take them along
        await loop.create_future()  # the call ends here, and runs again with the answers
    return {key: exchange.answers[key] for key in questions}


def _question(exchange: Exchange, method: str, params: Json) -> wire.Wire:
    return {"method": method, "params": wire.ask_params(method, params, exchange.revision)}
