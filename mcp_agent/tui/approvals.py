"""Approvals: what an assistant wants to do and may not without you."""

from __future__ import annotations

import time
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from mcp_agent.control.stored import Approval
from mcp_agent.tui.detail import Detail, Part
from mcp_agent.tui.page import Page
from mcp_agent.tui.rows import Cell, Column, Rows
from mcp_agent.tui.words import clock, lasts

COLUMNS = (
    Column("Since", 8), Column("Left", 7, True), Column("Tool", 24), Column("For", 18), Column("Id", 10, False, 100),
    Column("What", 0),
)  # fmt: skip


class Approvals(Page):
    HELP = """\
**Approvals**: calls that wait for your yes. They arrive here by themselves, and time out.

- `a` allows the current one, once, after a question
- `x` refuses it

A yes is good for this tool, these arguments and this client, and is used up by the call.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "allow", "Allow"),
        Binding("x", "refuse", "Refuse"),
        Binding("escape", "back", "Back", show=False),
    ]

    _waiting: tuple[Approval, ...] = ()

    def compose(self) -> ComposeResult:
        with Container(classes="split"):
            rows: Rows[Approval] = Rows(
                COLUMNS, _cells, same=_same, id="waiting", empty="Nothing waits for you."
            )  # fmt: skip
            yield rows
            yield Detail("What would happen", id="wish")

    def on_mount(self) -> None:
        self.query_one("#waiting").border_title = "Waiting for you"

    def waiting(self, found: tuple[Approval, ...]) -> None:
        """What waits now; the frame looks for it, whichever screen is seen."""
        self._waiting = found
        self.query_one("#waiting", Rows).show(found)
        if not found:
            self.query_one("#wish", Detail).show([])

    @on(Rows.Moved, "#waiting")
    def moved(self, event: Rows.Moved) -> None:
        self.attempt(self._look, "look")

    @on(Rows.Chosen, "#waiting")
    def chosen(self, event: Rows.Chosen) -> None:
        self.query_one("#wish").focus()

    async def _look(self) -> None:
        one = self.query_one("#waiting", Rows).current
        if one is None:
            return
        panel = self.query_one("#wish", Detail)
        parts: list[Part] = [("", f"{one.summary}\nFor {one.principal}, {one.id}.")]
        panel.show(parts, title=one.tool)
        wish = await self.desk.look_at_wish(one.id)
        if wish is not None and self.query_one("#waiting", Rows).current == one:
            before = wish.before if wish.before is not None else "The tool cannot tell."
            panel.show([*parts, ("Before: how it is now", before), ("After: what it is given", wish.arguments)])

    def action_back(self) -> None:
        self.first().focus()

    def action_allow(self) -> None:
        one = self.query_one("#waiting", Rows).current
        if one is not None:
            self.confirmed(
                f"{one.summary}\n\nAllow {one.tool} for {one.principal}, once?", "Allow", self._decide(one, True)
            )

    def action_refuse(self) -> None:
        one = self.query_one("#waiting", Rows).current
        if one is not None:
            self.attempt(self._decide(one, False))

    def _decide(self, one: Approval, allow: bool):  # type: ignore[no-untyped-def]
        async def work() -> None:
            await self.desk.stored.decide(one.id, allow)
            self.say(f"{one.tool} is {'allowed, once' if allow else 'refused'}.")
            self.waiting(tuple(await self.desk.stored.approvals()))

        return work


def _cells(one: Approval) -> list[Cell]:
    left = max(one.expires - time.time(), 0)
    return [
        (clock(one.created), "dim"), (lasts(left), "warn" if left < 60 else ""), (one.tool, "strong"),
        (one.principal, ""), (one.id, "dim"), (one.summary, ""),
    ]  # fmt: skip


def _same(one: Approval, other: Approval) -> bool:
    return one.id == other.id
