"""Which clusters there are."""

from __future__ import annotations

from msgspec import Struct

from mcp_agent import Context, ToolError, tool
from mcp_agent_kubernetes.clusters import Clusters
from mcp_agent_kubernetes.examples import EXAMPLES
from mcp_agent_kubernetes.kubeconfig import login


class KnownContext(Struct, frozen=True, omit_defaults=True):
    """``current`` is used where none is named. ``problem`` says why it cannot be used."""

    name: str
    cluster: str
    namespace: str
    server: str = ""
    current: bool = False
    writable: bool = False
    problem: str = ""


@tool(effect="read", examples=EXAMPLES["k8s_contexts"])
async def k8s_contexts(ctx: Context) -> list[KnownContext]:
    """The clusters that can be reached, as the contexts of the kubeconfig, and which of them may be changed."""
    clusters: Clusters = ctx.state
    config = await clusters.config()
    found = []
    for name, context in sorted(config.contexts.items()):
        settings, server, problem = clusters.settings_of(name), "", ""
        try:
            server = login.address_of(login.cluster_of(config, context), context).server
            asked = login.user_of(config, context).said.get("exec")
            if isinstance(asked, dict) and asked.get("command") not in settings.commands:
                problem = f"it logs in by the program {asked.get('command')!r}, which the settings do not allow"
        except ToolError as error:
            problem = str(error)
        current = name == config.current
        found.append(
            KnownContext(name, context.cluster, context.namespace, server, current, settings.writable, problem)
        )
    return found
