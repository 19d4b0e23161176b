"""The parameters of every method, as typed values. Unknown fields are ignored, as the specification asks."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Raw, Struct, UnsetType, field

from mcp_agent.model import LogLevel

PREFIX = "io.modelcontextprotocol/"
TASKS = PREFIX + "tasks"
SUBSCRIPTION_ID = PREFIX + "subscriptionId"
SERVER_INFO = PREFIX + "serverInfo"


class ClientInfo(Struct, frozen=True):
    """Self-reported: for display, logs and policies on stdio, where nothing better is known."""

    name: str
    version: str = ""
    title: str | None = None


class ClientCapabilities(Struct, frozen=True):
    roots: dict[str, Any] | None = None
    sampling: dict[str, Any] | None = None
    elicitation: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None
    experimental: dict[str, Any] | None = None

    def has(self, capability: str) -> bool:
        """``elicitation`` alone means form mode; ``elicitation.url`` and ``sampling.tools`` are the parts."""
        name, _, part = capability.partition(".")
        declared: dict[str, Any] | None = getattr(self, name, None)
        if declared is None:
            return False
        if capability == "elicitation":  # declared empty, it means form mode
            return "form" in declared or not declared
        return not part or part in declared


NO_CAPABILITIES = ClientCapabilities()


class Meta(Struct, frozen=True):
    """``_meta`` of a request. The prefixed fields make it a modern request."""

    progress_token: int | str | None = field(name="progressToken", default=None)
    version: str | UnsetType = field(name=PREFIX + "protocolVersion", default=UNSET)
    client: ClientInfo | None = field(name=PREFIX + "clientInfo", default=None)
    capabilities: ClientCapabilities | UnsetType = field(name=PREFIX + "clientCapabilities", default=UNSET)
    log_level: LogLevel | None = field(name=PREFIX + "logLevel", default=None)
    traceparent: str | None = None


NO_META = Meta()


class Params(Struct, frozen=True):
    """Base of all parameters."""

    meta: Meta = field(name="_meta", default=NO_META)


class Initialize(Params, frozen=True, kw_only=True, rename="camel"):
    protocol_version: str
    capabilities: ClientCapabilities = NO_CAPABILITIES
    client_info: ClientInfo


class SetLevel(Params, frozen=True, kw_only=True):
    level: LogLevel


class Page(Params, frozen=True, kw_only=True):
    cursor: str | None = None


class Retry(Params, frozen=True, kw_only=True, rename="camel"):
    """What the second and later rounds of a multi-round-trip request add."""

    input_responses: dict[str, Any] | None = None
    request_state: str | None = None


class CallTool(Retry, frozen=True, kw_only=True):
    name: str
    arguments: Raw = Raw(b"{}")


class GetPrompt(Retry, frozen=True, kw_only=True):
    name: str
    arguments: dict[str, str] = {}


class ReadResource(Retry, frozen=True, kw_only=True):
    uri: str


class Uri(Params, frozen=True, kw_only=True):
    uri: str


class Reference(Struct, frozen=True):
    type: str
    name: str | None = None
    uri: str | None = None


class CompletedArgument(Struct, frozen=True):
    name: str
    value: str


class CompletionContext(Struct, frozen=True):
    arguments: dict[str, str] = {}


class Complete(Params, frozen=True, kw_only=True):
    ref: Reference
    argument: CompletedArgument
    context: CompletionContext = CompletionContext()


class Filter(Struct, frozen=True, rename="camel", omit_defaults=True):
    """What a subscription wants to hear of."""

    tools_list_changed: bool = False
    prompts_list_changed: bool = False
    resources_list_changed: bool = False
    resource_subscriptions: tuple[str, ...] = ()
    task_ids: tuple[str, ...] = ()


class Listen(Params, frozen=True, kw_only=True):
    notifications: Filter = Filter()


class TaskId(Params, frozen=True, kw_only=True, rename="camel"):
    task_id: str


class UpdateTask(TaskId, frozen=True, kw_only=True, rename="camel"):
    input_responses: dict[str, Any]


class Cancelled(Params, frozen=True, kw_only=True, rename="camel"):
    request_id: int | str | None = None
    reason: str | None = None
