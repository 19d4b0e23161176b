"""The wizard in a window of the terminal, with Textual. Its steps run in a thread and ask through ``ScreenFace``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Footer, Header, Static

from mcp_agent.errors import AgentError
from mcp_agent.vault.secret import Secret
from mcp_agent.wizard.face import Check, Face, Stopped
from mcp_agent.wizard.questions import One, Pick, Question, Typed, YesNo

_STYLE = """
#said { height: 1fr; padding: 1 2; }
#said Static { height: auto; }
#question { height: auto; max-height: 85%; border-top: solid $primary; padding: 0 2; }
#question .title { text-style: bold; }
#question .about { color: $text-muted; }
#question .wrong { color: $text-error; text-style: bold; }
#question SelectionList, #question OptionList { height: auto; max-height: 55vh; }
#question Horizontal { height: auto; }
"""


class WizardApp(App[AgentError | OSError | None]):
    """Runs ``work`` with a face. Gives what stopped it, None when it came to its end. ``said`` is all it showed."""

    TITLE = "mcp-agent setup"
    CSS = _STYLE
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "Give up"),
        Binding("ctrl+q", "give_up", "Give up", show=False),
        Binding("ctrl+c", "give_up", "Give up", show=False, priority=True),
    ]

    def __init__(self, work: Callable[[Face], None]) -> None:
        super().__init__()
        self._work = work
        self._asked: Future[Any] | None = None
        self.closed = False
        self.said: list[str] = []

    def compose(self) -> ComposeResult:
        yield Header()
        yield VerticalScroll(id="said")
        yield VerticalScroll(id="question", can_focus=False)  # scrolls where the terminal is too small for it
        yield Footer()

    def on_mount(self) -> None:
        self.run_worker(self._run, thread=True)

    def on_unmount(self) -> None:
        """However the window ends: the steps must not wait for it any more."""
        self.closed = True
        self.action_give_up()

    def action_give_up(self) -> None:
        """Nothing is written before the end; in the middle of writing nothing is asked."""
        if self._asked is not None and not self._asked.done():
            self._asked.set_exception(Stopped("Given up. What was not written yet stays as it was."))

    def show(self, question: Question[Any], asked: Future[Any]) -> None:
        """Put a question below what was said; its answer ends ``asked``."""
        self._asked = asked
        self.call_later(self._put, question)

    def tell(self, text: str) -> None:
        self.said.append(text)
        place = self.query_one("#said", VerticalScroll)
        place.mount(Static(text, markup=False))
        place.scroll_end(animate=False)

    async def _put(self, question: Question[Any]) -> None:
        place = self.query_one("#question")
        await place.remove_children()
        await place.mount(question)
        question.begin()
        self.call_after_refresh(place.scroll_end, animate=False)  # what is answered with is at the end

    async def on_question_answered(self, event: Question.Answered) -> None:
        if self._asked is not None and not self._asked.done():
            await self.query_one("#question").remove_children()
            self._asked.set_result(event.answer)

    def _run(self) -> None:
        stopped: AgentError | OSError | None = None
        try:
            self._work(ScreenFace(self))
        except (AgentError, OSError) as error:
            stopped = error
        if not self.closed:
            self.call_from_thread(self.exit, stopped)


class ScreenFace:
    """A Face of the wizard. Its methods run in the thread of the steps."""

    def __init__(self, app: WizardApp) -> None:
        self._app = app

    def say(self, text: str) -> None:
        self._check()
        self._app.call_from_thread(self._app.tell, text.strip("\n"))

    def pick(self, question: str, options: Sequence[str], chosen: Sequence[int]) -> list[int]:
        return list(self._ask(lambda: Pick(question, options, chosen)))

    def one(self, question: str, options: Sequence[str]) -> int:
        return int(self._ask(lambda: One(question, options)))

    def text(self, question: str, about: str, default: str, check: Check) -> str:
        return str(self._ask(lambda: Typed(question, about, default, check)))

    def secret(self, question: str, about: str) -> Secret | None:
        text = str(self._ask(lambda: Typed(question, about, "", lambda text: None, hidden=True)))
        return Secret(text) if text else None

    def yes(self, question: str) -> bool:
        return bool(self._ask(lambda: YesNo(question)))

    def _ask(self, make: Callable[[], Question[Any]]) -> Any:
        self._check()
        asked: Future[Any] = Future()
        self._app.call_from_thread(lambda: self._app.show(make(), asked))
        return asked.result()

    def _check(self) -> None:
        if self._app.closed:
            raise Stopped("The window was closed. What was not written yet stays as it was.")
