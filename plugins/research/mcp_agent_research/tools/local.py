"""The person's own documents."""

from __future__ import annotations

from typing import Annotated

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_research.examples import EXAMPLES
from mcp_agent_research.shapes import Indexed, Passage
from mcp_agent_research.tools.finding import Query

Folder = Annotated[str | None, Field("A folder, such as ~/Documents/papers; none for all that are configured.")]


@tool(effect="read", idempotent=True, timeout=3600, origin="documents", examples=EXAMPLES["research_index_documents"])
async def research_index_documents(ctx: Context, folder: Folder = None) -> Indexed:
    """Read documents into the local library: PDF, HTML, Markdown, text, DOCX, PPTX, XLSX; unchanged files are skipped.

    Call it before research_local, and again when files changed. The files are only read, and only in the folders that
    the configuration names. A thousand pages take about half a minute.
    """
    from mcp_agent_research.library.guide import keep_guide
    from mcp_agent_research.library.index import index_folders

    if ctx.state.indexing.locked():
        raise ToolError("Documents are being indexed already.", hint="Wait until that call is done.")
    async with ctx.state.indexing:
        await keep_guide(ctx)
        return await index_folders(ctx, folder)


@tool(effect="read", origin="documents", examples=EXAMPLES["research_local"])
async def research_local(
    ctx: Context,
    query: Query,
    limit: Annotated[int, Field("How many passages at most.", ge=1, le=50)] = 5,
    folder: Folder = None,
) -> list[Passage]:
    """Find passages in the local documents by their words, best first. Passages with all the words come before others.

    Finds what research_index_documents read. Word endings do not matter; there is no wildcard.
    """
    from mcp_agent_research.library.guide import keep_guide
    from mcp_agent_research.store import passages

    await keep_guide(ctx)
    under = ctx.folders.resolve(folder) if folder else None
    found = await passages.search(ctx, query, limit, under=under)
    return [Passage(one.source, one.address, one.heading, one.text.strip()) for one in found]
