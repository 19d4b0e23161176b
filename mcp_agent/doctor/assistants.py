"""The clients that start this agent, and the instances that run."""

from __future__ import annotations

from collections.abc import Iterator

from mcp_agent.clients.change import status
from mcp_agent.clients.launch import Launch
from mcp_agent.clients.machine import Machine, find
from mcp_agent.clients.table import CLIENTS
from mcp_agent.control.desk import Desk
from mcp_agent.doctor.finding import Finding, error, ok, warning
from mcp_agent.version import VERSION


def clients(machine: Machine, launch: Launch) -> Iterator[Finding]:
    """Whether somebody starts this agent, and whether what they start is there."""
    installed = 0
    for found in (find(client, machine) for client in CLIENTS):
        how, why = status(found, launch)
        title, install = found.client.title, f"mcp-agent install {found.client.name}"
        installed += how in ("installed", "differs")
        if how == "broken":
            yield error("clients", why, f"Edit {found.file}")
        elif how == "points to nothing":
            yield error("clients", f"{title} starts what is not there: {why}", install)
        elif how == "differs":
            yield warning("clients", f"{title}: {why}", install)
        elif how == "installed":
            yield ok("clients", f"{title}: {found.file}")
    if not installed:
        yield warning("clients", "No assistant on this machine starts mcp-agent.", "mcp-agent install --all")


def instances(desk: Desk) -> Iterator[Finding]:
    """Several may run on one home; they should be of one version, and let themselves be watched."""
    running = [instance.hello for instance in desk.instances]
    for hello in running:
        if hello.host_version != VERSION:
            said = f"Instance {hello.pid} is version {hello.host_version}, this is {VERSION}."
            yield warning("instances", said, "Restart the assistant that started it.")
    for path, why in desk.refused.items():
        yield warning("instances", f"{path.name}: {why}", "mcp-agent status")
    pids = ", ".join(str(hello.pid) for hello in running)
    yield ok("instances", f"{len(running)} running: {pids}" if running else "None is running.")
