"""One request from a client, from its arrival to its answer."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from mcp_agent.errors import AgentError, InternalFailure, ProtocolError, ToolError
from mcp_agent.model import LOG_LEVELS, Json, LogLevel, Text, Tool, ToolResult
from mcp_agent.protocol import asking, jsonrpc, trace, wire
from mcp_agent.protocol.params import TASKS, ClientCapabilities, ClientInfo
from mcp_agent.protocol.revisions import MODERN, Revision
from mcp_agent.protocol.seal import binding

if TYPE_CHECKING:
    from mcp_agent.protocol.jobs import Job
    from mcp_agent.protocol.peer import Channel, Peer
    from mcp_agent.protocol.server import Server


class Exchange:
    """A request being served. To the tool that serves it, it is the Caller.

    It ends in exactly one of these ways: ``reply`` with a result or an error; ``suspend`` to ask for input;
    ``abandon`` because the client cancelled or left. Detached, it replies with a handle and goes on as a job.
    """

    __slots__ = (
        "_progress",
        "_trace_id",
        "answered",
        "answers",
        "arguments",
        "capabilities",
        "channel",
        "ended",
        "id",
        "job",
        "log_level",
        "method",
        "open_questions",
        "peer",
        "principal",
        "progress_token",
        "revision",
        "server",
        "subject",
        "task",
        "told",
        "tool",
        "traceparent",
    )  # fmt: skip

    def __init__(self, server: Server, peer: Peer, channel: Channel, request_id: jsonrpc.Id, method: str) -> None:
        self.server = server
        self.peer = peer
        self.channel = channel
        self.id = request_id
        self.method = method
        self.revision: Revision = peer.revision  # type: ignore[assignment]  # settled before anything runs
        self.principal = peer.principal
        self.capabilities: ClientCapabilities = peer.capabilities
        self.log_level: LogLevel | None = peer.log_level
        self.progress_token: int | str | None = None
        self.tool: Tool | None = None
        self.task: asyncio.Task[None] | None = None
        self.job: Job | None = None
        self.ended = False
        self.answers: Mapping[str, Json] = {}
        self.answered: set[str] = set()
        self.open_questions: dict[str, wire.Wire] = {}
        self.subject = ""
        self.arguments = b""
        self.traceparent: str | None = None
        self.told: tuple[float, float | None, str | None] | None = None
        """The latest progress, for whoever watches: how far, of how much, and in words."""
        self._progress = float("-inf")
        self._trace_id = ""

    def describe(
        self,
        revision: Revision,
        client: ClientInfo | None,
        capabilities: ClientCapabilities,
        log_level: LogLevel | None,
    ) -> None:
        """What a modern request says of itself, in place of what a session would remember."""
        self.revision = revision
        self.capabilities = capabilities
        self.log_level = log_level
        if client is not None:
            self.principal = self.peer.name(client)

    @property
    def tasks(self) -> bool:
        """The client takes a task in place of a result."""
        return self.revision.modern and TASKS in (self.capabilities.extensions or ())

    def binding(self) -> bytes:
        """Whose request this is and which: what sealed state is good for."""
        return binding(self.principal, self.method, self.subject, self.arguments)

    # --- the life of a request -------------------------------------------------------------------

    def run(self, work: Callable[..., Awaitable[Any]], *arguments: Any) -> None:
        """Do the work as a task. Cancelled before it starts, it never does, and nothing is left behind of it."""
        self.peer.inflight[self.id] = self
        self.task = self.server.loop.create_task(self._run(work, arguments))

    async def _run(self, work: Callable[..., Awaitable[Any]], arguments: tuple[Any, ...]) -> None:
        try:
            result = await work(*arguments)
            shortener = self.server.shortener
            if shortener is not None and isinstance(result, ToolResult) and shortener.too_large(result):
                assert self.tool is not None
                result = await shortener.shorten(result, self.tool, self)
            self._finish(result)
        except asyncio.CancelledError:
            self._stopped()
        except ToolError as error:
            if self.tool is not None:
                text = str(error) if self.server.shortener is None else self.server.shortener.brief(str(error))
                self._finish(ToolResult(content=(Text(text=text),), is_error=True))
            else:
                self.fail(ProtocolError(str(error)))
        except ProtocolError as error:
            self.fail(error)
        except AgentError as error:
            self.fail(ProtocolError(str(error)))
        except Exception as error:  # noqa: BLE001  the last line of defence: logged, and the client gets its answer
            trace_id = self.server.report_bug(f"Serving {self.method}")
            self.fail(ProtocolError(str(InternalFailure("The server", trace_id, error))))

    def _finish(self, result: Any) -> None:
        if isinstance(result, ToolResult):
            if self.job is not None:
                self.server.jobs.finish(self.job, result)
                return
            result = wire.tool_result(result, self.revision)
        self.reply(result)

    def reply(self, result: wire.Wire) -> None:
        """Send the result, unless this has ended another way."""
        frame = jsonrpc.response(self.id, self.server.complete(result, self.revision))
        if self._end():
            self.channel.reply(frame)

    def fail(self, error: ProtocolError) -> None:
        """Send the error, unless this has ended another way."""
        wire_error = wire.error_object(error, self.revision)
        if self.job is not None:
            self.server.jobs.fail(self.job, wire_error)
        elif self._end():
            self.channel.reply(jsonrpc.error_response(self.id, wire_error), error)

    def refuse(self, error: ProtocolError) -> None:
        """Answer a request that was never begun, and may have no revision."""
        frame = jsonrpc.error_response(self.id, wire.error_object(error, self.revision or MODERN))
        self.channel.reply(frame, error)

    def suspend(self) -> None:
        """Answer with the open questions; the call comes back with a retry."""
        if self.open_questions and self._end():
            answers = {key: self.answers[key] for key in sorted(self.answered)}
            result = {
                "resultType": "input_required",
                "inputRequests": self.open_questions,
                "requestState": self.server.sealer.seal(answers, self.binding()),
            }
            self.channel.reply(jsonrpc.response(self.id, self.server.complete(result, self.revision)))
            if self.task is not None:
                self.task.cancel(asking.SUSPENDED)

    def abandon(self) -> None:
        """The client no longer wants an answer: stop, and send none."""
        if self._end():
            self.channel.drop()
        if self.job is None and self.task is not None:
            self.task.cancel()

    def shut_down(self) -> None:
        """The server is stopping and has waited long enough."""
        if self.job is None:
            self.fail(ProtocolError("The server is shutting down"))
        if self.task is not None:
            self.task.cancel()

    def _stopped(self) -> None:
        if self.job is not None:
            self.server.jobs.stopped(self.job)
        else:
            self.fail(ProtocolError(f"{self.method} was stopped"))

    def _end(self) -> bool:
        """True the first time only."""
        if self.ended:
            return False
        self.ended = True
        self.peer.inflight.pop(self.id, None)
        self.server.slow.end(self)
        return True

    # --- going on in the background --------------------------------------------------------------

    def detach_now(self) -> None:
        """Answer with a handle and go on as a job, where the client has a way to come back for the result."""
        tool = self.tool
        if self.ended or self.job is not None or self.task is None or tool is None:
            return
        if not self.tasks and self.server.job_tool is None:
            return
        job = self.server.jobs.start(tool.name, self.principal, self.task)
        if job is None:
            return
        if self.tasks:
            self.reply(self.server.jobs.created(job))
        else:
            self.reply(wire.tool_result(self._handle(tool, job.record.id), self.revision))
        self.job = job
        self.task.add_done_callback(lambda task: self.server.jobs.stopped(job))

    def _handle(self, tool: Tool, job_id: str) -> ToolResult:
        text = (
            f"{tool.name} needs more time and goes on in the background as job {job_id}. "
            f"Call {self.server.job_tool} with that id in a while to get its result."
        )
        # Clients hold a result that is no error against the tool's output schema, which this cannot fit.
        return ToolResult(content=(Text(text=text),), is_error=tool.output_schema is not None)

    # --- Caller ----------------------------------------------------------------------------------

    @property
    def trace_id(self) -> str:
        if not self._trace_id:
            self._trace_id = trace.trace_id(self.traceparent)
        return self._trace_id

    @property
    def session(self) -> str:
        """A connection or a legacy session; a stateless request over HTTP belongs to no other than its principal's."""
        return self.principal if self.revision.modern and self.peer.kind != "stdio" else self.peer.session

    def supports(self, capability: str) -> bool:
        if capability.startswith("elicitation") and not self.revision.elicitation:
            return False
        if "." in capability and not self.revision.icons:
            return False
        return self.capabilities.has(capability)

    def progress(self, value: float, total: float | None, message: str | None) -> None:
        self.told = (value, total, message)
        if self.job is not None:
            if message:
                self.server.jobs.update(self.job, message=message)
            return
        if self.progress_token is None or self.ended or value <= self._progress or self.channel.congested:
            return
        if not math.isfinite(value):
            return
        self._progress = value
        params: wire.Wire = {"progressToken": self.progress_token, "progress": value}
        if total is not None and math.isfinite(total):
            params["total"] = total
        if message and self.revision.name >= "2025-03-26":
            params["message"] = message
        self.channel.send(jsonrpc.notification("notifications/progress", params))

    def log(self, level: LogLevel, logger: str, data: Json) -> None:
        if self.ended or self.log_level is None or self.channel.congested:
            return
        if LOG_LEVELS.index(level) >= LOG_LEVELS.index(self.log_level):
            params = {"level": level, "logger": logger, "data": data}
            self.channel.send(jsonrpc.notification("notifications/message", params))

    async def ask(self, requests: Mapping[str, tuple[str, Json]]) -> Mapping[str, Json]:
        return await asking.ask(self, requests)

    async def detach(self) -> None:
        self.detach_now()
