"""The few facts about a thing that a person wants first, by its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mcp_agent_kubernetes.objects import shown
from mcp_agent_kubernetes.words import age, cut, size

Facts = dict[str, Any]
_LONGEST = 300
_MOST_ITEMS = 20
_DEEPEST = 6


def summary(thing: Mapping[str, Any], now: float) -> Facts:
    """For kinds without one of their own: their spec and status, with long texts and lists cut."""
    own = _OWN.get((str(thing.get("apiVersion")), str(thing.get("kind"))))
    facts = own(thing, now) if own is not None else _plain(thing)
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}


def conditions(thing: Mapping[str, Any], now: float) -> list[str]:
    """'Ready=False for 5m: ContainersNotReady, ...'"""
    found = (thing.get("status") or {}).get("conditions") or ()
    return [_condition(one, now) for one in found if isinstance(one, dict)]


def container_state(status: Mapping[str, Any], key: str = "state") -> str:
    """'waiting: CrashLoopBackOff, back-off ...', 'running', 'terminated: OOMKilled, exit code 137'."""
    for name, about in (status.get(key) or {}).items():
        words = [about.get("reason"), cut(about.get("message"), _LONGEST)]
        if name == "terminated":
            words.append(f"exit code {about.get('exitCode')}")
        said = ", ".join(str(word) for word in words if word)
        return f"{name}: {said}" if said else str(name)
    return ""


def statuses(pod: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    status = pod.get("status") or {}
    for key in ("initContainerStatuses", "containerStatuses"):
        yield from status.get(key) or ()


def _condition(one: Mapping[str, Any], now: float) -> str:
    since = age(one.get("lastTransitionTime"), now)
    why = ", ".join(str(part) for part in (one.get("reason"), cut(one.get("message"), _LONGEST)) if part)
    return f"{one.get('type')}={one.get('status')}{f' for {since}' if since else ''}{f': {why}' if why else ''}"


def _pod(pod: Mapping[str, Any], now: float) -> Facts:
    spec, status = pod["spec"], pod.get("status") or {}
    states = {one["name"]: one for one in statuses(pod)}
    return {
        "phase": status.get("phase"),
        "reason": status.get("reason"),
        "message": cut(status.get("message"), _LONGEST),
        "node": spec.get("nodeName") or "none yet",
        "address": status.get("podIP"),
        "account": spec.get("serviceAccountName"),
        "init_containers": [_container(one, states.get(one["name"], {})) for one in spec.get("initContainers") or ()],
        "containers": [_container(one, states.get(one["name"], {})) for one in spec["containers"]],
        "volumes": [_volume(one) for one in spec.get("volumes") or ()],
        "node_selector": spec.get("nodeSelector"),
    }


def _container(spec: Mapping[str, Any], status: Mapping[str, Any]) -> Facts:
    facts = {
        "name": spec["name"],
        "image": spec.get("image"),
        "state": container_state(status) or "not started",
        "ready": status.get("ready"),
        "restarts": status.get("restartCount"),
        "last_state": container_state(status, "lastState"),
        "ports": [f"{one['containerPort']}/{one.get('protocol', 'TCP')}" for one in spec.get("ports") or ()],
        "requests": (spec.get("resources") or {}).get("requests"),
        "limits": (spec.get("resources") or {}).get("limits"),
        "probes": [name for name in ("startupProbe", "readinessProbe", "livenessProbe") if spec.get(name)],
    }
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}


def _volume(volume: Mapping[str, Any]) -> str:
    kind = next((name for name in volume if name != "name"), "emptyDir")
    about = volume.get(kind) or {}
    what = next(
        (about[key] for key in ("claimName", "secretName", "name", "path") if isinstance(about.get(key), str)), ""
    )
    return f"{volume['name']}: {kind} {what}".rstrip()


def _workload(thing: Mapping[str, Any], now: float) -> Facts:
    spec, status = thing["spec"], thing.get("status") or {}
    template = (spec.get("template") or {}).get("spec") or {}
    names = {
        "replicas": "replicas", "updatedReplicas": "updated", "readyReplicas": "ready",
        "availableReplicas": "available",
        "unavailableReplicas": "unavailable", "desiredNumberScheduled": "desired", "numberReady": "ready",
        "updatedNumberScheduled": "updated", "numberUnavailable": "unavailable",
    }  # fmt: skip
    return {
        "wanted": spec.get("replicas"),
        **{said: status[name] for name, said in names.items() if name in status},
        "paused": spec.get("paused"),
        "selector": (spec.get("selector") or {}).get("matchLabels"),
        "strategy": ((spec.get("strategy") or spec.get("updateStrategy")) or {}).get("type"),
        "containers": [_container(one, {}) for one in template.get("containers") or ()],
        "volumes": [_volume(one) for one in template.get("volumes") or ()],
    }


def _service(thing: Mapping[str, Any], now: float) -> Facts:
    spec = thing["spec"]
    outside = ((thing.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()
    return {
        "type": spec.get("type"),
        "address": spec.get("clusterIP"),
        "outside": [one.get("ip") or one.get("hostname") for one in outside] + list(spec.get("externalIPs") or ()),
        "points_to": spec.get("externalName"),
        "ports": [port_line(one) for one in spec.get("ports") or ()],
        "selector": spec.get("selector"),
    }


def port_line(port: Mapping[str, Any]) -> str:
    """'http 80 -> 8080/TCP, on nodes 30080'."""
    name = f"{port['name']} " if port.get("name") else ""
    node = f", on nodes {port['nodePort']}" if port.get("nodePort") else ""
    return f"{name}{port['port']} -> {port.get('targetPort', port['port'])}/{port.get('protocol', 'TCP')}{node}"


def _node(thing: Mapping[str, Any], now: float) -> Facts:
    spec, status = thing.get("spec") or {}, thing.get("status") or {}
    about = status.get("nodeInfo") or {}
    return {
        "addresses": [f"{one['type']} {one['address']}" for one in status.get("addresses") or ()],
        "cordoned": spec.get("unschedulable"),
        "taints": [taint_line(one) for one in spec.get("taints") or ()],
        "for_pods": status.get("allocatable"),
        "version": about.get("kubeletVersion"),
        "system": about.get("osImage"),
    }


def taint_line(taint: Mapping[str, Any]) -> str:
    value = f"={taint['value']}" if taint.get("value") else ""
    return f"{taint['key']}{value}:{taint['effect']}"


def _claim(thing: Mapping[str, Any], now: float) -> Facts:
    spec, status = thing["spec"], thing.get("status") or {}
    return {
        "phase": status.get("phase"),
        "class": spec.get("storageClassName"),
        "wanted": ((spec.get("resources") or {}).get("requests") or {}).get("storage"),
        "has": (status.get("capacity") or {}).get("storage"),
        "volume": spec.get("volumeName"),
        "access": spec.get("accessModes"),
    }


def _content(thing: Mapping[str, Any], now: float) -> Facts:
    """Keys and how long their values are."""
    keys = {name: len(str(value)) for part in ("data", "binaryData") for name, value in (thing.get(part) or {}).items()}
    return {"type": thing.get("type"), "keys": {name: size(length) for name, length in keys.items()}}


def _plain(thing: Mapping[str, Any]) -> Facts:
    hidden = shown(thing)
    return {
        name: _cut(value, _DEEPEST)
        for name, value in hidden.items()
        if name not in ("apiVersion", "kind", "metadata") and value
    }


def _cut(value: Any, deep: int) -> Any:
    if isinstance(value, dict):
        if not deep:
            return f"{{{len(value)} fields}}"
        return {name: _cut(one, deep - 1) for name, one in value.items() if name != "conditions"}
    if isinstance(value, list):
        rest = [f"... {len(value) - _MOST_ITEMS} more"] if len(value) > _MOST_ITEMS else []
        return [_cut(one, deep - 1) for one in value[:_MOST_ITEMS]] + rest if deep else f"[{len(value)} items]"
    return cut(value, _LONGEST) if isinstance(value, str) else value


_OWN: Mapping[tuple[str, str], Callable[[Mapping[str, Any], float], Facts]] = {
    ("v1", "Pod"): _pod,
    ("apps/v1", "Deployment"): _workload,
    ("apps/v1", "StatefulSet"): _workload,
    ("apps/v1", "DaemonSet"): _workload,
    ("apps/v1", "ReplicaSet"): _workload,
    ("v1", "Service"): _service,
    ("v1", "Node"): _node,
    ("v1", "PersistentVolumeClaim"): _claim,
    ("v1", "ConfigMap"): _content,
    ("v1", "Secret"): _content,
}
