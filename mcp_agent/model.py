"""The values that the whole house speaks in, all frozen, and the Protocols at its seams.

Field names become camelCase on the wire (``mime_type`` is ``mimeType``); fields at their default are left out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias

import msgspec
from msgspec import Struct, field

Effect: TypeAlias = Literal["read", "write", "destructive"]
"""What a call does to the world: nothing, something that can be taken back, something that cannot."""

TaskMode: TypeAlias = Literal["auto", "always", "required"]
"""When a call goes on in the background: once it outlives the threshold; from its start; or from its
start, and only for clients that speak the tasks extension."""

LogLevel: TypeAlias = Literal["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"]
LOG_LEVELS: tuple[LogLevel, ...] = LogLevel.__args__  # type: ignore[attr-defined]

Role: TypeAlias = Literal["user", "assistant"]
Json: TypeAlias = Any
"""A value that JSON can hold."""


class Value(Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """Base of the wire values."""


class Icon(Value, frozen=True):
    """A picture for a user interface. ``src`` is an https: or data: URI; ``sizes`` such as ``48x48`` or ``any``."""

    src: str
    mime_type: str | None = None
    sizes: tuple[str, ...] = ()
    theme: Literal["light", "dark"] | None = None


class Annotations(Value, frozen=True):
    """Who a piece of content is for and how much it matters: ``priority`` from 0.0 to 1.0."""

    audience: tuple[Role, ...] = ()
    priority: float | None = None
    last_modified: str | None = None


# --- content -------------------------------------------------------------------------------------


class Text(Value, frozen=True, tag_field="type", tag="text"):
    text: str
    annotations: Annotations | None = None


class Image(Value, frozen=True, tag_field="type", tag="image"):
    """``data`` is raw bytes here and base64 on the wire."""

    data: bytes
    mime_type: str
    annotations: Annotations | None = None


class Audio(Value, frozen=True, tag_field="type", tag="audio"):
    """``data`` is raw bytes here and base64 on the wire."""

    data: bytes
    mime_type: str
    annotations: Annotations | None = None


class ResourceLink(Value, frozen=True, tag_field="type", tag="resource_link"):
    """Points to a resource that the client may read."""

    uri: str
    name: str
    title: str | None = None
    description: str | None = None
    mime_type: str | None = None
    size: int | None = None
    annotations: Annotations | None = None


class ResourceContents(Value, frozen=True):
    """What reading a resource gives: ``text``, or ``blob`` (raw bytes here, base64 on the wire)."""

    uri: str
    mime_type: str | None = None
    text: str | None = None
    blob: bytes | None = None


class Embedded(Value, frozen=True, tag_field="type", tag="resource"):
    """A resource carried whole inside a result."""

    resource: ResourceContents
    annotations: Annotations | None = None


Content: TypeAlias = Text | Image | Audio | ResourceLink | Embedded


class Message(Value, frozen=True):
    """One message of a prompt or of a conversation to sample from."""

    role: Role
    content: Content


DEGRADED = "mcp-agent/degraded"
"""Key in the ``meta`` of a result that is not what was asked for, but the next best: how it came about."""


class ToolResult(Struct, frozen=True, kw_only=True):
    """What a call gave. ``structured`` is a JSON object or absent; ``is_error`` is for the model to act on."""

    content: tuple[Content, ...] = ()
    structured: Json | msgspec.UnsetType = msgspec.UNSET
    is_error: bool = False
    meta: Mapping[str, Json] | None = None

    @property
    def degraded(self) -> bool:
        """A fallback gave this, not the tool itself."""
        return self.meta is not None and DEGRADED in self.meta

    @property
    def text(self) -> str:
        """All text blocks, a line break between two."""
        return "\n".join(block.text for block in self.content if isinstance(block, Text))

    @property
    def data(self) -> Json:
        """The structured part as plain Python values, None where there is none."""
        if isinstance(self.structured, msgspec.Raw):
            return msgspec.json.decode(self.structured)
        return None if self.structured is msgspec.UNSET else self.structured


class PromptResult(Struct, frozen=True, kw_only=True):
    messages: tuple[Message, ...]
    description: str | None = None


class Completion(Value, frozen=True):
    """Suggestions for an argument, best first, 100 at most; ``total`` counts those not shown too."""

    values: tuple[str, ...]
    total: int | None = None
    has_more: bool = False


# --- what plugins declare ------------------------------------------------------------------------

Completer: TypeAlias = Callable[..., Any]
"""``(ctx, value, others) -> list[str]``, sync or async: suggestions for an argument that begins with value;
``others`` holds the arguments already chosen."""


class Static(Struct, frozen=True):
    """A fallback that is always at hand: ``value`` is given in place of what the tool would have returned."""

    value: Json


Fallback: TypeAlias = Literal["stale"] | str | Static
"""What to give when the other side fails: the last good answer, what another tool of the plugin gives for the same
arguments (its name), or a ready answer."""


ORIGIN = "mcp-agent/origin"
"""Key in a result's meta: text that came from outside says where from, and that it is not to be trusted."""


class Undo(Struct, frozen=True, eq=False):
    """How a change is taken back.

    ``snapshot(ctx, arguments, result)`` gives the state that the call touches, as JSON: before it runs (``result`` is
    None), after, and once more when it is to be undone, to see that nothing else has changed it since. After a call
    that died there is no result: find what it made by its arguments, or it looks as if nothing had happened.
    ``restore(ctx, arguments, result, snapshot)`` makes the state what the snapshot says.
    """

    snapshot: Callable[[Any, Any, Json], Awaitable[Json]]
    restore: Callable[[Any, Any, Json, Json], Awaitable[None]]


class Tool(Struct, frozen=True, kw_only=True, eq=False):
    """Something a model may call, whoever serves it.

    ``parse`` turns raw JSON into the argument value and raises InvalidArguments; ``invoke`` runs it;
    ``render`` turns what it returned into a result. ``timeout`` is in seconds, None for the host's default.
    ``headers`` lists (path of the argument, HTTP header suffix) for ``x-mcp-header``. ``rate`` is in calls a minute,
    by everybody together; ``cache`` is how many seconds an answer stays good. ``cache`` and ``fallback`` are for tools
    that only read.
    """

    name: str
    plugin: str
    description: str
    input_schema: Mapping[str, Json]
    parse: Callable[[bytes], Any]
    invoke: Callable[[Any, Any], Awaitable[Any]]
    render: Callable[[Any], ToolResult]
    output_schema: Mapping[str, Json] | None = None
    title: str | None = None
    icons: tuple[Icon, ...] = ()
    effect: Effect = "read"
    idempotent: bool = False
    open_world: bool = False
    timeout: float | None = None
    task: TaskMode = "auto"
    headers: tuple[tuple[tuple[str, ...], str], ...] = ()
    rate: float | None = None
    cache: float | None = None
    fallback: Fallback | None = None
    undo: Undo | Literal["impossible"] | None = None
    origin: str | None = None
    """Where text in the results comes from that somebody else wrote: ``web``, ``mail``. None for our own."""
    preview: Callable[[Any, Any], Any] | None = None
    """What a call would do, in words for the person who is asked to allow it: ``(context, arguments)``."""


class Resource(Struct, frozen=True, kw_only=True, eq=False):
    """Something a client may read. With ``{name}`` parts in ``uri`` it is a template for many.

    ``read(ctx, **parts)`` gives str, bytes, ResourceContents or a list of those; ``match`` finds the parts
    of a concrete URI, or None.
    """

    uri: str
    name: str
    plugin: str
    read: Callable[..., Awaitable[Sequence[ResourceContents]]]
    match: Callable[[str], dict[str, str] | None]
    template: bool = False
    title: str | None = None
    description: str | None = None
    mime_type: str | None = None
    size: int | None = None
    icons: tuple[Icon, ...] = ()
    annotations: Annotations | None = None
    complete: Mapping[str, Completer] = field(default_factory=dict)


class PromptArgument(Value, frozen=True):
    name: str
    description: str | None = None
    required: bool = False


class Prompt(Struct, frozen=True, kw_only=True, eq=False):
    """A conversation opener that a person picks."""

    name: str
    plugin: str
    get: Callable[[Any, Mapping[str, str]], Awaitable[PromptResult]]
    arguments: tuple[PromptArgument, ...] = ()
    title: str | None = None
    description: str | None = None
    icons: tuple[Icon, ...] = ()
    complete: Mapping[str, Completer] = field(default_factory=dict)


# --- what asking a client gives ------------------------------------------------------------------


class Answer(Struct, frozen=True):
    """What a person did with a question. ``content`` is set when ``action`` is ``accept``."""

    action: Literal["accept", "decline", "cancel"]
    content: Any = None

    @property
    def accepted(self) -> bool:
        return self.action == "accept"


class Sample(Struct, frozen=True, rename="camel"):
    """What the client's model said. ``content`` is one block, or several when it used tools."""

    role: Role
    content: Json
    model: str
    stop_reason: str | None = None

    @property
    def text(self) -> str:
        """All text blocks joined."""
        blocks = self.content if isinstance(self.content, list) else [self.content]
        return "".join(b.get("text", "") for b in blocks if isinstance(b, dict))


class Root(Struct, frozen=True):
    """A folder the client works in, as a ``file://`` URI."""

    uri: str
    name: str | None = None


# --- facts about the host, for people ------------------------------------------------------------

PluginStatus: TypeAlias = Literal["starting", "active", "disabled", "failed"]


class PluginRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one plugin. ``reason`` says why it is not active and what to do."""

    name: str
    status: PluginStatus
    reason: str | None = None
    distribution: str | None = None
    version: str | None = None
    module: str | None = None
    tools: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()


class Failure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A recent failure. ``at`` is seconds since the epoch, UTC."""

    at: float
    what: str
    message: str
    trace_id: str | None = None


class JobRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A call that goes on in the background. Times are seconds since the epoch, UTC."""

    id: str
    tool: str
    status: Literal["working", "input_required", "completed", "failed", "cancelled"]
    created: float
    updated: float
    message: str | None = None
    result: ToolResult | None = None
    error: str | None = None


ChangeState: TypeAlias = Literal["begun", "done", "undone", "failed"]


class Change(Struct, frozen=True, kw_only=True):
    """One change a tool made. ``before`` and ``after`` are the tool's own snapshots; ``at`` is seconds UTC.

    ``begun`` means that the process ended before it could tell whether the change happened.
    """

    id: int
    at: float
    plugin: str
    tool: str
    principal: str
    arguments: Json
    result: Json
    before: Json
    after: Json
    state: ChangeState
    undoes: int | None = None
    redacted: bool = False
    """A secret was taken out of it, so that it cannot be put back."""


class Undone(Struct, frozen=True):
    """What came of undoing. ``stopped`` says why it went no further, None when all was undone.

    ``undoings`` has a number for each of ``changes``: undoing that one brings the change back. None where things were
    as before already.
    """

    changes: tuple[Change, ...]
    stopped: str | None = None
    undoings: tuple[int | None, ...] = ()


class Health(Struct, frozen=True, kw_only=True):
    """The state of a host. ``uptime`` in seconds; ``calls`` and ``failed`` count since start."""

    version: str
    uptime: float
    calls: int
    failed: int
    in_flight: int
    tools: int
    plugins: tuple[PluginRecord, ...]
    failures: tuple[Failure, ...]
    checks: Mapping[str, str] = field(default_factory=dict)


# --- seams ---------------------------------------------------------------------------------------


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
    """What a plugin may see of the host: facts, no levers."""

    def health(self) -> Health:
        """The state of the host."""

    async def checks(self) -> Mapping[str, str]:
        """What each plugin that has something to say says of its health."""

    async def undo(self, *, last: int = 1, since: float | None = None, change: int | None = None) -> Undone:
        """Take changes back, newest first. Raises ToolError when there are none."""

    def job(self, job_id: str) -> JobRecord | None:
        """A background call by its handle."""

    def cancel_job(self, job_id: str) -> bool:
        """Ask a background call to stop. False if there is none of that name."""


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
    def read(self, uri: str, caller: Caller) -> Awaitable[Sequence[ResourceContents]]: ...
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


# --- the demo ------------------------------------------------------------------------------------


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
