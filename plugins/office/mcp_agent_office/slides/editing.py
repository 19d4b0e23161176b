"""Changing one slide of a deck."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from msgspec import Struct

from mcp_agent import ToolError
from mcp_agent_office.model import SlideSpec
from mcp_agent_office.slides.building import OpenImage, add_slide
from mcp_agent_office.slides.wording import clean


class Edit(Struct, frozen=True):
    """As office_edit_slide takes it."""

    action: str
    slide: int
    shape: str
    text: list[str] | None
    content: SlideSpec | None
    to: int | None


def edit(deck: Any, wanted: Edit, open_image: OpenImage) -> None:
    """Raises ToolError for what is missing."""
    numbers = deck.slides._sldIdLst
    if wanted.action == "add":
        if wanted.content is None:
            raise ToolError("There is nothing to add.", hint="Give content with at least a title.")
        add_slide(deck, wanted.content, open_image)
        _move(numbers, len(numbers) - 1, wanted.slide - 1)
    elif wanted.action == "delete":
        node = numbers[wanted.slide - 1]
        deck.part.drop_rel(node.rId)
        numbers.remove(node)
    elif wanted.action == "move":
        if wanted.to is None or wanted.to > len(numbers):
            raise ToolError(f"Say where to: a number from 1 to {len(numbers)}.", hint="Give it as 'to'.")
        _move(numbers, wanted.slide - 1, wanted.to - 1)
    elif wanted.text is None:
        raise ToolError("There is no text to put there.", hint="Give it as a list of paragraphs.")
    elif wanted.action == "notes":
        deck.slides[wanted.slide - 1].notes_slide.notes_text_frame.text = clean("\n".join(wanted.text))
    else:
        _set_text(deck.slides[wanted.slide - 1], wanted.shape, [clean(text) for text in wanted.text])


def _move(numbers: Any, here: int, there: int) -> None:
    node = numbers[here]
    numbers.remove(node)
    numbers.insert(there, node)


def _set_text(slide: Any, name: str, texts: list[str]) -> None:
    """New paragraphs look like the first one that is there."""
    shape = slide.shapes.title if name == "title" else next((s for s in slide.shapes if s.name == name), None)
    if shape is None or not getattr(shape, "has_text_frame", False):
        known = ", ".join(repr(one.name) for one in slide.shapes if getattr(one, "has_text_frame", False))
        raise ToolError(f"The slide has no text in a shape {name!r}.", hint=f"There is {known or 'none'}.")
    body = shape.text_frame._txBody
    old = list(body.p_lst)
    for number, text in enumerate(texts or [""]):
        like = old[min(number, len(old) - 1)]
        made = deepcopy(like)
        _fill(made, text)
        body.append(made)
    for paragraph in old:
        body.remove(paragraph)


def _fill(paragraph: Any, text: str) -> None:
    """The look of its first run stays."""
    runs = [child for child in paragraph if child.tag.endswith(("}r", "}br", "}fld"))]
    first = next((run for run in runs if run.tag.endswith("}r")), None)
    for run in runs:
        if run is not first:
            paragraph.remove(run)
    if first is None:
        first = paragraph.add_r()
    first.text = text
