"""What happened lately."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, tool
from mcp_agent_kubernetes.clusters import cluster_of
from mcp_agent_kubernetes.examples import EXAMPLES
from mcp_agent_kubernetes.happenings import Happening, events_of, told
from mcp_agent_kubernetes.tools.arguments import AnyNamespace, ContextName


class Events(Struct, frozen=True, omit_defaults=True):
    """Newest first. ``not_shown`` counts older ones."""

    where: str
    events: list[Happening]
    not_shown: int = 0


@tool(effect="read", origin="kubernetes", examples=EXAMPLES["k8s_events"])
async def k8s_events(
    ctx: Context,
    namespace: AnyNamespace = "",
    kind: Annotated[str, Field("Only of things of this kind.")] = "",
    name: Annotated[str, Field("Only of what has this name.", pattern=r"^[^/%\s,=]*$")] = "",
    warnings: Annotated[bool, Field("Only warnings.")] = False,
    limit: Annotated[int, Field("How many.", ge=1, le=500)] = 30,
    context: ContextName = "",
) -> Events:
    """What the cluster noted lately: scheduling, pulls, probes, crashes, quotas. Clusters forget it after about an
    hour."""
    cluster = await cluster_of(ctx, context)
    inside = None if namespace == "*" else namespace or cluster.context.namespace
    about = (await cluster.discovery.find(kind)).name if kind else None
    found = await events_of(cluster, inside, kind=about, name=name or None)
    lines = told([one for one in found if not warnings or one.get("type") == "Warning"], ctx.clock.time())
    return Events(cluster.where(inside), lines[:limit], max(0, len(lines) - limit))
