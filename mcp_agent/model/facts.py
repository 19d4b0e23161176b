"""Facts about the host and what was done through it, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct, field

from mcp_agent.model.content import Json, ToolResult

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


class BreakerState(Struct, frozen=True, kw_only=True):
    """Trouble with what a plugin needs: ``host`` where the failure named one. ``seconds`` until it is tried again."""

    plugin: str
    host: str | None
    state: Literal["failing", "open", "half-open"]
    failures: int
    seconds: float = 0.0


class Usage(Struct, frozen=True):
    """Calls to one plugin since the start, and how many of them did not end well."""

    calls: int = 0
    failed: int = 0


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
