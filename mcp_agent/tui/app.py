"""The frame of the dashboard: tabs, a line of status, keys that work everywhere, and the timers."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import App, ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import ContentSwitcher, Static

from mcp_agent.control.desk import Desk
from mcp_agent.control.feed import Feed
from mcp_agent.control.stored import Approval
from mcp_agent.tui.approvals import Approvals
from mcp_agent.tui.calls import Calls
from mcp_agent.tui.help import Help
from mcp_agent.tui.lines import Keys, Tabs
from mcp_agent.tui.logs import Logs
from mcp_agent.tui.memory import Memory
from mcp_agent.tui.now import Now
from mcp_agent.tui.page import TROUBLE, Page, while_it_stands
from mcp_agent.tui.plugins import Plugins
from mcp_agent.tui.secrets import Secrets
from mcp_agent.tui.themes import THEMES
from mcp_agent.tui.words import plain, plural, took

PAGES: dict[str, type[Page]] = {
    "now": Now, "calls": Calls, "approvals": Approvals, "plugins": Plugins, "memory": Memory, "secrets": Secrets,
    "logs": Logs, "help": Help,
}  # fmt: skip
PAINT_SECONDS = 0.1
_APPROVAL_SECONDS = 0.5


class Dashboard(App[None]):
    """Watches what ``desk`` is attached to. With ``live`` off no timer runs, and only ``feed`` brings news."""

    TITLE = "mcp_agent"
    CSS_PATH = "style.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012  as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(number), f"page({name!r})", name.capitalize(), show=False)
            for number, name in enumerate(PAGES, 1)
        ),
        Binding("question_mark,f1", "help", "Help", key_display="?"),
        Binding("q", "quit", "Quit"),
    ]

    def __init__(self, desk: Desk, feed: Feed, *, page: str = "now", live: bool = True) -> None:
        super().__init__()
        self.desk = desk
        self.feed = feed
        self._page = page
        self._live = live
        self._putting_up = asyncio.Lock()
        self._painted = -1
        self._known: frozenset[str] = frozenset()
        self._waiting: tuple[Approval, ...] = ()
        self._trouble = ""

    def compose(self) -> ComposeResult:
        yield Tabs(id="tabs")
        yield Static(id="status")
        yield ContentSwitcher()
        yield Keys(id="hints")

    async def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        await self.action_page(self._page)
        if self._live:
            self.set_interval(PAINT_SECONDS, self.paint)
            self.set_interval(1.0, self._second)
            self.set_interval(_APPROVAL_SECONDS, self._look_for_approvals)
            self.run_worker(self._put_up_others, group="pages")  # type: ignore[arg-type]

    @property
    def page(self) -> Page:
        return self.query_one(f"#{self._page}-page", Page)

    # --- news ------------------------------------------------------------------------------------

    def paint(self) -> None:
        """Show what is new, if anything is."""
        if self._painted == self.feed.version:
            return
        with while_it_stands():
            self.page.paint()
            self.query_one("#status", Static).update(self._status(), layout=False)
            self._painted = self.feed.version

    def waiting(self, found: tuple[Approval, ...]) -> None:
        """What waits for consent now. Whatever is new rings a bell, on every screen."""
        known, self._known = self._known, frozenset(one.id for one in found)
        new = [one for one in found if one.id not in known]
        self._waiting = found
        with while_it_stands():
            self._tabs()
            self.query_one(Approvals).waiting(found)
        for one in new:
            self.bell()
            if self._page != "approvals":
                self.notify(
                    plain(f"{one.summary}\nPress 3."), title="Waiting for you", severity="warning", markup=False
                )

    def _second(self) -> None:
        self.feed.sample()
        self.run_worker(self.feed.refresh, group="refresh", exclusive=True)  # type: ignore[arg-type]

    async def _look_for_approvals(self) -> None:
        try:
            found = tuple(await self.desk.stored.approvals())
        except TROUBLE as error:
            if str(error) != self._trouble:  # once, not at every look
                self._trouble = str(error)
                self.notify(plain(self._trouble), title="Nobody can ask you", severity="error", markup=False)
            return
        self._trouble = ""
        if found or self._waiting:
            self.waiting(found)

    def _load(self, page: Page) -> None:
        if page.name == self._page:
            self.run_worker(functools.partial(self._loaded, page), group=f"load-{page.name}", exclusive=True)  # type: ignore[arg-type]

    async def _loaded(self, page: Page) -> None:
        try:
            with while_it_stands():
                await page.load()
        except TROUBLE as error:
            self.notify(plain(str(error)), severity="error", markup=False)

    def _tabs(self) -> None:
        self.query_one(Tabs).show(PAGES, self._page, {"approvals": len(self._waiting)})

    def _status(self) -> Text:
        feed, last = self.feed, self.feed.samples[-1]
        text = Text(no_wrap=True, overflow="ellipsis")
        alive = len(feed.alive)
        gone = len(feed.watched) - alive
        if alive:
            text.append("● ", self.current_theme.success or "")
            text.append(plural(alive, "instance"), "bold")
        else:
            text.append("○ no instance runs; this is what is on disk", "bold")
        if gone:
            text.append(f"  ✗ {gone} gone", f"bold {self.current_theme.error}")
        if alive:
            flight = sum(one.tick.in_flight for one in feed.alive if one.tick is not None)
            text.append(f"  {last.rate:,} calls/s  {flight} in flight  ")
            text.append(f"50% < {took(last.p50)}  95% < {took(last.p95)}", "dim")
        return text

    # --- keys ------------------------------------------------------------------------------------

    async def action_page(self, name: str) -> None:
        """Open a screen."""
        await self._put_up(name)
        self._page = name
        self.query_one(ContentSwitcher).current = f"{name}-page"
        self._tabs()
        self._painted = -1
        self.page.first().focus()
        self.call_after_refresh(self._opened)  # what it showed last is on the screen at once

    async def _put_up(self, name: str) -> None:
        """Put a screen together, once."""
        async with self._putting_up:
            if self.query(f"#{name}-page"):
                return
            page = PAGES[name](self.desk, self.feed, name)
            await self.query_one(ContentSwitcher).add_content(page)
            if isinstance(page, Approvals):
                page.waiting(self._waiting)
            if self._live and page.LOAD_SECONDS:
                self.set_interval(page.LOAD_SECONDS, lambda: self._load(page))

    async def _put_up_others(self) -> None:
        """One by one, so that keys go between: the first screen was painted without waiting for them."""
        for name in PAGES:
            await asyncio.sleep(PAINT_SECONDS)
            with while_it_stands():
                await self._put_up(name)

    def _opened(self) -> None:
        self.paint()
        self._load(self.page)

    @on(Tabs.Picked, "#tabs")
    async def picked(self, message: Tabs.Picked) -> None:
        await self.action_page(message.name)

    def action_help(self) -> None:
        """Help beside what has the focus."""
        from textual.widgets import HelpPanel  # it brings a parser of Markdown along, which takes its time

        if self.screen.query(HelpPanel):
            self.action_hide_help_panel()
        else:
            self.action_show_help_panel()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        yield from super().get_system_commands(screen)
        for number, name in enumerate(PAGES, 1):
            yield SystemCommand(
                f"Open {name}", f"The screen {name} (key {number})", lambda name=name: self.action_page(name)
            )
