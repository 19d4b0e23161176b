"""Calls and scenes in a host, as an assistant would see them."""

from __future__ import annotations

from collections.abc import Mapping

from mcp_agent.errors import ToolError
from mcp_agent.host import Host
from mcp_agent.model import Json, Text, ToolResult


class HostStage:
    """Where scenes of the demo play, without a server."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.said: list[str] = []

    async def call(self, tool: str, **arguments: Json) -> ToolResult:
        return await call(self._host, tool, arguments)

    def say(self, text: str) -> None:
        self.said.append(text)

    def check(self, holds: bool, otherwise: str) -> None:
        assert holds, otherwise


async def call(host: Host, tool: str, arguments: Mapping[str, Json]) -> ToolResult:
    """The result as an assistant sees it: an error is a result too."""
    try:
        return await host.call(tool, arguments)
    except ToolError as error:
        return ToolResult(content=(Text(text=str(error)),), is_error=True)
