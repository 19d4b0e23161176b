"""The versions that a Deployment, StatefulSet or DaemonSet has had."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from mcp_agent import ToolError
from mcp_agent_kubernetes.cluster import Cluster
from mcp_agent_kubernetes.diagnosis.workloads import selector_of
from mcp_agent_kubernetes.discovery import Kind
from mcp_agent_kubernetes.lists import everything

KINDS = ("Deployment", "StatefulSet", "DaemonSet")
_REVISION = "deployment.kubernetes.io/revision"
_HASH = "pod-template-hash"
_CAUSE = "kubernetes.io/change-cause"


class Revision(Struct, frozen=True):
    """``template`` is that of the pods."""

    number: int
    template: dict[str, Any]
    created: str
    cause: str
    images: tuple[str, ...]


def must_roll(kind: Kind) -> None:
    if kind.name not in KINDS or kind.group != "apps":
        raise ToolError(f"A {kind.name} is not rolled out.", hint=f"{', '.join(KINDS)} are.")


async def revisions_of(cluster: Cluster, kind: Kind, thing: dict[str, Any], namespace: str) -> list[Revision]:
    """Newest first; the first is the one that is wanted now."""
    plural = "replicasets" if kind.name == "Deployment" else "controllerrevisions"
    path = f"/apis/apps/v1/namespaces/{namespace}/{plural}"
    uid = thing["metadata"]["uid"]
    owned = [
        one
        for one in await everything(cluster, path, f"list {plural}", selector_of(thing))
        if any(owner.get("uid") == uid for owner in one["metadata"].get("ownerReferences") or ())
    ]
    read = _of_replica_set if kind.name == "Deployment" else _of_controller_revision
    return sorted((read(one) for one in owned), key=lambda one: -one.number)


def _of_replica_set(one: dict[str, Any]) -> Revision:
    template = one["spec"]["template"]
    labels = {name: value for name, value in (template["metadata"].get("labels") or {}).items() if name != _HASH}
    template = {**template, "metadata": {**template["metadata"], "labels": labels}}
    return _revision(one, int((one["metadata"].get("annotations") or {}).get(_REVISION) or 0), template)


def _of_controller_revision(one: dict[str, Any]) -> Revision:
    template = {name: value for name, value in one["data"]["spec"]["template"].items() if name != "$patch"}
    return _revision(one, int(one["revision"]), template)


def _revision(one: dict[str, Any], number: int, template: dict[str, Any]) -> Revision:
    metadata = one["metadata"]
    images = tuple(container.get("image", "") for container in template["spec"]["containers"])
    cause = (metadata.get("annotations") or {}).get(_CAUSE) or ""
    return Revision(number, template, metadata.get("creationTimestamp") or "", cause, images)


def chosen(revisions: list[Revision], number: int | None, what: str) -> Revision:
    """The one before the newest, or that of this number. Raises ToolError."""
    older = revisions[1:]
    if not older:
        raise ToolError(f"{what} has no version before this one.")
    if number is None:
        return older[0]
    for one in older:
        if one.number == number:
            return one
    raise ToolError(
        f"{what} has no revision {number} to go back to.", hint=f"It has {', '.join(str(one.number) for one in older)}."
    )


def progress(kind: Kind, thing: dict[str, Any]) -> tuple[bool, str]:
    """Whether a rollout is at its end, and how far it is in words."""
    spec, status = thing["spec"], thing.get("status") or {}
    paused = " It is paused." if spec.get("paused") else ""
    if int(status.get("observedGeneration") or 0) < int(thing["metadata"].get("generation") or 0):
        return False, f"The cluster has not looked at it yet.{paused}"
    if kind.name == "DaemonSet":
        wanted, updated = status.get("desiredNumberScheduled") or 0, status.get("updatedNumberScheduled") or 0
        ready = status.get("numberAvailable") or 0
    else:
        wanted, updated = int(spec.get("replicas", 1)), status.get("updatedReplicas") or 0
        ready = status.get("availableReplicas" if kind.name == "Deployment" else "readyReplicas") or 0
    old = max(0, (status.get("replicas") or 0) - updated) if kind.name == "Deployment" else 0
    said = f"{updated} of {wanted} are new, {ready} of {wanted} are ready{f', {old} old ones are left' if old else ''}."
    return updated >= wanted and ready >= wanted and not old and not paused, said + paused
