"""What each method does. A handler gives its result at once, or starts work on the exchange and gives None."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from mcp_agent.errors import InvalidParams, MissingCapability, Overloaded
from mcp_agent.model import PromptResult
from mcp_agent.protocol import asking, revisions, subscriptions, wire
from mcp_agent.protocol import params as p
from mcp_agent.protocol.catalog import Listing, cacheable
from mcp_agent.protocol.peer import Subscription

if TYPE_CHECKING:
    from mcp_agent.protocol.exchange import Exchange
    from mcp_agent.protocol.server import Server

Handler = Callable[["Exchange", Any], wire.Wire | None]


# --- opening -------------------------------------------------------------------------------------


def initialize(exchange: Exchange, params: p.Initialize) -> wire.Wire:
    peer = exchange.peer
    if peer.revision is not None:
        raise InvalidParams("Already initialized: open a new connection to start over")
    revision = exchange.revision = peer.revision = revisions.negotiate(params.protocol_version)
    peer.client = params.client_info
    peer.capabilities = params.capabilities
    peer.principal = peer.name(params.client_info)
    server = exchange.server
    result = {
        "protocolVersion": revision.name,
        "capabilities": _capabilities(server, revision),
        "serverInfo": server.info if revision.icons else _short_info(server, revision),
    }
    if server.instructions:
        result["instructions"] = server.instructions
    return result


def discover(exchange: Exchange, params: p.Params) -> wire.Wire:
    server = exchange.server
    result: wire.Wire = {
        "supportedVersions": revisions.SUPPORTED,
        "capabilities": _capabilities(server, exchange.revision),
    }
    if server.instructions:
        result["instructions"] = server.instructions
    return cacheable(result, exchange.revision, server.limits.list_ttl, "public")


def _capabilities(server: Server, revision: revisions.Revision) -> wire.Wire:
    capabilities: wire.Wire = {
        "tools": {"listChanged": True},
        "resources": {"listChanged": True, "subscribe": True},
        "prompts": {"listChanged": True},
        "logging": {},
    }
    if revision.completions:
        capabilities["completions"] = {}
    if revision.modern:
        capabilities["extensions"] = {p.TASKS: {}}
    return capabilities


def _short_info(server: Server, revision: revisions.Revision) -> wire.Wire:
    info = {"name": server.info.name, "version": server.info.version}
    if revision.titles and server.info.title:
        info["title"] = server.info.title
    return info


def ping(exchange: Exchange, params: p.Params) -> wire.Wire:
    return {}


def set_level(exchange: Exchange, params: p.SetLevel) -> wire.Wire:
    exchange.peer.log_level = params.level
    return {}


# --- listings ------------------------------------------------------------------------------------


def _lister(listing: Listing) -> Handler:
    def list_page(exchange: Exchange, params: p.Page) -> wire.Wire:
        return exchange.server.catalog.page(listing, exchange.revision, params.cursor)

    return list_page


# --- work ----------------------------------------------------------------------------------------


def call_tool(exchange: Exchange, params: p.CallTool) -> None:
    server = exchange.server
    tool = server.backend.tool(params.name)
    if tool is None:
        raise InvalidParams(f"Unknown tool: {params.name}.{server.backend.suggest('tool', params.name)}")
    if tool.task == "required" and not exchange.tasks:
        raise MissingCapability({"extensions": {p.TASKS: {}}})
    exchange.tool = tool
    if exchange.revision.modern:
        _resume(exchange, params, params.name, bytes(params.arguments))
    exchange.run(server.backend.call, tool, bytes(params.arguments), exchange)
    if tool.task != "auto":
        exchange.detach_now()
    elif server.limits.background_after:
        server.slow.begin(exchange)


def read_resource(exchange: Exchange, params: p.ReadResource) -> None:
    if exchange.revision.modern:
        _resume(exchange, params, params.uri, b"")
    exchange.run(_read, exchange, params.uri)


async def _read(exchange: Exchange, uri: str) -> wire.Wire:
    result = await exchange.server.backend.read(uri, exchange)
    return cacheable(wire.resource_result(result), exchange.revision, 0, "private")


def get_prompt(exchange: Exchange, params: p.GetPrompt) -> None:
    if exchange.revision.modern:
        _resume(exchange, params, params.name, msgspec.json.encode(params.arguments))
    exchange.run(_prompt, exchange, params)


async def _prompt(exchange: Exchange, params: p.GetPrompt) -> wire.Wire:
    result: PromptResult = await exchange.server.backend.prompt(params.name, params.arguments, exchange)
    return wire.prompt_result(result, exchange.revision)


def complete(exchange: Exchange, params: p.Complete) -> None:
    exchange.run(_complete, exchange, params)


async def _complete(exchange: Exchange, params: p.Complete) -> wire.Wire:
    ref = params.ref
    backend = exchange.server.backend
    argument, others = params.argument, params.context.arguments
    if ref.type == "ref/prompt" and ref.name is not None:
        found = await backend.complete("prompt", ref.name, argument.name, argument.value, others, exchange)
    elif ref.type == "ref/resource" and ref.uri is not None:
        found = await backend.complete("resource", ref.uri, argument.name, argument.value, others, exchange)
    else:
        raise InvalidParams("Invalid params: ref must be a ref/prompt with a name or a ref/resource with a uri")
    return {"completion": found}


def _resume(exchange: Exchange, params: p.Retry, subject: str, arguments: bytes) -> None:
    """Take up the answers of earlier rounds. Raises InvalidParams for state that is not this request's."""
    exchange.subject = subject
    exchange.arguments = arguments
    if params.input_responses is not None:
        exchange.answers = params.input_responses
    if params.request_state is not None:  # what was answered before stays as it was
        earlier = exchange.server.sealer.open(params.request_state, exchange.binding())
        exchange.answers = {**exchange.answers, **earlier}


# --- subscriptions -------------------------------------------------------------------------------


def subscribe(exchange: Exchange, params: p.Uri) -> wire.Wire:
    if params.uri not in exchange.peer.watched:
        _bounded(exchange, len(exchange.peer.watched))
    exchange.peer.watched.add(params.uri)
    return {}


def unsubscribe(exchange: Exchange, params: p.Uri) -> wire.Wire:
    exchange.peer.watched.discard(params.uri)
    return {}


def listen(exchange: Exchange, params: p.Listen) -> None:
    wanted = params.notifications
    if wanted.task_ids and not exchange.tasks:
        raise MissingCapability({"extensions": {p.TASKS: {}}})
    _bounded(exchange, len(exchange.peer.subscriptions))
    jobs = exchange.server.jobs
    known = tuple(i for i in wanted.task_ids if jobs.find(i, exchange.principal) is not None)
    subscription = Subscription(exchange.id, exchange.channel, subscriptions.honoured(wanted, known))
    exchange.peer.subscriptions[exchange.id] = subscription
    subscriptions.acknowledge(subscription)


def _bounded(exchange: Exchange, count: int) -> None:
    limit = exchange.server.limits.in_flight
    if count >= limit:
        raise Overloaded(f"More than {limit} subscriptions: end some first")


# --- tasks ---------------------------------------------------------------------------------------


def get_task(exchange: Exchange, params: p.TaskId) -> wire.Wire:
    jobs = exchange.server.jobs
    return jobs.detailed(jobs.get(params.task_id, exchange.principal))


def update_task(exchange: Exchange, params: p.UpdateTask) -> wire.Wire:
    jobs = exchange.server.jobs
    job = jobs.get(params.task_id, exchange.principal)
    for key, response in params.input_responses.items():
        if key in job.questions:
            asking.check(key, job.questions[key]["method"], response)
    jobs.answer(job, params.input_responses)
    return {}


def cancel_task(exchange: Exchange, params: p.TaskId) -> wire.Wire:
    jobs = exchange.server.jobs
    jobs.cancel(jobs.get(params.task_id, exchange.principal))
    return {}


HANDLERS: dict[str, Handler] = {
    "initialize": initialize,
    "server/discover": discover,
    "ping": ping,
    "logging/setLevel": set_level,
    "tools/list": _lister("tools"),
    "tools/call": call_tool,
    "resources/list": _lister("resources"),
    "resources/templates/list": _lister("resourceTemplates"),
    "resources/read": read_resource,
    "resources/subscribe": subscribe,
    "resources/unsubscribe": unsubscribe,
    "prompts/list": _lister("prompts"),
    "prompts/get": get_prompt,
    "completion/complete": complete,
    "subscriptions/listen": listen,
    "tasks/get": get_task,
    "tasks/update": update_task,
    "tasks/cancel": cancel_task,
}
