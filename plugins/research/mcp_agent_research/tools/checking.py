"""Verifying what was written."""

from __future__ import annotations

from typing import Annotated

from mcp_agent import Context, Field, tool
from mcp_agent_research.examples import EXAMPLES
from mcp_agent_research.shapes import Verdict


@tool(effect="read", origin="web", examples=EXAMPLES["research_verify"])
async def research_verify(
    ctx: Context,
    text: Annotated[
        str,
        Field(
            "A report in Markdown, every sentence with a quote: claim: “passage” [S12].",
            min_length=1,
            max_length=300_000,
        ),
    ],
) -> Verdict:
    """Check a report against the sources as they were kept: every quoted passage must stand in its source, and every
    sentence must quote one. Says which do not.

    The resource research://guide says how to write such a report. Whether a claim follows from its quote is not judged.
    """
    from mcp_agent_research.verify.check import check

    return await check(ctx, text)
