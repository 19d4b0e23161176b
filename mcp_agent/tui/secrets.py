"""Secrets: which there are. Their values never leave the vault."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from mcp_agent.control.stored import Key
from mcp_agent.errors import AgentError
from mcp_agent.tui.page import Page
from mcp_agent.tui.rows import Cell, Column, Rows

COLUMNS = (Column("Plugin", 24), Column("Name", 24), Column("Value", 0))


class Secrets(Page):
    HELP = """\
**Secrets** by name. No value is ever shown, here or anywhere else.

`mcp-agent secrets set PLUGIN NAME` in a terminal sets one, `mcp-agent secrets delete PLUGIN NAME` deletes one.
"""

    def compose(self) -> ComposeResult:
        rows: Rows[Key] = Rows(COLUMNS, _cells, id="secrets", empty="Looking.")
        yield rows
        yield Static("Set one in a terminal: mcp-agent secrets set PLUGIN NAME", classes="hint")

    def on_mount(self) -> None:
        self.query_one("#secrets").border_title = "Secrets"

    async def load(self) -> None:
        rows = self.query_one("#secrets", Rows)
        try:
            rows.show(await self.desk.stored.secrets(), empty="There are no secrets.")
        except AgentError as error:
            rows.show([], empty=str(error))


def _cells(one: Key) -> list[Cell]:
    return [(one.plugin, "strong"), (one.name, ""), ("•••••••• (never shown)", "dim")]
