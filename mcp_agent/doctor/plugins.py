"""Plugins as they load in a host of their own, and their connections with a real call."""

from __future__ import annotations

from collections.abc import Iterator

from mcp_agent.doctor.finding import Finding, error, ok, warning
from mcp_agent.host import Host
from mcp_agent.model import PluginRecord
from mcp_agent.supervisor import UNWELL


async def plugins(host: Host) -> list[Finding]:
    """``host`` has started. Each plugin is asked how it is, all at once, with the time limit of the host."""
    says = await host.checks()
    records = host.plugins()
    found = [finding for record in records for finding in _of(record, says.get(record.name))]
    if not records:
        found.append(warning("plugins", "No plugin is installed.", "uv tool install mcp-agent-all"))
    return found


def _of(record: PluginRecord, says: str | None) -> Iterator[Finding]:
    name = record.name
    if record.status == "failed":
        yield error("plugins", f"{name}: {record.reason}", f"mcp-agent plugins info {name}")
    elif record.status == "disabled":
        yield ok("plugins", f"{name}: switched off")
    elif says is not None and says.startswith(UNWELL):
        yield error("plugins", f"{name}: {says}", f"mcp-agent setup {name}")
    else:
        yield ok("plugins", f"{name}: {says or f'{len(record.tools)} tools'}")
