"""The report as a file, made by the office plugin: by its tools, for no plugin imports another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from msgspec import Struct

from mcp_agent import Context, ToolError
from mcp_agent_research.jobs.job import Job
from mcp_agent_research.shapes import Source
from mcp_agent_research.write.slides import slides

_TOOLS = {"docx": "office_create_doc", "pptx": "office_create_deck"}
_LONGEST_TITLE = 255


class File(Struct, frozen=True):
    """What to make, and where."""

    format: Literal["docx", "pptx"]
    path: str
    replace: bool


def check_office(ctx: Context, file: File) -> None:
    """Raises ToolError where nobody can make the file, before any work is done."""
    if not file.path.lower().endswith(f".{file.format}"):
        raise ToolError(f"{file.path} does not end in .{file.format}.", hint="Name the file after its format.")
    if not any(tool.name == _TOOLS[file.format] for tool in ctx.agent.tools()):
        raise ToolError(
            f"A {file.format.upper()} file is made by the office plugin, which is not installed or switched off.",
            hint="Install mcp-agent-office, or 'mcp-agent plugins enable office'; format='markdown' works without it.",
        )


async def save(ctx: Context, file: File, job: Job, sources: Sequence[Source], markdown: str) -> str:
    """The path of the file. Raises ToolError as the office plugin does, and where the person refuses."""
    arguments: dict[str, Any] = {"path": file.path, "replace": file.replace}
    if file.format == "docx":
        arguments |= {"markdown": markdown, "title": job.question[:_LONGEST_TITLE]}
    else:
        arguments["slides"] = slides(job, sources)
    made = await ctx.call(_TOOLS[file.format], arguments)
    if made.is_error:
        raise ToolError(made.text)
    path: str = made.data["path"]
    return path
