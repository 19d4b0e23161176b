"""What recall makes of time, people, neighbours and links; why it did; and that it beats simpler ways."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from mcp_agent import Host, ToolError
from mcp_agent import vectors as model
from mcp_agent.testing import FakeClock
from tests.bench.dialogues.build import KINDS, build
from tests.bench.dialogues.unseen import UNSEEN
from tests.bench.memory import measure, text
from tests.support.memory import BOILER, CAR, KEY, call, on_host, recall, remember

DAY = 24 * 3600.0


async def cooked(host: Host) -> None:
    for when, dish in {"2025-01": "ramen", "2025-04": "goulash", "2025-07": "paella", "2025-11": "laksa"}.items():
        await remember(host, f"Anna cooked {dish} for all of us.", since=f"{when}-10")
        await remember(host, f"Ben cooked {dish} soup for all of us.", since=f"{when}-11")
    await remember(host, "We moved to the house by the lake.", since="2025-06-01")


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("what did Anna cook last spring?", "Anna cooked goulash for all of us."),
        ("what did Ben cook in July 2025?", "Ben cooked paella soup for all of us."),
        ("what did Anna cook just before we moved?", "Anna cooked goulash for all of us."),
        ("what did Anna cook right after we moved?", "Anna cooked paella for all of us."),
    ],
)
def test_the_time_in_a_question_decides(question: str, found: str) -> None:
    async def work(host: Host) -> None:
        await cooked(host)
        assert (await recall(host, question))[0] == found
        bounded = await recall(host, "what did Anna cook", since="2025-03", until="2025-04")
        assert sorted(bounded) == ["Anna cooked goulash for all of us.", "Ben cooked goulash soup for all of us."]

    on_host(work, clock=FakeClock())


def test_two_steps() -> None:
    """Nothing in the second fact is in the question: only the name in the first leads to it."""

    async def work(host: Host) -> None:
        second = "Willem has hundreds of beetles in glass boxes."
        await remember(host, "My brother Willem called this morning.", second)
        decoys = [
            f"We had supper with the {name}s and talked." for name in ("Smith", "Brown", "Jones", "Miller", "Ward")
        ]
        await remember(host, *decoys, *[f"My sister came for supper on day {day}." for day in range(20)])
        assert second in await recall(host, "what does my brother eat for supper", limit=8)

    on_host(work)


def test_an_answer_is_found_beside_its_question() -> None:
    """Nothing in the answer is in the question: only what was said before it is."""

    async def work(host: Host) -> None:
        talk = ("Ben: Is there food that you are allergic to?", "Anna: Only those small pink ones from the harbour.")
        for line in (*talk, "Ben: All right, I shall be off then."):
            await remember(host, line, conversation="saturday")
        await remember(host, *[f"Anna: I ate pasta for lunch on day {n}." for n in range(20)], conversation="monday")
        assert talk[1] in await recall(host, "what is Anna allergic to?", limit=3)
        told = await call(host, "explain", query="what is Anna allergic to?", id=2)
        shares = {one["reason"]: one["share"] for one in told["reasons"]}
        assert shares["it was said beside something that fits"] > 0.1

    on_host(work)


def test_the_reasons_add_up_and_name_what_counted() -> None:
    async def work(host: Host) -> None:
        await cooked(host)
        told = await call(host, "explain", query="what did Anna cook last spring?", id=3)
        assert (told["place"], told["times"]) == (1, ["last spring"])
        assert sum(one["share"] for one in told["reasons"]) == pytest.approx(told["score"], abs=0.01)
        reasons = {one["reason"] for one in told["reasons"]}
        assert {"it has words of the question", "it has the names in it", "it is from that time"} <= reasons
        missed = await call(host, "explain", query="quantum chromodynamics", id=1)
        assert "place" not in missed

    on_host(work, clock=FakeClock())


def test_the_same_question_gives_the_same_answer(tmp_path: Path) -> None:
    answers: list[list[str]] = []

    async def ask(host: Host) -> None:
        if not answers:
            await cooked(host)
        answers.append(await recall(host, "what did Anna cook for us?", limit=20))

    on_host(ask, tmp_path, FakeClock())
    on_host(ask, tmp_path, FakeClock())
    assert sorted(answers[0]) == sorted(answers[1])
    assert answers[0][0].startswith("Anna")


def test_words_do_where_there_are_no_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model.importlib.util, "find_spec", lambda name: None)

    async def work(host: Host) -> None:
        await remember(host, KEY, BOILER, CAR)
        assert (await recall(host, "servicing boilers")) == [BOILER]
        assert (await recall(host, "spare key"))[0] == KEY
        await call(host, "forget", ids=[1], permanent=True)
        assert KEY not in await recall(host, "spare key")

    on_host(work)


def test_vectors_that_are_lost_are_made_again(tmp_path: Path) -> None:
    async def work(host: Host) -> None:
        await remember(host, KEY, BOILER, CAR)
        assert (await recall(host, "heating maintenance"))[0] == BOILER
        for file in (tmp_path / "data" / "plugins" / "memory").glob("vectors.*"):
            file.unlink()
        assert (await recall(host, "heating maintenance"))[0] == BOILER

    on_host(work, tmp_path)


def test_what_is_forgotten_while_vectors_are_made_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By another process, at the worst moment: after the text was read, before the row is written."""
    home = tmp_path / "data" / "plugins" / "memory"
    embed = model.WordVectors.embed

    def slow(self: model.WordVectors, texts: list[str]) -> model.Vectors:
        if KEY in texts:
            other = sqlite3.connect(home / "memory.sqlite3")
            other.execute("delete from facts where id = 1")
            other.commit()
            other.close()
        return embed(self, texts)

    async def work(host: Host) -> None:
        await remember(host, KEY, BOILER)
        monkeypatch.setattr(model.WordVectors, "embed", slow)
        assert await recall(host, "boiler") == [BOILER]
        rows = (home / "vectors.f16").read_bytes()
        assert not any(rows[512:1024])
        assert any(rows[1024:1536])

    on_host(work, tmp_path)


def test_recall_beats_fusion_by_ten_points_on_what_it_was_not_tuned_on(tmp_path: Path) -> None:
    table = asyncio.run(measure(build(UNSEEN), tmp_path))
    print("\n" + text(table))  # noqa: T201  shown with -s: the figures of this run
    ours, fusion, words = (table[way] for way in ("memory", "fusion", "BM25"))
    assert ours["all"].at[10] >= fusion["all"].at[10] + 0.10
    assert ours["all"].at[10] >= words["all"].at[10] + 0.10
    for kind in KINDS:
        assert ours[kind].at[10] >= fusion[kind].at[10]
    assert ours["corrected"].mrr >= fusion["corrected"].mrr + 0.10


def test_somebody_who_is_called_like_a_month_is_found() -> None:
    async def work(host: Host) -> None:
        await remember(host, "Jan lives in Utrecht.", "Tom lives in Ghent.", "April likes dark chocolate.")
        await remember(host, "Tom likes white chocolate.", since="2026-04-03")
        assert (await recall(host, "Where does Jan live?"))[0] == "Jan lives in Utrecht."
        assert (await recall(host, "What does April like?"))[0] == "April likes dark chocolate."
        assert (await recall(host, "What did Tom like in April?"))[0] == "Tom likes white chocolate."

    on_host(work)


def test_what_was_before_1970_is_remembered_too() -> None:
    async def work(host: Host) -> None:
        await remember(host, "Grandmother was born in Viipuri.", since="1931-05-04")
        await remember(host, "Grandmother moved to Oulu.", since="1944")
        born = "Grandmother was born in Viipuri."
        assert (await recall(host, "Where was grandmother born?"))[0] == born
        assert (await recall(host, "What happened before 1940-01-01?"))[0] == born
        assert await recall(host, "Where was grandmother?", since="1940", until="1950") == [
            "Grandmother moved to Oulu."
        ]
        [fact] = (await call(host, "timeline", date="1931-06", about="grandmother"))["facts"]
        assert fact["text"] == born
        with pytest.raises(ToolError, match="ends before it begins"):
            await recall(host, "Where was grandmother?", since="1950", until="1940")

    on_host(work)


def test_the_timeline_of_a_question_has_what_was_superseded() -> None:
    async def work(host: Host) -> None:
        await remember(host, "I work at Beta.", since="2025-04")
        await remember(host, "I work at Acme.", since="2020", until="2025-03")
        await call(host, "update", id=1, text="I work at Gamma.", since="2025-06-30")
        found = (await call(host, "timeline", date="2025-06", about="work"))["facts"]
        assert sorted(fact["text"] for fact in found) == ["I work at Beta.", "I work at Gamma."]

    on_host(work)
