"""Calls that go on in the background, by an unguessable handle."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import Raw

from mcp_agent.errors import InvalidParams
from mcp_agent.jsonio import encode
from mcp_agent.model import Clock, JobRecord, Json, ToolResult
from mcp_agent.protocol import wire
from mcp_agent.protocol.revisions import MODERN

TERMINAL = frozenset({"completed", "failed", "cancelled"})


class Job:
    """One background call. ``record`` is its state as facts; the rest keeps it going."""

    __slots__ = ("error", "principal", "questions", "record", "result", "task", "used", "waiting")

    def __init__(self, record: JobRecord, principal: str, task: asyncio.Task[Any]) -> None:
        self.record = record
        self.principal = principal
        self.task = task
        self.result: Raw | None = None
        self.error: wire.Wire | None = None
        self.questions: dict[str, wire.Wire] = {}
        self.waiting: dict[str, asyncio.Future[Json]] = {}
        self.used: set[str] = set()
        """Keys of all questions so far. None is used twice, so that a late answer cannot hit a later question."""


class Jobs:
    """The table of background calls of one server.

    At most ``limit`` are kept; one that has ended is dropped ``ttl`` seconds after its last change.
    ``changed`` is called with each job whose record changed.
    """

    def __init__(self, clock: Clock, *, limit: int, ttl: float, poll: float) -> None:
        self._clock = clock
        self._limit = limit
        self._ttl = ttl
        self._poll = poll
        self._jobs: dict[str, Job] = {}
        self.changed: Callable[[Job], None] = lambda job: None

    def start(self, tool: str, principal: str, task: asyncio.Task[Any]) -> Job | None:
        """A new job, or None when too many are running already."""
        self._sweep()
        if len(self._jobs) >= self._limit and not self._drop_oldest_ended():
            return None
        now = self._clock.time()
        record = JobRecord(id=secrets.token_urlsafe(18), tool=tool, status="working", created=now, updated=now)
        job = self._jobs[record.id] = Job(record, principal, task)
        return job

    def find(self, job_id: str, principal: str | None = None) -> Job | None:
        """A job by its handle; with a principal, only if it is theirs."""
        job = self._jobs.get(job_id)
        if job is None or (principal is not None and job.principal != principal):
            return None
        return job

    def get(self, job_id: str, principal: str) -> Job:
        """Like find, for the wire. Raises InvalidParams."""
        self._sweep()
        job = self.find(job_id, principal)
        if job is None:
            raise InvalidParams("Task not found: it has expired, or there never was one of this id")
        return job

    def update(self, job: Job, **changes: Any) -> None:
        job.record = msgspec.structs.replace(job.record, updated=self._clock.time(), **changes)
        self.changed(job)

    def finish(self, job: Job, result: ToolResult) -> None:
        """Raises what encoding raises for a result that JSON has no form for; the job is as it was then."""
        job.result = Raw(encode(wire.tool_result(result, MODERN) | {"resultType": "complete"}))
        self.update(job, status="completed", result=result, message=None)

    def fail(self, job: Job, error: wire.Wire) -> None:
        job.error = error
        self.update(job, status="failed", error=error["message"], message=error["message"])

    def ask(self, job: Job, questions: Mapping[str, wire.Wire]) -> list[asyncio.Future[Json]]:
        """Show questions to the client; each answer comes with its future."""
        loop = asyncio.get_running_loop()
        futures = []
        for key, question in questions.items():
            unique, count = key, 1
            while unique in job.used:
                count += 1
                unique = f"{key}-{count}"
            job.used.add(unique)
            job.questions[unique] = question
            job.waiting[unique] = loop.create_future()
            futures.append(job.waiting[unique])
        self.update(job, status="input_required")
        return futures

    def answer(self, job: Job, responses: Mapping[str, Json]) -> None:
        """Unknown and already answered keys are ignored, as the specification asks."""
        for key in responses.keys() & job.waiting.keys():
            if not job.waiting[key].done():
                job.waiting[key].set_result(responses[key])
        self.settle(job)

    def settle(self, job: Job) -> None:
        """Take away the questions that nobody waits for any more."""
        settled = [key for key, answer in job.waiting.items() if answer.done()]
        for key in settled:
            del job.waiting[key], job.questions[key]
        if settled and job.record.status == "input_required":
            self.update(job, status="input_required" if job.questions else "working")

    def stopped(self, job: Job) -> None:
        """The call has ended, if need be before it began."""
        if job.record.status not in TERMINAL:
            self.update(job, status="cancelled")

    def cancel(self, job: Job) -> None:
        """Ask the call to stop; its status follows when it has."""
        if job.record.status not in TERMINAL:
            job.task.cancel()

    def running(self) -> list[Job]:
        return [job for job in self._jobs.values() if job.record.status not in TERMINAL]

    def created(self, job: Job) -> wire.Wire:
        """What a client that speaks tasks gets in place of the result."""
        return {"resultType": "task", **self._item(job)}

    def detailed(self, job: Job) -> wire.Wire:
        """The task with its result, error or open questions."""
        item = self._item(job)
        status = job.record.status
        if status == "completed":
            item["result"] = job.result
        elif status == "failed":
            item["error"] = job.error
        elif status == "input_required":
            item["inputRequests"] = dict(job.questions)
        return item

    def _item(self, job: Job) -> wire.Wire:
        """``ttl`` counts from the creation: it grows with a call that runs, and stands when it has ended."""
        record = job.record
        end = record.updated if record.status in TERMINAL else self._clock.time()
        return wire.job_item(record, end - record.created + self._ttl, self._poll)

    def _drop_oldest_ended(self) -> bool:
        for job_id, job in self._jobs.items():
            if job.record.status in TERMINAL:
                del self._jobs[job_id]
                return True
        return False

    def _sweep(self) -> None:
        limit = self._clock.time() - self._ttl
        ended = [
            job_id for job_id, job in self._jobs.items() if job.record.status in TERMINAL and job.record.updated < limit
        ]
        for job_id in ended:
            del self._jobs[job_id]
