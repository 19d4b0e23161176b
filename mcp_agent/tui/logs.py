"""Logs: what the program says of itself, as it says it."""

from __future__ import annotations

from collections import deque
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widgets import Input

from mcp_agent.control.log_tail import LogLine
from mcp_agent.tui.detail import Detail
from mcp_agent.tui.page import Page
from mcp_agent.tui.rows import Cell, Column, Rows
from mcp_agent.tui.words import LEVELS, plural

COLUMNS = (
    Column("Time (UTC)", 10), Column("Level", 11), Column("From", 26, False, 100), Column("Message", 0),
)  # fmt: skip
_KEPT = 2000
_FROM = ("debug", "info", "warning", "error")


class Logs(Page):
    LOAD_SECONDS = 1.0
    HELP = """\
**Logs**, the newest first: the file `mcp-agent.jsonl` in the state folder, which all instances write.

- `/` filters by any words
- `l` shows less: all, from *info*, from *warning*, from *error* on
- `Enter` goes to the details, with the traceback where there is one
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/"),
        Binding("l", "level", "Level"),
        Binding("escape", "back", "Back", show=False),
    ]

    _words: tuple[str, ...] = ()
    _least = 0

    def compose(self) -> ComposeResult:
        yield Input(placeholder="Type / to filter by any words", id="grep", compact=True)
        with Container(classes="split"):
            rows: Rows[LogLine] = Rows(COLUMNS, _cells, same=_same, id="lines", empty="The log is empty.")
            yield rows
            yield Detail("Line", id="line")

    def on_mount(self) -> None:
        self._lines: deque[LogLine] = deque(maxlen=_KEPT)
        self.query_one("#grep").can_focus = False
        self._show()

    async def load(self) -> None:
        new = await self.desk.stored.log_lines()
        if new:
            self._lines.extend(new)
            self._show()

    def _show(self) -> None:
        least = list(LEVELS).index(_FROM[self._least])
        fitting = [line for line in reversed(self._lines) if _rank(line) >= least and self._fits(line)]
        rows = self.query_one("#lines", Rows)
        rows.show(fitting, empty="No line fits." if self._lines else "The log is empty.")
        rows.border_title = f"Log ({plural(len(fitting), 'line')}, from {_FROM[self._least]} on)"

    def _fits(self, line: LogLine) -> bool:
        text = f"{line.level} {line.logger} {line.message} {line.trace_id}".lower()
        return all(word in text for word in self._words)

    @on(Rows.Moved, "#lines")
    def moved(self, event: Rows.Moved) -> None:
        one = self.query_one("#lines", Rows).current
        parts = [] if one is None else [
            ("", f"{one.level}, {one.time.replace('T', ' ')}, {one.logger}"), ("Message", one.message),
            ("Exception", one.exception), ("Trace", one.trace_id),
        ]  # fmt: skip
        self.query_one("#line", Detail).show(parts)

    @on(Rows.Chosen, "#lines")
    def chosen(self, event: Rows.Chosen) -> None:
        self.query_one("#line").focus()

    def action_level(self) -> None:
        self._least = (self._least + 1) % len(_FROM)
        self._show()

    def action_filter(self) -> None:
        field = self.query_one("#grep", Input)
        field.can_focus = True
        field.focus()

    @on(Input.Changed, "#grep")
    def filter(self, event: Input.Changed) -> None:
        self._words = tuple(event.value.lower().split())
        self._show()

    @on(Input.Submitted, "#grep")
    def filtered(self) -> None:
        self.action_back()

    def action_back(self) -> None:
        self.query_one("#grep", Input).can_focus = False
        self.first().focus()


def _rank(line: LogLine) -> int:
    names = list(LEVELS)
    return names.index(line.level) if line.level in names else 0


def _cells(line: LogLine) -> list[Cell]:
    level = LEVELS.get(line.level, (line.level, ""))
    return [(line.time[11:19], "dim"), level, (line.logger.removeprefix("mcp_agent."), "dim"), (line.message, "")]


def _same(one: LogLine, other: LogLine) -> bool:
    return one is other
