"""The Protocols where one part of the house meets another; each has an in-memory twin for tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal, Protocol

from msgspec import Struct

from mcp_agent.model.content import Completion, Json, LogLevel, PromptResult, ResourceResult, ToolResult
from mcp_agent.model.facts import Health, JobRecord, Undone
from mcp_agent.model.offers import Prompt, Resource, Tool


class Clock(Protocol):
    """Time, replaceable in tests."""

    def time(self) -> float:
        """Seconds since the epoch, UTC."""

    def monotonic(self) -> float:
        """Seconds that never go back; only differences mean something."""


class Caller(Protocol):
    """Whoever made a call, as far as the tool that runs may reach them."""

    @property
    def principal(self) -> str:
        """Who it is: ``stdio:NAME``, ``http:NAME``, ``cli`` or ``library``."""

    @property
    def session(self) -> str:
        """The stretch of work this call belongs to: a connection, or the principal where there is none."""

    @property
    def trace_id(self) -> str:
        """The W3C trace this call belongs to, 32 hexadecimal digits: the client's where it named one."""

    def supports(self, capability: str) -> bool:
        """Whether this client declared ``elicitation``, ``elicitation.url``, ``sampling``, ``roots``, ..."""

    def progress(self, value: float, total: float | None, message: str | None) -> None:
        """Tell how far the call is. Dropped where nobody asked or the client does not keep up."""

    def log(self, level: LogLevel, logger: str, data: Json) -> None:
        """Tell the client something. Dropped below the level it asked for."""

    async def ask(self, requests: Mapping[str, tuple[str, Json]]) -> Mapping[str, Json]:
        """Put (method, params) requests to the client and wait for the result of each, by its key."""

    async def detach(self) -> None:
        """Let the call go on in the background from here; the client gets a handle at once."""


class Agent(Protocol):
    """What a plugin may see of the host, and ask it for."""

    @property
    def generation(self) -> int:
        """Grows with every change to what is on offer."""

    def tools(self) -> Sequence[Tool]:
        """Every tool on offer, in a stable order."""

    def used(self) -> Mapping[str, int]:
        """How often each tool was called since the start, for those that were."""

    async def call_within(
        self, tool: str, arguments: Mapping[str, Json], caller: Caller, within: tuple[Tool, ...]
    ) -> ToolResult:
        """Run a tool for another that runs: the last of ``within``, whose first is the outermost. Raises ToolError."""

    async def result(self, handle: str, principal: str) -> Json:
        """What the handle of a large result stands for: JSON or text. Raises ToolError for one that is not kept."""

    async def result_origin(self, handle: str, principal: str) -> str | None:
        """Where that came from when somebody else wrote it. Raises ToolError for one that is not kept."""

    def health(self) -> Health:
        """The state of the host."""

    async def checks(self) -> Mapping[str, str]:
        """What each plugin that has something to say says of its health."""

    async def undo(self, *, last: int = 1, since: float | None = None, change: int | None = None) -> Undone:
        """Take changes back, newest first. Raises ToolError when there are none."""

    def job(self, job_id: str, principal: str) -> JobRecord | None:
        """A background call by its handle, only for whom it was begun."""

    def cancel_job(self, job_id: str, principal: str) -> bool:
        """Ask a background call to stop. False if they have none of that name."""


class Shortener(Protocol):
    """Makes results that are too large for a model smaller, on their way to the client."""

    def too_large(self, result: ToolResult) -> bool: ...
    async def shorten(self, result: ToolResult, tool: Tool, caller: Caller) -> ToolResult: ...
    def brief(self, text: str) -> str: ...


class Backend(Protocol):
    """What the protocol engine serves. The host implements it."""

    @property
    def generation(self) -> int:
        """Grows with every change to what is offered."""

    def tools(self) -> Sequence[Tool]: ...
    def tool(self, name: str) -> Tool | None: ...
    def resources(self) -> Sequence[Resource]: ...
    def templates(self) -> Sequence[Resource]: ...
    def prompts(self) -> Sequence[Prompt]: ...
    def suggest(self, kind: Literal["tool", "prompt"], name: str) -> str:
        """The end of a sentence that names near misses, or nothing."""

    def call(self, tool: Tool, arguments: bytes, caller: Caller) -> Awaitable[ToolResult]: ...
    def read(self, uri: str, caller: Caller) -> Awaitable[ResourceResult]: ...
    def prompt(self, name: str, arguments: Mapping[str, str], caller: Caller) -> Awaitable[PromptResult]: ...
    def complete(
        self,
        kind: Literal["prompt", "resource"],
        name: str,
        argument: str,
        value: str,
        others: Mapping[str, str],
        caller: Caller,
    ) -> Awaitable[Completion]: ...


class Held(Protocol):
    """What a call holds while it works: a place, a limit of time. It gives that back while it waits for an answer."""

    def leave(self) -> None: ...
    async def enter(self) -> None: ...


class Stage(Protocol):
    """Where a scene of the demo plays: a real server behind a real client."""

    async def call(self, tool: str, **arguments: Json) -> ToolResult:
        """Call a tool as an assistant would. A result with ``is_error`` comes back as it is."""

    def say(self, text: str) -> None:
        """Tell the person what happened."""

    def check(self, holds: bool, otherwise: str) -> None:
        """End the demo as failed, with this reason, unless it holds."""


class Scene(Struct, frozen=True):
    """One part of the demo's story."""

    title: str
    play: Callable[[Stage], Awaitable[None]]
