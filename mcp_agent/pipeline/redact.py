"""No secret leaves a call, in its result or in its error: innermost, so that nothing around it ever holds one."""

from __future__ import annotations

from mcp_agent.errors import AgentError
from mcp_agent.model import ToolResult
from mcp_agent.pipeline import Handler, Stage
from mcp_agent.pipeline.call import Call
from mcp_agent.vault.redact import Redactor
from mcp_agent.vault.results import clean_error, clean_result


def redact(redactor: Redactor) -> Stage:
    """Secrets may come to life during a call, so this looks again after it."""

    async def stage(call: Call, inner: Handler) -> ToolResult:
        try:
            return clean_result(redactor, await inner(call))
        except AgentError as error:
            clean_error(redactor, error)
            raise

    return stage
