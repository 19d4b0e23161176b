"""What the dashboard costs whoever is watched, and itself: a real server under load, a real dashboard in a terminal.

Everything is measured in turn with and without a dashboard, on the same server under the same load, so that a busy
moment of the machine hits both.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from mcp_agent import Paths
from mcp_agent.control.feed import Feed
from mcp_agent.control.instances import addresses
from mcp_agent.tui.app import Dashboard
from tests.bench.report import Budget
from tests.control.running import a_desk
from tests.support.process import ROOT, process
from tests.support.process import until as until_elsewhere
from tests.tui.screens import SMALL, until_seen
from tests.tui.terminal import Terminal

RATE = 1000.0
_SETTLED = 1.5
"""Seconds after its start that a dashboard is given before it counts."""
_SCREENS = {"1": "Instances", "3": "Waiting for you", "4": "How it is", "8": "Everywhere"}
"""Keys of screens, and words that only stand there."""


class Plan(Struct, frozen=True):
    """``rounds`` of ``seconds`` with and ``seconds`` without a dashboard, ``keys`` pressed, ``attaches`` tried."""

    rounds: int
    seconds: float
    keys: int
    attaches: int


FULL = Plan(rounds=6, seconds=4.0, keys=60, attaches=9)
SHORT = Plan(rounds=3, seconds=2.0, keys=20, attaches=3)


class Found(Struct, frozen=True):
    """Times in milliseconds. ``cores`` by screen: of one processor core, under load. ``latency`` and ``tail``
    (the 99th percentile) of calls, without and with a dashboard."""

    cores: dict[str, float]
    latency: tuple[float, float]
    tail: tuple[float, float]
    rate: float
    key_idle: list[float]
    key_busy: list[float]
    attach: list[float]
    start: list[float]


def run(plan: Plan, scratch: Path) -> Found:
    home = scratch / "home"
    env = {"MCP_AGENT_HOME": str(home)}
    windows: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    cores: dict[str, list[float]] = {"now": [], "calls": []}
    total = plan.rounds * len(cores) * (2 * plan.seconds + _SETTLED + 1.5) + 5
    with _load(home, total) as traffic:
        until_elsewhere(lambda: bool(addresses(_paths(home))))
        time.sleep(1.0)
        for _ in range(plan.rounds):
            for screen in cores:
                windows[False].append(_window(plan.seconds))
                with Terminal("--screen", screen, env=env) as terminal:
                    terminal.drawn("1 instance")
                    time.sleep(_SETTLED)
                    used, began = terminal.cpu(), time.perf_counter()
                    windows[True].append(_window(plan.seconds))
                    cores[screen].append((terminal.cpu() - used) / (time.perf_counter() - began))
        with Terminal(env=env) as terminal:
            key_busy = _keys(terminal, plan.keys)
        traffic.terminate()
        told = json.loads(traffic.communicate()[0] or "[]")
    calls = {on: [ms for at, ms in told if any(a <= at < b for a, b in spans)] for on, spans in windows.items()}
    with process("tests.tui.house", env=env):
        until_elsewhere(lambda: bool(addresses(_paths(home))))
        start = []
        for _ in range(plan.attaches):
            with Terminal(env=env) as terminal:
                start.append((terminal.drawn("runs 1") - terminal.started) * 1000)
        with Terminal(env=env) as terminal:
            key_idle = _keys(terminal, plan.keys)
        attach = [asyncio.run(_attach(_paths(home))) for _ in range(plan.attaches)]
    spans = sum(b - a for a, b in windows[True])
    return Found(
        cores={screen: statistics.median(values) for screen, values in cores.items()},
        latency=(statistics.median(calls[False]), statistics.median(calls[True])),
        tail=(_p99(calls[False]), _p99(calls[True])), rate=len(calls[True]) / spans,
        key_idle=key_idle, key_busy=key_busy, attach=attach, start=start,
    )  # fmt: skip


def budgets(found: Found) -> list[Budget]:
    change = found.latency[1] / found.latency[0] - 1
    worst = max(found.cores.values())
    keys = statistics.median(found.key_idle)
    attach = statistics.median(found.attach)
    return [
        Budget("the dashboard under load, of one core", f"{worst:.0%}", "under 30%", worst < 0.3),
        Budget("median latency of calls, watched against not", f"{change:+.1%}", "within 10%", change < 0.1),
        Budget("attach to an instance, painted", f"{attach:.0f} ms", "under 300 ms", attach < 300),
        Budget("key to paint: another screen, median", f"{keys:.0f} ms", "under 50 ms", keys < 50),
    ]


def text(found: Found) -> str:
    """The whole report."""
    lines = [
        f"{found.rate:,.0f} calls a second to one server, one after the other, a dashboard in a terminal of 120x36.",
        "processor of the dashboard: " + ", ".join(f"{name} {share:.0%}" for name, share in found.cores.items()),
        f"latency of calls: {found.latency[0]:.3f} ms unwatched, {found.latency[1]:.3f} ms watched "
        f"(p99 {found.tail[0]:.2f} and {found.tail[1]:.2f} ms)",
        f"key to paint: idle {_spread(found.key_idle)}, under load {_spread(found.key_busy)}",
        f"attach, from the first look for instances to the painted screen: {_spread(found.attach)}",
        f"start of the program to the painted instance: {_spread(found.start)}",
        "",
    ]
    promises = budgets(found)
    wide = max(len(budget.what) for budget in promises)
    lines += [f"{'holds ' if b.holds else 'BROKEN'}  {b.what:<{wide}}  {b.found:>8}  ({b.allowed})" for b in promises]
    return "\n".join(lines) + "\n"


@contextlib.contextmanager
def _load(home: Path, seconds: float) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.tui.traffic", str(seconds), str(RATE)]
    environ = {**os.environ, "MCP_AGENT__POLICY__RULES": "[{decide: allow}]", "MCP_AGENT_HOME": str(home)}
    traffic = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
    try:
        yield traffic
    finally:
        traffic.kill()
        traffic.wait()


def _window(seconds: float) -> tuple[float, float]:
    began = time.perf_counter()
    time.sleep(seconds)
    return began, time.perf_counter()


def _keys(terminal: Terminal, count: int) -> list[float]:
    """Milliseconds from the press to the first words of the screen that it opens."""
    terminal.drawn("1 instance")
    time.sleep(_SETTLED)
    taken = []
    for key in list(_SCREENS):  # each screen once beforehand: the first time puts it together
        terminal.drawn(_SCREENS[key], terminal.press(key)) if key != "1" else None
    for turn in range(count):
        key = list(_SCREENS)[turn % len(_SCREENS)]
        time.sleep(0.07)
        pressed = time.perf_counter()
        taken.append((terminal.drawn(_SCREENS[key], terminal.press(key)) - pressed) * 1000)
    return taken


async def _attach(paths: Paths) -> float:
    """Milliseconds until a dashboard, which stands already, shows an instance that it has just looked for."""
    desk = a_desk(paths)
    feed = Feed(desk)
    desk.came = feed.came
    app = Dashboard(desk, feed, live=False)
    async with app.run_test(size=SMALL) as pilot:
        await until_seen(pilot, app, "no instance runs")
        began = time.perf_counter()
        await desk.refresh()
        while "runs 1" not in (text := _painted(app)):
            app.paint()
            await pilot.pause()
        assert text
        taken = (time.perf_counter() - began) * 1000
        await desk.__aexit__()
    return taken


def _painted(app: Dashboard) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def _paths(home: Path) -> Paths:
    return Paths(home, home / "data", home / "state")


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def _spread(values: list[float]) -> str:
    ordered = sorted(values)
    return f"median {statistics.median(ordered):.0f} ms, best {ordered[0]:.0f}, worst {ordered[-1]:.0f}"
