"""Lists that are needed whole, page by page, up to a bound."""

from __future__ import annotations

from typing import Any

from mcp_agent import ToolError
from mcp_agent_kubernetes.cluster import JSON, Cluster
from mcp_agent_kubernetes.failures import Refused

_PAGE = 500
_MOST = 20_000
METADATA = f"{JSON};as=PartialObjectMetadata;v=v1;g=meta.k8s.io, {JSON}"
"""Only names and labels: the content of a Secret does not even come here."""


async def everything(
    cluster: Cluster, path: str, what: str, labels: str | None = None, fields: str | None = None
) -> list[dict[str, Any]]:
    """Raises ToolError where there is more than anybody wants to hold."""
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        page = await cluster.get(
            path, what, {"limit": _PAGE, "labelSelector": labels, "fieldSelector": fields, "continue": after}
        )
        found += page.get("items") or ()
        after = (page.get("metadata") or {}).get("continue")
        if not after:
            return found
        if len(found) >= _MOST:
            raise ToolError(f"There are more than {_MOST:,}, asked to {what}.", hint="Name a namespace or labels.")


async def maybe(cluster: Cluster, path: str, what: str, *, accept: str = JSON) -> dict[str, Any] | None:
    """One that may not be there."""
    try:
        found: dict[str, Any] = await cluster.get(path, what, accept=accept)
    except Refused as error:
        if error.status == 404:
            return None
        raise
    return found
