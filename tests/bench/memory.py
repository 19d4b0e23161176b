"""How well the memory finds again what was said: evidence recall and reciprocal rank, beside simpler ways.

``python -m tests.bench.memory [--tuned-on] [--seed N] [--speed] [--facts N]``. The dialogues are written for this
project (``tests/bench/dialogues``); each turn is a fact. The others see the same, without what was superseded:

- BM25: the index of words alone;
- vectors: the matrix of meaning alone;
- fusion: both by reciprocal ranks (k = 60), as most memories do it.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mcp_agent_memory.retrieve import candidates, vectors, words
from mcp_agent_memory.retrieve.recall import Question as Asked
from mcp_agent_memory.retrieve.recall import recall
from mcp_agent_memory.store.schema import database
from msgspec import Struct

from mcp_agent import Context, Host
from mcp_agent.callers import NoCaller
from mcp_agent.testing import FakeClock, host_for
from tests.bench import memory_speed
from tests.bench.dialogues.build import ASKED_AT, KINDS, Dialogues, Question, build
from tests.bench.dialogues.tuned_on import TUNED_ON
from tests.bench.dialogues.unseen import UNSEEN

_DEPTHS = (5, 10, 20)
_SOURCE = 100
_FUSED = 60

Way = Callable[[str], Sequence[int]]
"""A question to numbers of facts, best first."""


class Score(Struct, frozen=True):
    """Means over questions: the share of the evidence among the first so many, and 1 / the place of its first."""

    questions: int
    at: Mapping[int, float]
    mrr: float


Table = Mapping[str, Mapping[str, Score]]
"""By way, then by kind of question; "all" is every kind."""


async def measure(dialogues: Dialogues, folder: Path) -> Table:
    """Remember the dialogues in a home, and ask every question in every way."""
    clock = FakeClock(ASKED_AT.timestamp())
    async with host_for("mcp_agent_memory", folder=folder, clock=clock) as host:
        numbers = await fill(host, dialogues)
        ctx = context_of(host)
        await vectors.catch_up(ctx)
        return await database(ctx).read(lambda connection: _asked(connection, ctx, dialogues, numbers))


async def fill(host: Host, dialogues: Dialogues) -> list[int]:
    """The number of the fact for each turn. Corrections come through memory_update, as an assistant would do it."""
    numbers: list[int] = []
    groups = itertools.groupby(dialogues.turns, lambda turn: (turn.conversation, turn.corrects))
    for (conversation, corrects), turns in groups:
        said = [{"text": turn.text, "since": turn.at.isoformat()} for turn in turns]
        if corrects is None:
            result = await host.call("memory_remember", {"facts": said, "conversation": conversation})
            numbers += result.data["ids"]
        else:
            [turn] = said
            result = await host.call("memory_update", {"id": numbers[corrects], **turn})
            numbers.append(result.data["id"])
    return numbers


def context_of(host: Host) -> Context:
    """As a call of the plugin gets it."""
    return host._context(host.tool("memory_recall"), NoCaller("bench"))


def _asked(connection, ctx, dialogues, numbers) -> Table:  # type: ignore[no-untyped-def]
    meaning = vectors.meaning(ctx)
    old = {row[0] for row in connection.execute("select id from facts where superseded_by is not null")}

    def by_words(question: str) -> list[int]:
        expression = " OR ".join(words.quoted(word) for word in words.sought(question))
        return [number for number, _ in candidates.by_words(connection, expression, _SOURCE) if number not in old]

    def by_meaning(question: str) -> list[int]:
        found = meaning.ask(question).nearest(_SOURCE)
        return [number for number, _ in found if number not in old]

    def fused(question: str) -> list[int]:
        points: dict[int, float] = {}
        for source in (by_words(question), by_meaning(question)):
            for place, number in enumerate(source, 1):
                points[number] = points.get(number, 0.0) + 1 / (_FUSED + place)
        return sorted(points, key=lambda number: (-points[number], -number))

    def ours(question: str) -> list[int]:
        ranked = recall(connection, meaning, Asked(question, ASKED_AT.timestamp()))
        return [one.fact_id for one in ranked]

    ways: dict[str, Way] = {"BM25": by_words, "vectors": by_meaning, "fusion": fused, "memory": ours}
    return {name: _scores(way, dialogues.questions, numbers) for name, way in ways.items()}


def _scores(way: Way, questions: Sequence[Question], numbers: Sequence[int]) -> dict[str, Score]:
    found = [(one, _one(way(one.text), {numbers[turn] for turn in one.evidence})) for one in questions]
    groups = {kind: [score for one, score in found if one.kind == kind] for kind in KINDS}
    return {name: _mean(scores) for name, scores in (*groups.items(), ("all", [score for _, score in found]))}


def _one(found: Sequence[int], evidence: set[int]) -> tuple[dict[int, float], float]:
    at = {depth: len(evidence & set(found[:depth])) / len(evidence) for depth in _DEPTHS}
    first = next((place for place, number in enumerate(found, 1) if number in evidence), None)
    return at, 1 / first if first else 0.0


def _mean(scores: Sequence[tuple[dict[int, float], float]]) -> Score:
    count = len(scores)
    at = {depth: sum(one[depth] for one, _ in scores) / count for depth in _DEPTHS}
    return Score(count, at, sum(rank for _, rank in scores) / count)


def text(table: Table) -> str:
    lines = [f"{'':10}{'questions':12}{'n':>4}  {'@5':>6}{'@10':>6}{'@20':>6}{'MRR':>7}"]
    for kind in (*KINDS, "all"):
        for way, scores in table.items():
            score = scores[kind]
            recalls = "".join(f"{100 * score.at[depth]:6.1f}" for depth in _DEPTHS)
            lines.append(f"{way:10}{kind:12}{score.questions:>4}  {recalls}{score.mrr:7.3f}")
        lines.append("")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.memory", description=__doc__)
    parser.add_argument("--tuned-on", action="store_true", help="the part that the weights were chosen on")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speed", action="store_true", help="latency and throughput instead of quality")
    parser.add_argument("--facts", type=int, default=100_000, help="how many facts for --speed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mcp-agent-bench-") as folder:
        if options.speed:
            sys.stdout.write(memory_speed.report(Path(folder), options.facts))
            return 0
        pack, name = (TUNED_ON, "tuned on") if options.tuned_on else (UNSEEN, "unseen")
        dialogues = build(pack, options.seed)
        table = asyncio.run(measure(dialogues, Path(folder)))
    sys.stdout.write(f"{len(dialogues.turns)} facts, {len(dialogues.questions)} questions, the {name} part\n\n")
    sys.stdout.write(text(table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
