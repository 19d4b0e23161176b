"""A line of bars, the newest at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

_EIGHTHS = " ▁▂▃▄▅▆▇█"


class Graph(Widget):
    """``words`` puts a value into words, for the line above the bars; ``what`` says what they count."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"graph--bar", "graph--value", "graph--dim"}

    def __init__(self, title: str, words: Callable[[float], str], *, id: str) -> None:
        super().__init__(id=id)
        self.border_title = title
        self._words = words
        self._values: Sequence[float] = ()

    def show(self, values: Sequence[float]) -> None:
        """The newest last."""
        if values != self._values:
            self._values = values
            self.refresh()

    def render_line(self, y: int) -> Strip:
        width, height = self.size
        values = list(self._values[-width:])
        peak = max(values, default=0.0)
        if y == 0:
            return self._numbers(values, peak, width)
        bar = self.get_component_rich_style("graph--bar")
        levels, row = (height - 1) * 8, height - 1 - y
        text = "".join(_EIGHTHS[_filled(value, peak, levels, row)] for value in values)
        return Strip([Segment(text.rjust(width), bar)])

    def _numbers(self, values: Sequence[float], peak: float, width: int) -> Strip:
        now = self._words(values[-1] if values else 0.0)
        most = f"peak {self._words(peak)}"
        gap = max(width - len(now) - len(most), 1)
        return Strip(
            [
                Segment(now, self.get_component_rich_style("graph--value")),
                Segment(" " * gap + most, self.get_component_rich_style("graph--dim")),
            ]
        ).adjust_cell_length(width)


def _filled(value: float, peak: float, levels: int, row: int) -> int:
    """Eighths of one cell: ``row`` counts from the bottom."""
    if value <= 0 or peak <= 0:
        return 0
    filled = max(round(value / peak * levels), 1)
    return max(0, min(8, filled - 8 * row))
