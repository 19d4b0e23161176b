"""The lines above and below the screens: tabs, and the keys that work now. Each is one widget, painted in one go."""

from __future__ import annotations

from collections.abc import Iterable

from rich.style import Style
from rich.text import Text
from textual import events
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static


class Spots(Static):
    """A line of words, some of which can be clicked. ``Picked`` tells which."""

    class Picked(Message):
        def __init__(self, line: Spots, name: str) -> None:
            super().__init__()
            self.line = line
            self.name = name

        @property
        def control(self) -> Spots:
            return self.line

    _shown: Text | None = None
    _ends: tuple[tuple[int, str], ...] = ()

    def spots(self, parts: Iterable[tuple[str, str, str | Style]]) -> None:
        """Parts as (name, text, style); what has a name can be clicked."""
        text, ends = Text(no_wrap=True), []
        for name, words, style in parts:
            text.append(words, style)
            ends.append((text.cell_len, name))
        if text != self._shown or text.spans != self._shown.spans:
            self._shown, self._ends = text, tuple(ends)
            self.update(text, layout=False)

    def on_click(self, event: events.Click) -> None:
        name = next((name for end, name in self._ends if event.x < end), "")
        if name:
            self.post_message(self.Picked(self, name))


class Tabs(Spots):
    """The names of the screens, each with its key."""

    def show(self, names: Iterable[str], active: str, counts: dict[str, int]) -> None:
        """``counts`` is what waits on a screen."""
        parts: list[tuple[str, str, str]] = []
        for number, name in enumerate(names, 1):
            count = f" ({counts[name]})" if counts.get(name) else ""
            chosen = name == active
            parts.append((name, f" {number} ", "reverse bold" if chosen else "dim"))
            parts.append((name, f"{name.capitalize()}{count} ", "reverse bold" if chosen else "bold" if count else ""))
        self.spots(parts)


class Keys(Spots):
    """What can be pressed now. A click presses it."""

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._show)
        self._show(self.screen)

    def _show(self, screen: Screen[object]) -> None:
        parts: list[tuple[str, str, str]] = []
        seen = set()
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.show and binding.action not in seen:
                seen.add(binding.action)
                key = binding.key.partition(",")[0]
                parts.append((key, f" {self.app.get_key_display(binding)} ", f"bold {self.app.current_theme.accent}"))
                parts.append((key, f"{binding.description} ", ""))
        self.spots(parts)

    def on_spots_picked(self, message: Spots.Picked) -> None:
        message.stop()
        self.app.simulate_key(message.name)
