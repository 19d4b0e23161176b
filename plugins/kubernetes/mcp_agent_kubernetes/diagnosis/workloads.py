"""Why what makes pods makes none, or makes ones that do not get well."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mcp_agent_kubernetes.cluster import Cluster
from mcp_agent_kubernetes.diagnosis.facts import Cause, Thing
from mcp_agent_kubernetes.discovery import Kind
from mcp_agent_kubernetes.happenings import events_of
from mcp_agent_kubernetes.lists import everything
from mcp_agent_kubernetes.words import cut

_QUOTA = re.compile(r"exceeded quota: ([^,]+), requested: (\S+), used: (\S+), limited: (\S+)")


def selector_of(thing: Thing) -> str | None:
    """As a query writes it; None where there is none."""
    selector = (thing.get("spec") or {}).get("selector") or {}
    plain = selector.get("matchLabels") if "matchLabels" in selector or "matchExpressions" in selector else selector
    words = [f"{name}={value}" for name, value in (plain or {}).items()]
    for one in selector.get("matchExpressions") or ():
        key, values = one["key"], ",".join(one.get("values") or ())
        words.append({
            "In": f"{key} in ({values})", "NotIn": f"{key} notin ({values})", "Exists": key, "DoesNotExist": f"!{key}",
        }[one["operator"]])  # fmt: skip
    return ",".join(words) or None


async def pods_of(cluster: Cluster, thing: Thing, namespace: str) -> list[dict[str, Any]]:
    """Those that its selector fits."""
    selector = selector_of(thing)
    if selector is None:
        return []
    return await everything(cluster, f"/api/v1/namespaces/{namespace}/pods", "list pods", selector)


async def creation_events(cluster: Cluster, kind: Kind, thing: Thing, namespace: str) -> list[dict[str, Any]]:
    """Of it, and of the ReplicaSets that a Deployment has made."""
    name = thing["metadata"]["name"]
    events = await events_of(cluster, namespace, kind=kind.name, name=name)
    if kind.name == "Deployment":
        made = await events_of(cluster, namespace, kind="ReplicaSet")
        beginning = re.compile(rf"{re.escape(name)}-[a-z0-9]{{1,12}}")
        events += [one for one in made if beginning.fullmatch(str(one["involvedObject"].get("name")))]
    return events


def causes(thing: Thing, events: list[dict[str, Any]], pods: int) -> Iterator[Cause]:
    spec, status = thing.get("spec") or {}, thing.get("status") or {}
    if spec.get("replicas") == 0:
        yield Cause("It is scaled to 0.", "spec.replicas is 0.", "k8s_scale gives it pods.")
        return
    if spec.get("paused"):
        yield Cause("Its rollout is paused.", "spec.paused is true.", "k8s_rollout with action=resume goes on.")
    if spec.get("suspend"):
        yield Cause("It is suspended.", "spec.suspend is true.", "Set spec.suspend to false.")
    if status.get("desiredNumberScheduled") == 0:
        yield Cause("No node fits it.", "It is to run on 0 nodes.", "See its nodeSelector, tolerations and the nodes.")
    for one in status.get("conditions") or ():
        yield from _condition(one)
    wanted = status.get("desiredNumberScheduled") or spec.get("replicas") or spec.get("parallelism") or 1
    if pods < wanted:
        for event in events:
            if event.get("reason") == "FailedCreate":
                yield refused_pod(cut(event.get("message"), 800))
                return


def _condition(one: Mapping[str, Any]) -> Iterator[Cause]:
    kind, bad, message = one.get("type"), one.get("status"), cut(one.get("message"), 800)
    if kind == "ReplicaFailure" and bad == "True":
        yield refused_pod(message)
    elif kind == "Progressing" and one.get("reason") == "ProgressDeadlineExceeded":
        yield Cause(
            "Its rollout has not come to an end in time.", message,
            "What is said of its pods is the reason; k8s_rollout with action=undo goes back to the version before.",
        )  # fmt: skip
    elif kind == "Failed" and bad == "True":
        yield Cause(f"It has failed: {one.get('reason')}.", message, "What its pods say is the reason: k8s_logs.")


def refused_pod(message: str) -> Cause:
    """Why the API server would not take a pod."""
    quota = _QUOTA.search(message)
    if quota:
        name, requested, used, limited = quota.groups()
        return Cause(
            f"The quota {name} of the namespace is used up: a pod needs {requested}, {used} is used of {limited}.",
            message, "Ask for less, end something, or have the quota raised.",
        )  # fmt: skip
    if "failed quota" in message:
        return Cause("A quota wants every container to say what it needs.", message, "Give it requests and limits.")
    if "serviceaccount" in message and "not found" in message:
        return Cause("Its service account is not there.", message, "Make it, or mend serviceAccountName.")
    if "admission webhook" in message or "violates PodSecurity" in message:
        return Cause("A rule of the cluster does not allow its pods.", message, "The message says what to change.")
    if "forbidden" in message:
        return Cause("The cluster does not allow its pods.", message, "The message says what to change.")
    return Cause("Its pods cannot be made.", message, "The message says why.")
