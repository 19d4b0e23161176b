"""A table of any length: only the lines that are seen are made, each time something changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from mcp_agent.tui.words import plain

T = TypeVar("T")

Cell = tuple[str, str]
"""A text and its style: ``good``, ``bad``, ``warn``, ``accent``, ``dim``, ``strong`` or nothing."""

_STYLES = ("good", "bad", "warn", "accent", "dim", "strong")
_GAP = 2
_SEARCHED = 2000


class Column(NamedTuple):
    """``width`` 0 takes what is left. It is shown in tables of ``room`` cells and more."""

    title: str
    width: int = 0
    right: bool = False
    room: int = 0


class Rows(ScrollView, Generic[T], can_focus=True):
    """``cells`` gives the texts of a row, one for each column; ``same`` whether two values are one row."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"rows--{name}" for name in (*_STYLES, "head", "cursor", "empty")}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,g", "end(-1)", "First", show=False),
        Binding("end,G", "end(1)", "Last", show=False),
        Binding("enter", "choose", "Open", show=False),
    ]

    class Moved(Message):
        """Another row is the current one. ``by_hand`` where the person moved, not the rows."""

        def __init__(self, rows: Rows[Any], by_hand: bool = True) -> None:
            super().__init__()
            self.rows = rows
            self.by_hand = by_hand

        @property
        def control(self) -> Rows[Any]:
            return self.rows

    class Chosen(Moved):
        """The person pressed Enter on the current row."""

    def __init__(
        self,
        columns: Sequence[Column],
        cells: Callable[[T], Sequence[Cell]],
        *,
        same: Callable[[T, T], bool] = lambda one, other: one == other,
        empty: str = "Nothing here.",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._columns = columns
        self._cells = cells
        self._same = same
        self._empty = empty
        self._rows: Sequence[T] = ()
        self._cursor = 0
        self._shown: T | None = None
        self._plain = Style()

    # --- what it shows ---------------------------------------------------------------------------

    def show(self, rows: Sequence[T], *, empty: str | None = None) -> None:
        """Show these rows. The current row stays the same one where it is still there; the first stays the first.

        They may be the same sequence as before, with something else in it.
        """
        current = self._shown
        self._rows = rows
        if empty is not None:
            self._empty = empty
        before = self._cursor
        self._cursor = self._found(current) if current is not None and before else 0
        size = Size(1, len(rows) + 1)  # never scrolls sideways, and another width is no reason for a new layout
        if size != self.virtual_size:
            self.virtual_size = size
        if before and self._cursor != before:  # stay beside the same neighbours
            self.scroll_to(y=self.scroll_offset.y + self._cursor - before, animate=False, force=True)
        self.refresh()
        self._shown = self.current
        if self._shown != current:
            self.post_message(self.Moved(self, by_hand=False))

    @property
    def current(self) -> T | None:
        return self._rows[self._cursor] if self._cursor < len(self._rows) else None

    @property
    def follows(self) -> bool:
        """Whether the first row is the current one: then what is new becomes it."""
        return self._cursor == 0

    def _found(self, wanted: T) -> int:
        for at in range(self._cursor, min(self._cursor + _SEARCHED, len(self._rows))):
            if self._same(self._rows[at], wanted):
                return at
        for at in range(min(self._cursor, len(self._rows))):
            if self._same(self._rows[at], wanted):
                return at
        return max(0, min(self._cursor, len(self._rows) - 1))

    # --- painting --------------------------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        self._plain = self.rich_style  # worked out from all that it stands in, so once and not for each line
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        if y == 0:
            style = self.get_component_rich_style("rows--head")
            return self._strip([(column.title, "") for column in self._columns], style, width)
        at = self.scroll_offset.y + y - 1
        if not self._rows:
            style = self.get_component_rich_style("rows--empty")
            return Strip([Segment(set_cell_size(f"  {self._empty}" if y == 2 else "", width), style)])
        if at >= len(self._rows):
            return Strip.blank(width, self._plain)
        chosen = at == self._cursor
        style = self.get_component_rich_style("rows--cursor") if chosen and self.has_focus else self._plain
        return self._strip(self._cells(self._rows[at]), style, width, mark="▌" if chosen else " ")

    def _strip(self, cells: Sequence[Cell], base: Style, width: int, mark: str = " ") -> Strip:
        shown = [(column, cell) for column, cell in zip(self._columns, cells, strict=True) if width >= column.room]
        fixed = sum(column.width or 0 for column, _ in shown) + _GAP * (len(shown) - 1) + 1
        flexible = sum(not column.width for column, _ in shown) or 1
        segments = [Segment(mark, base + self.get_component_rich_style("rows--accent", partial=True))]
        for number, (column, (text, name)) in enumerate(shown):
            room = column.width or max((width - fixed) // flexible, 1)
            style = base + self.get_component_rich_style(f"rows--{name}", partial=True) if name else base
            segments.append(Segment(_fit(text, room, column.right), style))
            if number < len(shown) - 1:
                segments.append(Segment(" " * _GAP, base))
        return Strip(segments).adjust_cell_length(width, base)

    # --- moving ----------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        self._go(self._cursor + by)

    def action_page(self, by: int) -> None:
        self._go(self._cursor + by * max(self.size.height - 2, 1))

    def action_end(self, by: int) -> None:
        self._go(0 if by < 0 else len(self._rows) - 1)

    def action_choose(self) -> None:
        if self.current is not None:
            self.post_message(self.Chosen(self))

    def on_click(self, event: events.Click) -> None:
        inside = event.get_content_offset(self)
        if inside is not None and inside.y > 0:
            self._go(self.scroll_offset.y + inside.y - 1)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def _go(self, to: int) -> None:
        to = max(0, min(to, len(self._rows) - 1))
        if to == self._cursor:
            return
        self._cursor = to
        self._shown = self.current
        top, room = self.scroll_offset.y, self.size.height - 1
        if to < top:
            self.scroll_to(y=to, animate=False, force=True)
        elif to >= top + room:
            self.scroll_to(y=to - room + 1, animate=False, force=True)
        self.refresh()
        self.post_message(self.Moved(self))


def _fit(text: str, room: int, right: bool) -> str:
    """Exactly so wide; what does not fit ends with an ellipsis."""
    text = plain(text[: room * 2 + 2]).replace("\n", " ")  # the rest of a long text is not seen anyway
    length = cell_len(text)
    if length > room:
        return set_cell_size(text, room - 1) + "…" if room > 1 else set_cell_size(text, room)
    return " " * (room - length) + text if right else text + " " * (room - length)
