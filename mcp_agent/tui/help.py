"""Help: what there is, and which keys do what."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from mcp_agent.tui.page import Page

_KEYS = {
    "Everywhere": {
        "1 to 8": "the screens, from left to right",
        "?": "help beside what has the focus; again to close",
        "Ctrl+P": "every command by name: themes, screens, pictures",
        "Tab": "the next panel; the mouse works too",
        "Enter, Escape": "into the details of a row, and back",
        "/": "filter or search",
        "q": "leave; instances go on without you",
    },
    "On one screen": {
        "Calls": "r read again, u undo a write, Space hold still",
        "Approvals": "a allow, x refuse",
        "Plugins": "e enable, d disable, h ask how they are",
        "Memory": "e edit, f forget, F forget for good",
        "Logs": "l from which level on",
    },
    "Marks": {
        "✓ ok  ✗ error  ‼ bug": "how a call ended",
        "⊘ denied  ◷ timeout": "by the policy or by you; it took too long",
        "r  w  D": "only reads; can be taken back; cannot be",
    },
}
_WIDTH = 24


def text() -> Text:
    """All of it, in two columns."""
    whole = Text()
    for heading, keys in _KEYS.items():
        whole.append(f"{heading}\n", "bold")
        for key, words in keys.items():
            whole.append(f"  {key:<{_WIDTH}}", "bold cyan")
            whole.append(f"{words}\n")
    return whole


class Help(Page):
    HELP = "All keys. `?` on any other screen helps with what has the focus there."

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="keys"):
            yield Static(text(), markup=False)

    def on_mount(self) -> None:
        self.query_one("#keys").border_title = "Help"

    def first(self) -> Widget:
        return self.query_one("#keys")
