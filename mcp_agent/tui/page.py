"""What all screens have in common."""

from __future__ import annotations

import contextlib
import functools
import sqlite3
from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual.containers import Container
from textual.css.query import NoMatches
from textual.widget import Widget

from mcp_agent.control.desk import Desk
from mcp_agent.control.feed import Feed
from mcp_agent.errors import AgentError
from mcp_agent.tui.dialogs import Confirm
from mcp_agent.tui.words import plain

while_it_stands = functools.partial(contextlib.suppress, NoMatches)
"""Timers and workers go on for a moment while the screens are put up and taken down."""

TROUBLE = (AgentError, OSError, sqlite3.OperationalError)
"""What a person is told, and no bug: what was refused, by the agent or by the machine."""


class Page(Container):
    """One screen of the dashboard. ``paint`` shows what the feed has, ``load`` fetches what it has not."""

    LOAD_SECONDS: ClassVar[float] = 0.0
    """How often ``load`` runs while the screen is seen; 0 for only when it is opened."""

    def __init__(self, desk: Desk, feed: Feed, name: str) -> None:
        super().__init__(name=name, id=f"{name}-page")
        self.desk = desk
        self.feed = feed

    def first(self) -> Widget:
        """What gets the focus."""
        return self.query("Rows").first()

    def paint(self) -> None:
        """Ten times a second at most, while the screen is seen and the feed has something new."""

    async def load(self) -> None:
        """May take a while."""

    # --- doing something -------------------------------------------------------------------------

    def attempt(self, work: Callable[[], Awaitable[None]], group: str = "attempt") -> None:
        """Run it beside; what goes wrong is shown."""

        async def run() -> None:
            try:
                with while_it_stands():
                    await work()
            except TROUBLE as error:
                self.app.notify(plain(str(error)), title="It did not work", severity="error", markup=False)

        self.run_worker(run, group=f"{self.name}-{group}", exclusive=True)  # type: ignore[arg-type]

    def confirmed(self, question: str, yes: str, work: Callable[[], Awaitable[None]]) -> None:
        """Ask first; nothing happens without a yes."""

        def answered(answer: bool | None) -> None:
            if answer:
                self.attempt(work)

        self.app.push_screen(Confirm(question, yes), answered)

    def say(self, text: str) -> None:
        self.app.notify(plain(text), markup=False, timeout=3)
