"""Now: what runs, whom it serves, what it is doing."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import Horizontal

from mcp_agent.control import api
from mcp_agent.control.feed import CallRow, Watched
from mcp_agent.tui.graph import Graph
from mcp_agent.tui.page import Page
from mcp_agent.tui.rows import Cell, Column, Rows
from mcp_agent.tui.words import OUTCOMES, clock, lasts, plural, size, took

INSTANCES = (
    Column("Instance", 9), Column("Process", 7, True), Column("Serves", 6, False, 66), Column("Up", 8, True),
    Column("Calls", 9, True), Column("Failed", 6, True), Column("Flight", 6, True), Column("Memory", 7, True, 84),
    Column("Version", 0, False, 84),
)  # fmt: skip
CLIENTS = (Column("Client", 0), Column("Says it is", 0), Column("MCP", 10, False, 60), Column("Flight", 6, True))
RUNNING = (
    Column("Tool", 0), Column("For", 22, False, 100), Column("Runs", 7, True), Column("Progress", 0),
)  # fmt: skip

LATEST = (
    Column("Time", 8),
    Column("Ended", 9),
    Column("Took", 8, True),
    Column("Tool", 0),
    Column("For", 22, False, 70),
)

_BAR = 8
_LATEST = 50


class Client(NamedTuple):
    """A client of one instance."""

    instance: int
    facts: api.ClientFacts


class Rate(Graph):
    HELP = "**Calls a second**, of all instances together: the last five minutes, the newest at the right."


class Latency(Graph):
    HELP = "How long calls took, in each second: **half of them were faster**. Waiting for your consent counts too."


class Instances(Rows[Watched]):
    HELP = """\
**Instances**: one for each assistant that started `mcp-agent serve`.

- *Flight*: calls that run now
- *Failed*: calls that gave an error or were refused
- *Memory*: the most it ever used
"""


class Clients(Rows[Client]):
    HELP = "**Clients** of these instances, by the name under which the policy knows them (`stdio:NAME`, `http`)."


class InFlight(Rows[api.Running]):
    HELP = "Calls **in flight**, the longest first, with the progress that the tool tells."


class Latest(Rows[CallRow]):
    HELP = "The **latest calls**, the newest first. The screen *Calls* (key `2`) has all of them, with details."


class Now(Page):
    HELP = """\
**Now** shows every instance of `mcp-agent serve` that runs on this machine: usually one for each assistant.

An instance that ends is shown as **gone** for a minute.
"""

    def compose(self) -> ComposeResult:
        with Horizontal(id="graphs"):
            yield Rate("Calls a second", lambda value: f"{value:,.0f}", id="rate")
            yield Latency("Half are faster than", took, id="latency")
        with Horizontal(id="who"):
            yield Instances(INSTANCES, _instance, same=_same, id="instances", empty="No instance is running.")
            yield Clients(CLIENTS, _client, same=_same_client, id="clients", empty="Nobody is connected.")
        with Horizontal(id="flight"):
            yield InFlight(RUNNING, _running, id="running", empty="No call is in flight.")
            yield Latest(LATEST, _call, id="latest", empty="No call yet.")

    def on_mount(self) -> None:
        self.query_one("#instances").border_title = "Instances"
        self.query_one("#clients").border_title = "Clients"
        self.query_one("#running").border_title = "In flight"
        self.query_one("#latest").border_title = "Latest calls"

    def paint(self) -> None:
        watched, samples = self.feed.watched, self.feed.samples
        self.query_one("#rate", Graph).show([float(sample.rate) for sample in samples])
        self.query_one("#latency", Graph).show([sample.p50 for sample in samples])
        self.query_one("#instances", Rows).show(
            list(watched), empty="No instance is running. The other screens show what is on disk."
        )
        clients = [
            Client(one.number, facts) for one in self.feed.alive if one.state is not None for facts in one.state.clients
        ]
        self.query_one("#clients", Rows).show(clients)
        running = [call for one in self.feed.alive if one.tick is not None for call in one.tick.running]
        self.query_one("#running", Rows).show(sorted(running, key=lambda call: -(call.seconds or 0)))
        self.query_one("#latest", Rows).show(list(islice(reversed(self.feed.calls), _LATEST)))
        count = sum(one.tick.in_flight for one in self.feed.alive if one.tick is not None)
        self.query_one("#running").border_title = f"In flight: {plural(count, 'call')}" if count else "In flight"


def _instance(one: Watched) -> list[Cell]:
    tick, state, hello = one.tick, one.state, one.hello
    mark, style = (f"✗ gone {one.number}", "bad") if one.gone is not None else (f"● runs {one.number}", "good")
    calls, failed = (tick.calls, tick.failed) if tick else (state.calls, state.failed) if state else (0, 0)
    return [
        (mark, style),
        (str(hello.pid), "strong"),
        (hello.serves, ""),
        (f"{clock(one.gone)}" if one.gone is not None else lasts(state.uptime) if state else "-", ""),
        (f"{calls:,}", ""),
        (f"{failed:,}", "warn" if failed else "dim"),
        (str(tick.in_flight) if tick and one.gone is None else "-", ""),
        (size(state.memory) if state else "-", "dim"),
        (hello.host_version, "dim"),
    ]


def _same(one: Watched, other: Watched) -> bool:
    return one is other


def _client(one: Client) -> list[Cell]:
    facts = one.facts
    says = f"{facts.name} {facts.version}".strip()
    return [
        (facts.principal, "strong"), (says or "-", "" if says else "dim"), (facts.revision or "2026-07-28", "dim"),
        (str(facts.in_flight), "accent" if facts.in_flight else "dim"),
    ]  # fmt: skip


def _same_client(one: Client, other: Client) -> bool:
    return (one.instance, one.facts.principal) == (other.instance, other.facts.principal)


def _running(call: api.Running) -> list[Cell]:
    runs = "-" if call.seconds is None else took(call.seconds * 1000)
    return [
        (f"{call.tool} (background)" if call.background else call.tool, "strong"), (call.principal, "dim"),
        (runs, "accent"), (_progress(call), ""),
    ]  # fmt: skip


def _call(row: CallRow) -> list[Cell]:
    one = row.ended
    return [
        (clock(one.at), "dim"), OUTCOMES.get(one.outcome, (one.outcome, "")), (took(one.ms), "dim"),
        (one.tool, "strong"), (one.principal, "dim"),
    ]  # fmt: skip


def _progress(call: api.Running) -> str:
    if call.done is None:
        return call.message
    if not call.total:
        return f"{call.done:g} {call.message}"
    share = max(0.0, min(call.done / call.total, 1.0))
    bar = "█" * round(share * _BAR) + "░" * (_BAR - round(share * _BAR))
    return f"{bar} {share:4.0%} {call.message}"
