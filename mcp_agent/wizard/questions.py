"""The questions of the wizard as widgets: each posts ``Answered`` once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Button, Input, OptionList, SelectionList, Static
from textual.widgets.option_list import Option

from mcp_agent.wizard.face import Check

A = TypeVar("A")


class Question(Vertical, Generic[A]):
    """Base of all. ``begin`` gives the focus to what is answered with."""

    DEFAULT_CSS = "Question { height: auto; }"

    class Answered(Message):
        """``answer`` is of the type of its question."""

        def __init__(self, answer: object) -> None:
            super().__init__()
            self.answer = answer

    def __init__(self, title: str, about: str = "") -> None:
        super().__init__()
        self._title = title
        self._about = about

    def compose(self) -> ComposeResult:
        yield Static(self._title, classes="title", markup=False)
        if self._about:
            yield Static(self._about, classes="about", markup=False)
        yield from self.controls()

    def controls(self) -> ComposeResult:
        yield from ()

    def begin(self) -> None:
        for widget in self.query("SelectionList, OptionList, Input, Button"):
            widget.focus()
            return

    def answered(self, answer: A) -> None:
        self.post_message(self.Answered(answer))


class Pick(Question[list[int]]):
    """Any number of options. Space chooses, Enter goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "go_on", "Go on", priority=True)]

    def __init__(self, title: str, options: Sequence[str], chosen: Sequence[int]) -> None:
        super().__init__(title, "Space puts one in or out, Enter goes on.")
        self._options = options
        self._chosen = set(chosen)

    def controls(self) -> ComposeResult:
        yield SelectionList[int](*((_plain(option), at, at in self._chosen) for at, option in enumerate(self._options)))

    def action_go_on(self) -> None:
        self.answered(sorted(self.query_one(SelectionList).selected))


class One(Question[int]):
    """One of the options."""

    def __init__(self, title: str, options: Sequence[str]) -> None:
        super().__init__(title, "Enter takes the one that is marked.")
        self._options = options

    def controls(self) -> ComposeResult:
        yield OptionList(*(Option(_plain(option)) for option in self._options))

    def begin(self) -> None:
        super().begin()
        self.query_one(OptionList).highlighted = 0

    @on(OptionList.OptionSelected)
    def chosen(self, event: OptionList.OptionSelected) -> None:
        self.answered(event.option_index)


class Typed(Question[str]):
    """A line of text. What is wrong with it is said, and it can be mended."""

    def __init__(self, title: str, about: str, default: str, check: Check, *, hidden: bool = False) -> None:
        super().__init__(title, about)
        self._default = default
        self._check = check
        self._hidden = hidden

    def controls(self) -> ComposeResult:
        yield Input(self._default, password=self._hidden)
        yield Static("", classes="wrong", markup=False)

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        text = event.value.strip() or self._default
        wrong = self._check(text)
        if wrong is None:
            self.answered(text)
        else:
            said = self.query_one(".wrong", Static)
            said.update(wrong)
            self.call_after_refresh(said.scroll_visible)


class YesNo(Question[bool]):
    """No has the focus: Enter alone changes nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "yes", "Yes"), Binding("n", "no", "No"), Binding("left,right", "app.focus_next", show=False),
    ]  # fmt: skip

    def controls(self) -> ComposeResult:
        with Horizontal():
            yield Button("No", id="no")
            yield Button("Yes", id="yes")

    @on(Button.Pressed)
    def pressed(self, event: Button.Pressed) -> None:
        self.answered(event.button.id == "yes")

    def action_yes(self) -> None:
        self.answered(True)

    def action_no(self) -> None:
        self.answered(False)


def _plain(text: str) -> str:
    """Options take markup; texts of plugins are none."""
    return text.replace("[", "\\[")
