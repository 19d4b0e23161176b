"""Plugins: what is installed, how it is, and its switches."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from mcp_agent.control.api import PluginFacts
from mcp_agent.jsonio import encode
from mcp_agent.model import BreakerState
from mcp_agent.tui.detail import Detail, Part
from mcp_agent.tui.page import Page
from mcp_agent.tui.rows import Cell, Column, Rows
from mcp_agent.tui.words import STATUSES, lasts, plural

COLUMNS = (
    Column("Plugin", 12), Column("Status", 11), Column("Tools", 5, True), Column("Calls", 8, True),
    Column("Failed", 6, True), Column("Version", 8, False, 90), Column("How it is", 0),
)  # fmt: skip

_BREAKERS = {"open": ("⊘ left alone", "bad"), "half-open": ("◌ trying", "warn"), "failing": ("▲ failing", "warn")}


class Plugins(Page):
    LOAD_SECONDS = 2.0
    HELP = """\
**Plugins** that are installed. Switching one writes it into your configuration, and into every instance that runs.

- `e` switches the current one on, `d` off
- `h` asks it how it is

A service that keeps failing is **left alone** for a while, and callers hear so at once.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "switch(True)", "Enable"),
        Binding("d", "switch(False)", "Disable"),
        Binding("h", "check", "Health"),
        Binding("escape", "back", "Back", show=False),
    ]

    _health: dict[str, str]

    def compose(self) -> ComposeResult:
        with Container(classes="split"):
            rows: Rows[PluginFacts] = Rows(COLUMNS, _cells, same=_same, id="plugins", empty="Looking.")
            yield rows
            yield Detail("Plugin", id="plugin")

    def on_mount(self) -> None:
        self._health = {}
        self.query_one("#plugins").border_title = "Plugins"

    async def load(self) -> None:
        found = await self.desk.plugins()
        self.query_one("#plugins", Rows).show(sorted(found, key=lambda one: one.name), empty="No plugin is installed.")
        self._look()

    @on(Rows.Moved, "#plugins")
    def moved(self, event: Rows.Moved) -> None:
        self._look()

    @on(Rows.Chosen, "#plugins")
    def chosen(self, event: Rows.Chosen) -> None:
        self.query_one("#plugin").focus()

    def _look(self) -> None:
        one = self.query_one("#plugins", Rows).current
        if one is not None:
            self.query_one("#plugin", Detail).show(_parts(one, self._health.get(one.name, "")), title=one.name)

    # --- keys ------------------------------------------------------------------------------------

    def action_back(self) -> None:
        self.first().focus()

    def action_check(self) -> None:
        async def work() -> None:
            self._health = {one.name: one.health for one in await self.desk.plugins(checked=True)}
            self._look()
            self.say("Every plugin was asked how it is.")

        self.attempt(work)

    def action_switch(self, on: bool) -> None:
        one = self.query_one("#plugins", Rows).current
        if one is None:
            return
        work = self._switch(one, on)
        if on:
            self.attempt(work)
        else:
            tools = plural(len(one.tools), "tool")
            self.confirmed(f"Switch {one.name} off? Its {tools} will be gone for every assistant.", "Switch off", work)

    def _switch(self, one: PluginFacts, on: bool) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            _, followed = await self.desk.switch_plugin(one.name, on)
            where = f"here and in {plural(followed, 'instance')}" if followed else "in the configuration"
            self.say(f"{one.name} is {'on' if on else 'off'} {where}.")
            await self.load()

        return work


def _cells(one: PluginFacts) -> list[Cell]:
    status = STATUSES.get(one.status, (one.status, ""))
    return [
        (one.name, "strong"), status, (str(len(one.tools)) if one.tools else "-", ""),
        (f"{one.calls:,}", "" if one.calls else "dim"), (f"{one.failed:,}", "warn" if one.failed else "dim"),
        (one.version, "dim"), _how(one),
    ]  # fmt: skip


def _how(one: PluginFacts) -> Cell:
    """Why it is not active, the worst of its services, or that all is well."""
    if one.reason:
        return one.reason, "warn"
    if one.breakers:
        worst = min(one.breakers, key=lambda breaker: list(_BREAKERS).index(breaker.state))
        words, style = _BREAKERS[worst.state]
        return f"{words}: {worst.host}" if worst.host else words, style
    return ("✓ fine" if one.status == "active" else "", "dim")


def _same(one: PluginFacts, other: PluginFacts) -> bool:
    return one.name == other.name


def _parts(one: PluginFacts, health: str) -> list[Part]:
    rate = f"{one.rate:g} calls a minute at most" if one.rate else "no limit of calls"
    return [
        ("", f"{STATUSES.get(one.status, (one.status, ''))[0]}, version {one.version or 'unknown'}, {rate}"),
        ("Reason", one.reason),
        ("Health", health or "h asks it how it is."),
        ("Services in trouble", "\n".join(_trouble(breaker) for breaker in one.breakers)),
        ("Settings", encode(one.config).decode() if one.config else "None: all is as it comes."),
        ("Tools", "\n".join(one.tools)),
    ]


def _trouble(breaker: BreakerState) -> str:
    what = breaker.host or "what it needs"
    rest = f"; tried again in {lasts(breaker.seconds)}" if breaker.seconds else ""
    return f"{what}: {_BREAKERS[breaker.state][0]}, {plural(breaker.failures, 'failure')} in a row{rest}"
