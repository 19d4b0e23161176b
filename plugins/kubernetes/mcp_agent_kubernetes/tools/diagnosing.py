"""Why something does not run: one answer out of status, events, logs, nodes, claims and quotas."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_kubernetes.cluster import Cluster
from mcp_agent_kubernetes.clusters import cluster_of
from mcp_agent_kubernetes.diagnosis import pods, workloads
from mcp_agent_kubernetes.diagnosis.facts import Cause, Facts, facts_of, is_well
from mcp_agent_kubernetes.examples import EXAMPLES
from mcp_agent_kubernetes.happenings import Happening, told
from mcp_agent_kubernetes.lists import everything
from mcp_agent_kubernetes.summaries import container_state, statuses
from mcp_agent_kubernetes.tools.arguments import ContextName, KindName, Namespace, place

_MOST_PODS = 5
_MOST_EVENTS = 5
_KINDS = ("Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Service")


class PodFound(Struct, frozen=True, omit_defaults=True):
    """``logs`` are the last lines of containers that ended badly. ``not_seen``: what the account may not look at."""

    pod: str
    state: str
    causes: list[Cause] = []
    logs: dict[str, list[str]] = {}
    events: list[Happening] = []
    not_seen: list[str] = []


class Diagnosis(Struct, frozen=True, omit_defaults=True):
    """``answer`` is the whole in a sentence. ``causes`` are of what makes the pods; each pod that is not well has its
    own. ``more`` counts pods that are not well either and not looked at."""

    where: str
    answer: str
    causes: list[Cause] = []
    pods: list[PodFound] = []
    more: int = 0


@tool(effect="read", origin="kubernetes", timeout=120, examples=EXAMPLES["k8s_diagnose"])
async def k8s_diagnose(
    ctx: Context,
    name: Annotated[str, Field("Empty: every pod of the namespace that is not well.")] = "",
    kind: Annotated[KindName, Field("pod, deployment, statefulset, daemonset, replicaset, job or service.")] = "pod",
    namespace: Namespace = "",
    context: ContextName = "",
) -> Diagnosis:
    """Why a pod or workload does not run, is not ready or restarts: looks at status, events, logs of crashes, nodes,
    volumes, references and quotas, and says what to do. The first thing to call when something is broken."""
    cluster = await cluster_of(ctx, context)
    inside = namespace or cluster.context.namespace
    if not name:
        return await _whole(ctx, cluster, inside)
    found = await cluster.discovery.find(kind)
    if found.name not in _KINDS:
        raise ToolError(f"A {found.name} runs no pods.", hint=f"Of {', '.join(_KINDS)} it can be said.")
    thing = await cluster.get(found.path(place(cluster, found, inside), name), f"get {found.named(name)}")
    subject = f"{found.name} {name}"
    if found.name == "Pod":
        return _diagnosis(cluster, inside, subject, [], [await _look(ctx, cluster, thing)])
    below = await workloads.pods_of(cluster, thing, inside)
    events = [] if found.name == "Service" else await workloads.creation_events(cluster, found, thing, inside)
    causes = list({one.what: one for one in workloads.causes(thing, events, len(below))}.values())
    if not below and not causes:
        causes = [Cause("It has no pods.", f"No pod fits {workloads.selector_of(thing)}.", "See its selector.")]
    return await _of_pods(ctx, cluster, inside, subject, causes, below)


async def _whole(ctx: Context, cluster: Cluster, namespace: str) -> Diagnosis:
    below = await everything(cluster, f"/api/v1/namespaces/{namespace}/pods", "list pods")
    return await _of_pods(ctx, cluster, namespace, f"Namespace {namespace} ({len(below)} pods)", [], below)


async def _of_pods(
    ctx: Context, cluster: Cluster, namespace: str, subject: str, causes: list[Cause], below: list[dict[str, Any]]
) -> Diagnosis:
    unwell = [pod for pod in below if not is_well(pod)]
    looked = [await _look(ctx, cluster, pod) for pod in unwell[:_MOST_PODS]]
    return _diagnosis(cluster, namespace, subject, causes, looked, max(0, len(unwell) - _MOST_PODS))


async def _look(ctx: Context, cluster: Cluster, pod: dict[str, Any]) -> PodFound:
    facts = await facts_of(cluster, pod)
    warnings = [one for one in facts.events if one.get("type") == "Warning"]
    causes = pods.causes(facts) if not is_well(pod) else []
    return PodFound(
        facts.name, _state(facts), causes, facts.logs, told(warnings, ctx.clock.time())[:_MOST_EVENTS], facts.not_seen
    )


def _state(facts: Facts) -> str:
    phase = str((facts.pod.get("status") or {}).get("phase") or "Unknown")
    if is_well(facts.pod):
        return f"{phase}, all is well"
    states = [f"{one['name']} {container_state(one)}" for one in statuses(facts.pod) if not one.get("ready")]
    return f"{phase}; {'; '.join(states)}" if states else phase


def _diagnosis(
    cluster: Cluster, namespace: str, subject: str, causes: list[Cause], looked: list[PodFound], more: int = 0
) -> Diagnosis:
    said = list(dict.fromkeys(one.what for one in [*causes, *(cause for pod in looked for cause in pod.causes)]))
    unwell = [pod for pod in looked if "all is well" not in pod.state]
    if said:
        answer = f"{subject}: {' '.join(said)}"
    elif unwell:
        answer = f"{subject}: not well, and nothing says why yet. It may just be starting: ask again in a while."
    else:
        answer = f"{subject}: all is well."
    return Diagnosis(cluster.where(namespace), answer, causes, looked, more)
