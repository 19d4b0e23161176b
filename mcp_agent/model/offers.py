"""What plugins and other providers offer, and how it is run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from msgspec import Struct, field

from mcp_agent.model.content import (
    Annotations,
    Effect,
    Icon,
    Json,
    PromptResult,
    ResourceContents,
    TaskMode,
    ToolResult,
    Value,
)

Completer: TypeAlias = Callable[..., Any]
"""``(ctx, value, others) -> list[str]``, sync or async: suggestions for an argument that begins with value;
``others`` holds the arguments already chosen."""


class Static(Struct, frozen=True):
    """A fallback that is always at hand: ``value`` is given in place of what the tool would have returned."""

    value: Json


Fallback: TypeAlias = Literal["stale"] | str | Static
"""What to give when the other side fails: the last good answer, what another tool of the plugin gives for the same
arguments (its name), or a ready answer."""


Origin: TypeAlias = str | Callable[[Any, Any], str | Awaitable[str | None] | None] | None


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
    check: Callable[[ToolResult], ToolResult] | None = None
    """Looks at what ``render`` made, where that may break a promise of ``output_schema``."""
    output_schema: Mapping[str, Json] | None = None
    title: str | None = None
    icons: tuple[Icon, ...] = ()
    effect: Effect = "read"
    idempotent: bool = False
    open_world: bool = False
    timeout: float | None = None
    task: TaskMode = "auto"
    headers: tuple[tuple[tuple[str, ...], str], ...] = ()
    private: frozenset[str] = frozenset()
    """Arguments whose values the audit log does not keep."""
    rate: float | None = None
    cache: float | None = None
    fallback: Fallback | None = None
    undo: Undo | Literal["impossible"] | None = None
    origin: Origin = None
    """Where text in the results comes from that somebody else wrote: ``web``, ``mail``. None for our own. A function of
    context and arguments where it depends on these."""
    examples: tuple[str, ...] = ()
    """Requests in everyday words that it is for. They help to find it, and cost no client a token."""
    calls: frozenset[str] = frozenset()
    """Names of the tools that it may run itself. Each goes its own way through the onion."""
    preview: Callable[[Any, Any], Any] | None = None
    """What a call would do, in words for the person who is asked to allow it: ``(context, arguments)``."""
    asks: bool = True
    """Whether the person may be asked about a call. If not, it is refused where a rule asks."""

    @property
    def only_reads(self) -> bool:
        """Whether neither it nor what it runs changes anything, so that it may be run again, or an answer be kept."""
        return self.effect == "read" and not self.calls


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
    origin: Origin = None
    """Where text in it comes from that somebody else wrote, as in Tool; a function gets the URI for arguments."""
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
