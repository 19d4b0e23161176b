"""Whether a port of a service leads anywhere."""

from __future__ import annotations

import asyncio
import os
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_kubernetes.cluster import Cluster
from mcp_agent_kubernetes.clusters import cluster_of
from mcp_agent_kubernetes.diagnosis.facts import is_well
from mcp_agent_kubernetes.diagnosis.workloads import pods_of, selector_of
from mcp_agent_kubernetes.discovery import segment
from mcp_agent_kubernetes.examples import EXAMPLES
from mcp_agent_kubernetes.lists import everything, maybe
from mcp_agent_kubernetes.summaries import port_line
from mcp_agent_kubernetes.tools.arguments import ContextName, Name, Namespace

_MOST_ADDRESSES = 8
_SECONDS = 3.0


class PortFound(Struct, frozen=True, omit_defaults=True):
    """``behind`` are the addresses that take traffic now. ``from_here``: whether addresses outside of the cluster take
    a connection from this machine."""

    port: str
    leads: bool
    problems: list[str] = []
    behind: list[str] = []
    from_here: dict[str, str] = {}


class Ports(Struct, frozen=True, omit_defaults=True):
    where: str
    service: str
    ports: list[PortFound]
    pods: int = 0
    ready: int = 0


@tool(effect="read", open_world=True, timeout=120, examples=EXAMPLES["k8s_port_check"])
async def k8s_port_check(
    ctx: Context,
    service: Name,
    port: Annotated[str, Field("Its number or name. Empty: all.")] = "",
    connect: Annotated[bool, Field("Also try the addresses outside of the cluster from this machine, by TCP.")] = False,
    namespace: Namespace = "",
    context: ContextName = "",
) -> Ports:
    """Whether the ports of a service lead to pods that are ready and listen there, and if not, where it breaks:
    selector, readiness, target port, network policies."""
    cluster = await cluster_of(ctx, context)
    inside = namespace or cluster.context.namespace
    base = f"/api/v1/namespaces/{inside}"
    found = await cluster.get(f"{base}/services/{segment(service)}", f"get Service {service}")
    if found["spec"].get("type") == "ExternalName":
        raise ToolError(f"{service} only stands for the name {found['spec'].get('externalName')}: it has no pods.")
    listed = found["spec"].get("ports") or []
    asked = [one for one in listed if port in ("", str(one["port"]), one.get("name"))]
    if not asked:
        there = ", ".join(port_line(one) for one in listed)
        raise ToolError(f"{service} has no port {port}.", hint=f"It has: {there or 'none'}.")
    pods = await pods_of(cluster, found, inside)
    ends = await maybe(cluster, f"{base}/endpoints/{segment(service)}", f"get Endpoints {service}") or {}
    shut = await _policies(cluster, inside, pods)
    checked = [await _check(ctx, cluster, found, one, pods, ends, shut, connect=connect) for one in asked]
    return Ports(cluster.where(inside), service, checked, len(pods), sum(map(is_well, pods)))


async def _check(
    ctx: Context, cluster: Cluster, service: dict[str, Any], port: dict[str, Any], pods: list[dict[str, Any]],
    ends: dict[str, Any], shut: list[str], *, connect: bool,
) -> PortFound:  # fmt: skip
    behind = _behind(ends, port)
    problems = list(_problems(service, port, pods, behind))
    outside = await _tried(cluster, service, port) if connect else {}
    return PortFound(port_line(port), bool(behind), [*problems, *shut], behind[:_MOST_ADDRESSES], outside)


def _behind(ends: dict[str, Any], port: dict[str, Any]) -> list[str]:
    return [
        f"{address['ip']}:{one['port']}"
        for subset in ends.get("subsets") or ()
        for one in subset.get("ports") or ()
        if one.get("name") == port.get("name")
        for address in subset.get("addresses") or ()
    ]


def _problems(
    service: dict[str, Any], port: dict[str, Any], pods: list[dict[str, Any]], behind: list[str]
) -> list[str]:
    selector = selector_of(service)
    if selector is None:
        return [] if behind else ["The service has no selector, and nobody has given it endpoints."]
    if not pods:
        return [f"No pod fits its selector {selector}: see the labels of the pods."]
    problems = []
    ready = [pod for pod in pods if is_well(pod)]
    if not ready:
        problems.append(f"None of its {len(pods)} pods is ready: k8s_diagnose with kind=service says why.")
    target = port.get("targetPort", port["port"])
    listening = [pod for pod in pods if _has(pod, target, port.get("protocol", "TCP"))]
    if not listening:
        named = "of that name" if isinstance(target, str) else "of that number; it may listen there all the same"
        there = sorted({_line(one) for pod in pods for one in _container_ports(pod)})
        problems.append(f"No container has a port {target} {named}. They have: {', '.join(there) or 'none'}.")
    elif len(listening) < len(pods):
        problems.append(f"Only {len(listening)} of {len(pods)} pods have the port {target}.")
    return problems


def _has(pod: dict[str, Any], target: Any, protocol: str) -> bool:
    return any(
        one.get("protocol", "TCP") == protocol and target in (one.get("name"), one["containerPort"])
        for one in _container_ports(pod)
    )


def _container_ports(pod: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for container in pod["spec"]["containers"] for one in container.get("ports") or ()]


def _line(port: dict[str, Any]) -> str:
    return f"{port.get('name', '')} {port['containerPort']}/{port.get('protocol', 'TCP')}".strip()


async def _policies(cluster: Cluster, namespace: str, pods: list[dict[str, Any]]) -> list[str]:
    """Rules that let in nobody, or not everybody."""
    path = f"/apis/networking.k8s.io/v1/namespaces/{namespace}/networkpolicies"
    found = []
    for one in await everything(cluster, path, "list networkpolicies"):
        spec = one["spec"]
        if "Ingress" not in (spec.get("policyTypes") or ["Ingress"]):
            continue
        if any(_fits(spec.get("podSelector") or {}, pod) for pod in pods):
            name, rules = one["metadata"]["name"], spec.get("ingress")
            how = "lets only some in: see its rules" if rules else "lets nobody in, unless another policy does"
            found.append(f"The network policy {name} holds for its pods, and {how}.")
    return found


def _fits(selector: dict[str, Any], pod: dict[str, Any]) -> bool:
    """Expressions are taken as fitting: a policy too many is told rather than one too few."""
    labels = pod["metadata"].get("labels") or {}
    return all(labels.get(name) == value for name, value in (selector.get("matchLabels") or {}).items())


async def _tried(cluster: Cluster, service: dict[str, Any], port: dict[str, Any]) -> dict[str, str]:
    if port.get("protocol", "TCP") != "TCP":
        return {}
    spec, status = service["spec"], service.get("status") or {}
    balancers = (status.get("loadBalancer") or {}).get("ingress") or ()
    targets = [(one.get("ip") or one.get("hostname"), port["port"]) for one in balancers]
    targets += [(one, port["port"]) for one in spec.get("externalIPs") or ()]
    if port.get("nodePort"):
        for node in await everything(cluster, "/api/v1/nodes", "list nodes"):
            for address in (node.get("status") or {}).get("addresses") or ():
                if address.get("type") in ("ExternalIP", "InternalIP"):
                    targets.append((address["address"], port["nodePort"]))
    chosen = list(dict.fromkeys(targets))[:_MOST_ADDRESSES]
    said = await asyncio.gather(*(_connect(str(host), int(number)) for host, number in chosen))
    return {f"{host}:{number}": how for (host, number), how in zip(chosen, said, strict=True)}


async def _connect(host: str, port: int) -> str:
    try:
        async with asyncio.timeout(_SECONDS):
            _, writer = await asyncio.open_connection(host, port)
    except TimeoutError:
        return f"no answer within {_SECONDS:.0f} seconds"
    except OSError as error:
        return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
    writer.close()
    return "takes connections"
