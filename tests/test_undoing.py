"""Undo: what was changed through the host is taken back, and nothing newer is ever overwritten."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcp_agent import Config, Host, ToolError
from mcp_agent.config import PolicySettings, Rule
from mcp_agent.errors import InternalFailure
from mcp_agent.model import Undone
from mcp_agent.paths import Paths
from mcp_agent.store import journal as journal_module
from mcp_agent.testing import FakeClock, ScriptedCaller
from mcp_agent.transports.memory import MemoryConnection
from mcp_agent.vault.secret import Secret
from tests.pipeline.audited import entries
from tests.plugins import shelf
from tests.support.schema import REVISIONS
from tests.support.wire import Client

SHELF = "tests.plugins.shelf"
ALL = (SHELF, "mcp_agent_memory", "mcp_agent_system")
ALLOW = PolicySettings(rules=(Rule(decide="allow"),))
Work = Callable[[Host], Awaitable[None]]


@asynccontextmanager
async def shelves(folder: Path | None = None, clock: FakeClock | None = None) -> AsyncIterator[Host]:
    paths = None if folder is None else Paths(folder, folder / "data", folder / "state")
    config, on_disk = Config(policy=ALLOW), folder is not None
    async with Host(config, paths=paths, on_disk=on_disk, modules=ALL, installed=False, clock=clock) as host:
        await host.started()
        yield host


def on_shelves(work: Work, folder: Path | None = None, clock: FakeClock | None = None) -> None:
    async def main() -> None:
        shelf.broken.clear()
        shelf.held = asyncio.Event()
        async with shelves(folder, clock) as host:
            await work(host)

    asyncio.run(main())


async def put(host: Host, place: str, thing: str) -> None:
    await host.call("shelf_put", {"place": place, "thing": thing})


async def there(host: Host) -> dict[str, str]:
    return dict((await host.call("shelf_list")).data)


def ids(undone: Undone) -> list[int]:
    return [change.id for change in undone.changes]


# --- which changes -------------------------------------------------------------------------------


def test_the_last_ones_go_newest_first_across_plugins() -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        await host.call("memory_remember", {"text": "The vase is from Anna."})
        await host.call("shelf_new_box", {"label": "winter"})
        await host.call("shelf_clear", {"place": "top"})
        assert ids(await host.undo()) == [4]
        assert await there(host) == {"top": "vase"}
        undone = await host.undo(last=3)
        assert ([change.tool for change in undone.changes], undone.stopped) == (
            ["shelf_new_box", "memory_remember", "shelf_put"], None
        )  # fmt: skip
        assert await there(host) == {}
        assert (await host.call("shelf_boxes")).data == {"result": []}
        assert (await host.call("memory_recent")).data["facts"] == []
        with pytest.raises(ToolError, match="no such change"):
            await host.undo()

    on_shelves(work)


def test_all_since_a_time() -> None:
    clock = FakeClock()

    async def work(host: Host) -> None:
        for thing in ("vase", "lamp", "clock"):
            await put(host, "top", thing)
            clock.advance(60)
        undone = await host.undo(since=clock.time() - 125)
        assert ids(undone) == [3, 2]
        assert await there(host) == {"top": "vase"}

    on_shelves(work, clock=clock)


def test_one_by_its_number_when_nothing_later_touched_the_same() -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        await put(host, "bottom", "lamp")
        assert ids(await host.undo(change=1)) == [1]
        assert await there(host) == {"bottom": "lamp"}
        again = await host.undo(change=1)
        assert (ids(again), "undone already" in str(again.stopped)) == ([], True)
        with pytest.raises(ToolError, match="no such change"):
            await host.undo(change=99)

    on_shelves(work)


# --- never over what came later ------------------------------------------------------------------


def test_it_stops_where_the_world_has_changed_since() -> None:
    async def work(host: Host) -> None:
        await put(host, "bottom", "lamp")
        await put(host, "top", "vase")
        await put(host, "top", "clock")
        undone = await host.undo(change=2)
        assert not undone.changes
        assert "Change 2 (shelf_put) was not undone: it has been changed again since. It is now" in str(undone.stopped)
        assert '"clock"' in str(undone.stopped)
        assert await there(host) == {"bottom": "lamp", "top": "clock"}
        assert (await host.undo(last=3)).stopped is None

    on_shelves(work)


def test_a_stop_leaves_what_is_older_as_it_is(tmp_path: Path) -> None:
    async def work(host: Host) -> None:
        for place in ("one", "two", "three"):
            await put(host, place, "vase")
        tool = host.tool("shelf_put")
        context = host._context(tool, ScriptedCaller())
        await shelf.write(context, "two", "moved by hand")
        undone = await host.undo(last=3)
        assert ids(undone) == [3]
        assert "moved by hand" in str(undone.stopped)
        assert await there(host) == {"one": "vase", "two": "moved by hand"}
        await shelf.write(context, "two", None)
        undone = await host.undo(last=2)
        assert (ids(undone), undone.undoings[0], undone.stopped) == ([2, 1], None, None)

    on_shelves(work, tmp_path)


# --- calls that did not end well -----------------------------------------------------------------


@pytest.mark.parametrize("thing", ["lamp", None])
def test_a_tool_that_failed_counts_when_it_changed_something(thing: str | None) -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        with pytest.raises(ToolError, match="fell down"):
            await host.call("shelf_fail", {"place": "top", "thing": thing})
        assert len(await host.changes()) == (1 if thing is None else 2)
        await host.undo()
        assert await there(host) == ({} if thing is None else {"top": "vase"})

    on_shelves(work)


def test_a_write_that_changes_nothing_leaves_nothing_to_undo() -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        await put(host, "top", "vase")
        assert [change.id for change in await host.changes()] == [1]

    on_shelves(work)


def test_a_call_that_was_stopped_midway_is_not_guessed_at() -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        call = asyncio.create_task(host.call("shelf_hold", {"place": "top", "thing": "lamp"}))
        await shelf.held.wait()
        [begun, _] = await host.changes()
        assert begun.state == "begun"
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        undone = await host.undo()
        assert not undone.changes
        assert "stopped midway" in str(undone.stopped)
        assert 'Before, it was "vase"' in str(undone.stopped)
        assert await there(host) == {"top": "lamp"}
        await shelf.write(host._context(host.tool("shelf_put"), ScriptedCaller()), "top", "vase")  # by hand
        undone = await host.undo()
        assert (ids(undone), undone.undoings[0], undone.stopped) == ([2, 1], None, None)
        assert await there(host) == {}

    on_shelves(work)


def test_a_snapshot_with_a_bug_stops_the_call_before_it_does_anything() -> None:
    async def work(host: Host) -> None:
        shelf.broken.add("look")
        with pytest.raises(InternalFailure, match="The snapshot of shelf_put"):
            await put(host, "top", "vase")
        shelf.broken.clear()
        assert (await there(host), await host.changes()) == ({}, [])

    on_shelves(work)


def test_a_restore_that_fails_says_so_and_can_be_tried_again() -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        shelf.broken.add("restore")
        undone = await host.undo()
        assert (undone.changes, "The ladder is gone" in str(undone.stopped)) == ((), True)
        shelf.broken.clear()
        assert ids(await host.undo()) == [1]
        assert await there(host) == {}

    on_shelves(work)


@pytest.mark.parametrize("revision", ["2025-11-25", "2026-07-28"])
def test_a_call_that_asks_is_one_change_however_many_rounds_it_takes(revision: str) -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        client = Client(MemoryConnection(host.server), revision, capabilities={"elicitation": {}})
        client.answers["elicitation/create"] = lambda request: {"action": "accept", "content": {}}
        await client.open()
        params: dict[str, Any] = {"name": "shelf_ask", "arguments": {"place": "top", "thing": "lamp"}}
        result = await client.call("tools/call", params)
        if result.get("resultType") == "input_required":
            [key] = result["inputRequests"]
            answers = {key: {"action": "accept", "content": {}}}
            result = await client.call(
                "tools/call", {**params, "requestState": result["requestState"], "inputResponses": answers}
            )
        assert not result.get("isError"), result
        assert [change.state for change in (await host.undo(last=1)).changes] == ["done"]
        assert await there(host) == {"top": "vase"}
        assert (await host.undo(last=1)).changes[-1].tool == "shelf_put"
        assert await there(host) == {}

    on_shelves(work)


# --- undoing is a change too ---------------------------------------------------------------------


def test_an_undo_can_be_undone_and_redone_as_often_as_one_likes() -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        for _ in range(3):
            [undoing] = (await host.undo()).undoings
            assert await there(host) == {}
            assert undoing is not None
            [redoing] = (await host.undo(change=undoing)).undoings
            assert await there(host) == {"top": "vase"}
            assert redoing is not None
            again = await host.undo(change=undoing)
            assert "undone already" in str(again.stopped)
            [back] = (await host.undo(change=redoing)).undoings  # undoing the redo is undoing the change
            assert await there(host) == {}
            assert "undone already" in str((await host.undo(change=1)).stopped)
            assert back is not None
            await host.undo(change=back)
            assert await there(host) == {"top": "vase"}

    on_shelves(work)


def test_an_undo_is_in_the_audit_log_and_in_the_journal(tmp_path: Path) -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        [undoing] = (await host.undo()).undoings
        assert undoing is not None
        change = await host._onion.journal.get(undoing)
        assert change is not None
        assert (change.undoes, change.before, change.after, change.state) == (1, "vase", None, "done")

    on_shelves(work, tmp_path)
    intent, outcome = (json.loads(one.text) for one in entries(tmp_path, tool="undo:shelf_put"))
    assert (intent["kind"], intent["principal"], intent["arguments"]) == (
        "intent", "undo", {"place": "top", "thing": "vase"}
    )  # fmt: skip
    assert (outcome["outcome"], outcome["intent"]) == ("ok", intent["seq"])


def test_two_undos_at_once_take_back_one_change_each() -> None:
    async def work(host: Host) -> None:
        for thing in ("vase", "lamp", "clock"):
            await put(host, "top", thing)
        both = await asyncio.gather(host.undo(change=3), host.undo(change=3))
        assert sorted(map(len, map(ids, both))) == [0, 1]
        assert await there(host) == {"top": "lamp"}

    on_shelves(work)


# --- through the wire, and what stands in the way ------------------------------------------------


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


def test_what_cannot_be_undone_is_never_in_the_journal() -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        await host.call("shelf_ring", {})
        assert [change.tool for change in await host.changes()] == ["shelf_put"]

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


def test_the_oldest_changes_are_forgotten_with_their_undoings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "_KEPT", 5)

    async def work(host: Host) -> None:
        for number in range(20):
            await put(host, "top", f"thing {number}")
            if number % 3 == 0:
                await host.undo()
        assert len(await host.changes()) <= 5
        assert (await host.undo(last=9)).stopped is None

    on_shelves(work)


# --- any sequence --------------------------------------------------------------------------------

PLACES, THINGS = ("top", "bottom"), ("vase", "lamp", None)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from(PLACES), st.sampled_from(THINGS)),
        st.tuples(st.just("undo"), st.integers(0, 12)),
        st.tuples(st.just("last"), st.integers(1, 3)),
    ),
    max_size=15,
)


class Model:
    """What should be there. Each change is [place, before, after, what it undoes, whether it holds]."""

    def __init__(self) -> None:
        self.world: dict[str, str | None] = dict.fromkeys(PLACES)
        self.changes: list[list[Any]] = []

    def put(self, place: str, thing: str | None) -> None:
        if self.world[place] != thing:
            self.changes.append([place, self.world[place], thing, None, True])
            self.world[place] = thing

    def undo(self, index: int) -> bool:
        """False where it must be refused."""
        place, before, after, _, holds = self.changes[index]
        if not holds or self.world[place] not in (before, after):
            return False
        if self.world[place] != before:
            self.changes.append([place, after, before, index, True])
            self.world[place] = before
        chain: int | None = index
        while chain is not None:
            self.changes[chain][4] = holds = not holds
            chain = self.changes[chain][3]
        return True

    def last(self, count: int) -> bool:
        open_ = [at for at, change in enumerate(self.changes) if change[3] is None and change[4]]
        return all(self.undo(index) for index in open_[::-1][:count])


@settings(max_examples=20, deadline=None)
@given(STEPS)
def test_any_sequence_of_writes_and_undos_leaves_what_a_model_says(steps: list[tuple[Any, ...]]) -> None:
    async def work(host: Host) -> None:
        model, numbers = Model(), []  # numbers: the ids of the changes of the model
        for step in steps:
            made = len(model.changes)
            if step[0] == "put":
                model.put(step[1], step[2])
                tool, more = ("shelf_clear", {}) if step[2] is None else ("shelf_put", {"thing": step[2]})
                await host.call(tool, {"place": step[1], **more})
            elif step[0] == "undo":
                if step[1] >= made:
                    continue
                allowed = model.undo(step[1])
                assert ((await host.undo(change=numbers[step[1]])).stopped is None) is allowed
            elif any(change[3] is None and change[4] for change in model.changes):
                allowed = model.last(step[1])
                assert ((await host.undo(last=step[1])).stopped is None) is allowed
            known = await host._onion.journal._select("where true order by id")
            numbers = [row.id for row in known]
            assert [row.state == "done" for row in known] == [change[4] for change in model.changes]
            assert await there(host) == {place: thing for place, thing in model.world.items() if thing is not None}

    on_shelves(work)


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
