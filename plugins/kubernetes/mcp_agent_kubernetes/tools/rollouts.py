"""Rollouts: how far they are, and restarting, going back, pausing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, Undo, tool
from mcp_agent_kubernetes.cluster import Cluster
from mcp_agent_kubernetes.clusters import cluster_of, writable_cluster_of
from mcp_agent_kubernetes.differences import differences
from mcp_agent_kubernetes.discovery import Kind
from mcp_agent_kubernetes.examples import EXAMPLES
from mcp_agent_kubernetes.failures import Refused
from mcp_agent_kubernetes.revisions import chosen, must_roll, progress, revisions_of
from mcp_agent_kubernetes.tools.arguments import ContextName, KindName, Name, Namespace, WriteContext
from mcp_agent_kubernetes.words import age

_JSON_PATCH = "application/json-patch+json"
_RESTARTED = "kubectl.kubernetes.io/restartedAt"
_EVERY = 1.0
_MOST = 10
RollKind = Annotated[KindName, Field("deployment, statefulset or daemonset.")]
Action = Literal["restart", "undo", "pause", "resume"]


class Version(Struct, frozen=True, omit_defaults=True):
    """``changes`` are those of the pods to the version before."""

    revision: int
    age: str
    images: list[str]
    cause: str = ""
    changes: list[str] = []


class Rollout(Struct, frozen=True, omit_defaults=True):
    """``history`` newest first; the first is the one that is wanted now."""

    where: str
    thing: str
    done: bool
    state: str
    history: list[Version] = []


class Rolled(Struct, frozen=True, omit_defaults=True):
    where: str
    thing: str
    changes: list[str]


class _Workload(Struct, frozen=True):
    cluster: Cluster
    kind: Kind
    namespace: str
    thing: dict[str, Any]

    @property
    def path(self) -> str:
        return self.kind.path(self.namespace, self.name)

    @property
    def name(self) -> str:
        return str(self.thing["metadata"]["name"])

    @property
    def where(self) -> str:
        return self.cluster.where(self.namespace)

    def __str__(self) -> str:
        return self.kind.named(self.name)


async def _workload(cluster: Cluster, kind: str, name: str, namespace: str) -> _Workload:
    found = await cluster.discovery.find(kind)
    must_roll(found)
    inside = namespace or cluster.context.namespace
    return _Workload(cluster, found, inside, await cluster.get(found.path(inside, name), f"get {found.named(name)}"))


@tool(effect="read", timeout=330, examples=EXAMPLES["k8s_rollout_status"])
async def k8s_rollout_status(
    ctx: Context,
    name: Name,
    kind: RollKind = "deployment",
    wait: Annotated[int, Field("Wait up to so many seconds for its end.", ge=0, le=300)] = 0,
    namespace: Namespace = "",
    context: ContextName = "",
) -> Rollout:
    """How far the rollout of a deployment, stateful set or daemon set is, and which versions it has had."""
    cluster = await cluster_of(ctx, context)
    until = ctx.clock.monotonic() + wait
    while True:
        found = await _workload(cluster, kind, name, namespace)
        done, said = progress(found.kind, found.thing)
        if done or ctx.clock.monotonic() >= until:
            break
        ctx.progress(wait - (until - ctx.clock.monotonic()), wait, said)
        await asyncio.sleep(_EVERY)
    revisions = await revisions_of(cluster, found.kind, found.thing, found.namespace)
    now = ctx.clock.time()
    history = [
        Version(
            one.number, age(one.created, now), list(one.images), one.cause,
            differences(before.template, one.template) if before is not None else [],
        )
        for one, before in zip(revisions[:_MOST], [*revisions[1:], None], strict=False)
    ]  # fmt: skip
    return Rollout(found.where, str(found), done, said, history)


async def _wanted(ctx: Context, found: _Workload, action: Action, revision: int | None) -> dict[str, Any]:
    """The template and the pause that the action makes."""
    now = _held(found)
    if action in ("pause", "resume"):
        if found.kind.name != "Deployment":
            raise ToolError(f"A {found.kind.name} cannot be paused.")
        return {**now, "paused": action == "pause"}
    if action == "undo":
        revisions = await revisions_of(found.cluster, found.kind, found.thing, found.namespace)
        return {**now, "template": chosen(revisions, revision, str(found)).template}
    template = now["template"]
    metadata = template.get("metadata") or {}
    stamp = {_RESTARTED: _time(ctx.clock.time())}
    metadata = {**metadata, "annotations": {**(metadata.get("annotations") or {}), **stamp}}
    return {**now, "template": {**template, "metadata": metadata}}


def _time(seconds: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _held(found: _Workload) -> dict[str, Any]:
    spec = found.thing["spec"]
    return {"template": spec["template"], "paused": bool(spec.get("paused"))}


async def _make(found: _Workload, wanted: Mapping[str, Any], what: str) -> None:
    """Unless somebody changes it in the same moment."""
    now = _held(found)
    patch = [
        {"op": "test", "path": "/spec/template", "value": now["template"]},
        {"op": "replace", "path": "/spec/template", "value": wanted["template"]},
    ]
    if wanted["paused"] != now["paused"]:
        patch.append({"op": "add", "path": "/spec/paused", "value": wanted["paused"]})
    try:
        await found.cluster.send("PATCH", found.path, f"{what} {found}", patch, kind=_JSON_PATCH)
    except Refused as error:
        if error.status != 422 or error.causes:
            raise
        raise ToolError(f"{found} was changed by somebody else in the same moment. Nothing was done.") from None


async def _aimed(ctx: Context, arguments: Any) -> _Workload:
    cluster = await writable_cluster_of(ctx, arguments.context)
    return await _workload(cluster, arguments.kind, arguments.name, arguments.namespace)


async def _snapshot(ctx: Context, arguments: Any, result: Any) -> dict[str, Any]:
    found = await _aimed(ctx, arguments)
    return {"where": found.where, **_held(found)}


async def _restore(ctx: Context, arguments: Any, result: Any, snapshot: dict[str, Any]) -> None:
    await _make(await _aimed(ctx, arguments), snapshot, "take back the rollout of")


async def _preview(ctx: Context, **given: Any) -> str:
    cluster = await writable_cluster_of(ctx, given["context"])
    found = await _workload(cluster, given["kind"], given["name"], given["namespace"])
    wanted = await _wanted(ctx, found, given["action"], given["revision"])
    changes = "; ".join(differences(_held(found), wanted)[:12])
    return f"In {found.where}: {given['action']} {found} ({changes or 'nothing to change'})."


@tool(
    effect="write",
    undo=Undo(_snapshot, _restore),
    preview=_preview,
    examples=EXAMPLES["k8s_rollout"],
)
async def k8s_rollout(
    ctx: Context,
    action: Annotated[Action, Field("restart makes all pods anew; undo goes back to the version before.")],
    name: Name,
    context: WriteContext,
    kind: RollKind = "deployment",
    revision: Annotated[int | None, Field("For undo: which, from k8s_rollout_status.", ge=0)] = None,
    namespace: Namespace = "",
) -> Rolled:
    """Restart a deployment, stateful set or daemon set pod by pod, go back to an older version of it, or pause and
    resume its rollout. It goes on in the cluster: k8s_rollout_status tells how far."""
    cluster = await writable_cluster_of(ctx, context)
    found = await _workload(cluster, kind, name, namespace)
    wanted = await _wanted(ctx, found, action, revision)
    changes = differences(_held(found), wanted)
    if not changes:
        raise ToolError(f"{found} is so already: nothing to {action}.")
    await _make(found, wanted, action)
    return Rolled(found.where, str(found), changes)
