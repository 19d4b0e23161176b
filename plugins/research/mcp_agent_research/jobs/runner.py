"""Runs jobs beside the calls, a few at a time, and takes up again those that a stop cut off."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets

from mcp_agent import Context
from mcp_agent_research.jobs import keeping
from mcp_agent_research.jobs.job import Job
from mcp_agent_research.web.fetch import Web
from mcp_agent_research.write.model import endpoint

log = logging.getLogger(__name__)

_AT_ONCE = 2
_MOST_RUNNING = 50


class Runner:
    """One for a plugin, with the context of its startup: a job outlives the call that started it. Close it."""

    def __init__(self, ctx: Context, web: Web) -> None:
        self._ctx = ctx
        self._web = web
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.owner = secrets.token_hex(8)

    async def start(self, job: Job) -> None:
        """Keep a new job, and begin."""
        await keeping.create(self._ctx, job, self.owner)
        self._begin(job)

    async def take_up(self) -> None:
        """Go on with the jobs that nobody works on."""
        for job in await keeping.newest(self._ctx, _MOST_RUNNING, "running"):
            if job.id not in self._tasks:
                mine = await keeping.claim(self._ctx, job.id, self.owner)
                if mine is not None:
                    self._begin(mine)

    async def close(self) -> None:
        """Stop working; the jobs stay as they were last written down, for the next host."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if tasks:
            await keeping.release(self._ctx, self.owner)

    def _begin(self, job: Job) -> None:
        task = self._tasks[job.id] = asyncio.create_task(self._run(job), name=f"research {job.id}")
        task.add_done_callback(lambda _: self._tasks.pop(job.id, None))

    async def _run(self, job: Job) -> None:
        try:
            async with self._turns:
                await self._work(job)
        except keeping.NotOurs:
            log.info("research %s was stopped, or goes on elsewhere", job.id)
        except Exception as error:
            log.exception("research %s", job.id)
            job.status = "failed"
            job.note(f"It failed because of a bug: {type(error).__name__}.")
            with contextlib.suppress(keeping.NotOurs):
                await keeping.save(self._ctx, job, self.owner)

    async def _work(self, job: Job) -> None:
        """From where the job is to its end. Time counts while this runs."""
        from mcp_agent_research.jobs import steps  # with all of search and checking: a start needs none of it

        ctx, since = self._ctx, self._ctx.clock.monotonic()

        async def save() -> None:
            nonlocal since
            now = ctx.clock.monotonic()
            job.used.seconds, since = job.used.seconds + now - since, now
            await keeping.save(ctx, job, self.owner)

        while job.phase == "search":
            await steps.search_one(ctx, job, save)
            if job.searched >= len(job.queries) or not job.seconds_left():
                job.phase = "read"
            await save()
        while job.phase == "read":
            await steps.read_some(ctx, self._web, job)
            if steps.is_read(job):
                job.phase = "write"
            await save()
        await steps.write(ctx, job, endpoint(ctx), save)
        job.phase, job.status = "done", "done"
        await save()
