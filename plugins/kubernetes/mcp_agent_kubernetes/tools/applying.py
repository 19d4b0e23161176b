"""Manifests: what applying them would change, and applying them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_kubernetes import manifests as reading
from mcp_agent_kubernetes.cluster import Cluster
from mcp_agent_kubernetes.clusters import writable_cluster_of
from mcp_agent_kubernetes.examples import EXAMPLES
from mcp_agent_kubernetes.manifests import Manifest, Plan
from mcp_agent_kubernetes.tools.arguments import Namespace, WriteContext
from mcp_agent_kubernetes.undoing import Reference, undo_things

_SHOWN = 12
Manifests = Annotated[
    str,
    Field(
        "YAML, several documents with '---' between. Fields left out stay.",
        min_length=1,
        max_length=500_000,
        private=True,
    ),
]
Force = Annotated[bool, Field("Also take over fields that others manage. Ask the person first.")]


class Applied(Struct, frozen=True):
    where: str
    done: list[str]


@tool(effect="read", origin="kubernetes", timeout=120, examples=EXAMPLES["k8s_diff"])
async def k8s_diff(
    ctx: Context, manifests: Manifests, context: WriteContext, namespace: Namespace = "", force: Force = False
) -> Plan:
    """What applying manifests would change, field by field: tried on the server, which validates and keeps nothing.
    Then k8s_apply. Needs a context that is writable."""
    cluster = await writable_cluster_of(ctx, context)
    return await reading.plan_of(cluster, await reading.read(cluster, manifests, namespace), force=force)


async def _planned(
    cluster: Cluster, manifests: str, namespace: str, plan: str, *, force: bool
) -> tuple[list[Manifest], Plan]:
    found = await reading.read(cluster, manifests, namespace)
    reading.must_not_be_secret(found)
    planned = await reading.plan_of(cluster, found, force=force)
    if planned.plan != plan:
        raise ToolError(
            "The manifests, or what is in the cluster, are not what that plan was made of. Nothing was changed.",
            hint="Call k8s_diff again.",
        )
    return found, planned


async def _preview(ctx: Context, **given: Any) -> str:
    cluster = await writable_cluster_of(ctx, given["context"])
    _, plan = await _planned(cluster, given["manifests"], given["namespace"], given["plan"], force=given["force"])
    lines = []
    for step in plan.steps:
        if step.action != "keep":
            more = len(step.changes) - _SHOWN
            changes = "; ".join(step.changes[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
            lines.append(f"{step.action} {step.thing}" + (f" ({changes})" if changes else ""))
    return f"In {plan.where}: {', '.join(lines) or 'nothing to change'}."


async def _references(ctx: Context, cluster: Cluster, arguments: Any) -> Sequence[Reference]:
    found = await reading.read(cluster, arguments.manifests, arguments.namespace)
    reading.must_not_be_secret(found)  # before anything of it is written down
    return [one.at for one in found]


@tool(
    effect="write",
    idempotent=True,
    undo=undo_things(_references),
    preview=_preview,
    timeout=300,
    examples=EXAMPLES["k8s_apply"],
)
async def k8s_apply(
    ctx: Context,
    manifests: Manifests,
    plan: Annotated[str, Field("From k8s_diff.", min_length=8, max_length=64)],
    context: WriteContext,
    namespace: Namespace = "",
    force: Force = False,
) -> Applied:
    """Apply manifests (server-side), exactly as k8s_diff has shown for them. All are tried first: where one is refused,
    none is applied. Undo makes things as they were."""
    cluster = await writable_cluster_of(ctx, context)
    found, planned = await _planned(cluster, manifests, namespace, plan, force=force)
    done: list[str] = []
    for one, step in zip(found, planned.steps, strict=True):
        if step.action == "keep":
            done.append(f"{one.at} is as it should be")
            continue
        try:
            await reading.apply(cluster, one, force=force)
        except ToolError as error:
            so_far = "; ".join(done) or "nothing"
            raise ToolError(f"{error} Before that was done: {so_far}.", hint="k8s_diff shows what is left.") from None
        done.append(f"{one.at} {'changed' if step.action == 'change' else 'made'}")
        ctx.progress(len(done), len(found), done[-1])
    return Applied(planned.where, done)
