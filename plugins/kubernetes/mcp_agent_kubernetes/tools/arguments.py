"""Arguments that tools share."""

from __future__ import annotations

from typing import Annotated

from mcp_agent import Field, ToolError
from mcp_agent_kubernetes.cluster import Cluster
from mcp_agent_kubernetes.discovery import Kind

ContextName = Annotated[str, Field("From k8s_contexts. Empty: the current one.")]
WriteContext = Annotated[str, Field("From k8s_contexts.", min_length=1)]
KindName = Annotated[str, Field("pod, deploy, Ingress, certificates.cert-manager.io, ...", pattern=r"^[A-Za-z0-9.-]+$")]
Name = Annotated[str, Field("Its name.", pattern=r"^[^/%\s]+$")]
Namespace = Annotated[str, Field("Empty: that of the context.", pattern="^[a-z0-9-]*$")]
AnyNamespace = Annotated[str, Field("Empty: that of the context; '*' for all.", pattern=r"^[a-z0-9-]*$|^\*$")]
Labels = Annotated[str, Field("A label selector: 'app=web,tier!=test'.")]


def place(cluster: Cluster, kind: Kind, namespace: str) -> str | None:
    """The namespace that is meant; None for kinds that live in none."""
    return (namespace or cluster.context.namespace) if kind.namespaced else None


def can(kind: Kind, verb: str) -> None:
    if verb not in kind.verbs:
        raise ToolError(f"{kind.full_name} cannot be asked to {verb}.")
