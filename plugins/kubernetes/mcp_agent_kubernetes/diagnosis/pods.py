"""Why a pod does not run: each check looks at one way in which pods fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from mcp_agent_kubernetes.diagnosis import containers, scheduling
from mcp_agent_kubernetes.diagnosis.facts import Cause, Facts
from mcp_agent_kubernetes.words import cut

_MOUNT = ("FailedMount", "FailedAttachVolume", "FailedMapVolume")


def causes(facts: Facts) -> list[Cause]:
    """The same thing is said once."""
    found: dict[str, Cause] = {}
    for check in CHECKS:
        for cause in check(facts):
            found.setdefault(cause.what, cause)
    return list(found.values())


def _going(facts: Facts) -> Iterator[Cause]:
    metadata = facts.pod["metadata"]
    if "deletionTimestamp" not in metadata:
        return
    waits = metadata.get("finalizers")
    yield Cause(
        "It is being deleted.",
        f"Since {metadata['deletionTimestamp']}" + (f"; it waits for {', '.join(waits)}." if waits else "."),
        "Where it does not go away: whoever set the finalizers has to be running, and its node has to answer.",
    )


def _thrown_out(facts: Facts) -> Iterator[Cause]:
    status = facts.pod.get("status") or {}
    if status.get("phase") != "Failed" or not status.get("reason"):
        return
    do = {
        "Evicted": "Its node ran out of something: give it requests that are true, or the node more room.",
        "DeadlineExceeded": "It ran longer than activeDeadlineSeconds allows: raise that, or make it quicker.",
        "NodeLost": "Its node does not answer any more: k8s_describe tells about the node.",
        "OutOfcpu": "Its node had no processor left for it.",
        "OutOfmemory": "Its node had no memory left for it.",
    }.get(status["reason"], "The message says more.")
    yield Cause(f"It was ended: {status['reason']}.", cut(status.get("message"), 500) or "phase Failed", do)


def _missing(facts: Facts) -> Iterator[Cause]:
    for kind, name in facts.missing:
        yield Cause(
            f"The {kind} {name} that it {'mounts' if kind == 'PersistentVolumeClaim' else 'needs'} is not there.",
            f"Its spec names it, and the namespace {facts.pod['metadata']['namespace']} has none of that name.",
            "Make it, or mend the name in the spec.",
        )


def _claims(facts: Facts) -> Iterator[Cause]:
    for name, claim in facts.claims.items():
        phase = ((claim or {}).get("status") or {}).get("phase")
        if phase in ("Pending", "Lost"):
            storage = (claim or {}).get("spec", {}).get("storageClassName") or "none"
            yield Cause(
                f"Its PersistentVolumeClaim has no volume yet: {name}.",
                f"The claim is {phase}; its storage class is {storage}.",
                "k8s_describe with kind=pvc says why: often its storage class is not there, or nobody provides it.",
            )


def _volumes(facts: Facts) -> Iterator[Cause]:
    if (facts.pod.get("status") or {}).get("phase") != "Pending":
        return
    for event in facts.events:
        if event.get("reason") in _MOUNT:
            yield Cause(
                "A volume of it cannot be mounted.", cut(event.get("message"), 500),
                "What the message names has to be there, and must not be held by another node.",
            )  # fmt: skip
            return
    for event in facts.events:
        if event.get("reason") == "FailedCreatePodSandBox":
            yield Cause(
                "Its node cannot make the network of the pod.", cut(event.get("message"), 500),
                "See the network plugin of the cluster on that node.",
            )  # fmt: skip
            return


def _node(facts: Facts) -> Iterator[Cause]:
    name = facts.pod["spec"].get("nodeName")
    if not name:
        return
    if facts.node is None:
        yield Cause(f"Its node {name} is gone.", "There is no such node any more.", "Delete the pod: another is made.")
        return
    for one in (facts.node.get("status") or {}).get("conditions") or ():
        bad = one.get("status") != "True" if one.get("type") == "Ready" else one.get("status") == "True"
        if bad:
            state = "is not ready" if one["type"] == "Ready" else f"says {one['type']}"
            seen = cut(one.get("message"), 300) or f"{one['type']}={one.get('status')}, {one.get('reason')}"
            yield Cause(f"Its node {name} {state}.", seen, "k8s_describe with kind=node tells more.")


def _not_ready(facts: Facts) -> Iterator[Cause]:
    gates = {one["conditionType"] for one in facts.pod["spec"].get("readinessGates") or ()}
    for one in (facts.pod.get("status") or {}).get("conditions") or ():
        if one.get("type") in gates and one.get("status") != "True":
            yield Cause(f"It waits for {one['type']}, which something else has to set.", str(one.get("message")), "")


CHECKS: Sequence[Callable[[Facts], Iterator[Cause]]] = (
    _going, _thrown_out, scheduling.causes, _missing, _claims, containers.waiting, containers.ended, containers.probes,
    _volumes, _not_ready, _node,
)  # fmt: skip
