"""A desk whose news are written down beforehand, with times that stand still: for pictures.

Everything else in these tests runs against real instances.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from mcp_agent import Config, Paths
from mcp_agent.control import api
from mcp_agent.control.client import encoded
from mcp_agent.control.desk import Desk
from mcp_agent.control.feed import Feed, Watched
from mcp_agent.control.log_tail import LogLine
from mcp_agent.control.stored import Approval, Key, PastCall
from mcp_agent.model import BreakerState, Change

NOW = 1_795_262_400.0
"""2026-11-21 12:00 UTC."""

TOOLS = ("home_overview", "home_call_service", "research_fetch", "maps_nearby", "memory_recall", "office_write_cells")
_ENDS = ("ok", "ok", "ok", "error", "ok", "denied", "ok", "timeout", "ok", "crashed")
ARGUMENTS = '{"service":"light.turn_on","entity_ids":["light.kitchen"],"data":{"brightness_pct":70}}'


class _Stored:
    async def calls(self, count: int) -> list[PastCall]:
        return []

    async def approvals(self) -> list[Approval]:
        return list(WAITING)

    async def secrets(self) -> list[Key]:
        return [Key("smart_home", "token"), Key("steam", "api_key")]

    async def log_lines(self) -> list[LogLine]:
        return [
            LogLine("2026-11-21T11:58:01.120Z", "info", "mcp_agent.supervisor", "plugin smart_home is active"),
            LogLine("2026-11-21T11:59:12.480Z", "warning", "mcp_agent.pipeline.breaker", "homeassistant.local failing"),
            LogLine(
                "2026-11-21T11:59:40.003Z", "error", "mcp_agent.host", "office_write_cells failed", "9f31c2d4e5a60718",
                'Traceback (most recent call last):\n  File "cells.py", line 12\nKeyError: \'Sheet2\'',
            ),
        ]  # fmt: skip

    async def changes(self, count: int = 200) -> list[Change]:
        return []


WAITING = (
    Approval(
        "K7QX2M9RTB", "home_call_guarded_service", "stdio:claude-ai", b"",
        'Call a guarded service. home_call_guarded_service (cannot be taken back) with service: "lock.unlock",'
        ' entity_ids: ["lock.front_door"].', "pending", NOW - 20, NOW + 280,
    ),
    Approval(
        "P4WD8HJ2SN", "office_write_cells", "stdio:cursor", b"", "Write cells. office_write_cells (changes something)"
        ' with path: "budget.xlsx", rows: [[120]], at: "B4".', "pending", NOW - 5, NOW + 40,
    ),
)  # fmt: skip


class ScriptedDesk(Desk):
    def __init__(self) -> None:
        super().__init__(Paths(Path("/h"), Path("/h"), Path("/h")), Config(), Path("/h/config.yaml"))
        self.stored = _Stored()  # type: ignore[assignment]
        self.instances = [SimpleNamespace(gone=False)]  # type: ignore[list-item]

    async def refresh(self) -> None:
        return None

    async def plugins(self, *, checked: bool = False) -> tuple[api.PluginFacts, ...]:
        breaker = BreakerState(plugin="smart_home", host="homeassistant.local", state="open", failures=5, seconds=21)
        return (
            api.PluginFacts(
                name="smart_home", status="active", version="0.1.0", tools=HOME, calls=18_204,
                failed=37, breakers=(breaker,), health="84 things.", config={"url": "http://homeassistant.local:8123"},
                rate=600,
            ),
            api.PluginFacts(name="memory", status="active", version="0.1.0", tools=MEMORY, calls=931),
            api.PluginFacts(name="office", status="failed", version="0.1.0", reason="openpyxl is not installed."),
            api.PluginFacts(name="steam", status="disabled", version="0.1.0"),
        )  # fmt: skip

    async def look_at_wish(self, approval_id: str) -> api.Wish | None:
        return api.Wish(
            arguments='{"service":"lock.unlock","entity_ids":["lock.front_door"]}',
            before='{"lock.front_door":"locked"}',
        )

    async def change_of(self, ended: api.Ended) -> Change | None:
        return None

    async def call(self, tool: str, arguments: Any, *, confirmed: bool = False) -> api.Given:
        facts = [
            {"id": 41, "text": "The spare key is under the blue flower pot.", "created": "2026-11-20T08:15:00Z",
             "source": "Anna", "tags": ["home", "keys"]},
            {"id": 38, "text": "The boiler is serviced every October.", "created": "2026-10-02T17:40:00Z"},
            {"id": 12, "text": "Anna works in Turku.", "created": "2026-03-11T09:00:00Z", "superseded_by": 40},
        ]  # fmt: skip
        return api.Given(text="", data=encoded({"facts": facts}))


HOME = ("home_overview", "home_get_state", "home_call_service", "home_call_guarded_service")
MEMORY = ("memory_recall", "memory_recent", "memory_update", "memory_forget")


class _Instance:
    """What the feed needs of one."""

    gone = False

    def __init__(self, hello: api.Hello, detail: api.Detail) -> None:
        self.hello = hello
        self._detail = detail

    async def ask(self, request: Any) -> Any:
        return self._detail if isinstance(request, api.Look) else None


def ended(number: int) -> api.Ended:
    tool = TOOLS[number % len(TOOLS)]
    effect = "write" if tool in ("home_call_service", "office_write_cells") else "read"
    outcome = _ENDS[number % len(_ENDS)]
    detail = {
        "error": "light.kitchen did not change within 30 s.",
        "denied": "The policy forbids it.",
        "crashed": "9f31c2d4e5a60718",
    }
    return api.Ended(
        id=number, at=NOW - number * 0.7, ms=(0.08, 0.4, 12.0, 230.0, 1450.0)[number % 5],
        plugin="smart_home" if tool in HOME else tool.partition("_")[0],
        principal=("stdio:claude-ai", "stdio:cursor")[number % 2], tool=tool, effect=effect, outcome=outcome,
        decision="allowed", detail=detail.get(outcome, ""), arguments=ARGUMENTS,
    )  # fmt: skip


def _hello(pid: int, serves: str) -> api.Hello:
    return api.Hello(version=1, pid=pid, host_version="0.1.0", started=NOW - 9000, serves=serves, home="/h")


def _client(name: str, version: str, flight: int) -> api.ClientFacts:
    return api.ClientFacts(
        principal=f"stdio:{name}", name=name, version=version, revision="2025-11-25", in_flight=flight
    )


RUNNING = (
    api.Running(
        tool="research_index_documents", plugin="research", principal="stdio:claude-ai", seconds=42.0,
        done=31, total=80, message="31 of 80 files",
    ),
    api.Running(tool="maps_optimize_stops", plugin="maps", principal="stdio:cursor", seconds=1.8),
)  # fmt: skip


def scripted_feed(desk: Desk, *, calls: int = 120, instances: Sequence[str] = ("stdio", "stdio", "http")) -> Feed:
    """Five busy minutes; the last instance has just ended."""
    feed = Feed(desk, now=lambda: NOW)
    detail = api.Detail(
        ended=ended(0), arguments=ARGUMENTS, result='{"changed":["light.kitchen"],"unchanged":[]}', trace_id="4bf92f35"
    )
    clients = ((_client("claude-ai", "0.14.2", 1),), (_client("cursor", "2.9.1", 1),), ())
    for number, serves in enumerate(instances):
        one = Watched(_Instance(_hello(4101 + 37 * number, serves), detail), number + 1)  # type: ignore[arg-type]
        one.state = api.State(
            uptime=9000 - 2200 * number, calls=0, failed=0, in_flight=0, tools=84, clients=clients[number],
            memory=(41 + 3 * number) * 2**20,
        )  # fmt: skip
        feed.watched.append(one)
    for second in range(150):
        rate = 40 + (second * 37) % 90 + (260 if 60 < second < 80 else 0)
        told = tuple(ended(number) for number in reversed(range(calls))) if second == 140 else ()
        for number, one in enumerate(feed.watched[:2]):
            before = one.tick.calls if one.tick else 1000
            tick = api.Tick(
                at=NOW, calls=before + rate // (number + 1), failed=37 * (1 - number), in_flight=1,
                running=RUNNING[number : number + 1], ended=told if number == 0 else (),
            )  # fmt: skip
            feed.told(one, tick)
        if not told:
            feed._times = [0.1 + (second * 7) % 23 / 10] * 20
        feed.sample()
    if len(feed.watched) > 2:
        feed.watched[2].tick = api.Tick(at=NOW, calls=512, failed=0, in_flight=0, running=(), ended=())
        feed.lost(feed.watched[2])
    return feed
