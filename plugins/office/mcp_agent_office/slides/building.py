"""Filling slides: every text gets a size at which it fits, every thing a place of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, BinaryIO

from mcp_agent import ToolError
from mcp_agent_office.model import ChartSpec, SlideSpec
from mcp_agent_office.needs import need
from mcp_agent_office.slides import theme
from mcp_agent_office.slides.metrics import LINE, lines_of, longest_word
from mcp_agent_office.slides.theme import BODY, LEFT, RIGHT, Box

OpenImage = Callable[[str], AbstractContextManager[BinaryIO]]
_LEVEL = re.compile(r"^(\t| {2,})*")
_KINDS = {"column": "COLUMN_CLUSTERED", "bar": "BAR_CLUSTERED", "line": "LINE_MARKERS", "pie": "PIE", "area": "AREA"}
_INDENT, _GAP = 22.0, 7.0
_MOST_TABLE_ROWS, _MOST_COLUMNS = 14, 8
_NUMBER = re.compile(r"[-+]?[\d.,\s]*%?")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def add_slide(deck: Any, spec: SlideSpec, open_image: OpenImage) -> Any:
    """A slide at the end of a deck. Raises ToolError for what does not fit on one."""
    body = [part for part in (spec.bullets, spec.table, spec.chart, spec.picture) if part]
    if len(body) > 2:
        raise ToolError(f"The slide {spec.title!r} has too much on it.", hint="Two of bullets, table, chart, picture.")
    opening = not body
    layout = _layout(deck, 0 if opening else 5)
    slide = deck.slides.add_slide(layout)
    _title(slide, spec, opening)
    _remove_empty(slide, keep_subtitle=opening and bool(spec.subtitle))
    places = [BODY] if len(body) == 1 else [LEFT, RIGHT]
    for part, box in zip(_parts(spec), places, strict=False):
        part(slide, box, open_image)
    if spec.notes:
        slide.notes_slide.notes_text_frame.text = clean(spec.notes)
    return slide


def _remove_empty(slide: Any, keep_subtitle: bool) -> None:
    """Placeholders that nothing was put into: they would ask for a click."""
    for shape in list(slide.placeholders):
        subtitle = keep_subtitle and str(shape.placeholder_format.type).startswith("SUBTITLE")
        if shape.placeholder_format.idx != 0 and not subtitle:
            shape._element.getparent().remove(shape._element)


def _layout(deck: Any, wanted: int) -> Any:
    """Of a deck of ours by number; in a template of somebody's, the nearest there is."""
    layouts = deck.slide_layouts
    return layouts[wanted if wanted < len(layouts) else 0]


def _parts(spec: SlideSpec) -> list[Callable[[Any, Box, OpenImage], None]]:
    made: list[Callable[[Any, Box, OpenImage], None]] = []
    if spec.bullets:
        made.append(lambda slide, box, _: add_bullets(slide, spec.bullets, box))
    if spec.table:
        made.append(lambda slide, box, _: _table(slide, spec.table, box))
    if spec.chart is not None:
        chart = spec.chart
        made.append(lambda slide, box, _: _chart(slide, chart, box))
    if spec.picture:
        made.append(lambda slide, box, open_image: _picture(slide, spec, box, open_image))
    return made


def _title(slide: Any, spec: SlideSpec, opening: bool) -> None:
    shape = slide.shapes.title
    if shape is None:
        shape = slide.shapes.add_textbox(*theme.TITLE.emu())
    box = _box_of(shape)
    wanted = 40.0 if opening else theme.TITLE_SIZE
    size = fitting([clean(spec.title)], box, wanted, 18.0, bold=True)
    set_paragraphs(shape.text_frame, [clean(spec.title)], size, theme.ACCENT, bold=True)
    subtitle = next((s for s in slide.placeholders if str(s.placeholder_format.type).startswith("SUBTITLE")), None)
    if subtitle is None or not opening:
        return
    if spec.subtitle:
        text = [clean(spec.subtitle)]
        set_paragraphs(subtitle.text_frame, text, fitting(text, _box_of(subtitle), 22.0, theme.SMALLEST), theme.GREY)
    for placed, anchor in ((shape, "BOTTOM"), (subtitle, "TOP")):
        placed.text_frame.vertical_anchor = getattr(need("pptx.enum.text").MSO_ANCHOR, anchor)
        for paragraph in placed.text_frame.paragraphs:
            paragraph.alignment = need("pptx.enum.text").PP_ALIGN.LEFT


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


def _table(slide: Any, rows: Sequence[Sequence[Any]], box: Box) -> None:
    width = max(map(len, rows))
    if len(rows) > _MOST_TABLE_ROWS or width > _MOST_COLUMNS:
        raise ToolError(
            f"A table of {len(rows)} rows and {width} columns does not fit on a slide.",
            hint=f"{_MOST_TABLE_ROWS} rows with the header and {_MOST_COLUMNS} columns are the most.",
        )
    cells = [["" if value is None else clean(str(value)) for value in row] + [""] * (width - len(row)) for row in rows]
    size = _table_size(cells, box)
    heights = [_row_height(row, size, box.width / width, bold=number == 0) for number, row in enumerate(cells)]
    points, rgb = need("pptx.util").Pt, need("pptx.dml.color").RGBColor
    left, top, across, _ = box.emu()
    shape = slide.shapes.add_table(len(cells), width, left, top, across, points(sum(heights)))
    shape.name = "Table"
    for number, (row, height) in enumerate(zip(cells, heights, strict=True)):
        shape.table.rows[number].height = points(height)
        for column, text in enumerate(row):
            cell = shape.table.cell(number, column)
            set_paragraphs(cell.text_frame, [text], size, "FFFFFF" if number == 0 else theme.INK, bold=number == 0)
            cell.fill.solid()
            cell.fill.fore_color.rgb = rgb.from_string(
                theme.ACCENT if number == 0 else ("FFFFFF", theme.PALE)[number % 2]
            )
            cell.vertical_anchor = need("pptx.enum.text").MSO_ANCHOR.MIDDLE
            if column and all(_NUMBER.fullmatch(other[column]) for other in cells[1:]):
                cell.text_frame.paragraphs[0].alignment = need("pptx.enum.text").PP_ALIGN.RIGHT


def _table_size(cells: Sequence[Sequence[str]], box: Box) -> float:
    size, column = 18.0, box.width / len(cells[0])
    while size >= 12.0:
        heights = sum(_row_height(row, size, column, bold=number == 0) for number, row in enumerate(cells))
        if heights <= box.height and all(
            longest_word(text, size, True) <= column - 16 for row in cells for text in row
        ):
            return size
        size -= 1
    raise ToolError("The text of the table does not fit on a slide.", hint="Use fewer or shorter cells.")


def _row_height(row: Sequence[str], size: float, column: float, bold: bool) -> float:
    return max(lines_of(text, size, column - 16, bold) for text in row) * size * LINE + 12


def _chart(slide: Any, spec: ChartSpec, box: Box) -> None:
    data_module, kinds = need("pptx.chart.data"), need("pptx.enum.chart")
    if any(len(values) != len(spec.categories) for values in spec.series.values()) or not spec.series:
        raise ToolError("Each series of a chart needs one value for each category.", hint="Use null for a gap.")
    data = data_module.CategoryChartData()
    data.categories = [clean(text) for text in spec.categories]
    for name, values in spec.series.items():
        data.add_series(clean(name), values)
    shape = slide.shapes.add_chart(getattr(kinds.XL_CHART_TYPE, _KINDS[spec.kind]), *box.emu(), data)
    shape.name = "Chart"
    chart, points, rgb = shape.chart, need("pptx.util").Pt, need("pptx.dml.color").RGBColor
    chart.font.size, chart.font.color.rgb = points(14), rgb.from_string(theme.INK)
    chart.has_title = False
    chart.has_legend = len(spec.series) > 1 or spec.kind == "pie"
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = kinds.XL_LEGEND_POSITION.BOTTOM, False
    parts = chart.plots[0].series[0].points if spec.kind == "pie" else chart.plots[0].series
    for index in range(len(spec.categories) if spec.kind == "pie" else len(spec.series)):
        colour = rgb.from_string(theme.PALETTE[index % len(theme.PALETTE)])
        look = parts[index].format
        if spec.kind == "line":
            look.line.color.rgb, parts[index].smooth = colour, False
        else:
            look.fill.solid()
            look.fill.fore_color.rgb = colour
    if spec.kind != "pie":
        chart.value_axis.major_gridlines.format.line.color.rgb = rgb.from_string("D9D9D9")
        chart.value_axis.format.line.fill.background()
    if spec.kind in ("column", "bar"):
        chart.plots[0].gap_width = 60


def _picture(slide: Any, spec: SlideSpec, box: Box, open_image: OpenImage) -> None:
    """As large as its place allows, in the middle of it."""
    with open_image(spec.picture) as file:
        try:
            shape = slide.shapes.add_picture(file, 0, 0)
        except (OSError, ValueError, KeyError) as error:
            raise ToolError(f"{spec.picture} is no picture that a slide can hold: {error}.") from None
    points = need("pptx.util").Pt
    scale = min(points(box.width) / shape.width, points(box.height) / shape.height)
    shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
    shape.left = points(box.left) + (points(box.width) - shape.width) // 2
    shape.top = points(box.top) + (points(box.height) - shape.height) // 2
    shape._element.nvPicPr.cNvPr.set("descr", clean(spec.title))


def _box_of(shape: Any) -> Box:
    return Box(*(value / 12700 for value in (shape.left, shape.top, shape.width, shape.height)))


def clean(text: str) -> str:
    """Without what XML cannot hold."""
    return _NO_TEXT.sub("", text)
