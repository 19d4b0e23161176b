"""Dialogues and questions from a part: the same for the same seed."""

from __future__ import annotations

import calendar
import random
import re
from datetime import UTC, datetime, timedelta
from typing import Literal

from msgspec import Struct

from tests.bench.dialogues.pack import Anchor, Chain, Correction, Habit, Hint, Pack

Kind = Literal["no word", "time", "event", "two steps", "corrected"]
KINDS: tuple[Kind, ...] = ("no word", "time", "event", "two steps", "corrected")

ASKED_AT = datetime(2026, 3, 20, 12, tzinfo=UTC)
_MONTHS = 18
_SEASONS = {"winter": 12, "spring": 3, "summer": 6, "autumn": 9}
_CHATTER = 3
"""Pairs of turns that nobody asks about, around each one that somebody does."""


class Turn(Struct, frozen=True):
    """One fact: ``corrects`` is the number of the turn that it takes the place of."""

    number: int
    conversation: str
    at: datetime
    text: str
    corrects: int | None = None


class Question(Struct, frozen=True):
    """``evidence`` are the numbers of all turns that answer it."""

    kind: Kind
    text: str
    evidence: tuple[int, ...]


class Dialogues(Struct, frozen=True):
    turns: list[Turn]
    questions: list[Question]


class _Builder:
    """Collects turns in the order of time, because that is the order in which they are remembered."""

    def __init__(self, pack: Pack, seed: int) -> None:
        self.pack = pack
        self.chance = random.Random(seed)
        self.turns: list[Turn] = []
        self.questions: list[Question] = []
        self._plans: list[tuple[datetime, list[tuple[str, str]], list[int | None]]] = []

    def plan(self, me: str, lines: list[tuple[str, str]], at: datetime, corrects: int | None = None) -> int:
        """Note what is said, and when; gives the mark of its last line."""
        self._plans.append((at, lines, [corrects]))
        return len(self._plans) - 1

    def partner(self, me: str) -> str:
        return self.chance.choice([one for one in self.pack.people if one != me])

    def any_day(self) -> datetime:
        return ASKED_AT - timedelta(days=self.chance.randint(3, 30 * _MONTHS), minutes=self.chance.randint(0, 400))

    def chatter(self, me: str, you: str) -> list[tuple[str, str]]:
        lines: list[tuple[str, str]] = []
        for first, second in self.chance.sample(self.pack.chatter, _CHATTER):
            one, two = self.chance.sample([me, you], 2)
            lines += [(one, first.format(x=self.chance.choice(self.pack.things))), (two, second)]
        return lines

    def finish(self) -> dict[int, int]:
        """Say everything, oldest first, with chatter around it. Gives the number of the last line of each plan."""
        numbers: dict[int, int] = {}
        order = sorted(range(len(self._plans)), key=lambda mark: (self._plans[mark][0], mark))
        for mark in order:
            at, lines, (corrects,) = self._plans[mark]
            me, you = lines[-1][0], lines[0][0] if lines[0][0] != lines[-1][0] else self.partner(lines[-1][0])
            before, after = self.chatter(me, you), self.chatter(me, you)
            for offset, (speaker, text) in enumerate([*before, *lines, *after]):
                last = offset == len(before) + len(lines) - 1
                replaced = numbers[corrects] if last and corrects is not None else None
                number = len(self.turns)
                when = at + timedelta(seconds=40 * offset)
                self.turns.append(Turn(number, f"talk-{mark}", when, f"{speaker}: {text}", replaced))
                if last:
                    numbers[mark] = number
        return numbers


def build(pack: Pack, seed: int = 1) -> Dialogues:
    """Every person gets hints, habits, an anchor, chains and corrections."""
    builder = _Builder(pack, seed)
    asked: list[tuple[Kind, str, tuple[int, ...]]] = []
    others = list(pack.others) * 3
    for place, me in enumerate(pack.people):
        for hint in builder.chance.sample(pack.hints, 6):
            asked += _hint(builder, hint, me)
        for turn, habit in enumerate(builder.chance.sample(pack.habits, 2)):
            asked += _habit(builder, habit, me, pack.anchors[(place + turn) % len(pack.anchors)])
        for chain in builder.chance.sample(pack.chains, 2):
            asked += _chain(builder, chain, me, others.pop())
        for correction in builder.chance.sample(pack.corrections, 2):
            asked += _correction(builder, correction, me)
    numbers = builder.finish()
    questions = [Question(kind, text, tuple(numbers[mark] for mark in marks)) for kind, text, marks in asked]
    texts = {turn.number: turn.text for turn in builder.turns}
    for question in questions:
        if question.kind == "no word":
            _share_no_word(question.text, texts[question.evidence[0]], pack)
    return Dialogues(builder.turns, questions)


_Asked = list[tuple[Kind, str, tuple[int, ...]]]


def _hint(builder: _Builder, hint: Hint, me: str) -> _Asked:
    chance, you = builder.chance, builder.partner(me)
    lines = [(you, chance.choice(hint.leads)), (me, chance.choice(hint.answers))]
    mark = builder.plan(me, lines, builder.any_day())
    return [("no word", chance.choice(hint.asked).format(me=me), (mark,))]


def _habit(builder: _Builder, habit: Habit, me: str, anchor: Anchor) -> _Asked:
    """Every other month something else; asked about two of those by their time, and about one by what happened near."""
    chance = builder.chance
    values = chance.sample(habit.values, len(habit.values))
    first = ASKED_AT - timedelta(days=30 * _MONTHS)
    days = [first + timedelta(days=60 * number + chance.randint(0, 25)) for number in range(9)]
    marks = [
        builder.plan(me, [(me, chance.choice(habit.turns).format(x=value))], day)
        for value, day in zip(values, days, strict=False)
    ]
    asked: _Asked = []
    for number in chance.sample(range(len(days)), 2):
        when = _when(days[number], chance, [day for day in days if day is not days[number]])
        asked.append(("time", chance.choice(habit.asked).format(me=me, when=when), (marks[number],)))
    number = chance.randint(2, 5)
    happened = days[number] + timedelta(days=2)
    mark = builder.plan(me, [(me, chance.choice(anchor.turns))], happened)
    text, sought = (anchor.before, marks[number]) if chance.random() < 0.5 else (anchor.after, marks[number + 1])
    text = f"just {text.format(me=me)}"
    asked.append(("event", chance.choice(habit.asked).format(me=me, when=text), (sought, mark)))
    return asked


def _when(day: datetime, chance: random.Random, others: list[datetime]) -> str:
    """A way to name the time, seen from the day of asking, that fits none of the others."""
    months = (ASKED_AT.year - day.year) * 12 + ASKED_AT.month - day.month
    ways = [f"in {calendar.month_name[day.month]} {day.year}"]
    if 0 < months < 12:
        ways.append(f"last {calendar.month_name[day.month]}")
        ways.append(f"{months} months ago" if months > 1 else "last month")
    season = next(name for name, first in _SEASONS.items() if (day.month - first) % 12 < 3)
    alike = [one for one in others if (one.month - _SEASONS[season]) % 12 < 3 and abs((one - day).days) < 100]
    if not alike and season != "winter":
        ways.append(f"in the {season} of {day.year}")
    return chance.choice(ways)


def _chain(builder: _Builder, chain: Chain, me: str, other: str) -> _Asked:
    chance = builder.chance
    link = builder.plan(me, [(me, chance.choice(chain.links).format(other=other))], builder.any_day())
    somebody = builder.partner(me)
    said = chance.choice(chain.turns).format(other=other, x=chance.choice(chain.values))
    mark = builder.plan(somebody, [(somebody, said)], builder.any_day())
    return [("two steps", chance.choice(chain.asked).format(me=me), (mark, link))]


def _correction(builder: _Builder, correction: Correction, me: str) -> _Asked:
    chance = builder.chance
    first, second, third = chance.sample(correction.values, 3)
    days = sorted(builder.any_day() for _ in range(3))
    mark = builder.plan(me, [(me, chance.choice(correction.first).format(x=first))], days[0])
    mark = builder.plan(me, [(me, chance.choice(correction.later).format(x=second))], days[1], mark)
    mark = builder.plan(me, [(me, chance.choice(correction.later).format(x=third))], days[2], mark)
    return [("corrected", chance.choice(correction.asked).format(me=me), (mark,))]


_ENGLISH = (
    "a an and are as at be been by can did do does for from has have he her his how i if in into is it its me my no not"
    " of on or our she so that the their them there they this to up was we were what when where which who whom with you"
    " your s such any all until"
)
_SMALL = frozenset(_ENGLISH.split())


def _share_no_word(question: str, answer: str, pack: Pack) -> None:
    """But for small words and names, and seen by their first five letters."""
    names = {name.lower() for name in (*pack.people, *pack.others)}
    asked, said = ({word[:5] for word in re.findall(r"[a-z]+", text.lower()) if word not in _SMALL | names}
                   for text in (question, answer))  # fmt: skip
    assert not asked & said, f"{question!r} and {answer!r} share {asked & said}"
