"""How a new document looks: margins, fonts, headings, tables, page numbers."""

from __future__ import annotations

from typing import Any

from mcp_agent_office.needs import need
from mcp_agent_office.text.parts import W, make

FONT, MONO, ACCENT, GREY = "Calibri", "Consolas", "1F4E79", "595959"
_SIZES = {1: 20, 2: 15, 3: 12.5, 4: 11.5, 5: 11, 6: 11}
_MARGIN_CM, _WIDTH_CM, _HEIGHT_CM = 2.5, 21.0, 29.7
TEXT_WIDTH_CM = _WIDTH_CM - 2 * _MARGIN_CM


def new_document() -> Any:
    document = need("docx").Document()
    shared = need("docx.shared")
    section = document.sections[0]
    section.page_width, section.page_height = shared.Cm(_WIDTH_CM), shared.Cm(_HEIGHT_CM)
    for side in ("left", "right", "top", "bottom"):
        setattr(section, f"{side}_margin", shared.Cm(_MARGIN_CM))
    _styles(document, shared)
    _page_number(section.footer.paragraphs[0])
    return document


def _styles(document: Any, shared: Any) -> None:
    styles, kinds = document.styles, need("docx.enum.style").WD_STYLE_TYPE
    _paragraph(styles["Normal"], shared, 11, None, after=7, line=1.15)
    for level, size in _SIZES.items():
        style = styles[f"Heading {level}"]
        _paragraph(style, shared, size, ACCENT, before=18 if level == 1 else 12, after=5, line=1.0, bold=True)
        style.font.italic = False
        style.paragraph_format.keep_with_next = True
    for name in ("List Bullet", "List Number"):
        for suffix in ("", " 2", " 3"):
            _paragraph(styles[name + suffix], shared, 11, None, after=3, line=1.15)
    _paragraph(styles["Quote"], shared, 11, GREY, after=8, line=1.15)
    styles["Quote"].paragraph_format.left_indent = shared.Cm(0.8)
    code = styles.add_style("Code", kinds.PARAGRAPH)
    code.base_style = styles["Normal"]
    _paragraph(code, shared, 9.5, None, after=0, line=1.0, font=MONO)
    code.element.get_or_add_pPr().append(make("shd", val="clear", color="auto", fill="F2F2F2"))
    inline = styles.add_style("Code Text", kinds.CHARACTER)
    _font(inline.font, MONO, None, shared)
    link = styles.add_style("Hyperlink", kinds.CHARACTER)
    link.font.color.rgb, link.font.underline = shared.RGBColor.from_string("0563C1"), True
    note = styles.add_style("Footnote Text", kinds.PARAGRAPH)
    _paragraph(note, shared, 9, None, after=2, line=1.0)
    styles.add_style("Footnote Reference", kinds.CHARACTER).font.superscript = True


def _paragraph(
    style: Any, shared: Any, size: float, color: str | None, *, before: float = 0, after: float, line: float,
    bold: bool | None = None, font: str = FONT,
) -> None:  # fmt: skip
    _font(style.font, font, size, shared)
    style.font.bold = bold
    if color:
        style.font.color.rgb = shared.RGBColor.from_string(color)
    shape = style.paragraph_format
    shape.space_before, shape.space_after, shape.line_spacing = shared.Pt(before), shared.Pt(after), line


def _font(font: Any, name: str, size: float | None, shared: Any) -> None:
    font.name = name
    fonts = font.element.rPr.find(f"{W}rFonts")
    for key in [key for key in fonts.attrib if key.endswith("Theme")]:
        del fonts.attrib[key]
    for script in ("hAnsi", "cs", "eastAsia"):
        fonts.set(f"{W}{script}", name)
    if size:
        font.size = shared.Pt(size)


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = need("docx.enum.text").WD_ALIGN_PARAGRAPH.CENTER
    field = make("fldSimple", instr="PAGE")
    run = make("r")
    run.append(make("t", "1"))
    field.append(run)
    paragraph._p.append(field)


def dress_table(table: Any) -> None:
    """Lines between the rows, a header that stands out and comes again on each page."""
    properties = table._tbl.tblPr
    borders = make("tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(make(side, val="single", sz="4", space="0", color="BFBFBF"))
    properties.append(borders)
    margins = make("tblCellMar")
    for side, size in (("top", "50"), ("left", "100"), ("bottom", "50"), ("right", "100")):
        margins.append(make(side, w=size, type="dxa"))
    properties.append(margins)
    shared = need("docx.shared")
    for cell in table.rows[0].cells:
        cell._tc.get_or_add_tcPr().append(make("shd", val="clear", color="auto", fill=ACCENT))
        for run in cell.paragraphs[0].runs:
            run.font.bold, run.font.color.rgb = True, shared.RGBColor(255, 255, 255)
    table.rows[0]._tr.get_or_add_trPr().append(make("tblHeader"))
    for row in table.rows:
        row._tr.get_or_add_trPr().append(make("cantSplit"))
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = 0
