"""What is measured, and in which order: always everybody in turn, so that a busy moment hits all alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from tests.bench import servers
from tests.bench.load import Client, Command, Slice, call_frames

T = TypeVar("T")

IN_FLIGHT = 32
DUMMIES = 10
FEW, MANY = 10, 10_000


class Plan(Struct, frozen=True):
    """How much is measured. ``seconds`` is one slice of load on one server; ``peer_calls`` are those before peak memory
    is read on the peers, which take long over them."""

    rounds: int
    seconds: float
    spawns: int
    calls: int
    peer_calls: int


FULL = Plan(rounds=5, seconds=1.0, spawns=9, calls=20_000, peer_calls=20_000)
SHORT = Plan(rounds=3, seconds=0.4, spawns=3, calls=20_000, peer_calls=1_000)


class Row(Struct, frozen=True):
    """One server. Rates in calls/s, latencies and start in milliseconds, memory in megabytes (after ``calls``)."""

    name: str
    rate_1: float
    rate_32: float
    p50_1: float
    p99_1: float
    p50_32: float
    p99_32: float
    start: float
    memory: float | None
    calls: int


class ManyTools(Struct, frozen=True):
    """FEW tools against MANY. ``ratio`` is of the calls that a second of processor time serves, ``rates`` of calls/s,
    which shows other work on the machine too. Times in milliseconds."""

    ratio: float
    rates: float
    pages: int
    listed: int
    page_time: float
    start: float


class Outcome(Struct, frozen=True):
    """Everything that one run found. Growths are milliseconds of start per plugin, between the fastest starts:
    what else the machine does only ever adds."""

    rows: dict[str, Row]
    many: ManyTools
    bundled: list[str]
    growth_bundled: float
    growth_dummies: float


def run(plan: Plan, scratch: Path) -> Outcome:
    """The whole benchmark. ``scratch`` is an empty folder."""
    home = scratch / "home"
    everybody = servers.contestants(home)
    names = servers.bundled()
    variants = {
        "off": servers.with_bundled(home, False),
        "on": servers.with_bundled(home, True),
        "plain": servers.ours(home),
        "dummies": servers.with_dummies(home, scratch / "dummies", DUMMIES),
    }
    _check_tools(variants, names)
    starts = spawn({**everybody, **variants}, plan.spawns)
    rows = contest(everybody, plan, starts)
    return Outcome(
        rows=rows, many=many_tools(home, scratch, plan), bundled=names,
        growth_bundled=(min(starts["on"]) - min(starts["off"])) / len(names),
        growth_dummies=(min(starts["dummies"]) - min(starts["plain"])) / DUMMIES,
    )  # fmt: skip


def _check_tools(variants: Mapping[str, Command], bundled: list[str]) -> None:
    """A growth per plugin means something only if the plugins are there, and only where they should be."""
    tools = servers.tools_of(bundled)
    dummies = {f"dummy{number}_{verb}" for number in range(DUMMIES) for verb in ("look", "put")}
    wanted = {"off": set[str](), "on": tools, "plain": tools, "dummies": tools | dummies}
    for name, command in variants.items():
        with Client(command) as client:
            found = {tool["name"] for page in client.tools() for tool in page}
        if found != wanted[name]:
            raise RuntimeError(f"With plugins {name} these are there or not, and should not be: {found ^ wanted[name]}")


def spawn(commands: Mapping[str, Command], times: int) -> dict[str, list[float]]:
    """The starts of each in milliseconds. The first of each fills caches and does not count."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(times + 1):
        for name, command in _rotated(commands, turn):
            with Client(command) as client:
                taken[name].append(client.started_in)
    return {name: starts[1:] for name, starts in taken.items()}


def _rotated(items: Mapping[str, T], turn: int) -> list[tuple[str, T]]:
    """Everybody in turn, another one first each time: to come after a heavy one costs something."""
    order = list(items.items())
    first = turn % len(order)
    return order[first:] + order[:first]


def contest(commands: Mapping[str, Command], plan: Plan, starts: Mapping[str, list[float]]) -> dict[str, Row]:
    """Load on everybody in turn, one call in flight and then many."""
    frames = {name: call_frames(command) for name, command in commands.items()}
    single: dict[str, list[Slice]] = {name: [] for name in commands}
    many: dict[str, list[Slice]] = {name: [] for name in commands}
    rows = {}
    with ExitStack() as stack:
        clients = {name: stack.enter_context(Client(command)) for name, command in commands.items()}
        for name, client in clients.items():
            client.load(frames[name], IN_FLIGHT, seconds=plan.seconds / 2)
        for turn in range(plan.rounds):
            for name, client in _rotated(clients, turn):
                single[name].append(client.load(frames[name], 1, seconds=plan.seconds / 2))
                many[name].append(client.load(frames[name], IN_FLIGHT, seconds=plan.seconds))
        for name, client in clients.items():
            goal = plan.calls if name in (servers.OURS, servers.MODERN) else plan.peer_calls
            if client.calls < goal:
                client.load(frames[name], IN_FLIGHT, calls=goal - client.calls)
            rows[name] = _row(name, single[name], many[name], statistics.median(starts[name]), client)
    return rows


def _row(name: str, single: list[Slice], many: list[Slice], start: float, client: Client) -> Row:
    """The median over the rounds, for every figure."""
    return Row(
        name=name, start=start, memory=client.peak_memory(), calls=client.calls,
        rate_1=statistics.median(s.rate for s in single), rate_32=statistics.median(s.rate for s in many),
        p50_1=statistics.median(_quantile(s, 50) for s in single),
        p99_1=statistics.median(_quantile(s, 99) for s in single),
        p50_32=statistics.median(_quantile(s, 50) for s in many),
        p99_32=statistics.median(_quantile(s, 99) for s in many),
    )  # fmt: skip


def _quantile(measured: Slice, percent: int) -> float:
    ordered = sorted(measured.latencies)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def many_tools(home: Path, scratch: Path, plan: Plan) -> ManyTools:
    """Calls with few and with many tools registered, in turn; and what listing the many takes."""
    few = servers.with_tools(home, scratch / "few", FEW)
    many = servers.with_tools(home, scratch / "many", MANY)
    with Client(few) as small, Client(many) as large:
        began = time.perf_counter()
        pages = list(large.tools())
        took = (time.perf_counter() - began) * 1000
        sides = [(small, call_frames(few), _Spent()), (large, call_frames(many), _Spent())]
        for client, frames, _ in sides:
            client.load(frames, IN_FLIGHT, seconds=plan.seconds / 2)
        for _ in range(2 * plan.rounds):
            for client, frames, spent in sides:
                before = client.cpu_seconds()
                spent.add(client.load(frames, IN_FLIGHT, seconds=plan.seconds / 2), before, client.cpu_seconds())
        (_, _, with_few), (_, _, with_many) = sides
        return ManyTools(
            ratio=(with_few.processor / with_few.calls) / (with_many.processor / with_many.calls),
            rates=(with_few.seconds / with_few.calls) / (with_many.seconds / with_many.calls),
            pages=len(pages), listed=sum(map(len, pages)), page_time=took / len(pages), start=large.started_in,
        )  # fmt: skip


class _Spent:
    """What calls have cost: seconds, and seconds of the processor, for which those count where no system tells."""

    def __init__(self) -> None:
        self.calls = 0
        self.seconds = self.processor = 0.0

    def add(self, measured: Slice, before: float | None, after: float | None) -> None:
        self.calls += measured.calls
        self.seconds += measured.seconds
        self.processor += measured.seconds if before is None or after is None else after - before
