"""Undo through the wire, and what stands in its way: plugins that are off, rules, secrets."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Config, Host
from mcp_agent.config import PolicySettings, Rule
from mcp_agent.paths import Paths
from mcp_agent.testing import ScriptedCaller
from mcp_agent.transports.memory import MemoryConnection
from mcp_agent.vault.secret import Secret
from tests.plugins import shelf
from tests.support.schema import REVISIONS
from tests.support.wire import Client
from tests.undoing.shelves import ALL, SHELF, ids, on_shelves, put, there


@pytest.mark.parametrize("revision", REVISIONS)
def test_through_the_wire(revision: str) -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        await put(host, "top", "lamp")
        client = await Client(MemoryConnection(host.server), revision).open()

        async def undo(**arguments: Any) -> Any:
            result = await client.call("tools/call", {"name": "system_undo", "arguments": arguments})
            return json.loads(result["content"][0]["text"])

        first = await undo()
        assert ([line["change"] for line in first["undone"]], "stopped" in first) == ([2], False)
        assert await there(host) == {"top": "vase"}
        await undo(change=first["undone"][0]["undoing"])
        assert await there(host) == {"top": "lamp"}
        assert "changed again since" in (await undo(change=1))["stopped"]
        assert [line["change"] for line in (await undo(minutes=5))["undone"]] == [2, 1]
        assert await there(host) == {}

    on_shelves(work)


def test_a_plugin_that_is_off_is_named() -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        [name] = [record.name for record in host.plugins() if "shelf_put" in record.tools]
        await host.disable_plugin(name)
        assert f"Switch the plugin {name} on first" in str((await host.undo()).stopped)
        host.enable_plugin(name)
        assert (await host.undo()).stopped is None

    on_shelves(work)


def test_read_only_forbids_undoing_too(tmp_path: Path) -> None:
    on_shelves(lambda host: put(host, "top", "vase"), tmp_path)

    async def work() -> None:
        paths = Paths(tmp_path, tmp_path / "data", tmp_path / "state")
        config = Config(policy=PolicySettings(read_only=True))
        async with Host(config, paths=paths, modules=[SHELF], installed=False) as host:
            assert "read-only" in str((await host.undo()).stopped)
            assert await there(host) == {"top": "vase"}

    asyncio.run(work())


def test_a_secret_is_not_written_down_and_so_not_put_back(tmp_path: Path) -> None:
    secret = "correct-horse-battery"

    async def work(host: Host) -> None:
        host.vault.redactor.add(Secret(secret))
        await put(host, "top", "vase")
        await put(host, "top", secret)
        await put(host, "bottom", "lamp")
        undone = await host.undo(last=3)
        assert ids(undone) == [3]
        assert "a secret was part of it" in str(undone.stopped)
        assert (await there(host)).keys() == {"top"}

    on_shelves(work, tmp_path)
    for file in (tmp_path / "state").rglob("*"):
        assert not file.is_file() or secret.encode() not in file.read_bytes(), file


@pytest.mark.parametrize("rule", [Rule(tool="shelf_put", decide="deny"), Rule(tool="shelf_p*", decide="ask")])
def test_what_holds_a_tool_back_holds_back_its_undoing(rule: Rule, tmp_path: Path) -> None:
    """To undo "lock" is to unlock."""
    on_shelves(lambda host: put(host, "top", "vase"), tmp_path)

    async def work() -> None:
        paths = Paths(tmp_path, tmp_path / "data", tmp_path / "state")
        settings = PolicySettings(rules=(rule, Rule(decide="allow")), out_of_band=False)
        async with Host(Config(policy=settings), paths=paths, modules=[SHELF], installed=False) as host:
            assert "undo:shelf_put" in str((await host.undo()).stopped)
            assert await there(host) == {"top": "vase"}

    asyncio.run(work())


@pytest.mark.parametrize("decision", ["allow once", "refuse"])
def test_where_a_rule_asks_about_undoing_whoever_wants_it_is_asked(decision: str) -> None:
    async def work() -> None:
        ask = Rule(tool="undo:*", decide="ask")
        config = Config(policy=PolicySettings(rules=(ask, Rule(decide="allow")), out_of_band=False))
        async with Host(config, on_disk=False, modules=ALL, installed=False) as host:
            await host.started()
            await put(host, "hall", "hat")
            nobody = await host.undo()
            assert nobody.stopped is not None
            assert "no way to ask" in nobody.stopped
            person = ScriptedCaller(elicit=[{"decision": decision}])
            undone = await host.undo(wanted_by=person)
            [(_, question)] = person.asked
            assert "undo:shelf_put" in question["message"]
            assert (undone.stopped is None) == (decision == "allow once")
            assert await there(host) == ({} if decision == "allow once" else {"hall": "hat"})

    shelf.broken.clear()
    asyncio.run(work())
