"""Deleting: what can be made again just as it was, and what cannot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_kubernetes.cluster import Cluster
from mcp_agent_kubernetes.clusters import writable_cluster_of
from mcp_agent_kubernetes.discovery import Kind
from mcp_agent_kubernetes.examples import EXAMPLES
from mcp_agent_kubernetes.lists import maybe
from mcp_agent_kubernetes.tools.arguments import KindName, Name, Namespace, WriteContext, can, place
from mcp_agent_kubernetes.undoing import Reference, delete, undo_things
from mcp_agent_kubernetes.words import age

Names = Annotated[list[Name], Field("Which.", min_length=1, max_length=50)]
_KEPT = {
    "": ("ConfigMap", "Service", "LimitRange", "ResourceQuota"),
    "apps": ("Deployment", "DaemonSet", "StatefulSet"),
    "autoscaling": ("HorizontalPodAutoscaler",),
    "batch": ("CronJob",),
    "networking.k8s.io": ("Ingress", "NetworkPolicy"),
    "policy": ("PodDisruptionBudget",),
    "rbac.authorization.k8s.io": ("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"),
    "scheduling.k8s.io": ("PriorityClass",),
}
"""Kinds that hold nothing but what is written in them, by group: made again, they are what they were."""


def _can_be_undone(kind: Kind) -> bool:
    return kind.name in _KEPT.get(kind.group, ())


async def _references(ctx: Context, cluster: Cluster, arguments: Any) -> Sequence[Reference]:
    return await _meant(cluster, arguments.kind, arguments.names, arguments.namespace, undoable=True)


async def _meant(cluster: Cluster, kind: str, names: list[str], namespace: str, *, undoable: bool) -> list[Reference]:
    found = await cluster.discovery.find(kind)
    can(found, "delete")
    if _can_be_undone(found) != undoable:
        raise ToolError(
            f"A {found.name} that was deleted "
            + ("cannot be made again as it was." if undoable else "can be made again as it was."),
            hint=f"That is k8s_delete{'_forever' if undoable else ''}.",
        )
    inside = place(cluster, found, namespace)
    return [Reference(found, inside, name) for name in dict.fromkeys(names)]


async def _there(cluster: Cluster, references: Sequence[Reference]) -> list[dict[str, Any]]:
    """All of them, or ToolError: nothing is deleted where one is missing, or would lose what undo cannot give back."""
    things = []
    for one in references:
        thing = await maybe(cluster, one.path, f"get {one}")
        if thing is None:
            raise ToolError(f"{cluster}: there is no {one}. Nothing was deleted.", hint="k8s_list shows what there is.")
        things.append(thing)
    return things


async def _in_words(ctx: Context, given: dict[str, Any], *, undoable: bool) -> str:
    cluster = await writable_cluster_of(ctx, given["context"])
    references = await _meant(cluster, given["kind"], given["names"], given["namespace"], undoable=undoable)
    things = await _there(cluster, references)
    now = ctx.clock.time()
    listed = ", ".join(
        f"{one.name} ({age(thing['metadata'].get('creationTimestamp'), now)} old)"
        for one, thing in zip(references, things, strict=True)
    )
    what = "with all that is in it, " if references[0].kind.name == "Namespace" else ""
    how = "it can be undone" if undoable else "for good"
    return f"In {cluster.where(references[0].namespace)}: delete {references[0].kind.name} {listed}, {what}{how}."


async def _delete(ctx: Context, kind: str, names: list[str], context: str, namespace: str, *, undoable: bool) -> str:
    cluster = await writable_cluster_of(ctx, context)
    references = await _meant(cluster, kind, names, namespace, undoable=undoable)
    things = await _there(cluster, references)
    waits: list[str] = []
    for done, (one, thing) in enumerate(zip(references, things, strict=True)):
        await delete(cluster, one, thing)
        waits += thing["metadata"].get("finalizers") or ()
        ctx.progress(done + 1, len(things), f"{one} deleted")
    said = f"Deleted in {cluster.where(references[0].namespace)}: {', '.join(map(str, references))}."
    if waits:
        said += f" Some go only when these have let go of them: {', '.join(sorted(set(waits)))}."
    return said


async def _preview(ctx: Context, **given: Any) -> str:
    return await _in_words(ctx, given, undoable=True)


async def _preview_forever(ctx: Context, **given: Any) -> str:
    return await _in_words(ctx, given, undoable=False)


@tool(
    effect="write", undo=undo_things(_references), preview=_preview, timeout=120, examples=EXAMPLES["k8s_delete"]
)  # fmt: skip
async def k8s_delete(
    ctx: Context, kind: KindName, names: Names, context: WriteContext, namespace: Namespace = ""
) -> str:
    """Delete what can be made again as it was: deployments, services, config maps, ingresses, roles and the like. Their
    pods go too, and undo makes new ones. Other kinds are refused."""
    return await _delete(ctx, kind, names, context, namespace, undoable=True)


@tool(effect="destructive", preview=_preview_forever, timeout=120, examples=EXAMPLES["k8s_delete_forever"])
async def k8s_delete_forever(
    ctx: Context, kind: KindName, names: Names, context: WriteContext, namespace: Namespace = ""
) -> str:
    """Delete what nobody can bring back: pods, jobs, secrets, claims with their data, namespaces, custom things. For
    others use k8s_delete, which can be undone."""
    return await _delete(ctx, kind, names, context, namespace, undoable=False)
