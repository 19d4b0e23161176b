"""The core of the onion: runs the tool. A bug in it becomes a trace id, never a traceback for the caller."""

from __future__ import annotations

from collections.abc import Callable

from mcp_agent.errors import BUGS, AgentError, InternalFailure, ProtocolError, ToolError
from mcp_agent.http_client import failure_of
from mcp_agent.model import ToolResult
from mcp_agent.pipeline import Handler
from mcp_agent.pipeline.call import Call


def execute(report_bug: Callable[[str], str]) -> Handler:
    """``report_bug`` logs the exception being handled and gives its trace id."""

    async def handler(call: Call) -> ToolResult:
        tool = call.tool
        try:
            result = tool.render(await tool.invoke(call.context, call.arguments))
            return result if tool.check is None else tool.check(result)
        except (ToolError, ProtocolError):
            raise
        except AgentError as error:  # a vault that is locked, a form that cannot be asked: the caller reads it as well
            raise ToolError(str(error)) from error
        except BUGS as error:  # any bug of any plugin: it is logged, and the caller gets its trace id
            told = _told(error)
            if told is not None:
                raise told from None
            raise InternalFailure(tool.name, report_bug(f"Tool {tool.name}"), error) from None

    return handler


def _told(error: BaseException) -> AgentError | None:
    """What in it is no bug, but meant for the caller: an error of the network, or such as came out of a task group."""
    if not isinstance(error, ExceptionGroup):
        return error if isinstance(error, AgentError) else failure_of(error)
    found = [_told(one) for one in error.exceptions]
    return None if None in found else found[0]
