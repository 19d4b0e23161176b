"""What there is in a cluster: lists as kubectl prints them, and one thing as YAML."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_kubernetes.cluster import JSON, Cluster
from mcp_agent_kubernetes.clusters import cluster_of
from mcp_agent_kubernetes.discovery import Kind
from mcp_agent_kubernetes.examples import EXAMPLES
from mcp_agent_kubernetes.failures import Refused
from mcp_agent_kubernetes.objects import shown
from mcp_agent_kubernetes.tools.arguments import (
    AnyNamespace,
    ContextName,
    KindName,
    Labels,
    Name,
    Namespace,
    can,
    place,
)
from mcp_agent_kubernetes.words import age

_TABLE = f"{JSON};as=Table;v=v1;g=meta.k8s.io, {JSON}"
_PAGE = 500
_MOST_SEARCHED = 20_000
_LONGEST_CELL = 200


class Listed(Struct, frozen=True, omit_defaults=True):
    """Each of ``rows`` has a cell for each of ``columns``. ``more`` counts those after these; ``next`` asks for them.
    With search ``matched`` counts all that fit."""

    where: str
    kind: str
    columns: list[str]
    rows: list[list[Any]]
    more: int = 0
    next: str = ""
    matched: int | None = None


@tool(effect="read", timeout=120, examples=EXAMPLES["k8s_list"])
async def k8s_list(
    ctx: Context,
    kind: KindName,
    namespace: AnyNamespace = "",
    labels: Labels = "",
    fields: Annotated[str, Field("A field selector: 'status.phase!=Running', 'spec.nodeName=n1'.")] = "",
    search: Annotated[str, Field("Only names that contain this.")] = "",
    wide: Annotated[bool, Field("More columns: nodes, addresses, images.")] = False,
    limit: Annotated[int, Field("How many.", ge=1, le=500)] = 50,
    next: Annotated[str, Field("From the page before.")] = "",
    context: ContextName = "",
) -> Listed:
    """Things of one kind, built in or custom, in the columns that kubectl shows. For kind=crd the custom kinds."""
    cluster = await cluster_of(ctx, context)
    found = await cluster.discovery.find(kind)
    can(found, "list")
    inside = None if namespace == "*" else place(cluster, found, namespace)
    query = {"labelSelector": labels, "fieldSelector": fields}
    if search:
        table, rows, matched = await _searched(ctx, cluster, found, inside, query, search, limit)
    else:
        table, matched = await _page(cluster, found, inside, {**query, "limit": limit, "continue": next}), None
        rows = table.get("rows") or []
    about = table.get("metadata") or {}
    columns, cells = _cells(table, rows, wide=wide, everywhere=inside is None and found.namespaced)
    left = 0 if search else int(about.get("remainingItemCount") or 0)
    after = "" if search else str(about.get("continue") or "")
    where = cluster.where(inside)
    return Listed(where, found.full_name, columns, cells, left, after, matched)


async def _page(cluster: Cluster, kind: Kind, namespace: str | None, query: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = await cluster.get(kind.path(namespace), f"list {kind.plural}", query, accept=_TABLE)
    except Refused as error:
        if error.status != 410:
            raise
        raise ToolError("That page is too old by now.", hint="Begin again without next.") from None
    return answer if answer.get("kind") == "Table" else _as_table(answer)


def _as_table(answer: dict[str, Any]) -> dict[str, Any]:
    """For extensions of the server that print none."""
    columns = [{"name": name, "priority": 0} for name in ("Name", "Created")]
    rows = [
        {"cells": [one["metadata"]["name"], one["metadata"].get("creationTimestamp", "")], "object": one}
        for one in answer.get("items") or ()
    ]
    return {"columnDefinitions": columns, "rows": rows, "metadata": answer.get("metadata") or {}}


async def _searched(
    ctx: Context, cluster: Cluster, kind: Kind, namespace: str | None, query: dict[str, Any], search: str, limit: int
) -> tuple[dict[str, Any], list[Any], int]:
    rows: list[Any] = []
    matched, looked, after = 0, 0, None
    while True:
        table = await _page(cluster, kind, namespace, {**query, "limit": _PAGE, "continue": after})
        page = table.get("rows") or []
        fitting = [row for row in page if search in str(row["object"]["metadata"]["name"])]
        matched += len(fitting)
        rows += fitting[: limit - len(rows)]
        looked += len(page)
        after = (table.get("metadata") or {}).get("continue")
        if not after:
            return table, rows, matched
        if looked >= _MOST_SEARCHED:
            raise ToolError(
                f"There are more than {_MOST_SEARCHED:,} {kind.plural} to search.",
                hint="Name a namespace, or labels, which the cluster itself looks for.",
            )
        ctx.progress(looked, message=f"{looked} looked at")


def _cells(table: dict[str, Any], rows: list[Any], *, wide: bool, everywhere: bool) -> tuple[list[str], list[Any]]:
    kept = [
        (number, str(one["name"]).lower())
        for number, one in enumerate(table.get("columnDefinitions") or ())
        if wide or not one.get("priority")
    ]
    columns = [name for _, name in kept]
    cells = [[_cell(row["cells"][number]) for number, _ in kept] for row in rows]
    if everywhere:
        columns = ["namespace", *columns]
        cells = [[row["object"]["metadata"].get("namespace", ""), *line] for row, line in zip(rows, cells, strict=True)]
    return columns, cells


def _cell(value: Any) -> Any:
    return value[:_LONGEST_CELL] if isinstance(value, str) else value


class Got(Struct, frozen=True):
    """``yaml`` has no managed fields; values of Secrets, and of variables that sound secret, are hidden."""

    where: str
    age: str
    yaml: str


@tool(effect="read", origin="kubernetes", examples=EXAMPLES["k8s_get"])
async def k8s_get(
    ctx: Context,
    kind: KindName,
    name: Name,
    namespace: Namespace = "",
    part: Annotated[str, Field("Only this part: 'spec.template', 'status', 'data'.")] = "",
    context: ContextName = "",
) -> Got:
    """One thing of any kind as YAML, with its status. For a summary with events use k8s_describe."""
    cluster = await cluster_of(ctx, context)
    found = await cluster.discovery.find(kind)
    inside = place(cluster, found, namespace)
    thing = await cluster.get(found.path(inside, name), f"get {found.named(name)}")
    whole: Any = shown({"apiVersion": found.api_version, "kind": found.name, **thing})
    if part:
        whole = _part(whole, part)
    return Got(cluster.where(inside), age(thing["metadata"].get("creationTimestamp"), ctx.clock.time()), to_yaml(whole))


def to_yaml(value: Any) -> str:
    import yaml

    text: str = yaml.dump(
        value, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False, allow_unicode=True, width=120
    )
    return text


def _part(whole: Any, path: str) -> Any:
    """Keys may have dots in them: the longest that fits is taken."""
    at, words = whole, path.split(".")
    while words:
        key = next((length for length in range(len(words), 0, -1) if _has(at, ".".join(words[:length]))), 0)
        if key:
            at, words = at[".".join(words[:key])], words[key:]
        elif isinstance(at, list) and words[0].isdecimal() and int(words[0]) < len(at):
            at, words = at[int(words[0])], words[1:]
        else:
            there = (
                ", ".join(map(str, at)) if isinstance(at, dict) else f"{len(at)} items" if isinstance(at, list) else ""
            )
            raise ToolError(f"There is no {words[0]!r} in it.", hint=f"There is: {there[:500] or 'nothing below'}.")
    return at


def _has(at: Any, key: str) -> bool:
    return isinstance(at, dict) and key in at
