"""Memory: what is remembered, found, mended and forgotten through the tools of the memory plugin."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widgets import Input

from mcp_agent.control import memory
from mcp_agent.control.memory import Forgotten, Remembered
from mcp_agent.tui.detail import Detail
from mcp_agent.tui.dialogs import Edit
from mcp_agent.tui.page import Page
from mcp_agent.tui.rows import Cell, Column, Rows
from mcp_agent.tui.words import plural

COLUMNS = (
    Column("No.", 6, True), Column("Remembered", 10), Column("Fact", 0), Column("From", 14, False, 84),
)  # fmt: skip
_ABSENT = "No instance with the memory plugin runs: start your assistant, or enable it under Plugins."


class Memory(Page):
    HELP = """\
**Memory**: what your assistant remembers.

- `/` searches: ask as you would ask the assistant
- `e` edits the current fact; the old version stays in its history
- `f` forgets it, after a question; `u` under Calls brings it back
- `F` forgets it for good: it is wiped from every file, and nothing brings it back

Without the tools of the memory plugin this screen only reads, or shows nothing.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", key_display="/"),
        Binding("e", "edit", "Edit"),
        Binding("f,delete", "forget(False)", "Forget"),
        Binding("F", "forget(True)", "For good"),
        Binding("escape", "back", "Back", show=False),
    ]

    _tools: frozenset[str] = frozenset()
    _query = ""

    def compose(self) -> ComposeResult:
        yield Input(placeholder="Type / to search what is remembered", id="query", compact=True)
        with Container(classes="split"):
            rows: Rows[Remembered] = Rows(COLUMNS, _cells, same=_same, id="facts", empty="Looking.")
            yield rows
            yield Detail("Fact", id="fact")

    def on_mount(self) -> None:
        self.query_one("#query").can_focus = False
        self.query_one("#facts").border_title = "Remembered"

    async def load(self) -> None:
        rows = self.query_one("#facts", Rows)
        self._tools = await memory.memory_tools(self.desk)
        if memory.RECALL not in self._tools:
            rows.show([], empty=_ABSENT)
            return
        found = await memory.search(self.desk, self._query, self._tools)
        rows.show(found, empty=f"Nothing is remembered about {self._query}." if self._query else "Search with /.")
        rows.border_title = f"Remembered ({plural(len(found), 'fact')}{'' if self._writable else ', read-only'})"

    @property
    def _writable(self) -> bool:
        return memory.UPDATE in self._tools

    @on(Rows.Moved, "#facts")
    def moved(self, event: Rows.Moved) -> None:
        one = self.query_one("#facts", Rows).current
        panel = self.query_one("#fact", Detail)
        if one is None:
            panel.show([])
            return
        panel.show(
            [
                ("", one.text), ("Remembered", one.created.replace("T", " ").removesuffix("Z")),
                ("From", one.source or ""), ("Tags", ", ".join(one.tags)),
                ("Out of date", f"Fact {one.superseded_by} took its place." if one.superseded_by else ""),
            ],
            title=f"Fact {one.id}",
        )  # fmt: skip

    @on(Rows.Chosen, "#facts")
    def chosen(self, event: Rows.Chosen) -> None:
        self.query_one("#fact").focus()

    # --- keys ------------------------------------------------------------------------------------

    def action_search(self) -> None:
        field = self.query_one("#query", Input)
        field.can_focus = True
        field.focus()

    @on(Input.Submitted, "#query")
    def searched(self, event: Input.Submitted) -> None:
        self._query = event.value.strip()
        self.action_back()
        self.attempt(self.load)

    def action_back(self) -> None:
        self.query_one("#query", Input).can_focus = False
        self.first().focus()

    def action_edit(self) -> None:
        one = self._current()
        if one is None:
            return

        def edited(text: str | None) -> None:
            if text is None:
                return

            async def work() -> None:
                new = await memory.update(self.desk, one.id, text)
                self.say(f"Fact {new} took the place of fact {one.id}.")
                await self.load()

            self.attempt(work)

        self.app.push_screen(Edit(f"Fact {one.id}, as it is now", one.text), edited)

    def action_forget(self, permanent: bool) -> None:
        one = self._current()
        if one is None:
            return

        async def work() -> None:
            done = await memory.forget(self.desk, one.id, permanent=permanent)
            self.say(f"Fact {one.id} is forgotten{' for good' if permanent else ''}.{_left(done)}")
            await self.load()

        if permanent:
            what = f"Wipe fact {one.id} from every file? Nothing can bring it back."
        else:
            what = f"Forget fact {one.id}? Under Calls it can be brought back."
        self.confirmed(f"{what}\n\n{one.text}", "Wipe it" if permanent else "Forget", work)

    def _current(self) -> Remembered | None:
        one: Remembered | None = self.query_one("#facts", Rows).current
        if one is not None and not self._writable:
            self.say("This memory plugin can only be read from here.")
            return None
        return one


def _cells(one: Remembered) -> list[Cell]:
    text = f"(out of date) {one.text}" if one.superseded_by else one.text
    return [
        (str(one.id), "dim"), (one.created[:10], "dim"), (text, "dim" if one.superseded_by else ""),
        (one.source or "", "dim"),
    ]  # fmt: skip


def _left(done: Forgotten) -> str:
    """What may still tell of it."""
    versions = f" Older versions stay: {', '.join(map(str, done.versions))}." if done.versions else ""
    return versions + (f" Copies may hold it: {', '.join(done.copies)}." if done.copies else "")


def _same(one: Remembered, other: Remembered) -> bool:
    return one.id == other.id
