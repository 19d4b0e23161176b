"""Calls that go on in the background, by an unguessable handle."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from mcp_agent.errors import InvalidParams
from mcp_agent.model import Clock, JobRecord, Json, ToolResult
from mcp_agent.protocol import wire
from mcp_agent.protocol.revisions import MODERN

if TYPE_CHECKING:
    import asyncio

TERMINAL = frozenset({"completed", "failed", "cancelled"})


class Job:
    """One background call. ``record`` is its state as facts; the rest keeps it going."""

    __slots__ = ("_answers", "_asked", "error", "principal", "questions", "record", "task")

    def __init__(self, record: JobRecord, principal: str, task: asyncio.Task[Any]) -> None:
        self.record = record
        self.principal = principal
        self.task = task
        self.error: wire.Wire | None = None
        self.questions: dict[str, wire.Wire] = {}
        self._answers: dict[str, asyncio.Future[Json]] = {}
        self._asked = 0

    def ask(self, key: str, question: wire.Wire, answer: asyncio.Future[Json]) -> None:
        """Keys are never used twice in the life of a task, so that a late answer cannot hit a later question."""
        self._asked += 1
        unique = key if self._asked == 1 else f"{key}-{self._asked}"
        self.questions[unique] = question
        self._answers[unique] = answer

    def answer(self, responses: Mapping[str, Json]) -> None:
        """Unknown and already answered keys are ignored, as the specification asks."""
        for key, response in responses.items():
            waiting = self._answers.pop(key, None)
            if waiting is not None:
                del self.questions[key]
                if not waiting.done():
                    waiting.set_result(response)


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
        self.update(job, status="completed", result=result, message=None)

    def fail(self, job: Job, error: wire.Wire) -> None:
        job.error = error
        self.update(job, status="failed", error=error["message"], message=error["message"])

    def cancel(self, job: Job) -> None:
        """Ask the call to stop; its status follows when it has."""
        if job.record.status not in TERMINAL:
            job.task.cancel()

    def running(self) -> list[Job]:
        return [job for job in self._jobs.values() if job.record.status not in TERMINAL]

    def created(self, job: Job) -> wire.Wire:
        """What a client that speaks tasks gets in place of the result."""
        return {"resultType": "task", **wire.job_item(job.record, self._ttl, self._poll)}

    def detailed(self, job: Job) -> wire.Wire:
        """The task with its result, error or open questions."""
        item = wire.job_item(job.record, self._ttl, self._poll)
        if job.record.result is not None:
            item["result"] = wire.tool_result(job.record.result, MODERN) | {"resultType": "complete"}
        elif job.error is not None:
            item["error"] = job.error
        elif job.questions:
            item["inputRequests"] = dict(job.questions)
        return item

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
