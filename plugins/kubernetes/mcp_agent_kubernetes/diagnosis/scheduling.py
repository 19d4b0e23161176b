"""Why no node takes a pod: what the scheduler says, with the amounts behind it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from mcp_agent_kubernetes.diagnosis.facts import Cause, Facts
from mcp_agent_kubernetes.summaries import taint_line
from mcp_agent_kubernetes.words import cores, cut, quantity, size


def causes(facts: Facts) -> Iterator[Cause]:
    pod = facts.pod
    if pod["spec"].get("nodeName") or (pod.get("status") or {}).get("phase") not in (None, "Pending"):
        return
    said = _said(facts)
    if said is None:
        scheduler = pod["spec"].get("schedulerName", "default-scheduler")
        yield Cause(
            "No scheduler has looked at it.",
            f"It has no node, and {scheduler} said nothing about it.",
            f"See whether {scheduler} runs, and whether schedulerName is right.",
        )
        return
    if "nodes are available" in said and not facts.nodes and not facts.not_seen:
        yield Cause("The cluster has no nodes.", said, "Add a node, or start one.")
        return
    known = [(made, match) for pattern, made in _SAYINGS for match in pattern.finditer(said)]
    for made, match in known:
        yield made(facts, match, said)
    if not known:
        yield Cause("No node takes it.", said, "The words of the scheduler name what each node lacks.")


def _said(facts: Facts) -> str | None:
    for one in (facts.pod.get("status") or {}).get("conditions") or ():
        if one.get("type") == "PodScheduled" and one.get("status") == "False":
            return cut(one.get("message"), 800)
    for event in facts.events:
        if event.get("reason") == "FailedScheduling":
            return cut(event.get("message"), 800)
    return None


def _too_little(facts: Facts, match: re.Match[str], said: str) -> Cause:
    what = match[1].rstrip(".,")
    wanted = wanted_of(facts, what)
    room = sorted(quantity(((node.get("status") or {}).get("allocatable") or {}).get(what)) for node in facts.nodes)
    shown = _amount(what)
    if not room:
        return Cause(
            f"No node has enough {what} left.", said, f"It asks for {shown(wanted)}: ask for less, or add nodes."
        )
    if wanted > room[-1]:
        return Cause(
            f"It asks for {shown(wanted)} of {what}; the largest node has {shown(room[-1])} in all.", said,
            f"Ask for less {what} in its resources, or add a node of that size.",
        )  # fmt: skip
    return Cause(
        f"No node has {shown(wanted)} of {what} left: other pods have taken it.", said,
        f"Ask for less {what}, end something, or add a node. k8s_top shows what is really used.",
    )  # fmt: skip


def wanted_of(facts: Facts, what: str) -> float:
    """What all containers together ask for; an init container runs alone."""
    spec = facts.pod["spec"]

    def asks(container: dict[str, dict[str, dict[str, str]]]) -> float:
        return quantity(((container.get("resources") or {}).get("requests") or {}).get(what))

    first = max((asks(one) for one in spec.get("initContainers") or ()), default=0.0)
    return max(first, sum(asks(one) for one in spec["containers"]))


def _amount(what: str) -> Callable[[float], str]:
    if what == "cpu":
        return cores
    return size if "memory" in what or "storage" in what else lambda value: f"{value:g}"


def _taint(facts: Facts, match: re.Match[str], said: str) -> Cause:
    taints = sorted({taint_line(one) for node in facts.nodes for one in (node.get("spec") or {}).get("taints") or ()})
    return Cause(
        f"Nodes have a taint that it does not tolerate: {', '.join(taints) or match[1]}.", said,
        "Give it a toleration if it belongs there; or take the taint off.",
    )  # fmt: skip


def _labels(facts: Facts, match: re.Match[str], said: str) -> Cause:
    wanted = facts.pod["spec"].get("nodeSelector") or {}
    listed = ", ".join(f"{name}={value}" for name, value in wanted.items())
    what = f"No node has the labels that it wants: {listed}." if listed else "No node fits its node affinity."
    return Cause(what, said, "Label a node so, or change nodeSelector or affinity.")


def _claim_gone(facts: Facts, match: re.Match[str], said: str) -> Cause:
    return Cause(
        f"The PersistentVolumeClaim {match[1]} that it mounts is not there.", said,
        "Make it, or mend the name in its volumes.",
    )  # fmt: skip


def _claim_unbound(facts: Facts, match: re.Match[str], said: str) -> Cause:
    waiting = [
        name for name, claim in facts.claims.items() if ((claim or {}).get("status") or {}).get("phase") == "Pending"
    ]
    return Cause(
        f"Its PersistentVolumeClaim has no volume yet: {', '.join(waiting) or 'one of them'}.", said,
        "k8s_describe with kind=pvc says why: often its storage class is not there, or nobody provides it.",
    )  # fmt: skip


def _plainly(what: str, do: str) -> Callable[[Facts, re.Match[str], str], Cause]:
    return lambda facts, match, said: Cause(what, said, do)


_SAYINGS: tuple[tuple[re.Pattern[str], Callable[[Facts, re.Match[str], str], Cause]], ...] = (
    (re.compile(r"Insufficient (\S+)"), _too_little),
    (re.compile(r"(?:untolerated taint|taint) \{([^}]*)\}"), _taint),
    (re.compile(r"didn't match (?:Pod's )?node (?:affinity|selector)"), _labels),
    (re.compile(r'persistentvolumeclaim "([^"]+)" not found'), _claim_gone),
    (re.compile(r"unbound immediate PersistentVolumeClaims"), _claim_unbound),
    (re.compile(r"were unschedulable"), _plainly("Nodes are cordoned.", "Uncordon one: kubectl uncordon NODE.")),
    (
        re.compile(r"Too many pods"),
        _plainly("Nodes hold as many pods as they may.", "Add a node, or end pods that nobody needs."),
    ),
    (
        re.compile(r"didn't have free ports"),
        _plainly("The port of the host that it wants is taken on all nodes.", "Leave hostPort out, or take another."),
    ),
    (
        re.compile(r"volume node affinity conflict"),
        _plainly("Its volume is in a zone or on a node where it cannot run.", "Let it run there, or move the volume."),
    ),
    (
        re.compile(r"didn't (?:match|satisfy) (?:existing )?pods? (?:anti-)?affinity|topology spread"),
        _plainly("No node fits its rules about other pods.", "Loosen podAffinity, podAntiAffinity or the spread."),
    ),
)
