"""The onion around every call: stages in one visible list, each a small file.

A stage is a function ``(call, inner) -> awaitable``, where ``inner`` is the rest of the onion.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from mcp_agent.model import ToolResult
from mcp_agent.pipeline.call import Call

Handler = Callable[[Call], Awaitable[ToolResult]]
Stage = Callable[[Call, Handler], Awaitable[ToolResult]]


def compose(stages: Sequence[Stage], core: Handler) -> Handler:
    """The handler that passes a call through the stages, the first being the outermost."""
    handler = core
    for stage in reversed(stages):
        handler = _wrap(stage, handler)
    return handler


def _wrap(stage: Stage, inner: Handler) -> Handler:
    def handler(call: Call) -> Awaitable[ToolResult]:
        return stage(call, inner)

    return handler
