"""The onion's order, and that nothing goes around it: whatever way a tool is run, it leaves its rows in the audit."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import mcp_agent
from mcp_agent.cli import main
from mcp_agent.config import Config, HttpSettings, PolicySettings, Rule
from mcp_agent.host import Host
from mcp_agent.paths import default_paths
from mcp_agent.store.archive import Files
from mcp_agent.store.audit_reader import Query, search
from mcp_agent.transports import http
from mcp_agent.transports.memory import MemoryConnection
from tests.pipeline.audited import entries, paths_of
from tests.plugins import lamp
from tests.support.schema import LEGACY, MODERN, REVISIONS
from tests.support.wire import EVERYTHING, TASKS, Client
from tests.transports.http_client import modern, standard

LAMP = "tests.plugins.lamp"
ORDER = [
    "audit", "handles", "permission", "validate", "outside", "rate_limit", "cache", "fallback", "breaker",
    "bulkhead", "retry", "timeout", "journal", "redact",
]  # fmt: skip

Way = Callable[[Host], Awaitable[Any]]


@pytest.fixture(autouse=True)
def _dark() -> None:
    lamp.levels.clear()


def host_on(home: Path, *rules: Rule) -> Host:
    """With the lamp and the plugins that are installed."""
    config = Config(policy=PolicySettings(rules=(*rules, Rule(decide="allow")), wait_seconds=0))
    return Host(config, paths=paths_of(home), modules=[LAMP])


def rows_of(home: Path) -> list[tuple[str, str, str]]:
    """What is in the audit, in order: (kind, tool, outcome)."""
    rows = [json.loads(one.text) for one in entries(home)]
    return [(row["kind"], row["tool"], row.get("outcome", "")) for row in rows if row["kind"] != "begin"]


def ran(home: Path, way: Way, *rules: Rule) -> list[tuple[str, str, str]]:
    async def work() -> None:
        async with host_on(home, *rules) as host:
            await host.started()
            await way(host)

    asyncio.run(work())
    return rows_of(home)


def read(tool: str, outcome: str = "ok") -> list[tuple[str, str, str]]:
    return [("call", tool, outcome)]


def write(tool: str, outcome: str = "ok") -> list[tuple[str, str, str]]:
    return [("intent", tool, ""), ("outcome", tool, outcome)]


def test_the_order_of_the_stages(tmp_path: Path) -> None:
    async def order() -> list[str]:
        async with host_on(tmp_path) as host:
            return [stage.__module__.rpartition(".")[2] for stage in host._onion.stages()]

    assert asyncio.run(order()) == ORDER


# --- every way to run a tool ---------------------------------------------------------------------


async def by_library(host: Host) -> None:
    await host.call("lamp_look")
    await host.call("lamp_set")


async def by_batch_of_the_library(host: Host) -> None:
    await host.batch([("lamp_look", {}), ("lamp_set", {})], at_once=1)


def over(revision: str, kind: str) -> Way:
    async def way(host: Host) -> None:
        client = await Client(MemoryConnection(host.server, kind), revision).open()
        await client.tool("lamp_look")
        await client.tool("lamp_set")

    return way


async def by_batch_of_a_client(host: Host) -> None:
    client = await Client(MemoryConnection(host.server), "2025-03-26").open()
    sent = [client.frame("tools/call", {"name": name, "arguments": {}}) for name in ("lamp_look", "lamp_set")]
    client.send([frame for _, frame in sent])
    for request_id, _ in sent:
        await client.result(request_id)


WAYS: dict[str, Way] = {
    "host.call": by_library,
    "host.batch": by_batch_of_the_library,
    "batch": by_batch_of_a_client,
    **{f"{kind} {revision}": over(revision, kind) for kind in ("stdio", "http") for revision in REVISIONS},
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_read_is_one_row_and_a_write_two(tmp_path: Path, way: Way) -> None:
    assert sorted(ran(tmp_path, way)) == sorted(read("lamp_look") + write("lamp_set"))
    assert lamp.levels == {"desk": 50}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_is_refused_is_not_done_and_written_down(tmp_path: Path, way: Way) -> None:
    async def refused(host: Host) -> None:
        with contextlib.suppress(mcp_agent.ToolError):
            await way(host)

    rows = ran(tmp_path, refused, Rule(decide="deny", tool="lamp_set"))
    assert sorted(rows) == sorted(read("lamp_look") + write("lamp_set", "denied"))
    assert lamp.levels == {}


def test_over_http(tmp_path: Path) -> None:
    async def over_http(host: Host) -> None:
        url: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        stop = asyncio.Event()
        serve = http.serve(
            host.server, "127.0.0.1", 0, token=None, settings=HttpSettings(), max_bytes=2**20,
            started=url.set_result, stop=stop,
        )  # fmt: skip
        running = asyncio.create_task(serve)
        async with aiohttp.ClientSession() as session:
            for number, tool in enumerate(("lamp_look", "lamp_set")):
                message = modern("tools/call", {"name": tool, "arguments": {}}, number)
                async with session.post(await url, json=message, headers=standard(message)) as response:
                    assert "result" in await response.json()
        stop.set()
        await running

    assert ran(tmp_path, over_http) == read("lamp_look") + write("lamp_set")


def test_a_background_call_is_one_row_however_often_it_is_asked_for(tmp_path: Path) -> None:
    async def as_task(host: Host) -> None:
        client = await Client(
            MemoryConnection(host.server), MODERN, capabilities={"extensions": {TASKS: {}}}
        ).open()  # fmt: skip
        task = await client.tool("lamp_survey")
        while (await client.call("tasks/get", {"taskId": task["taskId"]}))["status"] == "working":  # noqa: ASYNC110  over the wire there is no event
            await asyncio.sleep(0)

    async def as_job(host: Host) -> None:
        client = await Client(MemoryConnection(host.server), LEGACY[-1]).open()
        text = (await client.tool("lamp_survey"))["content"][0]["text"]
        job = text.partition("as job ")[2].partition(".")[0]
        while "has been running" in (await client.tool("system_job", id=job))["content"][0]["text"]:  # noqa: ASYNC110  over the wire there is no event
            await asyncio.sleep(0)

    assert ran(tmp_path / "task", as_task) == read("lamp_survey")
    rows = ran(tmp_path / "job", as_job)
    assert rows.count(("call", "lamp_survey", "ok")) == 1
    assert {tool for _, tool, _ in rows} == {"lamp_survey", "system_job"}


def test_each_round_of_a_request_of_several_rounds_is_a_row(tmp_path: Path) -> None:
    async def rounds(host: Host) -> None:
        client = await Client(MemoryConnection(host.server), MODERN, capabilities=EVERYTHING).open()
        params = {"name": "lamp_choose", "arguments": {}}
        first = await client.call("tools/call", params)
        answers = {key: {"action": "decline"} for key in first["inputRequests"]}
        await client.call(
            "tools/call", {**params, "requestState": first["requestState"], "inputResponses": answers}
        )  # fmt: skip

    assert ran(tmp_path, rounds) == read("lamp_choose", "suspended") + read("lamp_choose")


def test_a_tool_that_stands_in_for_another_is_a_row_of_its_own(tmp_path: Path) -> None:
    async def measure(host: Host) -> None:
        await host.call("lamp_measure")

    rows = ran(tmp_path, measure)
    assert sorted(rows) == sorted(read("lamp_look") + read("lamp_measure"))


def test_a_tool_that_may_not_run_does_not_stand_in_for_another(tmp_path: Path) -> None:
    async def measure(host: Host) -> None:
        with pytest.raises(mcp_agent.ToolError, match="sensor"):
            await host.call("lamp_measure")

    rows = ran(tmp_path, measure, Rule(decide="deny", tool="lamp_look"))
    assert sorted(rows) == sorted(read("lamp_look", "denied") + read("lamp_measure", "error"))


def test_undoing_is_written_down_like_any_change(tmp_path: Path) -> None:
    async def undo(host: Host) -> None:
        await host.call("lamp_set")
        await host.call("system_undo")

    rows = ran(tmp_path, undo)
    assert lamp.levels == {}
    assert rows[:2] == write("lamp_set")
    assert sorted(rows[2:]) == sorted(write("system_undo") + write("undo:lamp_set"))


def test_undoing_by_the_library_is_written_down_too(tmp_path: Path) -> None:
    async def undo(host: Host) -> None:
        await host.call("lamp_set")
        await host.undo()

    assert ran(tmp_path, undo) == write("lamp_set") + write("undo:lamp_set")


def test_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("MCP_AGENT_HOME", str(tmp_path))
    for tool in ("lamp_look", "lamp_set"):
        assert main(["tools", "call", "--plugin", LAMP, tool]) == 0
    capsys.readouterr()
    rows = [json.loads(one.text) for one in search(Files(default_paths().audit_folder), Query())]
    kinds = [(row["kind"], row["tool"]) for row in rows if row["kind"] != "begin"]
    assert kinds == [("call", "lamp_look"), ("intent", "lamp_set"), ("outcome", "lamp_set")]


# --- there is no other way -----------------------------------------------------------------------


def places(found: Callable[[ast.AST], bool]) -> set[str]:
    """Modules of the host in which such a node stands."""
    root = Path(mcp_agent.__file__).parent
    return {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if any(found(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    }


def test_tools_are_invoked_in_one_place_only() -> None:
    assert places(lambda node: isinstance(node, ast.Attribute) and node.attr == "invoke") == {"pipeline/execute.py"}


@pytest.mark.parametrize("name", ["compose", "execute"])
def test_the_onion_is_put_together_in_one_place_only(name: str) -> None:
    def used(node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name

    assert places(used) == {"onion.py"}


def test_calls_are_made_for_the_whole_onion_only() -> None:
    """Where a Call is made it goes to the handler of the onion: the backend, undoing, and a tool that stands in."""

    def made(node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Call"

    assert places(made) == {"backend.py", "undoing.py", "pipeline/fallback.py"}
