"""Makes the report of a job, as Markdown or as a file of the office plugin.

Where no model wrote it yet and the client offers one, that one does.
"""

from __future__ import annotations

import msgspec

from mcp_agent import Context, ToolError
from mcp_agent_research.jobs import keeping, steps
from mcp_agent_research.jobs.job import Job
from mcp_agent_research.shapes import Written
from mcp_agent_research.store import sources
from mcp_agent_research.verify.check import check
from mcp_agent_research.write import files
from mcp_agent_research.write.files import File
from mcp_agent_research.write.model import Sampling
from mcp_agent_research.write.report import render

_NEXT = "Give it to the person as it is; research_verify checks it again after changes."
_NEXT_FILE = "Undo takes the file away again. research_verify checks the text of a DOCX, as office_read_doc gives it."


async def report(ctx: Context, job: Job, file: File | None) -> Written:
    """Raises ToolError where there is nothing to tell: a report without claims would be a made-up one."""
    if file is not None:
        files.check_office(ctx, file)
    if ctx.supports("sampling") and not job.writer and job.sources:
        job = await _rewritten(ctx, job)
    if not job.claims:
        raise ToolError(
            f"Research {job.id} found nothing that bears on the question.",
            hint=" ".join(job.notes) or "Start another with other queries, engines or more pages.",
        )
    cited = await sources.get_all(ctx, list(dict.fromkeys(claim.source for claim in job.claims)))
    markdown = render(job, cited)
    verdict = await check(ctx, markdown)
    written = Written(verdict.verified, verdict.claims, len(cited), job.writer, markdown, _NEXT)
    if file is None:
        return written
    saved = await files.save(ctx, file, job, cited, markdown)
    return msgspec.structs.replace(written, markdown="", file=saved, next=_NEXT_FILE)


async def _rewritten(ctx: Context, job: Job) -> Job:
    """The client pays its model, so the budget of the job does not count; nothing is changed until it has answered."""
    free = msgspec.convert(msgspec.to_builtins(job), Job)
    free.budget = msgspec.structs.replace(job.budget, tokens=2**53, minutes=job.budget.minutes + 3)
    await steps.write(ctx, free, Sampling(ctx), _nothing)
    if not free.writer:
        return job

    def change(kept: Job) -> None:
        kept.claims, kept.writer, kept.dropped = free.claims, free.writer, free.dropped
        kept.notes = [note for note in kept.notes if not note.startswith("No model wrote this")]

    return await keeping.change(ctx, job.id, change)


async def _nothing() -> None:
    """There is nothing to write down."""
