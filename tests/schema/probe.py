"""A tool that takes one argument of any type, to see what it takes."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import msgspec

from mcp_agent import InvalidArguments, tool
from mcp_agent.model import Tool
from mcp_agent.schema.build import build_tool


def tool_of(kind: Any, default: Any = msgspec.NODEFAULT, *, returns: Any = msgspec.NODEFAULT) -> Tool:
    """A tool that takes ``x`` of a type and gives it back."""
    if default is msgspec.NODEFAULT:

        async def probe(x: Any) -> Any:
            """Give x back."""
            return x

    else:

        async def probe(x: Any = default) -> Any:
            """Give x back."""
            return x

    probe.__annotations__ = {"x": kind, "return": kind if returns is msgspec.NODEFAULT else returns}
    return build_tool(tool(effect="read")(probe), "test")


def parse(probe: Tool, value: Any) -> Any:
    return probe.parse(json.dumps({"x": value}).encode()).x


def accepts(probe: Tool, value: Any) -> bool:
    with contextlib.suppress(InvalidArguments):
        parse(probe, value)
        return True
    return False
