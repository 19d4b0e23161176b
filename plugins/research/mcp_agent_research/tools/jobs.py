"""Research as a job, and its report."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from mcp_agent import Context, Field, ToolError, Undo, tool
from mcp_agent_research.examples import EXAMPLES
from mcp_agent_research.shapes import Budget, Progress, Used, Written
from mcp_agent_research.tools.finding import Query

if TYPE_CHECKING:
    from mcp_agent_research.jobs.job import Job

OFFICE = ("office_create_doc", "office_create_deck")
"""Tools of the office plugin that make the file of a report."""
JobName = Annotated[str, Field("The name of a research, as research_start gave it.", pattern=r"^[a-z]{5}$")]


async def _status_of(ctx: Context, arguments: Any, result: Any) -> Any:
    from mcp_agent_research.jobs import keeping

    return (await keeping.get(ctx, arguments.job)).status


async def _restore_status(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
    from mcp_agent_research.jobs import keeping

    def change(job: Job) -> None:
        job.status = snapshot

    await keeping.change(ctx, arguments.job, change)
    await ctx.state.runner.take_up()


@tool(effect="write", undo="impossible", open_world=True, timeout=180, examples=EXAMPLES["research_start"])
async def research_start(
    ctx: Context,
    question: Query,
    queries: Annotated[
        list[Annotated[str, Field(pattern=r"\w", max_length=200)]],
        Field("What to search for, if you know better than a plan made of the question.", max_length=8),
    ] = [],  # noqa: B006
    engines: Annotated[
        list[Literal["searxng", "brave", "wikipedia", "local"]], Field("Which to ask; empty for all that are set up.")
    ] = [],  # noqa: B006
    papers: Annotated[
        bool, Field("Whether to look for scholarly works as well; those that are not open are read as abstracts.")
    ] = False,
    pages: Annotated[int, Field("Pages to fetch at most.", ge=0, le=200)] = 15,
    minutes: Annotated[float, Field("Minutes of work at most.", gt=0, le=240)] = 10,
    tokens: Annotated[int, Field("Tokens of the configured model at most.", ge=0, le=10_000_000)] = 30_000,
    money: Annotated[float, Field("What it may cost at most, in the person's currency.", ge=0, le=1000)] = 0.0,
) -> Progress:
    """Start a research that goes on by itself: it searches, reads and writes claims with quotes, within these limits.

    Ask research_status how far it is, then research_report for the result. It survives a restart. It cannot be undone,
    because others were asked, but research_stop stops it. For a quick look use research_search and research_fetch.
    """
    from mcp_agent_research.jobs.job import Job, new_name
    from mcp_agent_research.jobs.planning import plan
    from mcp_agent_research.library.guide import keep_guide

    job = Job(
        id=new_name(), question=question, created=datetime.fromtimestamp(int(ctx.clock.time()), UTC),
        budget=Budget(pages, minutes, tokens, money), queries=list(dict.fromkeys(queries)),
        engines=list(dict.fromkeys(engines)) or ["searxng", "brave", "wikipedia", "local"],
        papers=papers, used=Used(),
    )  # fmt: skip
    if not job.queries:
        await plan(ctx, job)  # may ask the client's model, so it comes before anything is done
    await keep_guide(ctx)
    await ctx.state.runner.start(job)
    return _progress(job)


@tool(effect="read", origin="web", examples=EXAMPLES["research_status"])
async def research_status(
    ctx: Context,
    job: Annotated[str | None, Field("The name of a research; none for the latest ten.", max_length=40)] = None,
) -> list[Progress]:
    """How far research is: phase, what it used of its budget, and what went wrong."""
    from mcp_agent_research.jobs import keeping

    await ctx.state.runner.take_up()
    found = [await keeping.get(ctx, job)] if job else await keeping.newest(ctx, 10)
    return [_progress(one) for one in found]


@tool(effect="write", idempotent=True, undo=Undo(_status_of, _restore_status), examples=EXAMPLES["research_stop"])
async def research_stop(ctx: Context, job: JobName) -> Progress:
    """Stop a research. What it read stays; undo lets it go on."""

    from mcp_agent_research.jobs import keeping

    def change(found: Job) -> None:
        if found.status == "running":
            found.status = "stopped"

    return _progress(await keeping.change(ctx, job, change))


@tool(effect="read", origin="web", timeout=180, calls=OFFICE, examples=EXAMPLES["research_report"])
async def research_report(
    ctx: Context,
    job: JobName,
    format: Annotated[
        Literal["markdown", "docx", "pptx"], Field("Markdown as text, or a file made by the office plugin.")
    ] = "markdown",
    path: Annotated[
        str, Field("The file to make, for docx and pptx; it is named after the research without it.", max_length=1000)
    ] = "",
    replace: Annotated[bool, Field("Whether a file of that name may be replaced.")] = False,
) -> Written:
    """The report of a research that is done: claims with their quotes, numbered sources with dates, how it was made.

    Gives Markdown, or makes a Word document or slides of it. Keep quotes, numbers and the list of sources as they are.
    """
    from mcp_agent_research.jobs import keeping
    from mcp_agent_research.write.files import File
    from mcp_agent_research.write.reporting import report

    found = await keeping.get(ctx, job)
    if found.status == "running":
        raise ToolError(f"Research {job} is still running.", hint="research_status says how far it is.")
    if format == "markdown" and path:
        raise ToolError("Markdown is given as text, not as a file.", hint="format='docx' or 'pptx' makes a file.")
    file = None if format == "markdown" else File(format, path or f"research-{job}.{format}", replace)
    return await report(ctx, found, file)


def _progress(job: Job) -> Progress:
    searched = job.searched / max(1, len(job.queries))
    read = job.tried / len(job.candidates) if job.candidates else 0.0
    done = {"search": 0.3 * searched, "read": 0.3 + 0.6 * read, "write": 0.9, "done": 1.0}[job.phase]
    return Progress(
        job.id, job.question, job.status, job.phase, round(done, 2), job.used, job.budget, job.queries,
        len(job.sources), len(job.claims), job.writer, job.notes,
    )  # fmt: skip
