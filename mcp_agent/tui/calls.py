"""Calls: what was done, live, with arguments and results; a read can be made again, a write taken back."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import ClassVar, overload

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Input

from mcp_agent.control import api
from mcp_agent.control.feed import CALLS, CallRow
from mcp_agent.errors import AgentError
from mcp_agent.jsonio import encode
from mcp_agent.model import Change
from mcp_agent.tui.detail import Detail, Part
from mcp_agent.tui.page import Page
from mcp_agent.tui.rows import Cell, Column, Rows
from mcp_agent.tui.words import OUTCOMES, clock, effect, moment, plain, plural, took

COLUMNS = (
    Column("Time", 8), Column("Ended", 9), Column("Took", 8, True), Column("rwD", 3),
    Column("Tool", 24), Column("For", 22, False, 90), Column("Arguments", 0),
)  # fmt: skip

_LOOK_SECONDS = 0.4


class Newest(Sequence[CallRow]):
    """A queue from its end."""

    def __init__(self, queue: deque[CallRow]) -> None:
        self._queue = queue

    def __len__(self) -> int:
        return len(self._queue)

    @overload
    def __getitem__(self, at: int) -> CallRow: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[CallRow]: ...
    def __getitem__(self, at: int | slice) -> CallRow | Sequence[CallRow]:
        return list(self)[at] if isinstance(at, slice) else self._queue[-1 - at]


class Calls(Page):
    HELP = """\
**Calls**, the newest first. While the first row is the current one the table follows what comes; move down, and it
stays where you are.

- `/` filters by any words of tool, client, outcome or arguments
- `Enter` goes to the details, `Escape` comes back
- `r` makes a read again, with the same arguments
- `u` takes a write back
- `Space` holds the table still
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/"),
        Binding("r", "replay", "Again"),
        Binding("u", "undo", "Undo"),
        Binding("space", "hold", "Hold", key_display="Space"),
        Binding("escape", "back", "Back", show=False),
    ]

    _words: tuple[str, ...] = ()
    _taken = 0
    _held = False
    _looking = False
    _shown: CallRow | None = None
    _change: Change | None = None

    def compose(self) -> ComposeResult:
        yield Input(placeholder="Type / to filter by tool, client, outcome, arguments", id="filter", compact=True)
        with Container(classes="split"):
            rows: Rows[CallRow] = Rows(COLUMNS, _cells, same=_same, id="calls", empty="No call yet.")
            yield rows
            yield Detail("Call", id="call")

    def on_mount(self) -> None:
        self._fitting: deque[CallRow] = deque(maxlen=CALLS)
        self.query_one("#filter").can_focus = False  # until somebody asks for it: keys are commands here
        self.paint()

    def first(self) -> Widget:
        return self.query_one("#calls")

    def paint(self) -> None:
        if self._held:
            return
        new = self.feed.total - self._taken
        self._taken = self.feed.total
        calls = self.feed.calls
        fresh = islice(calls, max(len(calls) - new, 0), None)
        self._fitting.extend(row for row in fresh if self._fits(row))
        self._show()

    def _show(self) -> None:
        rows = self.query_one("#calls", Rows)
        rows.show(Newest(self._fitting), empty="No call fits." if self._words else "No call yet.")
        dropped = f", {self.feed.dropped:,} too fast to show" if self.feed.dropped else ""
        held = "held: Space goes on" if self._held else plural(len(self._fitting), "call")
        rows.border_title = f"Calls ({held}{dropped})"

    def _fits(self, row: CallRow) -> bool:
        if not self._words:
            return True
        one = row.ended
        arguments = row.past.arguments if row.past else one.arguments
        text = f"{one.tool} {one.principal} {one.outcome} {one.effect} {arguments} {one.detail}".lower()
        return all(word in text for word in self._words)

    # --- details ---------------------------------------------------------------------------------

    @on(Rows.Moved, "#calls")
    def moved(self, event: Rows.Moved) -> None:
        if event.by_hand:
            self.attempt(self._look, "look")
        elif not self._looking:  # it changes as fast as calls come: now and then is enough
            self._looking = True
            self.set_timer(_LOOK_SECONDS, self._look_again)

    def _look_again(self) -> None:
        self._looking = False
        self.attempt(self._look, "look")

    @on(Rows.Chosen, "#calls")
    def chosen(self, event: Rows.Chosen) -> None:
        self.query_one("#call").focus()

    async def _look(self) -> None:
        row = self.query_one("#calls", Rows).current
        if row is None or row is self._shown:
            return
        self._shown, self._change = row, None
        panel = self.query_one("#call", Detail)
        facts, more = _facts(row), _words_of(row)
        panel.show([*facts, *more], title=row.ended.tool)
        if row.source is not None and row.source.gone is None:
            try:
                found = await row.source.instance.ask(api.Look(id=row.ended.id))
            except AgentError:  # it is too old, or its instance ended: what the row has must do
                found = None
            if found is not None:
                more = [("Arguments", found.arguments), ("Result", found.result), ("Trace", found.trace_id)]
                panel.show([*facts, *more], title=row.ended.tool)
        if row.ended.effect != "read":
            self._change = await self.desk.change_of(row.ended)
            if self._change is not None:
                panel.show([*facts, *_difference(self._change), *more], title=row.ended.tool)

    # --- keys ------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        field = self.query_one("#filter", Input)
        field.can_focus = True
        field.focus()

    def action_back(self) -> None:
        field = self.query_one("#filter", Input)
        if field.has_focus and field.value:
            field.value = ""
        field.can_focus = False
        self.first().focus()

    @on(Input.Submitted, "#filter")
    def filtered(self) -> None:
        self.query_one("#filter", Input).can_focus = False
        self.first().focus()

    @on(Input.Changed, "#filter")
    def filter(self, event: Input.Changed) -> None:
        self._words = tuple(event.value.lower().split())
        self._fitting = deque((row for row in self.feed.calls if self._fits(row)), maxlen=CALLS)
        self._taken = self.feed.total
        self._show()

    def action_hold(self) -> None:
        self._held = not self._held
        self.paint()
        self._show()

    def action_replay(self) -> None:
        row = self.query_one("#calls", Rows).current
        if row is None:
            return

        async def work() -> None:
            detail = row.past.arguments if row.past else row.ended.arguments
            if row.source is not None:
                detail = (await row.source.instance.ask(api.Look(id=row.ended.id))).arguments
            given = await self.desk.replay(row.ended.tool, detail)
            what = "It failed again" if given.is_error else "It gave"
            self.query_one("#call", Detail).show(
                [*_facts(row), ("Arguments", detail), (f"Made again just now. {what}", given.text)],
                title=f"{row.ended.tool}, again",
            )
            self.say(f"{row.ended.tool} was called again.")

        self.attempt(work)

    def action_undo(self) -> None:
        change = self._change
        if change is None:
            self.say("There is nothing to take back here: it only read, cannot be undone, or was undone already.")
            return

        async def work() -> None:
            undone = await self.desk.undo(change.id)
            if undone.stopped:
                self.app.notify(plain(undone.stopped), title="Not undone", severity="error", markup=False)
            else:
                self._shown = None
                self.say(f"{change.tool} is undone.")
                await self._look()

        before = encode(change.before).decode()
        self.confirmed(f"Take back {change.tool} of {moment(change.at)}?\n\nIt becomes again:\n{before}", "Undo", work)


def _cells(row: CallRow) -> list[Cell]:
    one = row.ended
    words, style = OUTCOMES.get(one.outcome, (one.outcome, ""))
    arguments = row.past.arguments if row.past else one.arguments
    kind = {"write": "warn", "destructive": "bad"}.get(one.effect, "dim")
    return [
        (clock(one.at), "dim"), (words, style), (took(one.ms), "dim" if one.ms < 1000 else ""),
        (effect(one.effect), kind),
        (one.tool, "strong"), (one.principal, ""), (arguments, "dim"),
    ]  # fmt: skip


def _same(one: CallRow, other: CallRow) -> bool:
    return one is other


def _facts(row: CallRow) -> list[Part]:
    one = row.ended
    where = f"row {one.id} of the audit log" if row.past else f"instance {row.source.number}" if row.source else ""
    lines = [
        f"{OUTCOMES.get(one.outcome, (one.outcome, ''))[0]}, {took(one.ms)}, at {moment(one.at)}",
        f"{one.effect}, plugin {one.plugin}, for {one.principal}",
        f"{one.decision}; {where}",
    ]
    if one.detail:
        lines.append(one.detail)
    return [("", "\n".join(lines))]


def _words_of(row: CallRow) -> list[Part]:
    if row.past:
        return [("Arguments", row.past.arguments), ("Trace", row.past.trace_id)]
    return [("Arguments", row.ended.arguments)]


def _difference(change: Change) -> list[Part]:
    return [
        (f"Before (change {change.id}; u takes it back)", encode(change.before).decode()),
        ("After", encode(change.after).decode()),
    ]
