"""Footnotes of a new document: python-docx has none, so their part is made here."""

from __future__ import annotations

from typing import Any

from mcp_agent_office.needs import need
from mcp_agent_office.text.parts import make

_NAME = "/word/footnotes.xml"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_FIRST = 2


class Footnotes:
    """Collects notes, and writes their part at the end."""

    def __init__(self) -> None:
        self._notes: list[Any] = []

    def add(self, text: str) -> Any:
        """The run that refers to the note."""
        number = str(_FIRST + len(self._notes))
        note = make("footnote", id=number)
        paragraph = make("p")
        properties = make("pPr")
        properties.append(make("pStyle", val="FootnoteText"))
        paragraph.append(properties)
        paragraph.append(_reference(make("footnoteRef")))
        run = make("r")
        run.append(make("t", f" {text}"))
        paragraph.append(run)
        note.append(paragraph)
        self._notes.append(note)
        return _reference(make("footnoteReference", id=number))

    def write(self, document: Any) -> None:
        if not self._notes:
            return
        root = make("footnotes")
        for number, kind in enumerate(("separator", "continuationSeparator")):
            note = make("footnote", type=kind, id=str(number))
            paragraph, run = make("p"), make("r")
            run.append(make(kind))
            paragraph.append(run)
            note.append(paragraph)
            root.append(note)
        root.extend(self._notes)
        etree, opc = need("lxml.etree"), need("docx.opc.part")
        blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        name = need("docx.opc.packuri").PackURI(_NAME)
        document.part.relate_to(opc.Part(name, _TYPE, blob, document.part.package), _RELATION)


def _reference(mark: Any) -> Any:
    run, look = make("r"), make("rPr")
    look.append(make("rStyle", val="FootnoteReference"))
    run.append(look)
    run.append(mark)
    return run
