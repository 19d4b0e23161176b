"""What is looked at before anything is said about a pod. What may not be seen is noted, and the rest goes on."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator, Mapping
from typing import Any, TypeVar

from msgspec import Struct, field

from mcp_agent import LogSieve, ToolError
from mcp_agent_kubernetes.cluster import Cluster
from mcp_agent_kubernetes.discovery import segment
from mcp_agent_kubernetes.failures import Refused
from mcp_agent_kubernetes.happenings import events_of
from mcp_agent_kubernetes.lists import METADATA, everything, maybe
from mcp_agent_kubernetes.summaries import statuses
from mcp_agent_kubernetes.tools.logs import read_log

T = TypeVar("T")
Thing = Mapping[str, Any]
_MOST_REFERENCES = 20
_LOG_LINES = 15


class Cause(Struct, frozen=True, omit_defaults=True):
    """``what`` keeps it from running, how one knows (``seen``), and what to ``do`` about it."""

    what: str
    seen: str
    do: str


class Facts(Struct):
    """About one pod. ``claims`` and ``missing`` are of what it refers to; ``nodes`` only where it has none yet."""

    pod: Thing
    events: list[dict[str, Any]] = field(default_factory=list)
    claims: dict[str, Thing | None] = field(default_factory=dict)
    missing: list[tuple[str, str]] = field(default_factory=list)
    node: Thing | None = None
    nodes: list[dict[str, Any]] = field(default_factory=list)
    logs: dict[str, list[str]] = field(default_factory=dict)
    not_seen: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.pod["metadata"]["name"])


async def facts_of(cluster: Cluster, pod: Thing) -> Facts:
    facts = Facts(pod)
    namespace, name = pod["metadata"]["namespace"], pod["metadata"]["name"]
    facts.events = await _try(facts, events_of(cluster, namespace, kind="Pod", name=name), [])
    if is_well(pod):
        return facts
    node = pod["spec"].get("nodeName")
    if node:
        path = f"/api/v1/nodes/{segment(node)}"
        facts.node = await _try(facts, maybe(cluster, path, f"get Node {node}"), {"metadata": {"name": node}})
    else:
        facts.nodes = await _try(facts, everything(cluster, "/api/v1/nodes", "list nodes"), [])
    for kind, plural, wanted in list(_references(pod))[:_MOST_REFERENCES]:
        path = f"/api/v1/namespaces/{namespace}/{plural}/{segment(wanted)}"
        accept = METADATA if kind != "PersistentVolumeClaim" else "application/json"
        unknown: Thing = {}
        found = await _try(facts, maybe(cluster, path, f"get {kind} {wanted}", accept=accept), unknown)
        if kind == "PersistentVolumeClaim":
            facts.claims[wanted] = found
        if found is None and (kind, wanted) not in facts.missing:
            facts.missing.append((kind, wanted))
    for container, previous in _fallen(pod):
        facts.logs[container] = await _log(cluster, namespace, name, container, previous=previous)
    return facts


def is_well(pod: Thing) -> bool:
    """It runs and all of it is ready, or has ended as it should."""
    if "deletionTimestamp" in pod["metadata"]:
        return False
    status = pod.get("status") or {}
    if status.get("phase") == "Succeeded":
        return True
    ready = [one for one in status.get("conditions") or () if one.get("type") == "Ready"]
    return status.get("phase") == "Running" and bool(ready) and ready[0].get("status") == "True"


async def _try(facts: Facts, work: Awaitable[T], otherwise: T) -> T:
    try:
        return await work
    except Refused as error:
        if error.status != 403:
            raise
        facts.not_seen.append(str(error))
        return otherwise


async def _log(cluster: Cluster, namespace: str, pod: str, container: str, *, previous: bool) -> list[str]:
    sieve = LogSieve(_LOG_LINES)
    query = {"container": container, "tailLines": _LOG_LINES, "previous": "true" if previous else None}
    path = f"/api/v1/namespaces/{namespace}/pods/{segment(pod)}"
    try:
        await read_log(cluster, path, container, sieve, query)
    except ToolError as error:  # kubelets that are gone, logs that were cleared: the rest is still worth saying
        return [f"(the log cannot be read: {error})"]
    return sieve.texts()


def _fallen(pod: Thing) -> Iterator[tuple[str, bool]]:
    """Containers that ended badly, and whether another run has begun since."""
    for status in statuses(pod):
        if ((status.get("state") or {}).get("terminated") or {}).get("exitCode"):
            yield status["name"], False
        elif ((status.get("lastState") or {}).get("terminated") or {}).get("exitCode"):
            yield status["name"], True


def _references(pod: Thing) -> Iterator[tuple[str, str, str]]:
    """What has to be there for it to start: kind, plural, name."""
    spec = pod["spec"]
    for volume in spec.get("volumes") or ():
        yield from _of_source(volume, "persistentVolumeClaim", "claimName", "PersistentVolumeClaim")
        yield from _of_source(volume, "configMap", "name", "ConfigMap")
        yield from _of_source(volume, "secret", "secretName", "Secret")
        for source in (volume.get("projected") or {}).get("sources") or ():
            yield from _of_source(source, "configMap", "name", "ConfigMap")
            yield from _of_source(source, "secret", "name", "Secret")
    for container in [*(spec.get("initContainers") or ()), *spec["containers"]]:
        for source in container.get("envFrom") or ():
            yield from _of_source(source, "configMapRef", "name", "ConfigMap")
            yield from _of_source(source, "secretRef", "name", "Secret")
        for variable in container.get("env") or ():
            source = variable.get("valueFrom") or {}
            yield from _of_source(source, "configMapKeyRef", "name", "ConfigMap")
            yield from _of_source(source, "secretKeyRef", "name", "Secret")
    for one in spec.get("imagePullSecrets") or ():
        yield "Secret", "secrets", str(one["name"])


def _of_source(source: Thing, key: str, name: str, kind: str) -> Iterator[tuple[str, str, str]]:
    found = source.get(key) or {}
    if found.get(name) and found.get("optional") is not True:
        yield kind, f"{kind.lower()}s", str(found[name])
