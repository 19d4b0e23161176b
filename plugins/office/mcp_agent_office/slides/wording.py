"""Text on slides: bullets and paragraphs at a size at which they fit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from mcp_agent import ToolError
from mcp_agent_office.needs import need
from mcp_agent_office.slides import theme
from mcp_agent_office.slides.metrics import LINE, lines_of, longest_word
from mcp_agent_office.slides.theme import Box

_INDENT, _GAP = 22.0, 7.0
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def add_bullets(slide: Any, bullets: Sequence[str], box: Box) -> Any:
    """Bullets in a box of their own. Two spaces in front make a level deeper. Raises ToolError when they do not fit."""
    shape = slide.shapes.add_textbox(*box.emu())
    shape.name = "Bullets"
    fill_bullets(shape.text_frame, bullets, box)
    return shape


def fill_bullets(frame: Any, bullets: Sequence[str], box: Box) -> None:
    texts = [clean(text.strip()) for text in bullets]
    levels = [min(len(_lead(text)) // 2, 3) for text in bullets]
    size = fitting(texts, box, theme.BODY_SIZE + (4 if len(texts) <= 6 else 0), theme.SMALLEST, levels=levels)
    set_paragraphs(frame, texts, size, theme.INK)
    points, qualified, sub = need("pptx.util").Pt, need("pptx.oxml.ns").qn, need("lxml.etree").SubElement
    for paragraph, level in zip(frame.paragraphs, levels, strict=True):
        paragraph.space_after = points(_GAP)
        properties = paragraph._p.get_or_add_pPr()
        properties.set("marL", str(int(_INDENT * (level + 1) * 12700)))
        properties.set("indent", str(int(-_INDENT * 0.8 * 12700)))
        colour = sub(properties, qualified("a:buClr"))
        sub(colour, qualified("a:srgbClr")).set("val", theme.PALETTE[0])
        sub(properties, qualified("a:buFont")).set("typeface", "Arial")
        sub(properties, qualified("a:buChar")).set("char", "•" if level == 0 else "–")


def _lead(text: str) -> str:
    return text[: len(text) - len(text.lstrip())].replace("\t", "  ")


def set_paragraphs(frame: Any, texts: Sequence[str], size: float, colour: str, bold: bool = False) -> None:
    """Replace the text of a frame."""
    points, rgb = need("pptx.util").Pt, need("pptx.dml.color").RGBColor
    frame.clear()
    frame.word_wrap = True
    for number, text in enumerate(texts):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold, run.font.color.rgb = points(size), bold, rgb.from_string(colour)


def fitting(
    texts: Sequence[str],
    box: Box,
    wanted: float,
    least: float,
    *,
    bold: bool = False,
    levels: Sequence[int] | None = None,
) -> float:
    """The largest size from wanted down to least at which all of it fits. Raises ToolError when none does.

    No word is broken, but one in bullets that is longer than a line at the least size, such as an address.
    """
    size, deep = wanted, levels or [-1] * len(texts)
    while size >= least:
        room = [box.width - 16 - (_INDENT * (level + 1) if level >= 0 else 0) for level in deep]
        height = sum(
            lines_of(text, size, space, bold) * size * LINE + (_GAP if levels else 0)
            for text, space in zip(texts, room, strict=True)
        )
        widest = max(
            (longest_word(text, size, bold) - space for text, space in zip(texts, room, strict=True)), default=0
        )
        if height <= box.height - 8 and (widest <= 0 or (levels is not None and size - 1 < least)):
            return size
        size -= 1
    raise ToolError(
        f"The text that begins with {texts[0][:40]!r} does not fit on its slide at {least:g} points.",
        hint="Say it shorter, or share it out among several slides.",
    )


def clean(text: str) -> str:
    """Without what XML cannot hold."""
    return _NO_TEXT.sub("", text)
