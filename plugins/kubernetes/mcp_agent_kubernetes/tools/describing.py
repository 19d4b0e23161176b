"""One thing in a few lines, with what happened to it."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from mcp_agent import Context, tool
from mcp_agent_kubernetes.clusters import cluster_of
from mcp_agent_kubernetes.examples import EXAMPLES
from mcp_agent_kubernetes.happenings import Happening, events_of, told
from mcp_agent_kubernetes.summaries import conditions, summary
from mcp_agent_kubernetes.tools.arguments import ContextName, KindName, Name, Namespace, place
from mcp_agent_kubernetes.words import age

_MOST_EVENTS = 15


class Described(Struct, frozen=True, omit_defaults=True):
    """``owner`` is what made it. ``events`` newest first."""

    where: str
    kind: str
    name: str
    age: str
    about: dict[str, Any]
    owner: str = ""
    going: bool = False
    labels: dict[str, str] = {}
    conditions: list[str] = []
    events: list[Happening] = []


@tool(effect="read", origin="kubernetes", examples=EXAMPLES["k8s_describe"])
async def k8s_describe(
    ctx: Context, kind: KindName, name: Name, namespace: Namespace = "", context: ContextName = ""
) -> Described:
    """One thing of any kind in short: its state, conditions and latest events. The whole of it gives k8s_get; why it
    does not run, k8s_diagnose."""
    cluster = await cluster_of(ctx, context)
    found = await cluster.discovery.find(kind)
    inside = place(cluster, found, namespace)
    thing = await cluster.get(found.path(inside, name), f"get {found.named(name)}")
    thing = {"apiVersion": found.api_version, "kind": found.name, **thing}
    metadata, now = thing["metadata"], ctx.clock.time()
    events = told(await events_of(cluster, inside, kind=found.name, name=name), now)
    owner = next((f"{one['kind']} {one['name']}" for one in metadata.get("ownerReferences") or ()), "")
    return Described(
        cluster.where(inside), found.name, name, age(metadata.get("creationTimestamp"), now), summary(thing, now),
        owner, "deletionTimestamp" in metadata, metadata.get("labels") or {}, conditions(thing, now),
        events[:_MOST_EVENTS],
    )  # fmt: skip
