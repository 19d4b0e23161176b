"""What pods and nodes use."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_kubernetes.clusters import cluster_of
from mcp_agent_kubernetes.examples import EXAMPLES
from mcp_agent_kubernetes.lists import everything
from mcp_agent_kubernetes.tools.arguments import AnyNamespace, ContextName, Labels
from mcp_agent_kubernetes.words import megabytes, quantity

_METRICS = "metrics.k8s.io"


class Use(Struct, frozen=True, omit_defaults=True):
    """``cpu`` in thousandths of a core, ``memory`` in megabytes. Percent: of the limits of a pod where each of its
    containers has one, of what a node has for pods."""

    name: str
    cpu: int
    memory: float
    cpu_percent: int | None = None
    memory_percent: int | None = None
    namespace: str = ""


class Top(Struct, frozen=True, omit_defaults=True):
    where: str
    use: list[Use]
    not_shown: int = 0


@tool(effect="read", examples=EXAMPLES["k8s_top"])
async def k8s_top(
    ctx: Context,
    what: Annotated[Literal["pods", "nodes"], Field("Of which.")] = "pods",
    namespace: AnyNamespace = "",
    labels: Labels = "",
    by: Annotated[Literal["cpu", "memory"], Field("Which use puts one first.")] = "cpu",
    limit: Annotated[int, Field("How many.", ge=1, le=200)] = 20,
    context: ContextName = "",
) -> Top:
    """Processor and memory that pods or nodes use now, the busiest first. The cluster needs its metrics-server."""
    cluster = await cluster_of(ctx, context)
    if not await cluster.discovery.serves(_METRICS):
        raise ToolError(
            f"{cluster} measures nothing: it has no {_METRICS}.", hint="Somebody would have to install metrics-server."
        )
    inside = None if namespace == "*" or what == "nodes" else namespace or cluster.context.namespace
    place = f"/namespaces/{inside}" if inside else ""
    measured = await everything(cluster, f"/apis/{_METRICS}/v1beta1{place}/{what}", f"measure {what}", labels)
    known = await everything(cluster, f"/api/v1{place}/{what}", f"list {what}", labels)
    limits = {_key(one): _node_limits(one) if what == "nodes" else _pod_limits(one) for one in known}
    use = [_use(one, limits.get(_key(one), (0, 0)), everywhere=inside is None) for one in measured]
    use.sort(key=lambda one: (-(one.cpu if by == "cpu" else one.memory), one.name))
    return Top(cluster.where(inside), use[:limit], max(0, len(use) - limit))


def _key(thing: dict[str, Any]) -> tuple[str, str]:
    return thing["metadata"].get("namespace", ""), thing["metadata"]["name"]


def _use(measured: dict[str, Any], limits: tuple[float, float], *, everywhere: bool) -> Use:
    parts = [measured["usage"]] if "usage" in measured else [one["usage"] for one in measured.get("containers") or ()]
    cpu, memory = (sum(quantity(one.get(name)) for one in parts) for name in ("cpu", "memory"))
    namespace, name = _key(measured)
    return Use(
        name, round(cpu * 1000), megabytes(memory), _percent(cpu, limits[0]), _percent(memory, limits[1]),
        namespace if everywhere else "",
    )  # fmt: skip


def _percent(value: float, of: float) -> int | None:
    return round(value / of * 100) if of else None


def _node_limits(node: dict[str, Any]) -> tuple[float, float]:
    has = (node.get("status") or {}).get("allocatable") or {}
    return quantity(has.get("cpu")), quantity(has.get("memory"))


def _pod_limits(pod: dict[str, Any]) -> tuple[float, float]:
    """0 where a container has none."""
    limits = [(one.get("resources") or {}).get("limits") or {} for one in pod["spec"]["containers"]]
    cpu, memory = ([quantity(one.get(name)) for one in limits] for name in ("cpu", "memory"))
    return sum(cpu) if all(cpu) else 0.0, sum(memory) if all(memory) else 0.0
