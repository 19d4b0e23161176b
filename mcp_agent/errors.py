"""Every error this package raises, as one tree.

    AgentError
    ├── ToolError                 the model and the person read it; becomes a result with ``isError``
    │   ├── InvalidArguments      a tool was called with arguments it does not take
    │   ├── ToolTimeout           a tool ran longer than it may
    │   ├── UpstreamError         a service or device that the tool needs failed
    │   ├── Busy                  refused for now, to keep one from crowding out the others
    │   │   └── Unavailable       what the tool needs kept failing, and is left alone for a while
    │   ├── Denied                the policy or the person said no
    │   ├── CannotAsk             a tool wanted to ask the person, and this client has no way to
    │   └── InternalFailure       a bug in a tool, or a full disk: logged under a trace id; the caller sees no more
    ├── ProtocolError             becomes a JSON-RPC error, code and data included
    │   ├── ParseError            -32700  not JSON
    │   ├── InvalidRequest        -32600  JSON, but not a JSON-RPC message
    │   ├── MethodNotFound        -32601
    │   ├── InvalidParams         -32602  also: unknown tool, prompt or cursor
    │   │   ├── MissingMeta       -32602  a modern request without the fields each must carry
    │   │   └── ResourceNotFound  -32602, or -32002 in the revisions that had it
    │   ├── Overloaded            -32603  more requests in flight than one client may have
    │   ├── HeaderMismatch        -32020  HTTP headers contradict the body
    │   ├── MissingCapability     -32021  the client did not declare what this request needs
    │   └── UnsupportedVersion    -32022
    ├── VaultError                secrets cannot be kept or read: which place, why, and what to do
    ├── PluginError               a plugin cannot be loaded, or declares something impossible
    └── ConfigError               the configuration is wrong; says file, line and key

Messages say what happened, why, and what to do next.
"""

from __future__ import annotations

import errno
import math
from collections.abc import Sequence
from typing import Any

BUGS = (Exception, SystemExit)
"""What code of others may raise: some libraries call ``sys.exit``, which must not end the host."""


_REFUSALS = frozenset(
    getattr(errno, name, errno.ENOSPC)
    for name in ("EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "EIO", "EMFILE", "ENFILE")
)
_SQLITE_REFUSALS = frozenset({3, 8, 10, 13, 14})
"""SQLite's PERM, READONLY, IOERR, FULL and CANTOPEN."""


def refusal(error: BaseException) -> str | None:
    """What the machine says that would not let something be done: no room, no right, too much open. None for any other
    error. Names no file: the text may go to a model."""
    if isinstance(error, OSError) and error.errno in _REFUSALS:
        return error.strerror
    if getattr(error, "sqlite_errorcode", -1) & 0xFF in _SQLITE_REFUSALS:
        return str(error)
    return None


class AgentError(Exception):
    """Root of the tree. ``str(error)`` is fit to be shown to a person."""


class ToolError(AgentError):
    """A tool could not do what was asked. Raise it from a tool; the text reaches the model.

    ``hint`` says what to do next and is shown after the message.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(f"{message} {hint}" if hint else message)
        self.hint = hint


class InvalidArguments(ToolError):
    """The arguments do not fit the tool's schema."""


class ToolTimeout(ToolError):
    """The tool was stopped because its time was up."""


class Denied(ToolError):
    """The call was not allowed, and did not run."""


class UpstreamError(ToolError):
    """A service or device beyond the tool failed: it did not answer, or answered that it cannot.

    Only this (and ToolTimeout) is tried again, opens a breaker, or is covered by a fallback: not what a caller did
    wrong. ``host`` names the other side. ``sent=False`` promises that nothing was done there: it was never reached,
    or it said so. Only then is a write tried again.
    """

    def __init__(self, message: str, *, host: str | None = None, sent: bool = True, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.host = host
        self.sent = sent


class Busy(ToolError):
    """Refused for now; nothing was done. ``retry_after`` in seconds, None where nobody can say."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message, hint=f"Try again {_after(retry_after)}.")
        self.retry_after = retry_after


class Unavailable(Busy):
    """What the tool needs kept failing: it is left alone until it had time to recover."""


def _after(seconds: float | None) -> str:
    if seconds is None:
        return "in a while"
    if seconds <= 90:
        whole = max(1, math.ceil(seconds))
        return f"in {whole} second{'s' * (whole > 1)}"
    return f"in {math.ceil(seconds / 60)} minutes"


class CannotAsk(ToolError):
    """The caller cannot be asked: there is no person or model behind it that could answer."""


class InternalFailure(ToolError):
    """A bug in a tool, or a machine that has no room or no right for it: ``error`` tells which. The log holds the
    traceback under ``trace_id``."""

    def __init__(self, what: str, trace_id: str, error: BaseException | None = None) -> None:
        refused = None if error is None else refusal(error)
        why = "because of a bug in it" if refused is None else f"because this machine did not let it: {refused}"
        look = "" if refused is None else " 'mcp-agent doctor' looks for a full disk and for folders that are closed."
        super().__init__(
            f"{what} failed {why} (trace {trace_id}).",
            hint=f"The log of mcp-agent holds the details under that trace id.{look}",
        )
        self.trace_id = trace_id


class ProtocolError(AgentError):
    """Becomes a JSON-RPC error response."""

    code = -32603

    def __init__(self, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.data = data


class ParseError(ProtocolError):
    code = -32700


class InvalidRequest(ProtocolError):
    code = -32600


class MethodNotFound(ProtocolError):
    code = -32601

    def __init__(self, method: str) -> None:
        super().__init__(f"Method not found: {method}")


class InvalidParams(ProtocolError):
    code = -32602


class MissingMeta(InvalidParams):
    """A request that says too little of itself to be served in either era."""


class ResourceNotFound(InvalidParams):
    """``legacy_code`` is what revisions up to 2025-11-25 call this."""

    legacy_code = -32002

    def __init__(self, uri: str) -> None:
        super().__init__(f"Resource not found: {uri}", {"uri": uri})


class Overloaded(ProtocolError):
    """The caller has too many requests in flight; the message names the limit."""


class HeaderMismatch(ProtocolError):
    code = -32020


class MissingCapability(ProtocolError):
    """``capabilities`` has the shape of the client capabilities that are missing."""

    code = -32021

    def __init__(self, capabilities: dict[str, Any]) -> None:
        extensions = capabilities.get("extensions", {})
        names = ", ".join([*(name for name in capabilities if name != "extensions"), *extensions])
        super().__init__(f"This needs a client that declares: {names}", {"requiredCapabilities": capabilities})


class UnsupportedVersion(ProtocolError):
    code = -32022

    def __init__(self, requested: str, supported: Sequence[str]) -> None:
        super().__init__("Unsupported protocol version", {"supported": list(supported), "requested": requested})


class PluginError(AgentError):
    """A plugin, or something it declares, cannot be used."""


class VaultError(AgentError):
    """The place where secrets are kept cannot be used. The text may hold paths, never a value."""


class ConfigError(AgentError):
    """The configuration cannot be used."""
