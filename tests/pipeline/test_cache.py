from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from msgspec import UNSET

from mcp_agent.errors import CannotAsk, MissingCapability, PluginError, ToolError, UpstreamError
from mcp_agent.jsonio import encode
from mcp_agent.model import (
    DEGRADED,
    Annotations,
    Audio,
    Embedded,
    Image,
    ResourceContents,
    ResourceLink,
    Text,
    Tool,
    ToolResult,
)
from mcp_agent.pipeline.cache import Cache
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.identity import identity
from mcp_agent.schema import promises
from mcp_agent.schema.results import render_any
from mcp_agent.store.cache import MIGRATIONS, Answers
from mcp_agent.store.database import Database
from mcp_agent.store.epochs import Epochs
from mcp_agent.store.packing import pack, unpack
from mcp_agent.testing.clock import FakeClock
from tests.pipeline.models import Desk, answering, make_call, make_tool, outcome, run, settle, start

GOOD_FOR = 10.0
LOOK = make_tool("shop_look", cache=GOOD_FOR)
SET = make_tool("shop_set", effect="write")
BURN = make_tool("shop_burn", effect="destructive")


class Home:
    """A process on a home folder: the stage and all that it needs. Without a folder it keeps nothing on disk."""

    def __init__(self, folder: Path | None = None, clock: FakeClock | None = None, **options: Any) -> None:
        self.clock = clock or FakeClock()
        self.database = Database(folder / "cache.sqlite3", MIGRATIONS) if folder else None
        self.epochs = Epochs(folder / "epochs" if folder else None)
        bounds = {"memory_bytes": 2**20, "disk_bytes": 2**20, "has_secret": lambda answer: False} | options
        self.answers = Answers(self.database, self.clock, **bounds)
        self.version = "1"
        self.stage = Cache(self.answers, self.epochs, identity(lambda plugin: self.version))

    async def call(self, inner: Any, tool: Tool = LOOK, arguments: Any = None, principal: str = "anna") -> ToolResult:
        return await start(self.stage, make_call(tool, arguments, principal), inner)

    async def close(self) -> None:
        await self.answers.close()
        if self.database is not None:
            await self.database.close()
        self.epochs.close()


@contextlib.asynccontextmanager
async def home(folder: Path | None = None, clock: FakeClock | None = None, **options: Any) -> AsyncIterator[Home]:
    one = Home(folder, clock, **options)
    try:
        yield one
    finally:
        await one.close()


class CacheMachine(RuleBasedStateMachine):
    """Two shops with a shelf each. Whoever looks must never see less than what was on it when the last finished change
    was over, never anything too old, and never what is another's; and nobody looks twice for the same at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.home = Home()
        self.desk = Desk()
        self.shelf = {"a": 0, "b": 0}
        self.looks: dict[Call, asyncio.Task[ToolResult]] = {}
        self.least: dict[Call, int] = {}
        self.moments = {"a": 0, "b": 0}
        self.moment: dict[Call, int] = {}
        self.began: dict[Call, float] = {}
        self.seen: dict[Call, int] = {}
        self.changes: dict[Call, asyncio.Task[ToolResult]] = {}
        self.tools = {plugin: make_tool(f"{plugin}_look", plugin, cache=GOOD_FOR) for plugin in self.shelf}

    def settle(self) -> None:
        self.runner.run(settle())
        for call in self.desk.arrived:
            self.seen.setdefault(call, self.shelf[call.tool.plugin])
        for call, task in list(self.looks.items()):
            if task.done():
                del self.looks[call]
                self._check(call, task)

    def _check(self, call: Call, task: asyncio.Task[ToolResult]) -> None:
        if task.cancelled() or task.exception() is not None:
            return
        answer = task.result().data
        assert answer["who"] == [call.caller.principal, call.tool.plugin, call.arguments["part"]]
        assert answer["shelf"] >= self.least[call], "a change had been made before this was asked"
        assert self.began[call] - answer["at"] < GOOD_FOR, "too old"

    @rule(plugin=st.sampled_from("ab"), principal=st.sampled_from(["anna", "otto"]), part=st.integers(1, 2))
    def look(self, plugin: str, principal: str, part: int) -> None:
        call = make_call(self.tools[plugin], {"part": part}, principal)
        self.least[call] = self.shelf[plugin]
        self.moment[call] = self.moments[plugin]
        self.began[call] = self.home.clock.time()
        self.looks[call] = self.runner.get_loop().create_task(start(self.home.stage, call, self.desk))
        self.settle()
        self._nobody_looks_twice()

    def _nobody_looks_twice(self) -> None:
        at_it = [
            (call.caller.principal, call.tool.plugin, call.arguments["part"], self.moment[call])
            for call in self.desk.arrived
            if self.desk.holds(call) and call.tool.effect == "read"
        ]
        assert len(at_it) == len(set(at_it)), "two look for the same, with no change begun or ended between them"

    @precondition(lambda self: any(self.desk.holds(call) for call in self.looks))
    @rule(data=st.data(), how=st.sampled_from(["sees", "sees", "sees", "fails", "cannot ask", "leaves"]))
    def look_ends(self, data: st.DataObject, how: str) -> None:
        call = data.draw(st.sampled_from([call for call in self.looks if self.desk.holds(call)]))
        others = {
            other
            for other in self.looks
            if other is not call and not self.desk.holds(other)
            and (other.tool, other.caller.principal, other.arguments) == (call.tool, call.caller.principal,
                                                                          call.arguments)
        }  # fmt: skip
        if how == "leaves":
            self.looks[call].cancel()
        elif how == "sees":
            who = [call.caller.principal, call.tool.plugin, call.arguments["part"]]
            at = self.home.clock.time()
            self.desk.end(call, {"who": who, "shelf": self.seen[call], "at": at})
        else:
            self.desk.end(call, UpstreamError("down") if how == "fails" else CannotAsk("nobody there"))
        tasks = {other: self.looks[other] for other in others}
        self.settle()
        if how in ("leaves", "cannot ask"):
            assert not any(task.done() for task in tasks.values()), "it is their own affair"

    @precondition(lambda self: any(not self.desk.holds(call) for call in self.looks))
    @rule(data=st.data())
    def one_who_waits_leaves(self, data: st.DataObject) -> None:
        call = data.draw(st.sampled_from([call for call in self.looks if not self.desk.holds(call)]))
        others = [task for other, task in self.looks.items() if other is not call]
        self.looks[call].cancel()
        self.settle()
        assert not any(task.done() for task in others)

    @rule(plugin=st.sampled_from("ab"), effect=st.sampled_from(["write", "destructive"]))
    def change(self, plugin: str, effect: str) -> None:
        call = make_call(make_tool(f"{plugin}_set", plugin, effect=effect))
        self.moments[plugin] += 1
        self.changes[call] = self.runner.get_loop().create_task(start(self.home.stage, call, self.desk))
        self.settle()

    @precondition(lambda self: self.changes)
    @rule(data=st.data(), how=st.sampled_from(["done", "fails", "cancelled"]))
    def change_ends(self, data: st.DataObject, how: str) -> None:
        call = data.draw(st.sampled_from(list(self.changes)))
        task = self.changes.pop(call)
        self.moments[call.tool.plugin] += 1
        self.shelf[call.tool.plugin] += 1  # also when it failed: it may have done half of it
        if how == "cancelled":
            task.cancel()
        else:
            self.desk.end(call, "done" if how == "done" else ToolError("no"))
        self.settle()
        assert task.done()
        if not task.cancelled():
            task.exception()

    @rule(seconds=st.sampled_from([1.0, GOOD_FOR / 2, GOOD_FOR]))
    def wait(self, seconds: float) -> None:
        self.home.clock.advance(seconds)

    def teardown(self) -> None:
        for task in [*self.looks.values(), *self.changes.values()]:
            task.cancel()
        while self.looks:
            for task in self.looks.values():
                task.cancel()
            self.settle()
        self.runner.run(settle())
        self.runner.close()


CacheMachine.TestCase.settings = hypothesis_settings(max_examples=100, stateful_step_count=50, deadline=None)
TestCache = CacheMachine.TestCase


def test_an_answer_is_given_again_as_long_as_it_is_good() -> None:
    async def work() -> None:
        async with home() as one:
            inner, came = answering("one", "two")
            assert [(await one.call(inner)).text for _ in range(3)] == ["one"] * 3
            one.clock.advance(GOOD_FOR - 0.5)
            assert (await one.call(inner)).text == "one"
            one.clock.advance(0.5)
            assert (await one.call(inner)).text == "two"
            assert len(came) == 2

    run(work)


@pytest.mark.parametrize(
    "change",
    [
        {"arguments": {"n": 2}},
        {"principal": "otto"},
        {"tool": make_tool("shop_peek", cache=GOOD_FOR)},
        {"tool": make_tool("shop_look", "copy", cache=GOOD_FOR)},
        {"tool": make_tool("shop_look", cache=GOOD_FOR, title="x", output_schema={"type": "object"})},
        {"version": "2"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_call_has_another_answer(change: dict[str, Any]) -> None:
    async def work() -> None:
        async with home() as one:
            inner, _ = answering("one", "two")
            assert (await one.call(inner, arguments={"n": 1})).text == "one"
            asked = {"arguments": {"n": 1}} | change
            one.version = asked.pop("version", "1")
            if one.version == "2":  # a plugin of another version comes with tools of its own
                asked["tool"] = make_tool("shop_look", cache=GOOD_FOR)
            assert (await one.call(inner, **asked)).text == "two"

    run(work)


def test_the_order_of_keys_makes_no_difference() -> None:
    async def work() -> None:
        async with home() as one:
            inner, came = answering("one")
            await one.call(inner, arguments={"a": {"x": 1, "y": 2}, "b": 2})
            await one.call(inner, arguments={"b": 2, "a": {"y": 2, "x": 1}})
            assert len(came) == 1

    run(work)


@pytest.mark.parametrize(
    "bad",
    [
        UpstreamError("down"),
        ToolResult(content=(Text(text="no"),), is_error=True),
        ToolResult(content=(Text(text="old"),), meta={DEGRADED: {"source": "stale"}}),
        "half a character \ud800",
    ],
    ids=["error", "is_error", "degraded", "no form"],
)
def test_what_is_no_answer_is_not_kept(bad: Any) -> None:
    async def work() -> None:
        async with home() as one:
            inner, came = answering(bad, bad, "fine")
            with contextlib.suppress(ToolError):
                await one.call(inner)
            with contextlib.suppress(ToolError):
                await one.call(inner)
            assert (await one.call(inner)).text == "fine"
            assert len(came) == 3

    run(work)


@pytest.mark.parametrize("effect", ["write", "destructive"])
@pytest.mark.parametrize("end", ["done", ToolError("no"), None], ids=["done", "failed", "cancelled"])
def test_a_read_during_a_change_is_not_kept_beyond_it(effect: str, end: Any) -> None:
    async def work() -> None:
        async with home() as one:
            desk, (inner, came) = Desk(), answering("before", "after")
            change = asyncio.ensure_future(one.call(desk, make_tool("shop_set", effect=effect)))
            await settle()
            assert (await one.call(inner)).text == "before"
            if end is None:
                change.cancel()
            else:
                desk.end(desk.arrived[0], end)
            await asyncio.wait([change])
            change.cancelled() or change.exception()
            assert (await one.call(inner)).text == "after"
            assert len(came) == 2

    run(work)


def test_an_answer_from_before_a_change_is_not_given_while_it_is_made() -> None:
    """The process that makes it may die before it can say that it is done."""

    async def work() -> None:
        async with home() as one:
            desk, (inner, _) = Desk(), answering("before", "meanwhile")
            await one.call(inner)
            change = asyncio.ensure_future(one.call(desk, SET))
            await settle()
            assert (await one.call(inner)).text == "meanwhile"
            desk.end(desk.arrived[0], "done")
            await change

    run(work)


def test_a_read_that_outlasts_a_change_is_neither_kept_nor_joined() -> None:
    async def work() -> None:
        async with home() as one:
            desk, (after, _), (change, _) = Desk(), answering("after"), answering("done")
            slow = asyncio.ensure_future(one.call(desk))
            await settle()
            await one.call(change, SET)
            assert (await one.call(after)).text == "after"
            desk.end(desk.arrived[0], "before")
            assert (await slow).text == "before"
            assert (await one.call(desk)).text == "after"

    run(work)


def test_a_change_through_one_plugin_leaves_the_answers_of_another() -> None:
    async def work() -> None:
        async with home() as one:
            inner, came = answering("one")
            await one.call(inner)
            await one.call(answering("done")[0], make_tool("home_set", "home", effect="write"))
            await one.call(inner)
            assert len(came) == 1

    run(work)


def test_all_who_ask_the_same_at_once_get_one_execution_and_a_result_of_their_own() -> None:
    async def work() -> None:
        async with home() as one:
            desk = Desk()
            tasks = [asyncio.ensure_future(one.call(desk)) for _ in range(50)]
            await settle()
            desk.end(desk.arrived[0], ToolResult(structured={"list": [1]}))
            results = await asyncio.gather(*tasks)
            assert len(desk.arrived) == 1
            results[0].structured["list"].append(2)
            assert all(result.structured == {"list": [1]} for result in results[1:])
            assert (await one.call(desk)).structured == {"list": [1]}

    run(work)


def test_those_who_wait_share_a_failure_of_the_other_side_but_not_one_of_who_went_ahead() -> None:
    async def work() -> None:
        async with home() as one:
            desk = Desk()
            tasks = [asyncio.ensure_future(outcome(one.call(desk))) for _ in range(4)]
            await settle()
            tasks[0].cancel()
            await settle()
            assert len(desk.arrived) == 2
            desk.end(desk.arrived[1], CannotAsk("nobody there"))
            await settle()
            assert len(desk.arrived) == 3
            down = UpstreamError("down")
            desk.end(desk.arrived[2], down)
            await settle()
            assert [await task for task in tasks[2:]] == [down, down]
            assert isinstance(await tasks[1], CannotAsk)
            assert len(desk.arrived) == 3

    run(work)


def test_what_a_client_lacks_is_no_concern_of_others() -> None:
    async def work() -> None:
        async with home() as one:
            desk = Desk()
            first, second = (asyncio.ensure_future(one.call(desk)) for _ in range(2))
            await settle()
            desk.end(desk.arrived[0], MissingCapability({"sampling": {}}))
            await settle()
            desk.end(desk.arrived[1], "fine")
            assert (await second).text == "fine"
            assert isinstance(first.exception(), MissingCapability)

    run(work)


def test_tools_without_a_cache_get_the_inside_as_it_is() -> None:
    marker = object()
    one = Home()
    assert one.stage(make_call(make_tool()), lambda call: marker) is marker  # type: ignore[arg-type,return-value]


# --- on disk -------------------------------------------------------------------------------------


def test_an_answer_outlives_the_process_but_not_its_time(tmp_path: Path) -> None:
    async def work() -> None:
        clock = FakeClock()
        picture = ToolResult(
            content=(
                Text(text="größer \U0001f600"),
                Image(data=bytes(range(256)), mime_type="image/png"),
                Audio(data=b"", mime_type="audio/wav"),
                Embedded(resource=ResourceContents(uri="x://y", blob=b"\0\xff")),
            ),
            structured={"n": 1.5, "none": None},
            meta={"a/b": [1, {"c": True}]},
        )
        async with home(tmp_path, clock) as one:
            assert await one.call(answering(picture)[0]) == picture
        async with home(tmp_path, clock) as two:
            inner, came = answering("new")
            assert await two.call(inner) == picture
            assert await two.call(inner) == picture
            assert not came
            clock.advance(GOOD_FOR)
            assert (await two.call(inner)).text == "new"

    run(work)


def test_a_change_in_one_process_is_known_in_all_at_once(tmp_path: Path) -> None:
    async def work() -> None:
        clock = FakeClock()
        async with home(tmp_path, clock) as one, home(tmp_path, clock) as two:
            inner, came = answering("old", "new")
            assert (await one.call(inner)).text == "old"
            await two.call(answering("done")[0], BURN)
            assert (await one.call(inner)).text == "new"
        async with home(tmp_path, clock) as three:
            assert (await three.call(inner)).text == "new"
            await three.call(answering("done")[0], SET)
        async with home(tmp_path, clock) as four:
            assert (await four.call(answering("newest")[0])).text == "newest"
        assert len(came) == 2

    run(work)


def test_what_holds_a_secret_is_kept_nowhere(tmp_path: Path) -> None:
    async def work() -> None:
        async with home(tmp_path, has_secret=lambda answer: b"hunter2" in answer) as one:
            inner, came = answering("it is hunter2")
            await one.call(inner)
            await one.call(inner)
            assert len(came) == 2

    run(work)
    assert not any(b"hunter2" in file.read_bytes() for file in tmp_path.iterdir())


def test_a_database_that_is_broken_costs_no_call(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "cache.sqlite3").write_bytes(b"this is no database" * 100)

    async def work() -> None:
        async with home(tmp_path) as one:
            inner, came = answering("one")
            for _ in range(3):
                assert (await one.call(inner)).text == "one"
            assert len(came) == 1
            assert (await one.call(inner, arguments={"n": 2})).text == "one"

    run(work)
    assert caplog.text.count("no longer kept on disk") == 1


def test_memory_is_bounded_and_keeps_what_was_used_last() -> None:
    async def work() -> None:
        async with home(memory_bytes=20_000) as one:
            for number in range(100):
                await one.call(answering("x" * 1000)[0], arguments={"n": number})
            inner, came = answering("y")
            for number in range(99, -1, -1):
                await one.call(inner, arguments={"n": number})
            assert 80 <= len(came) < 90

    run(work)


def test_disk_is_bounded(tmp_path: Path) -> None:
    async def work() -> None:
        clock = FakeClock()
        bounds = {"memory_bytes": 20_000, "disk_bytes": 40_000}
        async with home(tmp_path, clock, **bounds) as one:
            for number in range(100):
                await one.call(answering("x" * 1000)[0], arguments={"n": number})
                clock.advance(0.01)
        async with home(tmp_path, clock, **bounds) as two:
            assert two.database is not None
            [(used, count)] = await two.database.read(
                lambda db: db.execute("select sum(length(answer)), count(*) from answers").fetchall()
            )
            assert used <= 40_000
            assert count > 30
            latest, came = answering("y")
            await two.call(latest, arguments={"n": 99})
            assert not came, "the latest stay"

    run(work)


def test_one_huge_answer_does_not_push_out_the_others() -> None:
    async def work() -> None:
        async with home(memory_bytes=20_000) as one:
            inner, came = answering("small", "x" * 19_700, "more")
            await one.call(inner)
            await one.call(inner, arguments={"n": 2})
            assert (await one.call(inner)).text == "small"
            assert len(came) == 2

    run(work)


# --- what may be declared ------------------------------------------------------------------------


@pytest.mark.parametrize("effect", ["write", "destructive"])
def test_only_tools_that_read_may_have_a_cache(effect: str) -> None:
    with pytest.raises(PluginError, match=f"shop_set: only a tool that reads can have cache; this one is {effect}"):
        promises.check([make_tool("shop_set", effect=effect, cache=5)])


@pytest.mark.parametrize("option", ["cache", "rate"])
def test_no_time_and_no_rate_are_said_by_leaving_them_out(option: str) -> None:
    with pytest.raises(PluginError, match=f"{option} must be more than 0"):
        promises.check([make_tool(**{option: 0})])


def test_a_cache_is_given_to_the_decorator() -> None:
    from mcp_agent import tool
    from mcp_agent.schema.build import build_tool

    @tool(effect="read", cache=5, rate=60, fallback="stale")
    async def shop_look() -> str:
        """Look."""
        return ""

    built = build_tool(shop_look, "shop")
    assert (built.cache, built.rate, built.fallback) == (5, 60, "stale")
    assert render_any("x").text == "x"


# --- results as bytes ----------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=8,
)  # fmt: skip
WORDS = st.text(st.characters(codec="utf-8"), max_size=20)
CONTENT = st.one_of(
    st.builds(Text, text=WORDS, annotations=st.none() | st.builds(Annotations, audience=st.just(("user",)))),
    st.builds(Image, data=st.binary(), mime_type=WORDS),
    st.builds(Audio, data=st.binary(), mime_type=WORDS),
    st.builds(ResourceLink, uri=WORDS, name=WORDS, size=st.none() | st.integers(0, 2**40)),
    st.builds(
        Embedded, resource=st.builds(ResourceContents, uri=WORDS, blob=st.none() | st.binary(), text=st.none() | WORDS)
    ),
)
RESULTS = st.builds(
    ToolResult,
    content=st.lists(CONTENT, max_size=4).map(tuple),
    structured=st.just(UNSET) | JSON,
    is_error=st.booleans(),
    meta=st.none() | st.dictionaries(WORDS, JSON, max_size=2),
)


@given(RESULTS, st.booleans())
def test_a_result_is_the_same_after_packing(result: ToolResult, ready: bool) -> None:
    if ready and result.structured is not UNSET:
        result = msgspec.structs.replace(result, structured=msgspec.Raw(encode(result.structured)))
    packed = pack(result)
    assert packed is not None
    again = unpack(packed)
    assert (again.content, again.is_error, again.meta) == (result.content, result.is_error, result.meta)
    assert type(again.structured) is type(result.structured)
    if ready and result.structured is not UNSET:
        assert bytes(again.structured) == bytes(result.structured)
    else:
        assert again == result
