"""Filling slides: every text gets a size at which it fits, every thing a place of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, BinaryIO

from mcp_agent import ToolError
from mcp_agent_office.model import ChartSpec, SlideSpec
from mcp_agent_office.needs import need
from mcp_agent_office.slides import theme
from mcp_agent_office.slides.tables import add_table
from mcp_agent_office.slides.theme import BODY, LEFT, RIGHT, Box
from mcp_agent_office.slides.wording import add_bullets, clean, fitting, set_paragraphs

OpenImage = Callable[[str], AbstractContextManager[BinaryIO]]
_KINDS = {"column": "COLUMN_CLUSTERED", "bar": "BAR_CLUSTERED", "line": "LINE_MARKERS", "pie": "PIE", "area": "AREA"}


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
        made.append(lambda slide, box, _: add_table(slide, spec.table, box))
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
