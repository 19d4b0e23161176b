"""Making, reading, changing and checking decks."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool, undo_files
from mcp_agent_office.examples import EXAMPLES
from mcp_agent_office.files import DECKS, check_suffix, read_office, save_new, saved, sign, whole
from mcp_agent_office.model import Finding, SlideSpec
from mcp_agent_office.origins import own_or_outside
from mcp_agent_office.tools.shapes import PathText, Replace, Saved, Version, read_to_change, save_over, saved_as

_MOST_SLIDES = 300
_LONGEST_TITLE = 255
_EMU = 12700


class ShapeFacts(Struct, frozen=True, omit_defaults=True):
    """``at`` is left, top, width, height in points; the slide begins at its upper left corner."""

    name: str
    kind: str
    text: str = ""
    table: list[list[str]] = []
    chart: dict[str, list[float | None]] = {}
    at: list[float] = []


class SlideFacts(Struct, frozen=True, omit_defaults=True):
    number: int
    title: str
    shapes: list[ShapeFacts]
    notes: str = ""
    hidden: bool = False


class DeckFacts(Struct, frozen=True, omit_defaults=True):
    """``total`` slides; ``next`` is the number of the slide to go on with."""

    path: str
    version: str
    total: int
    size: list[float]
    slides: list[SlideFacts]
    next: int | None = None
    warnings: list[str] = []


class Checked(Struct, frozen=True, omit_defaults=True):
    slides: int
    findings: list[Finding]
    note: str = ""


@tool(
    effect="write",
    undo=undo_files("path"),
    timeout=120,
    examples=EXAMPLES["office_create_deck"],
)
def office_create_deck(
    ctx: Context,
    path: Annotated[str, Field("The deck to make, .pptx.", min_length=1)],
    slides: Annotated[list[SlideSpec], Field("The slides, in order.", min_length=1, max_length=_MOST_SLIDES)],
    template: Annotated[str | None, Field("A deck whose look and slides it begins with.")] = None,
    replace: Replace = False,
) -> Saved:
    """Make slides of an outline: titles, bullets, tables, charts, pictures, notes. Text gets a size at which it fits;
    what does not fit is refused, by slide. A slide with a title alone opens a part."""
    from mcp_agent_office.packages import DECK, make_plain
    from mcp_agent_office.slides.building import add_slide
    from mcp_agent_office.slides.opening import load
    from mcp_agent_office.slides.theme import new_deck
    from mcp_agent_office.slides.wording import clean

    check_suffix(path, (".pptx",))
    deck = new_deck() if template is None else load(read_office(ctx, template, DECKS)[0], template)
    for spec in slides:
        add_slide(deck, spec, ctx.folders.open)
    make_plain(deck.part, DECK)
    sign(ctx, deck, clean(slides[0].title)[:_LONGEST_TITLE])
    return saved_as(save_new(ctx, path, saved(deck), replace=replace), f"{len(slides)} slides.")


@tool(
    effect="read",
    origin=own_or_outside,
    examples=EXAMPLES["office_read_deck"],
)
def office_read_deck(
    ctx: Context,
    path: PathText,
    first: Annotated[int, Field("The slide to begin with.", ge=1)] = 1,
    limit: Annotated[int, Field("Slides at most.", ge=1, le=_MOST_SLIDES)] = 20,
) -> DeckFacts:
    """Read slides (.pptx): titles, text, tables, values of charts, notes, and where each shape is. Names of shapes
    are for office_edit_slide."""
    from mcp_agent_office.guard.contents import warnings_of
    from mcp_agent_office.slides.opening import load

    data, info = read_office(ctx, path, DECKS)
    deck = load(data, path)
    slides = list(deck.slides)
    with whole(path):
        shown = [_slide(slide, number) for number, slide in list(enumerate(slides, 1))[first - 1 : first - 1 + limit]]
    warnings = warnings_of(ctx, path)
    after = first + limit if first + limit <= len(slides) else None
    size = [deck.slide_width / _EMU, deck.slide_height / _EMU]
    return DeckFacts(info.path, info.version, len(slides), size, shown, after, warnings)


def _slide(slide: Any, number: int) -> SlideFacts:
    title = slide.shapes.title
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    return SlideFacts(
        number,
        "" if title is None else title.text_frame.text,
        [_shape(shape) for shape in slide.shapes],
        "" if notes is None else notes.text,
        slide._element.get("show") == "0",
    )


def _shape(shape: Any) -> ShapeFacts:
    kind = str(shape.shape_type).partition(" ")[0].lower() if shape.shape_type is not None else "shape"
    at = [] if shape.left is None else [round(v / _EMU, 1) for v in (shape.left, shape.top, shape.width, shape.height)]
    text = shape.text_frame.text if getattr(shape, "has_text_frame", False) else ""
    from mcp_agent_office.slides.charts import values_of

    table = []
    if getattr(shape, "has_table", False):
        table = [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
    if kind == "group":
        text = "\n".join(inner.text_frame.text for inner in shape.shapes if getattr(inner, "has_text_frame", False))
    return ShapeFacts(shape.name, kind, text, table, values_of(shape), at)


@tool(
    effect="read",
    origin=own_or_outside,
    examples=EXAMPLES["office_check_deck"],
)
def office_check_deck(ctx: Context, path: PathText) -> Checked:
    """Find what is wrong with slides to the eye: text that overflows its box, shapes that overlap or leave the slide,
    fonts below 12 points, low contrast, empty placeholders, no title. Widths of text are estimates."""
    from mcp_agent_office.slides.checking import check_slide
    from mcp_agent_office.slides.opening import load

    deck = load(read_office(ctx, path, DECKS)[0], path)
    width, height = deck.slide_width / _EMU, deck.slide_height / _EMU
    with whole(path):
        found = [
            one for number, slide in enumerate(deck.slides, 1) for one in check_slide(slide, number, width, height)
        ]
    return Checked(len(deck.slides), found, "" if found else "Nothing was found.")


@tool(
    effect="write",
    undo=undo_files("path"),
    examples=EXAMPLES["office_edit_slide"],
)
def office_edit_slide(
    ctx: Context,
    path: PathText,
    action: Annotated[Literal["text", "notes", "add", "delete", "move"], Field("What to do.")],
    slide: Annotated[int, Field("Its number, from 1; for add, the number it gets.", ge=1)],
    shape: Annotated[str, Field("For text: the name of the shape; 'title' for the title.")] = "title",
    text: Annotated[list[str] | None, Field("For text and notes: the new paragraphs.")] = None,
    content: Annotated[SlideSpec | None, Field("For add: the slide.")] = None,
    to: Annotated[int | None, Field("For move: its new number.", ge=1)] = None,
    version: Version = None,
) -> Saved:
    """Change one slide of a deck: the text of a shape (its look stays), notes, or add, delete and move slides. Call
    office_check_deck after it."""
    from mcp_agent_office.slides.editing import Edit, edit
    from mcp_agent_office.slides.opening import load

    data, info = read_to_change(ctx, path, DECKS, version)
    deck = load(data, path)
    if slide > len(deck.slides) + (action == "add"):
        raise ToolError(f"There is no slide {slide}: the deck has {len(deck.slides)}.", hint="Count from 1.")
    edit(deck, Edit(action, slide, shape, text, content, to), ctx.folders.open)
    return save_over(ctx, info, saved(deck), f"{len(deck.slides)} slides.")
