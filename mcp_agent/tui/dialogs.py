"""Yes or no, and a text to edit."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from mcp_agent.tui.words import plain


class Confirm(ModalScreen[bool]):
    """Gives True for yes. What is asked stands there in full; the safe answer has the focus."""

    HELP = "**y** says yes, **n** or **Escape** says no."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes"),
        Binding("n,escape", "answer(False)", "No"),
        Binding("left,right", "other", "Other button", show=False),
    ]

    def __init__(self, question: str, yes: str) -> None:
        super().__init__()
        self._question = question
        self._yes = yes

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(plain(self._question), markup=False)
            with Horizontal():
                yield Button("No (n)", id="no")
                yield Button(f"{self._yes} (y)", id="yes", variant="warning")

    def on_mount(self) -> None:
        self.query_one("#no").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)

    def action_other(self) -> None:
        self.focus_next()


class Edit(ModalScreen[str | None]):
    """Gives the new text, None when it is left as it is."""

    HELP = "**Ctrl+S** saves, **Escape** leaves it as it is."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", priority=True),
        Binding("escape", "leave", "Leave as it is", priority=True),
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        from textual.widgets import TextArea  # it brings parsers along: only who edits waits for them

        with Vertical(classes="dialog"):
            self._area = TextArea(self._text, soft_wrap=True)
            yield self._area
            yield Static("Ctrl+S saves, Escape leaves it as it is.", classes="hint")

    def on_mount(self) -> None:
        self.query_one(".dialog").border_title = self._title
        self._area.focus()

    def action_save(self) -> None:
        text = self._area.text.strip()
        self.dismiss(text if text and text != self._text else None)

    def action_leave(self) -> None:
        self.dismiss(None)
