"""From functions to tools, resources and prompts; what cannot be one is refused by name."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from mcp_agent import Context, PluginError, prompt, resource, tool
from mcp_agent.errors import InvalidParams
from mcp_agent.schema.build import build_prompt, build_resource, build_tool
from tests.schema.kinds import Lamp, Point
from tests.schema.probe import tool_of


@pytest.mark.parametrize("kind", [complex, object, range, Callable[[int], int], Point | Lamp, dt.datetime | str])
def test_a_type_that_json_cannot_hold_is_named_with_function_and_parameter(kind: Any) -> None:
    with pytest.raises(PluginError, match=r"probe: x cannot be an argument\. ."):
        tool_of(kind)
    with pytest.raises(PluginError, match=r"probe: what it returns cannot be a result\. ."):
        tool_of(int, returns=list[kind])


async def takes_many(*names: str) -> None:
    """Take many."""


async def takes_any(**names: str) -> None:
    """Take any."""


async def by_position(name: str, /) -> None:
    """Take one."""


async def untyped(name) -> None:  # type: ignore[no-untyped-def]
    """Take one."""


async def unknown_type(name: Nowhere) -> None:  # type: ignore[name-defined]  # noqa: F821
    """Take one."""


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (takes_many, r"takes_many: \*names.* is not allowed; name each argument"),
        (takes_any, r"takes_any: \*\*names.* is not allowed"),
        (by_position, r"by_position: name.* is not allowed; name each argument, passable by keyword"),
        (untyped, "untyped: name has no type; annotate it"),
        (unknown_type, "unknown_type: its annotations cannot be resolved: name 'Nowhere' is not defined"),
    ],
)
def test_a_signature_that_cannot_be_a_schema_is_refused(function: Callable[..., Any], says: str) -> None:
    with pytest.raises(PluginError, match=says):
        build_tool(tool(effect="read")(function), "test")


def test_a_sync_function_runs_in_a_thread_with_the_context_of_the_call() -> None:
    @tool(effect="read")
    def probe(ctx: Context, x: int) -> str:
        """Say where it runs."""
        return f"{threading.current_thread().name} {x} {ctx is context}"

    built = build_tool(probe, "test")
    context: Any = SimpleNamespace(threads=ThreadPoolExecutor(1, "worker"))
    assert list(built.input_schema["properties"]) == ["x"]
    try:
        said = asyncio.run(built.invoke(context, built.parse(b'{"x": 3}')))  # type: ignore[arg-type]
    finally:
        context.threads.shutdown()
    assert said == "worker_0 3 True"


def test_the_context_may_have_any_name_and_place() -> None:
    @tool(effect="read")
    async def probe(x: int, here: Context) -> bool:
        """Say whether the context came."""
        return here is context

    built = build_tool(probe, "test")
    context: Any = SimpleNamespace()
    assert asyncio.run(built.invoke(context, built.parse(b'{"x": 3}')))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["a" * 65, "two words", "ä", ""])
def test_a_name_that_clients_would_not_take_is_refused(name: str) -> None:
    async def probe() -> None:
        """Do nothing."""

    probe.__name__ = name
    with pytest.raises(PluginError, match=f"{name!r} is no tool name"):
        build_tool(tool(effect="read")(probe), "test")


def test_parts_of_a_uri_and_arguments_of_a_prompt_are_text_that_may_mean_a_number() -> None:
    @resource("shelf://{row}/{name}")
    async def shelf(row: int, name: str) -> list[Any]:
        """What stands there."""
        return [row, name]

    @prompt()
    async def count(to: int, loud: bool = False) -> str:
        """Count."""
        return f"{to + 1} {loud}"

    built = build_resource(shelf, "test")
    [contents] = asyncio.run(built.read(None, "shelf://7/8", {"row": "7", "name": "8"}))  # type: ignore[arg-type]
    assert json.loads(contents.text or "") == [7, "8"]
    assert asyncio.run(built.read(None, "shelf://top/8", {"row": "top", "name": "8"})) == ()  # type: ignore[arg-type]
    asked = build_prompt(count, "test")
    answer = asyncio.run(asked.get(None, {"to": "3", "loud": "true"}))  # type: ignore[arg-type]
    assert answer.messages[0].content.text == "4 True"  # type: ignore[union-attr]
    with pytest.raises(InvalidParams, match='to was "three", but must be a whole number'):
        asyncio.run(asked.get(None, {"to": "three"}))  # type: ignore[arg-type]
