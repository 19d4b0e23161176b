"""A document as Markdown: what a model reads best. Deleted text is left out, what was inserted is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mcp_agent_office.needs import need
from mcp_agent_office.text.parts import R, W

_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_DESCRIBED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_GONE = (f"{W}del", f"{W}moveFrom")
_ON = (None, "1", "true", "on")


class Reader:
    """One document."""

    def __init__(self, document: Any) -> None:
        self._part = document.part
        self._styles = {style.style_id: style.name or "" for style in document.styles}
        self._formats = _number_formats(document)
        self._body = document.element.body

    def lines(self) -> Iterator[str]:
        """Blocks of Markdown, one at a time."""
        yield from self._blocks(self._body)
        yield from self._notes()

    def _blocks(self, holder: Any) -> Iterator[str]:
        for node in holder:
            if node.tag == f"{W}p":
                if text := self._paragraph(node):
                    yield text
                for inner in node.iter(f"{W}txbxContent"):
                    if not any(parent.tag.endswith("}Fallback") for parent in inner.iterancestors()):
                        yield from self._blocks(inner)
            elif node.tag == f"{W}tbl":
                yield self._table(node)
            elif node.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
                yield from self._blocks(node)

    def _paragraph(self, node: Any) -> str:
        text = self._inline(node).strip()
        if not text:
            return ""
        style = node.find(f"{W}pPr/{W}pStyle")
        name = self._styles.get(style.get(f"{W}val", ""), "") if style is not None else ""
        if found := _HEADING.fullmatch(name):
            return f"{'#' * min(int(found[1]), 6)} {text}"
        if name == "Title":
            return f"# {text}"
        if name in ("Quote", "Intense Quote"):
            return f"> {text}"
        if name == "Code":
            return f"    {text}"
        return self._item(node, name, text) or text

    def _item(self, node: Any, style: str, text: str) -> str:
        number = node.find(f"{W}pPr/{W}numPr/{W}numId")
        level = node.find(f"{W}pPr/{W}numPr/{W}ilvl")
        depth = int(level.get(f"{W}val", "0")) if level is not None else 0
        if found := re.search(r" (\d)$", style):
            depth = max(depth, int(found[1]) - 1)
        if number is not None and number.get(f"{W}val") != "0":
            ordered = style.startswith("List Number") or self._formats.get(number.get(f"{W}val"), "") != "bullet"
            ordered = ordered and not style.startswith("List Bullet")
        elif style.startswith(("List Bullet", "List Number")):
            ordered = style.startswith("List Number")
        else:
            return ""
        return f"{'   ' * depth}{'1.' if ordered else '-'} {text}"

    def _inline(self, holder: Any) -> str:
        parts = []
        for node in holder:
            if node.tag == f"{W}r":
                parts.append(self._run(node))
            elif node.tag == f"{W}hyperlink":
                text, target = self._inline(node), self._target(node.get(f"{R}id"))
                parts.append(f"[{text}]({target})" if target and text else text)
            elif node.tag not in _GONE and node.tag != f"{W}pPr":
                parts.append(node.text or "" if node.tag == _MATH else self._inline(node))
        return re.sub(r"\*\*\*\*|(?<=\w)\*\*(\s*)\*\*(?=\w)", r"\1", "".join(parts))

    def _run(self, run: Any) -> str:
        text = ""
        for node in run:
            if node.tag == f"{W}t":
                text += node.text or ""
            elif node.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
                text += "\t" if node.tag == f"{W}tab" else " "
            elif node.tag == f"{W}noBreakHyphen":
                text += "-"
            elif node.tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                text += f"[^{node.get(f'{W}id')}]"
            elif node.tag == f"{W}drawing":
                text += self._picture(node)
        return _marked(text, run.find(f"{W}rPr"))

    def _picture(self, node: Any) -> str:
        described = next(node.iter(_DESCRIBED), None)
        words = "" if described is None else described.get("descr") or described.get("name") or ""
        blip = next(node.iter(_PICTURE), None)
        target = self._target(blip.get(f"{R}embed")) if blip is not None else ""
        return f"![{words}]({target})" if blip is not None else ""

    def _target(self, relation: str | None) -> str:
        found = self._part.rels.get(relation) if relation else None
        if found is None:
            return ""
        return str(found.target_ref)

    def _table(self, node: Any) -> str:
        rows = [
            [" ".join(self._cell(cell)).replace("|", "\\|") for cell in row.iter(f"{W}tc") if _row_of(cell) is row]
            for row in node.iter(f"{W}tr")
            if _table_of(row) is node
        ]
        width = max(map(len, rows), default=0)
        if not width:
            return ""
        rows[0] = [cell.replace("**", "") for cell in rows[0]]  # a header stands out by itself
        lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in rows]
        return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])

    def _cell(self, cell: Any) -> Iterator[str]:
        for block in self._blocks(cell):
            yield block.replace("\n", " ")

    def _notes(self) -> Iterator[str]:
        etree = need("lxml.etree")
        for relation in self._part.rels.values():
            if relation.reltype.endswith(("/footnotes", "/endnotes")) and not relation.is_external:
                tree = etree.fromstring(relation.target_part.blob, etree.XMLParser(resolve_entities=False))
                for note in tree:
                    text = " ".join(self._inline(paragraph).strip() for paragraph in note.iter(f"{W}p")).strip()
                    if note.get(f"{W}type") is None and text:
                        yield f"[^{note.get(f'{W}id')}]: {text}"


def _marked(text: str, look: Any) -> str:
    if look is None or not text.strip():
        return text
    before, words, after = re.fullmatch(r"(\s*)(.*?)(\s*)", text, re.S).groups()  # type: ignore[union-attr]
    style = look.find(f"{W}rStyle")
    if style is not None and style.get(f"{W}val") in ("CodeText", "HTMLCode"):
        return f"{before}`{words}`{after}"
    for tag, mark in (("strike", "~~"), ("i", "*"), ("b", "**")):
        found = look.find(f"{W}{tag}")
        if found is not None and found.get(f"{W}val") in _ON:
            words = f"{mark}{words}{mark}"
    return f"{before}{words}{after}"


def _row_of(cell: Any) -> Any:
    return next(parent for parent in cell.iterancestors() if parent.tag == f"{W}tr")


def _table_of(row: Any) -> Any:
    return next(parent for parent in row.iterancestors() if parent.tag == f"{W}tbl")


def _number_formats(document: Any) -> dict[str, str]:
    """By list, whether it has bullets or numbers."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError, AttributeError):
        return {}
    kinds = {
        node.get(f"{W}abstractNumId"): form.get(f"{W}val", "")
        for node in root.iter(f"{W}abstractNum")
        if (form := node.find(f"{W}lvl/{W}numFmt")) is not None
    }
    found = {}
    for node in root.iter(f"{W}num"):
        used = node.find(f"{W}abstractNumId")
        if used is not None:
            found[node.get(f"{W}numId")] = kinds.get(used.get(f"{W}val"), "bullet")
    return found
