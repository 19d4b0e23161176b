"""A document of Markdown: headings, lists, tables, images, links, code, quotes, footnotes, a table of contents."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, BinaryIO

from mcp_agent import ToolError
from mcp_agent_office.needs import need
from mcp_agent_office.text.footnotes import Footnotes
from mcp_agent_office.text.house import TEXT_WIDTH_CM, dress_table, new_document
from mcp_agent_office.text.parts import make

OpenImage = Callable[[str], AbstractContextManager[BinaryIO]]
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_SAFE_LINK = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)
_DEEPEST = 3


def document_of(markdown: str, open_image: OpenImage, contents: bool) -> Any:
    """Raises ToolError for an image that is not there."""
    parser = need("markdown_it").MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.use(need("mdit_py_plugins.footnote").footnote_plugin)
    made = _Maker(open_image, need("markdown_it.tree").SyntaxTreeNode(parser.parse(markdown)), contents)
    return made.document


class _Maker:
    def __init__(self, open_image: OpenImage, root: Any, contents: bool) -> None:
        self.document = new_document()
        self._open_image, self._footnotes = open_image, Footnotes()
        self._notes = {note.meta["id"]: _plain(note) for note in root.walk() if note.type == "footnote"}
        headings = [node for node in root.children if node.type == "heading"]
        if contents and headings:
            self._contents(headings)
        self._marks = {id(node): f"_Toc{number}" for number, node in enumerate(headings, 1)} if contents else {}
        for node in root.children:
            self._block(node, 0, None)
        self._footnotes.write(self.document)

    # --- blocks ----------------------------------------------------------------------------------

    def _block(self, node: Any, depth: int, style: str | None) -> None:
        if node.type == "heading":
            self._heading(node)
        elif node.type == "paragraph":
            self._inline(self.document.add_paragraph(style=style), node)
        elif node.type in ("bullet_list", "ordered_list"):
            self._list(node, depth)
        elif node.type in ("fence", "code_block"):
            for line in node.content.rstrip("\n").split("\n"):
                self.document.add_paragraph(line, style="Code")
            self.document.add_paragraph().paragraph_format.space_after = 0
        elif node.type == "blockquote":
            for child in node.children:
                self._block(child, depth, "Quote")
        elif node.type == "table":
            self._table(node)
        elif node.type == "hr":
            self._line()
        elif node.type == "html_block":
            self.document.add_paragraph(node.content.strip())

    def _heading(self, node: Any) -> None:
        paragraph = self.document.add_heading(level=int(node.tag[1]))
        mark = self._marks.get(id(node))
        if mark:
            paragraph._p.append(make("bookmarkStart", id=mark.removeprefix("_Toc"), name=mark))
        self._inline(paragraph, node)
        if mark:
            paragraph._p.append(make("bookmarkEnd", id=mark.removeprefix("_Toc")))

    def _list(self, node: Any, depth: int) -> None:
        kind = "List Bullet" if node.type == "bullet_list" else "List Number"
        style = kind + (f" {min(depth + 1, _DEEPEST)}" if depth else "")
        number = self._fresh_numbers(style, int(node.attrs.get("start", 1))) if kind == "List Number" else None
        for item in node.children:
            for position, child in enumerate(item.children):
                if child.type in ("bullet_list", "ordered_list"):
                    self._list(child, depth + 1)
                elif child.type == "paragraph" and position == 0:
                    paragraph = self.document.add_paragraph(style=style)
                    if number is not None:
                        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                        properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = 0, number
                    self._inline(paragraph, child)
                else:
                    self._block(child, depth, "List Continue" if child.type == "paragraph" else None)

    def _fresh_numbers(self, style: str, start: int) -> int:
        """Each list counts from its own start."""
        numbering = self.document.part.numbering_part.element
        used = self.document.styles[style].element.pPr.numPr.numId.val
        abstract = next(num for num in numbering.num_lst if num.numId == used).abstractNumId.val
        made = numbering.add_num(abstract)
        made.add_lvlOverride(ilvl=0).add_startOverride(start)
        return int(made.numId)

    def _table(self, node: Any) -> None:
        rows = [row for part in node.children for row in part.children]
        table = self.document.add_table(rows=len(rows), cols=len(rows[0].children))
        aligned = need("docx.enum.text").WD_ALIGN_PARAGRAPH
        for row, line in zip(rows, table.rows, strict=True):
            for cell, place in zip(row.children, line.cells, strict=True):
                self._inline(place.paragraphs[0], cell)
                style = str(cell.attrs.get("style", ""))
                if side := next((side for side in ("right", "center") if side in style), None):
                    place.paragraphs[0].alignment = getattr(aligned, side.upper())
        dress_table(table)
        self.document.add_paragraph().paragraph_format.space_after = 0

    def _line(self) -> None:
        borders = make("pBdr")
        borders.append(make("bottom", val="single", sz="6", space="1", color="BFBFBF"))
        self.document.add_paragraph()._p.get_or_add_pPr().append(borders)

    def _contents(self, headings: list[Any]) -> None:
        """Links to the headings, in a field that programs can build anew. Pages are not known before it is printed."""
        shared = need("docx.shared")
        paragraph = None
        for number, node in enumerate(headings, 1):
            level = int(node.tag[1])
            paragraph = self.document.add_paragraph()
            paragraph.paragraph_format.left_indent = shared.Cm(0.6 * (level - 1))
            paragraph.paragraph_format.space_after = shared.Pt(2)
            if number == 1:
                for piece in (make("fldChar", fldCharType="begin"), make("instrText", r' TOC \o "1-6" \n \h \z \u '),
                              make("fldChar", fldCharType="separate")):  # fmt: skip
                    paragraph.add_run()._r.append(piece)
            link = make("hyperlink", anchor=f"_Toc{number}", history="1")
            run = make("r")
            run.append(make("t", _plain(node)))
            link.append(run)
            paragraph._p.append(link)
        if paragraph is not None:
            paragraph.add_run()._r.append(make("fldChar", fldCharType="end"))

    # --- in a line -------------------------------------------------------------------------------

    def _inline(self, paragraph: Any, node: Any, **look: bool) -> None:
        for child in node.children:
            if child.type == "inline":
                self._inline(paragraph, child, **look)
            elif child.type in ("text", "html_inline"):
                self._run(paragraph, child.content, look)
            elif child.type in ("softbreak", "hardbreak"):
                run = paragraph.add_run(" " if child.type == "softbreak" else "")
                if child.type == "hardbreak":
                    run.add_break()
            elif child.type == "code_inline":
                paragraph.add_run(child.content, style="Code Text")
            elif child.type in ("strong", "em", "s"):
                self._inline(
                    paragraph, child, **{**look, {"strong": "bold", "em": "italic", "s": "strike"}[child.type]: True}
                )
            elif child.type == "link":
                self._link(paragraph, child)
            elif child.type == "image":
                self._image(paragraph, child)
            elif child.type == "footnote_ref":
                paragraph._p.append(self._footnotes.add(self._notes.get(child.meta["id"], "")))

    def _run(self, paragraph: Any, text: str, look: dict[str, bool]) -> None:
        run = paragraph.add_run(text)
        for name, value in look.items():
            setattr(run.font, name, value)

    def _link(self, paragraph: Any, node: Any) -> None:
        target, text = str(node.attrs.get("href", "")), _plain(node)
        if not _SAFE_LINK.match(target):
            paragraph.add_run(text)
            return
        link = make("hyperlink")
        relation = paragraph.part.relate_to(target, _LINK, is_external=True)
        link.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id", relation)
        run = paragraph.add_run(text, style="Hyperlink")
        paragraph._p.remove(run._r)
        link.append(run._r)
        paragraph._p.append(link)

    def _image(self, paragraph: Any, node: Any) -> None:
        source, shared = str(node.attrs.get("src", "")), need("docx.shared")
        if _SAFE_LINK.match(source):
            raise ToolError(f"The picture {source} is on the web.", hint="Save it as a file first, and name the file.")
        with self._open_image(source) as file:
            try:
                picture = paragraph.add_run().add_picture(file)
            except (need("docx.image.exceptions").UnrecognizedImageError, ValueError, KeyError) as error:
                raise ToolError(f"{source} is no picture that a document can hold: {error}.") from None
        widest = shared.Cm(TEXT_WIDTH_CM)
        if picture.width > widest:
            picture.height, picture.width = int(picture.height * widest / picture.width), widest
        picture._inline.docPr.set("descr", _plain(node) or node.content)


def _plain(node: Any) -> str:
    if node.type in ("softbreak", "hardbreak"):
        return " "
    if node.children:
        return "".join(_plain(child) for child in node.children)
    return node.content if node.type in ("text", "code_inline") else ""
