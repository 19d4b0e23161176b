"""How a new deck looks: 16:9, one font, few colours, and places for everything. Lengths are in points."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from mcp_agent_office.needs import need

WIDTH, HEIGHT = 960.0, 540.0
MARGIN = 54.0
FONT, INK, ACCENT, PALE, GREY = "Calibri", "262626", "1F4E79", "EAF0F6", "595959"
PALETTE = ("1F4E79", "C55A11", "548235", "7F6000", "7030A0", "2E75B6")
TITLE_SIZE, BODY_SIZE, SMALLEST = 30.0, 20.0, 14.0


class Box(Struct, frozen=True):
    left: float
    top: float
    width: float
    height: float

    def emu(self) -> tuple[Any, Any, Any, Any]:
        points = need("pptx.util").Pt
        return points(self.left), points(self.top), points(self.width), points(self.height)


TITLE = Box(MARGIN, 30, WIDTH - 2 * MARGIN, 62)
BODY = Box(MARGIN, 108, WIDTH - 2 * MARGIN, 378)
LEFT = Box(MARGIN, 108, 400, 378)
RIGHT = Box(MARGIN + 424, 108, 428, 378)
BIG_TITLE = Box(MARGIN, 150, WIDTH - 2 * MARGIN, 120)
SUBTITLE = Box(MARGIN, 290, WIDTH - 2 * MARGIN, 90)


def new_deck() -> Any:
    """An empty deck whose masters and layouts are ours. It is python-pptx's own, moved to 16:9 and dressed."""
    deck = need("pptx").Presentation()
    points = need("pptx.util").Pt
    deck.slide_width, deck.slide_height = points(WIDTH), points(HEIGHT)
    _dress_theme(deck)
    master = deck.slide_master
    for holder in [master, *deck.slide_layouts]:
        for shape in holder.placeholders:
            box = _place(shape.placeholder_format.type, holder)
            if box is not None:
                shape.left, shape.top, shape.width, shape.height = box.emu()
    _dress_styles(master)
    return deck


def _place(kind: Any, holder: Any) -> Box | None:
    name = str(kind).partition(" ")[0]
    if name in ("CENTER_TITLE", "SUBTITLE"):
        return BIG_TITLE if name == "CENTER_TITLE" else SUBTITLE
    if name == "TITLE":
        return TITLE
    feet = {
        "DATE": Box(MARGIN, 500, 200, 24),
        "FOOTER": Box(320, 500, 320, 24),
        "SLIDE_NUMBER": Box(WIDTH - MARGIN - 120, 500, 120, 24),
    }
    return feet.get(name, BODY if name in ("BODY", "OBJECT") else None)


def _dress_theme(deck: Any) -> None:
    """Fonts and colours of the theme: what people pick from when they go on with the deck."""
    part = next(rel.target_part for rel in deck.slide_master.part.rels.values() if rel.reltype.endswith("/theme"))
    text = part.blob.decode("utf-8")
    text = re.sub(r'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*', rf"\g<1>{FONT}", text)
    for number, colour in enumerate(PALETTE, 1):
        pattern = rf"(<a:accent{number}>\s*<a:srgbClr val=\")[0-9A-Fa-f]{{6}}"
        text = re.sub(pattern, rf"\g<1>{colour}", text)
    part._blob = text.encode("utf-8")


def _dress_styles(master: Any) -> None:
    space = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    titles = master.element.find(".//{http://schemas.openxmlformats.org/presentationml/2006/main}titleStyle")
    for level in titles.iter(f"{space}lvl1pPr"):
        level.set("algn", "l")
        for look in level.iter(f"{space}defRPr"):
            look.set("sz", str(int(TITLE_SIZE * 100)))
            look.set("b", "1")
    for properties in master.element.iter(f"{space}bodyPr"):
        for child in list(properties):
            properties.remove(child)
