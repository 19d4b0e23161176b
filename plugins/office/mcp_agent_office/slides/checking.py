"""What is wrong with slides to the eye: text that overflows, shapes that overlap or leave the slide, too small, too
pale."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from mcp_agent_office.model import Finding
from mcp_agent_office.slides.metrics import LINE, lines_of
from mcp_agent_office.slides.theme import Box

_EMU = 12700
SMALL, TINY_OVERLAP, SLACK = 12.0, 0.02, 1.12
_CONTRAST, _CONTRAST_LARGE, _LARGE = 4.5, 3.0, 18.0


def check_slide(slide: Any, number: int, width: float, height: float) -> list[Finding]:
    """All findings of one slide; sizes are in points."""
    shapes = [(shape, box) for shape in _flat(slide.shapes) if (box := box_of(shape)) is not None]
    found = [Finding(number, "title", "", "It has no title.")] if not _has_title(slide) else []
    for shape, box in shapes:
        if box.left < -1 or box.top < -1 or box.left + box.width > width + 1 or box.top + box.height > height + 1:
            found.append(Finding(number, "outside", shape.name, "It reaches beyond the edge of the slide."))
        if getattr(shape, "has_text_frame", False) and shape.text_frame.text.strip():
            found += _text(shape, box, number, slide)
        elif shape.is_placeholder and not _holds_something(shape):
            found.append(Finding(number, "empty", shape.name, "It is an empty placeholder."))
    found += _overlaps(shapes, number)
    return found


def _flat(shapes: Any) -> Iterator[Any]:
    for shape in shapes:
        if shape.shape_type is not None and "GROUP" in str(shape.shape_type):
            continue  # what is grouped was put together on purpose, and has coordinates of its own
        yield shape


def box_of(shape: Any) -> Box | None:
    if shape.left is None or shape.width is None or shape.top is None or shape.height is None:
        return None
    return Box(shape.left / _EMU, shape.top / _EMU, shape.width / _EMU, shape.height / _EMU)


def _has_title(slide: Any) -> bool:
    title = slide.shapes.title
    return title is not None and bool(title.text_frame.text.strip())


def _holds_something(shape: Any) -> bool:
    return not getattr(shape, "has_text_frame", False) or bool(shape.text_frame.text.strip())


def _text(shape: Any, box: Box, number: int, slide: Any) -> Iterator[Finding]:
    frame = shape.text_frame
    sizes = [size for paragraph in frame.paragraphs if paragraph.text.strip() for size in [size_of(paragraph, shape)]]
    smallest = min(sizes, default=SMALL)
    if smallest < SMALL and not _is_foot(shape):
        yield Finding(number, "small", shape.name, f"Text of {smallest:g} points; {SMALL:g} are the least on a slide.")
    needed = needed_height(shape, box)
    fits_itself = str(frame.auto_size).startswith("TEXT_TO_FIT_SHAPE")
    if needed > box.height * SLACK + 4 and not fits_itself:
        yield Finding(
            number, "overflow", shape.name, f"Its text needs {needed:.0f} points, its box has {box.height:.0f}."
        )
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            ink, paper = _rgb(run.font.color), _paper(shape, slide)
            if ink and paper and run.text.strip():
                ratio, size = contrast(ink, paper), size_of(paragraph, shape)
                if ratio < (_CONTRAST_LARGE if size >= _LARGE else _CONTRAST):
                    yield Finding(
                        number, "contrast", shape.name, f"Text on its background has a contrast of {ratio:.1f}."
                    )
                    return


def needed_height(shape: Any, box: Box) -> float:
    """Of the text of a shape, in points, with its margins."""
    frame = shape.text_frame
    room = box.width - (frame.margin_left + frame.margin_right) / _EMU
    height = (frame.margin_top + frame.margin_bottom) / _EMU
    for paragraph in frame.paragraphs:
        size = size_of(paragraph, shape)
        properties = paragraph._p.pPr
        indent = int(properties.get("marL", "0")) / _EMU if properties is not None else 0
        bold = any(run.font.bold for run in paragraph.runs)
        parts = paragraph.text.split("\v")
        wraps = frame.word_wrap is not False
        lines = sum(lines_of(part, size, room - indent, bold) for part in parts) if wraps else len(parts)
        after = paragraph.space_after.pt if paragraph.space_after is not None else 0
        height += lines * size * LINE + after
    return float(height)


def size_of(paragraph: Any, shape: Any) -> float:
    """Of the letters: said here, by the shape, or by the layout and master behind a placeholder."""
    sizes = [run.font.size.pt for run in paragraph.runs if run.font.size is not None]
    if sizes:
        return float(min(sizes))
    if paragraph.font.size is not None:
        return float(paragraph.font.size.pt)
    return _inherited(shape, paragraph.level)


def _inherited(shape: Any, level: int) -> float:
    space = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    tag = f"{space}lvl{level + 1}pPr"
    trees = [shape._element]
    holder = shape
    while (
        getattr(holder, "is_placeholder", False) and (holder := getattr(holder, "_base_placeholder", None)) is not None
    ):
        trees.append(holder._element)
    title = shape.is_placeholder and "TITLE" in str(shape.placeholder_format.type)
    layout = getattr(shape.part, "slide_layout", None)
    if layout is not None and shape.is_placeholder:
        styles = layout.slide_master.element.find(
            "{http://schemas.openxmlformats.org/presentationml/2006/main}txStyles"
        )
        if styles is not None:
            trees.append(styles[0 if title else 1])
    for tree in trees:
        for node in tree.iter(tag):
            look = node.find(f"{space}defRPr")
            if look is not None and look.get("sz"):
                return int(look.get("sz")) / 100
    return 18.0


def _is_foot(shape: Any) -> bool:
    return shape.is_placeholder and str(shape.placeholder_format.type).startswith(("DATE", "FOOTER", "SLIDE_NUMBER"))


def _overlaps(shapes: list[tuple[Any, Box]], number: int) -> Iterator[Finding]:
    for (one, first), (other, second) in itertools.combinations(shapes, 2):
        if not (_counts(one) and _counts(other)):
            continue
        across = min(first.left + first.width, second.left + second.width) - max(first.left, second.left)
        down = min(first.top + first.height, second.top + second.height) - max(first.top, second.top)
        smaller = min(first.width * first.height, second.width * second.height)
        if across > 1 and down > 1 and smaller > 0 and across * down > TINY_OVERLAP * smaller:
            yield Finding(number, "overlap", one.name, f"It overlaps {other.name}.")


def _counts(shape: Any) -> bool:
    """Shapes that show something to read or look at; bars and backgrounds behind them may be covered."""
    if getattr(shape, "has_text_frame", False):
        return bool(shape.text_frame.text.strip())
    kind = str(shape.shape_type)
    return any(word in kind for word in ("PICTURE", "CHART", "TABLE", "MEDIA", "EMBEDDED"))


def _rgb(colour: Any) -> str | None:
    return str(colour.rgb) if colour is not None and colour.type is not None and "RGB" in str(colour.type) else None


def _paper(shape: Any, slide: Any) -> str | None:
    """What is behind a text, where that is plain to see: a fill of its shape or of the slide; else None."""
    fill = getattr(shape, "fill", None)
    if fill is not None and fill.type is not None and "SOLID" in str(fill.type):
        return _rgb(fill.fore_color)
    if fill is not None and fill.type is not None and "BACKGROUND" not in str(fill.type):
        return None
    own = slide._element.cSld.find("{http://schemas.openxmlformats.org/presentationml/2006/main}bg")
    if own is None:
        return "FFFFFF"
    colour = next(own.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}srgbClr"), None)
    return None if colour is None else colour.get("val")


def contrast(one: str, other: str) -> float:
    """By WCAG: 1 is none, 21 is black on white."""
    low, high = sorted((_light(one), _light(other)))
    return (high + 0.05) / (low + 0.05)


def _light(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (_linear(part) for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.03928 else float(((part + 0.055) / 1.055) ** 2.4)
