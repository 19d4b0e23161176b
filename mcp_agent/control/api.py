"""What can be asked of an instance over its control socket, and what it tells by itself.

A request is a Struct that names its method and the shape of its answer; ``METHODS`` is all there is. Times are seconds
since the epoch, UTC, durations seconds, unless a name says otherwise (``ms``).
"""

from __future__ import annotations

from typing import Any, ClassVar, Generic, TypeVar

from msgspec import Raw, Struct

from mcp_agent.model import BreakerState, PluginRecord

VERSION = 1
"""Grows when something that was there changes its meaning. What is new is added without."""

TICK = "tick"
"""The notification that a watcher gets: a ``Tick``."""

R = TypeVar("R")


class Request(Struct, Generic[R], frozen=True, kw_only=True):
    """Base of all requests. ``R`` is what the answer is."""

    method: ClassVar[str]
    answer: ClassVar[Any]


# --- facts ---------------------------------------------------------------------------------------


class Hello(Struct, frozen=True, kw_only=True):
    """Who answers. ``serves`` is ``stdio`` or ``http``; ``home`` tells homes apart."""

    version: int
    pid: int
    host_version: str
    started: float
    serves: str
    home: str


class ClientFacts(Struct, frozen=True, kw_only=True):
    """Somebody whom the instance serves. ``name`` is what they say of themselves."""

    principal: str
    name: str
    version: str
    revision: str
    in_flight: int


class Running(Struct, frozen=True, kw_only=True):
    """A call in flight. ``seconds`` it has run, None where nobody counted; ``done`` of ``total`` is its progress."""

    tool: str
    plugin: str
    principal: str
    seconds: float | None = None
    done: float | None = None
    total: float | None = None
    message: str = ""
    background: bool = False


class Ended(Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """A call that has ended. ``id`` is good for ``Look`` for a while; ``arguments`` is the beginning of its JSON."""

    id: int
    at: float
    ms: float
    principal: str
    plugin: str
    tool: str
    effect: str
    outcome: str
    decision: str
    detail: str
    arguments: str


class Tick(Struct, frozen=True, kw_only=True):
    """News since the last one. ``calls`` and ``failed`` count since the start of the instance, ``dropped`` those calls
    of this watcher that are missing in ``ended`` because they came too fast."""

    at: float
    calls: int
    failed: int
    in_flight: int
    running: tuple[Running, ...]
    ended: tuple[Ended, ...]
    dropped: int = 0


class State(Struct, frozen=True, kw_only=True):
    uptime: float
    calls: int
    failed: int
    in_flight: int
    tools: int
    clients: tuple[ClientFacts, ...]
    memory: int
    """Bytes, the most so far; 0 where the system does not say."""


class PluginFacts(Struct, frozen=True, kw_only=True):
    """A plugin. ``status`` is that of its record, or ``installed`` where no instance runs. ``rate`` is the limit in
    calls a minute, 0 for none."""

    name: str
    status: str
    reason: str = ""
    version: str = ""
    tools: tuple[str, ...] = ()
    calls: int = 0
    failed: int = 0
    breakers: tuple[BreakerState, ...] = ()
    health: str = ""
    config: dict[str, Any] = {}
    rate: float = 0


class Detail(Struct, frozen=True, kw_only=True):
    """Everything about a call that ended while somebody watched. Texts are cut at 16 kB."""

    ended: Ended
    arguments: str
    result: str
    trace_id: str


class Given(Struct, frozen=True, kw_only=True):
    """What a tool gave: its text, and its structured data."""

    text: str
    data: Raw = Raw(b"null")
    is_error: bool = False


class Wish(Struct, frozen=True, kw_only=True):
    """A call that waits for consent: what it was given, and how things are before it. Both are JSON."""

    arguments: str
    before: str | None
    """None where the tool cannot tell."""


class UndoneFacts(Struct, frozen=True, kw_only=True):
    """``stopped`` says why it was not taken back, None when it was."""

    undone: tuple[int, ...]
    stopped: str | None = None


# --- requests ------------------------------------------------------------------------------------


class SayHello(Request[Hello], frozen=True, kw_only=True):
    """The first request of every connection. ``token`` is needed where the socket is on loopback."""

    method = "hello"
    answer = Hello
    version: int = VERSION
    token: str = ""


class GetState(Request[State], frozen=True, kw_only=True):
    method = "state"
    answer = State


class Watch(Request[None], frozen=True, kw_only=True):
    """Be told of calls from now on, with a ``tick`` ten times a second, until the connection ends or ``on`` is off."""

    method = "watch"
    answer = None
    on: bool = True


class Look(Request[Detail], frozen=True, kw_only=True):
    """One call, with arguments and result."""

    method = "calls/look"
    answer = Detail
    id: int


class Replay(Request[Given], frozen=True, kw_only=True):
    """Make a call again that only reads, with the same arguments."""

    method = "calls/replay"
    answer = Given
    tool: str
    arguments: Raw


class CallTool(Request[Given], frozen=True, kw_only=True):
    """Call a tool as the person at this machine. ``confirmed``: they have said yes to this very call."""

    method = "tools/call"
    answer = Given
    tool: str
    arguments: Raw
    confirmed: bool = False


class ListPlugins(Request[tuple[PluginFacts, ...]], frozen=True, kw_only=True):
    """``checked`` asks each plugin how it is, which may take seconds."""

    method = "plugins/list"
    answer = tuple[PluginFacts, ...]
    checked: bool = False


class SwitchPlugin(Request[PluginRecord], frozen=True, kw_only=True):
    """On or off, in this instance, until it ends."""

    method = "plugins/switch"
    answer = PluginRecord
    name: str
    on: bool


class LookAtWish(Request[Wish | None], frozen=True, kw_only=True):
    """What a call would do that waits for consent in this instance; None for one that does not."""

    method = "approvals/look"
    answer = Wish | None
    id: str


class Undo(Request[UndoneFacts], frozen=True, kw_only=True):
    """Take back a change by its number."""

    method = "changes/undo"
    answer = UndoneFacts
    change: int


REQUESTS: tuple[type[Request[Any]], ...] = (
    SayHello, GetState, Watch, Look, Replay, CallTool, ListPlugins, SwitchPlugin, LookAtWish, Undo,
)  # fmt: skip
METHODS = {request.method: request for request in REQUESTS}
