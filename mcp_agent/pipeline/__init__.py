"""The onion around every call: stages in one visible list, each a small file.

A stage is a function ``(call, inner) -> awaitable``, where ``inner`` is the rest of the onion. One that concerns some
tools only is an ``Only``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from mcp_agent.model import Tool, ToolResult
from mcp_agent.pipeline.call import Call

Handler = Callable[[Call], Awaitable[ToolResult]]
Stage = Callable[[Call, Handler], Awaitable[ToolResult]]


class Only:
    """A stage for the tools that are ``wanted``. In the onion of another tool there is no trace of it."""

    def __init__(self, wanted: Callable[[Tool], bool], stage: Stage) -> None:
        self.wanted = wanted
        self.stage = stage
        self.__module__ = stage.__module__

    def __call__(self, call: Call, inner: Handler) -> Awaitable[ToolResult]:
        return self.stage(call, inner) if self.wanted(call.tool) else inner(call)


def compose(stages: Sequence[Stage], core: Handler, tool: Tool | None = None) -> Handler:
    """The handler that passes calls through the stages, the first being the outermost: of any tool, or of one."""
    handler = core
    for stage in reversed(stages):
        if tool is not None and isinstance(stage, Only):
            if not stage.wanted(tool):
                continue
            stage = stage.stage
        handler = _wrap(stage, handler)
    return handler


def _wrap(stage: Stage, inner: Handler) -> Handler:
    def handler(call: Call) -> Awaitable[ToolResult]:
        return stage(call, inner)

    return handler
