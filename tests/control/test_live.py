"""What a running instance tells and does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from msgspec import Raw

from mcp_agent import Host
from mcp_agent.config import PolicySettings
from mcp_agent.control import api
from mcp_agent.control.client import Instance
from mcp_agent.control.desk import Desk
from mcp_agent.control.ticker import QUEUED
from mcp_agent.errors import ToolError
from mcp_agent.testing import ScriptedCaller
from mcp_agent.transports.memory import MemoryConnection
from mcp_agent.vault.secret import Secret
from tests.control.running import ALLOW, a_desk, a_home, an_instance, until, waiting
from tests.plugins import shelf
from tests.support.wire import Client

Play = Callable[[Host, Desk, Instance], Awaitable[None]]


def play(work: Play, *modules: str, policy: PolicySettings = ALLOW) -> None:
    async def run() -> None:
        async with a_home() as paths, an_instance(paths, *modules, policy=policy) as host, a_desk(paths) as desk:
            await work(host, desk, desk.instances[0])

    asyncio.run(run())


async def watched(instance: Instance) -> list[api.Tick]:
    ticks: list[api.Tick] = []
    instance.on_tick = ticks.append
    await instance.ask(api.Watch())
    return ticks


def ended(ticks: list[api.Tick]) -> list[api.Ended]:
    return [one for tick in ticks for one in tick.ended]


def test_calls_are_told_as_they_end_and_can_be_looked_at() -> None:
    async def work(host: Host, desk: Desk, instance: Instance) -> None:
        ticks = await watched(instance)
        await host.call("shelf_put", {"place": "top", "thing": "vase"})
        with pytest.raises(ToolError):
            await host.call("shelf_put", {"place": 7})
        await host.call("shelf_list")
        await until(lambda: len(ended(ticks)) == 3)
        put, wrong, listed = ended(ticks)
        assert (put.tool, put.effect, put.outcome, put.principal) == ("shelf_put", "write", "ok", "library")
        assert put.arguments == '{"place":"top","thing":"vase"}'
        assert put.ms > 0
        assert wrong.outcome == "error"
        assert "place" in wrong.detail
        assert ticks[-1].calls == 3
        assert ticks[-1].failed == 1
        seen = await instance.ask(api.Look(id=listed.id))
        assert '"top"' in seen.result
        assert "vase" in seen.result
        assert seen.trace_id
        with pytest.raises(ToolError, match="not kept any more"):
            await instance.ask(api.Look(id=999))

    play(work)


def test_nothing_is_observed_and_no_timer_runs_while_nobody_watches() -> None:
    async def work(host: Host, desk: Desk, instance: Instance) -> None:
        onion = host._onion
        assert onion.handler is onion._whole
        await watched(instance)
        assert onion.handler is not onion._whole
        await instance.ask(api.Watch(on=False))
        assert onion.handler is onion._whole
        ticks = await watched(instance)
        instance.close()
        await until(lambda: onion.handler is onion._whole)
        count = len(ticks)
        await host.call("shelf_list")
        await asyncio.sleep(0.25)
        assert len(ticks) == count

    play(work)


def test_too_many_calls_are_counted_as_dropped_and_none_twice() -> None:
    async def work(host: Host, desk: Desk, instance: Instance) -> None:
        ticks = await watched(instance)
        total = 3 * QUEUED
        await host.batch([("shelf_list", {})] * total, at_once=64)
        await until(lambda: len(ended(ticks)) + sum(tick.dropped for tick in ticks) == total)
        ids = [one.id for one in ended(ticks)]
        assert len(set(ids)) == len(ids)
        assert ticks[-1].calls == total

    play(work)


def test_a_watcher_who_does_not_read_costs_the_instance_nothing() -> None:
    async def work(host: Host, desk: Desk, instance: Instance) -> None:
        ticks = await watched(instance)
        assert instance._transport is not None
        instance._transport.pause_reading()
        before = 0
        for _ in range(12):  # more than the socket and the buffer hold
            await host.batch([("shelf_list", {})] * 400, at_once=64)
            await asyncio.sleep(0.1)
            before += 400
        instance._transport.resume_reading()
        await until(lambda: ticks and len(ended(ticks)) + sum(tick.dropped for tick in ticks) == before)

    play(work)


def test_a_secret_is_in_nothing_that_is_told() -> None:
    async def work(host: Host, desk: Desk, instance: Instance) -> None:
        host.vault.redactor.add(Secret("tell-nobody-1234"))
        ticks = await watched(instance)
        await host.call("shelf_put", {"place": "x" * 150 + "tell-nobody-1234", "thing": "tell-nobody-1234"})
        await until(lambda: ended(ticks))
        detail = await instance.ask(api.Look(id=ended(ticks)[0].id))
        assert "tell-nobody" not in f"{ticks} {detail}"
        assert "***" in detail.arguments

    play(work)


def test_calls_in_flight_are_told_with_their_progress() -> None:
    async def work(host: Host, desk: Desk, instance: Instance) -> None:
        connection = MemoryConnection(host.server)
        await Client(connection, "2025-11-25", name="tester").open()
        ticks = await watched(instance)
        connection.send_frame(
            b'{"jsonrpc":"2.0","id":77,"method":"tools/call","params":{"name":"patient_wait","arguments":{}}}'
        )
        await until(lambda: ticks and ticks[-1].running and ticks[-1].running[0].done is not None)
        [one] = ticks[-1].running
        assert (one.tool, one.principal, one.done, one.total, one.message) == (
            "patient_wait", "stdio:tester", 1, 3, "one of three",
        )  # fmt: skip
        assert one.seconds is not None
        assert one.seconds >= 0
        state = await instance.ask(api.GetState())
        [facts] = [one for one in state.clients if one.principal == "stdio:tester"]
        assert (facts.name, facts.revision, facts.in_flight) == ("tester", "2025-11-25", 1)

    play(work, "tests.control.patient_plugin")


def test_reads_can_be_made_again_and_nothing_else() -> None:
    async def work(host: Host, desk: Desk, instance: Instance) -> None:
        given = await desk.replay("shelf_list", "{}")
        assert (given.is_error, bytes(given.data)) == (False, b"{}")
        with pytest.raises(ToolError, match="only reads are made again"):
            await desk.replay("shelf_put", '{"place": "top", "thing": "vase"}')
        with pytest.raises(ToolError, match="no tool"):
            await desk.replay("shelf_lost", "{}")
        with pytest.raises(ToolError, match="cut or left out"):
            await desk.replay("shelf_list", '"left out"')
        assert (await host.call("shelf_list")).data == {}

    play(work)


def test_a_write_can_be_undone_from_its_call() -> None:
    async def work(host: Host, desk: Desk, instance: Instance) -> None:
        ticks = await watched(instance)
        await host.call("shelf_put", {"place": "top", "thing": "cup"})
        await host.call("shelf_put", {"place": "top", "thing": "vase"})
        await until(lambda: len(ended(ticks)) == 2)
        change = await desk.change_of(ended(ticks)[1])
        assert change is not None
        assert (change.before, change.after) == ("cup", "vase")
        undone = await desk.undo(change.id)
        assert (undone.undone, undone.stopped) == ((change.id,), None)
        assert (await host.call("shelf_list")).data == {"top": "cup"}
        assert await desk.change_of(ended(ticks)[1]) is None

    play(work)


def test_what_waits_for_consent_shows_how_things_are_before_it() -> None:
    async def work(host: Host, desk: Desk, instance: Instance) -> None:
        await desk.call("shelf_put", {"place": "top", "thing": "cup"})
        calling = asyncio.create_task(
            host.call("shelf_put", {"place": "top", "thing": "vase"}, ScriptedCaller(principal="stdio:mute"))
        )
        asked = await waiting(desk)
        wish = await desk.look_at_wish(asked.id)
        assert wish == api.Wish(arguments='{"place":"top","thing":"vase"}', before='"cup"')
        assert await desk.look_at_wish("NOSUCHID") is None
        decided = await desk.stored.decide(asked.id, True)
        assert decided.tool == "shelf_put"
        assert "vase" in (await calling).text
        assert await desk.look_at_wish(asked.id) is None
        with pytest.raises(ToolError, match="Nothing of the id"):
            await desk.stored.decide(asked.id, True)

    play(work, policy=PolicySettings())


def test_a_snapshot_that_fails_is_left_out() -> None:
    async def work(host: Host, desk: Desk, instance: Instance) -> None:
        caller = ScriptedCaller(principal="stdio:mute")
        calling = asyncio.create_task(host.call("shelf_put", {"place": "top", "thing": "vase"}, caller))
        asked = await waiting(desk)
        shelf.broken.add("look")
        try:
            wish = await desk.look_at_wish(asked.id)
        finally:
            shelf.broken.discard("look")
        assert wish is not None
        assert wish.before is None
        await desk.stored.decide(asked.id, False)
        with pytest.raises(ToolError, match="refused"):
            await calling

    play(work, policy=PolicySettings())


def test_the_person_confirms_a_call_once_and_is_not_asked_again() -> None:
    async def work(host: Host, desk: Desk, instance: Instance) -> None:
        request = api.CallTool(tool="patient_destroy", arguments=Raw(b"{}"), confirmed=True)
        assert (await instance.ask(request)).text == "destroyed"
        mute = api.CallTool(tool="patient_destroy", arguments=Raw(b"{}"))
        answer = await instance.ask(mute)
        assert answer.is_error
        assert "consent" in answer.text
        asks = await instance.ask(api.CallTool(tool="patient_ask", arguments=Raw(b"{}"), confirmed=True))
        assert asks.is_error
        assert "more than a yes" in asks.text

    play(work, "tests.control.patient_plugin", policy=PolicySettings(out_of_band=False))


def test_plugins_are_switched_and_told_with_their_trouble() -> None:
    async def work(host: Host, desk: Desk, instance: Instance) -> None:
        for _ in range(6):
            with pytest.raises(ToolError):
                await host.call("patient_fail")
        [facts] = await desk.plugins(checked=True)
        assert (facts.status, facts.calls, facts.failed, facts.health) == ("active", 6, 6, "2 patients.")
        [breaker] = facts.breakers
        assert (breaker.state, breaker.host, breaker.failures) == ("open", "ward.example", 5)
        assert 0 < breaker.seconds <= 30
        name = facts.name
        assert (await instance.ask(api.SwitchPlugin(name=name, on=False))).status == "disabled"
        assert not host.tools()
        assert (await instance.ask(api.SwitchPlugin(name=name, on=True))).status == "active"
        assert host.tools()
        with pytest.raises(ToolError, match="no plugin nobody"):
            await instance.ask(api.SwitchPlugin(name="nobody", on=True))

    play(work, "tests.control.patient_plugin")


def test_a_bug_becomes_a_trace_id(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(host: Host, desk: Desk, instance: Instance) -> None:
        def broken() -> None:
            raise RuntimeError("/secret/path")

        monkeypatch.setattr(host, "health", broken)
        with pytest.raises(ToolError, match="trace") as caught:
            await instance.ask(api.GetState())
        assert "secret" not in str(caught.value)

    play(work)
