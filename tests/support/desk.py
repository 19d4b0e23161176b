"""A host and the tools of one plugin, as a new person each time: what is read in one session makes the next change be
asked about.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from msgspec import Struct

from mcp_agent import Host, ToolError
from mcp_agent.testing import ScriptedCaller

_numbers = itertools.count(1)


class AnyDesk(Struct):
    """``usual`` are arguments that every call has unless it says otherwise; None takes one out."""

    host: Host
    usual: dict[str, Any]

    async def call(self, tool: str, **arguments: Any) -> Any:
        """Its data, or its text where there is none. Raises ToolError."""
        return await self.call_as(ScriptedCaller(principal=f"test-{next(_numbers)}"), tool, **arguments)

    async def call_as(self, caller: ScriptedCaller, tool: str, **arguments: Any) -> Any:
        given = {**self.usual, **arguments}
        result = await self.host.call(tool, {name: value for name, value in given.items() if value is not None}, caller)
        return result.data if result.data is not None else result.text

    async def refused(self, tool: str, **arguments: Any) -> str:
        """What it says when it refuses."""
        with pytest.raises(ToolError) as caught:
            await self.call(tool, **arguments)
        return str(caught.value)
