"""What each stage of the onion costs: it is built up from the tool outwards, each step compared with the last."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from msgspec import Struct

from mcp_agent.callers import NoCaller
from mcp_agent.config import Config, PolicySettings, Rule
from mcp_agent.context import Context
from mcp_agent.host import Host
from mcp_agent.model import Tool
from mcp_agent.paths import Paths
from mcp_agent.pipeline import Handler, compose
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.execute import execute
from mcp_agent.pipeline.policy import Policy

LAMP = "tests.plugins.lamp"
_WRITTEN = 0.15
"""Seconds of rest after a slice: the audit writes within a tenth, and what that costs belongs to the slice."""
_CONDITION = 'lamp in ["hall", "door"] && level > 100'
DECISION_BUDGET = 20.0


class Plan(Struct, frozen=True):
    """Rounds, calls in a slice of reads and of writes, and decisions in a slice."""

    rounds: int
    reads: int
    writes: int
    decisions: int


FULL = Plan(rounds=9, reads=4000, writes=200, decisions=5000)
SHORT = Plan(rounds=3, reads=1000, writes=40, decisions=1000)


class Cost(Struct, frozen=True):
    """One stage, in microseconds a call: of the processor for a read, of a clock on the wall for a write, one at a
    time, the disk included. ``total`` is up to and with this stage."""

    stage: str
    read: float
    read_total: float
    write: float
    write_total: float


class Stages(Struct, frozen=True):
    """Innermost first; and a decision by a rule with a condition, in microseconds."""

    costs: list[Cost]
    decision: float


def run(plan: Plan, scratch: Path) -> Stages:
    """Measure. ``scratch`` is an empty folder."""
    return asyncio.run(_run(plan, scratch))


async def _run(plan: Plan, scratch: Path) -> Stages:
    config = Config(policy=PolicySettings(rules=(Rule(decide="allow"),)))
    paths = Paths(scratch, scratch / "data", scratch / "state")
    async with Host(config, paths=paths, installed=False, modules=[LAMP]) as host:
        await host.started()
        onion = host._onion
        stages = list(onion.stages())
        core = execute(host.report_bug)
        starts = range(len(stages), -1, -1)
        look, change = host.tool("lamp_look"), host.tool("lamp_set")
        readers = [compose(stages[start:], core, look) for start in starts]
        writers = [compose(stages[start:], core, change) for start in starts]
        names = ["execute", *(stage.__module__.rpartition(".")[2] for stage in reversed(stages))]
        reads: list[list[float]] = [[] for _ in starts]
        writes: list[list[float]] = [[] for _ in starts]
        for turn in range(plan.rounds + 1):
            for place in range(len(starts)):
                read = await _slice(host, readers[place], look, plan.reads, time.process_time)
                write = await _slice(host, writers[place], change, plan.writes, time.perf_counter)
                if turn:  # the first round warms up
                    reads[place].append(read)
                    writes[place].append(write)
        decision = min(_decisions(host.tool("lamp_set"), plan.decisions) for _ in range(plan.rounds))
    return Stages(_costs(names, [median(taken) for taken in reads], [median(taken) for taken in writes]), decision)


async def _slice(host: Host, handler: Handler, tool: Tool, count: int, clock: Callable[[], float]) -> float:
    """Microseconds a call. On the wall only the calls count, of the processor also what they leave to be done."""
    scope, caller, raw = host._supervisor.scopes[tool.plugin], NoCaller("bench"), b'{"lamp":"desk"}'
    arguments = tool.parse(raw)
    began = clock()
    for _ in range(count):
        call = Call(tool, raw, caller, Context(scope, caller))  # of its own: stages write to it
        call.arguments = arguments
        await handler(call)
    if clock is time.perf_counter:
        taken = clock() - began
        await asyncio.sleep(_WRITTEN)
    else:
        await asyncio.sleep(_WRITTEN)
        taken = clock() - began
    return taken / count * 1e6


def _decisions(tool: Tool, count: int) -> float:
    policy = Policy(PolicySettings(rules=(Rule(decide="deny", when=_CONDITION), Rule(decide="allow"))))
    arguments = {"lamp": "hall", "level": 50}
    policy.decide(tool, "bench", lambda: arguments)
    began = time.perf_counter()
    for _ in range(count):
        policy.decide(tool, "bench", lambda: arguments)
    return (time.perf_counter() - began) / count * 1e6


def _costs(names: list[str], reads: list[float], writes: list[float]) -> list[Cost]:
    costs = []
    read_before = write_before = 0.0
    for name, read, write in zip(names, reads, writes, strict=True):
        costs.append(Cost(name, read - read_before, read, write - write_before, write))
        read_before, write_before = read, write
    return costs


def text(stages: Stages) -> str:
    """The whole report, outermost first."""
    read_all, write_all = stages.costs[-1].read_total, stages.costs[-1].write_total
    lines = [f"{'stage':<12}{'read':>9}{'share':>8}{'so far':>9}{'write':>11}{'share':>8}{'so far':>10}"]
    lines.append("-" * len(lines[0]))
    for cost in reversed(stages.costs):
        lines.append(
            f"{cost.stage:<12}{cost.read:>9.2f}{cost.read / read_all:>8.1%}{cost.read_total:>9.2f}"
            f"{cost.write:>11.1f}{cost.write / write_all:>8.1%}{cost.write_total:>10.1f}"
        )
    holds = "holds " if stages.decision < DECISION_BUDGET else "BROKEN"
    lines += [
        "",
        "Microseconds a call, medians; 'so far' is this stage with all inside it. A read is counted in time of the",
        "processor, all threads and what is written later included; a write on the wall, one at a time, with the disk.",
        "",
        f"{holds}  a decision by a rule with a condition  {stages.decision:.1f} µs  (less than {DECISION_BUDGET:g} µs)",
    ]
    return "\n".join(lines) + "\n"
