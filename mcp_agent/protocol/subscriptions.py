"""Telling clients that something changed: ``list_changed``, updated resources, tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from mcp_agent.protocol import jsonrpc
from mcp_agent.protocol.params import SUBSCRIPTION_ID, Filter
from mcp_agent.protocol.peer import Peer, Subscription
from mcp_agent.protocol.revisions import MODERN

if TYPE_CHECKING:
    from mcp_agent.protocol.jobs import Job, Jobs
    from mcp_agent.protocol.server import Server

Kind = Literal["tools", "prompts", "resources"]


def acknowledge(subscription: Subscription) -> None:
    """The first message of a stream: what it will carry, which here is all that was asked."""
    _send(subscription, "notifications/subscriptions/acknowledged", {"notifications": subscription.filter})


def list_changed(peer: Peer, kind: Kind) -> None:
    method = f"notifications/{kind}/list_changed"
    if peer.revision is not None:
        peer.channel.send(jsonrpc.notification(method))
    for subscription in peer.subscriptions.values():
        if getattr(subscription.filter, f"{kind}_list_changed"):
            _send(subscription, method, {})


def resource_updated(peer: Peer, uri: str) -> None:
    if uri in peer.watched:
        peer.channel.send(jsonrpc.notification("notifications/resources/updated", {"uri": uri}))
    for subscription in peer.subscriptions.values():
        if uri in subscription.uris:
            _send(subscription, "notifications/resources/updated", {"uri": uri})


def job_changed(peer: Peer, job: Job, jobs: Jobs) -> None:
    for subscription in peer.subscriptions.values():
        if job.record.id not in subscription.filter.task_ids:
            continue
        if job.record.status != "working" or not subscription.channel.congested:
            _send(subscription, "notifications/tasks", jobs.detailed(job))


def close(subscription: Subscription, server: Server) -> None:
    """Ends a stream in good order: the answer to the request that opened it."""
    result = server.complete({"_meta": {SUBSCRIPTION_ID: subscription.id}}, MODERN)
    subscription.channel.reply(jsonrpc.response(subscription.id, result))


def honoured(wanted: Filter, task_ids: tuple[str, ...]) -> Filter:
    """The part of a filter that will be served: all of it, but for tasks that are not this client's."""
    return Filter(
        wanted.tools_list_changed, wanted.prompts_list_changed, wanted.resources_list_changed,
        wanted.resource_subscriptions, task_ids,
    )  # fmt: skip


def _send(subscription: Subscription, method: str, params: dict[str, Any]) -> None:
    params = {**params, "_meta": {SUBSCRIPTION_ID: subscription.id}}
    subscription.channel.send(jsonrpc.notification(method, params))
