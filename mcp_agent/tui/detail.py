"""The panel that shows one thing in full."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from mcp_agent.tui.words import plain, pretty

_LONGEST = 20_000
_ROOMY = 30
"""Lines of the terminal from which on there is room for empty ones."""

Part = tuple[str, str]
"""A heading and what stands below it; without a heading it is a line of its own."""


class Detail(VerticalScroll):
    """Scrolls when it is focused. Texts from anywhere are shown as they are: nothing in them is markup."""

    HELP = "Everything about the row on the left or above. **Enter** in the table comes here, **Escape** goes back."

    def __init__(self, title: str, *, id: str) -> None:
        super().__init__(id=id)
        self.border_title = title
        self._text = Static("", markup=False)
        self._shown: tuple[Sequence[Part], str] | None = None

    def compose(self) -> ComposeResult:
        yield self._text

    def show(self, parts: Sequence[Part], *, title: str = "") -> None:
        """Values that are JSON are indented."""
        if self._shown == (parts, title):
            return
        self._shown = (parts, title)
        if title:
            self.border_title = title
        text = Text(overflow="fold")
        for heading, value in parts:
            if not value:
                continue
            if text:
                text.append("\n\n" if self.app.size.height > _ROOMY else "\n")
            if heading:
                text.append(f"{heading}\n", "bold")
            text.append(plain(pretty(value))[:_LONGEST])
        self._text.update(text)
        self.scroll_home(animate=False)
