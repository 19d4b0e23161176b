"""The plan of a job, made before it begins: by a model within the budget, else of the words of the question."""

from __future__ import annotations

from mcp_agent import Context, ToolError
from mcp_agent_research.jobs.job import Job
from mcp_agent_research.write.model import Sampling, estimate, model_for
from mcp_agent_research.write.plan import SCHEMA, SYSTEM, plan_by_words, prompt, read_plan


async def plan(ctx: Context, job: Job) -> None:
    """Sets the queries of a job. The client's own model does not count against the budget: the client pays it."""
    job.queries = plan_by_words(job.question)
    model, wanted = model_for(ctx), prompt(job.question)
    if model is None:
        return
    before = estimate(SYSTEM + wanted)
    counts = not isinstance(model, Sampling)
    if counts and not job.can_spend(before + model.most_output, model.price(before, model.most_output)):
        return
    try:
        reply = await model.ask(SYSTEM, wanted, SCHEMA)
    except ToolError as error:
        job.note(f"No model planned this: {error}")
        return
    job.queries, job.planner = read_plan(reply.text, job.question), reply.model or model.name
    if counts:
        job.used.tokens += reply.input + reply.output
        job.used.money += model.price(reply.input, reply.output)
