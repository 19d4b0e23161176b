"""Answers kept on disk: beyond the process, for all processes, within bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from mcp_agent.model import Audio, Embedded, Image, ResourceContents, Text, ToolResult
from mcp_agent.testing.clock import FakeClock
from tests.pipeline.cached import BURN, GOOD_FOR, SET, home
from tests.pipeline.models import answering, run


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
