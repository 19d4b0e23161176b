"""What containers of pods wrote. The stream is read as it comes; only the lines that are wanted are kept."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, LogLines, LogSieve, ToolError, log_since, tool
from mcp_agent_kubernetes.cluster import Cluster, Request
from mcp_agent_kubernetes.clusters import cluster_of
from mcp_agent_kubernetes.discovery import segment
from mcp_agent_kubernetes.examples import EXAMPLES
from mcp_agent_kubernetes.failures import Refused
from mcp_agent_kubernetes.tools.arguments import ContextName, Name, Namespace

_DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"
_PROGRESS_EVERY = 64 * 2**20


class Logs(Struct, frozen=True, omit_defaults=True):
    """``lines`` are the last ones, oldest first. ``matched`` counts all that fit, of ``read`` lines in all."""

    where: str
    pod: str
    container: str
    lines: list[str]
    read: int
    matched: int | None = None
    more_before: bool = False
    other_containers: list[str] = []


@tool(effect="read", origin="kubernetes", timeout=900, examples=EXAMPLES["k8s_logs"])
async def k8s_logs(
    ctx: Context,
    pod: Name,
    container: Annotated[str, Field("Empty: the first.")] = "",
    tail: Annotated[int, Field("How many lines, the last ones.", ge=1, le=5000)] = 100,
    since: Annotated[str, Field("Only from then on: '15m', '2h', '3d', or 2026-01-31T08:00:00Z.")] = "",
    grep: Annotated[str, Field("Only lines with this RE2 expression; (?i) for any case.", max_length=1000)] = "",
    errors: Annotated[bool, Field("Only lines that tell of errors, with the stack traces below them.")] = False,
    previous: Annotated[bool, Field("Of the run before the last restart: what it said before it crashed.")] = False,
    timestamps: Annotated[bool, Field("Put the time in UTC before each line.")] = False,
    namespace: Namespace = "",
    context: ContextName = "",
) -> Logs:
    """The log of a container of a pod: its last lines, or the last of those that fit. Without grep and errors it is
    quick however long the log is; with them all of it is searched, or what came since."""
    cluster = await cluster_of(ctx, context)
    inside = namespace or cluster.context.namespace
    sieve = LogSieve(tail, grep=grep, errors=errors)
    path = f"/api/v1/namespaces/{inside}/pods/{segment(pod)}"
    thing = await cluster.get(path, f"get Pod {pod}")
    found, others = _chosen(thing, container)
    if not thing["spec"].get("nodeName"):
        raise ToolError(f"{pod} has no node yet, and so no log.", hint="k8s_diagnose tells why.")
    now = ctx.clock.time()
    query: dict[str, Any] = {
        "container": found,
        "tailLines": None if sieve.picks else tail,
        "sinceSeconds": max(1, round(now - log_since(since, now))) if since else None,
        "previous": "true" if previous else None,
        "timestamps": "true" if timestamps else None,
    }
    await read_log(cluster, path, found, sieve, query, ctx)
    matched = sieve.matched if sieve.picks else None
    return Logs(cluster.where(inside), pod, found, sieve.texts(), sieve.read, matched, sieve.more, others)


async def read_log(
    cluster: Cluster, path: str, container: str, sieve: LogSieve, query: dict[str, Any], ctx: Context | None = None
) -> None:
    """Put the log of a container into a sieve. Raises ToolError where there is none."""
    lines, size, told = LogLines(), 0, 0
    what = f"read the log of {container}"
    request = Request("GET", f"{path}/log", what, query, accept="*/*", endless=True)
    try:
        async with cluster.stream(request) as response:
            async for data in response.content.iter_any():
                for line in lines.feed(data):
                    sieve.add(cluster.veil(line))
                size += len(data)
                if ctx is not None and size - told >= _PROGRESS_EVERY:
                    told = size
                    ctx.progress(size, message=f"{size >> 20} MB read, {sieve.matched} lines found")
        for line in lines.end():
            sieve.add(cluster.veil(line))
    except Refused as error:
        if error.status != 400:
            raise
        raise ToolError(
            f"{cluster}: {container} has no such log: {error}", hint="k8s_diagnose tells what keeps it from running."
        ) from None


def _chosen(pod: dict[str, Any], container: str) -> tuple[str, list[str]]:
    """The container that is meant, and what others there are."""
    spec = pod["spec"]
    names = [
        one["name"] for key in ("containers", "initContainers", "ephemeralContainers") for one in spec.get(key) or ()
    ]
    wanted = container or (pod["metadata"].get("annotations") or {}).get(_DEFAULT_CONTAINER) or names[0]
    if wanted not in names:
        raise ToolError(f"The pod has no container {wanted!r}.", hint=f"It has: {', '.join(names)}.")
    return wanted, [name for name in names if name != wanted]
