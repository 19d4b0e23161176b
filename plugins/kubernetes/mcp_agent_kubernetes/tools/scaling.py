"""How many replicas something has."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, Undo, tool
from mcp_agent_kubernetes.cluster import Cluster
from mcp_agent_kubernetes.clusters import writable_cluster_of
from mcp_agent_kubernetes.examples import EXAMPLES
from mcp_agent_kubernetes.tools.arguments import KindName, Name, Namespace, WriteContext, place

_MERGE = "application/merge-patch+json"


class Scaled(Struct, frozen=True):
    where: str
    thing: str
    before: int
    after: int


class _Target(Struct, frozen=True):
    where: str
    thing: str
    path: str
    replicas: int


async def _target(cluster: Cluster, kind: str, name: str, namespace: str) -> _Target:
    found = await cluster.discovery.find(kind)
    if "scale" not in found.parts:
        raise ToolError(f"A {found.name} cannot be scaled.", hint="Deployments, StatefulSets and ReplicaSets can.")
    inside = place(cluster, found, namespace)
    path = found.path(inside, name, "scale")
    scale = await cluster.get(path, f"get the scale of {found.named(name)}")
    return _Target(cluster.where(inside), found.named(name), path, int(scale["spec"].get("replicas") or 0))


async def _scale(cluster: Cluster, target: _Target, replicas: int) -> None:
    await cluster.send("PATCH", target.path, f"scale {target.thing}", {"spec": {"replicas": replicas}}, kind=_MERGE)


async def _aimed(ctx: Context, arguments: Any) -> tuple[Cluster, _Target]:
    cluster = await writable_cluster_of(ctx, arguments.context)
    return cluster, await _target(cluster, arguments.kind, arguments.name, arguments.namespace)


async def _snapshot(ctx: Context, arguments: Any, result: Any) -> list[Any]:
    _, target = await _aimed(ctx, arguments)
    return [target.where, target.replicas]


async def _restore(ctx: Context, arguments: Any, result: Any, snapshot: list[Any]) -> None:
    cluster, target = await _aimed(ctx, arguments)
    await _scale(cluster, target, snapshot[1])


async def _preview(ctx: Context, **given: Any) -> str:
    cluster = await writable_cluster_of(ctx, given["context"])
    target = await _target(cluster, given["kind"], given["name"], given["namespace"])
    return f"In {target.where}: scale {target.thing} from {target.replicas} to {given['replicas']}."


@tool(
    effect="write",
    idempotent=True,
    undo=Undo(_snapshot, _restore),
    preview=_preview,
    examples=EXAMPLES["k8s_scale"],
)
async def k8s_scale(
    ctx: Context,
    kind: KindName,
    name: Name,
    replicas: Annotated[int, Field("How many there are to be.", ge=0, le=10_000)],
    context: WriteContext,
    namespace: Namespace = "",
) -> Scaled:
    """Set how many replicas a deployment, stateful set or custom thing has. An autoscaler may set it anew."""
    cluster = await writable_cluster_of(ctx, context)
    target = await _target(cluster, kind, name, namespace)
    await _scale(cluster, target, replicas)
    return Scaled(target.where, target.thing, target.replicas, replicas)
