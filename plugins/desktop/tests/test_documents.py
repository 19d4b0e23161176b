"""PDF and office files as text: files that other programs made."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest

from mcp_agent import ToolError
from mcp_agent.testing import host_for
from tests.real.python_env import python_env

pytestmark = pytest.mark.real
MODULE = "mcp_agent_desktop"
LIBRARIES = (
    "python-docx==1.1.2", "openpyxl==3.1.5", "python-pptx==1.0.2", "odfpy==1.4.1", "reportlab==4.2.5", "pypdf==6.1.1",
)  # fmt: skip
MAKE = r"""
import datetime, sys, docx, openpyxl, pptx
from odf.opendocument import OpenDocumentText
from odf.text import H, P
from reportlab.pdfgen.canvas import Canvas
from pypdf import PdfReader, PdfWriter
folder = sys.argv[1]
document = docx.Document()
document.add_heading("Garten", 1)
document.add_paragraph("Wir pflanzen ").add_run("Tomaten").bold = True
table = document.add_table(1, 2)
table.cell(0, 0).text, table.cell(0, 1).text = "Bohnen", "12"
document.save(f"{folder}/a.docx")
book = openpyxl.Workbook()
book.active.append(["Name", "Anzahl", "gut"])
book.active.append(["Tomaten", 4, True])
book.active["D5"] = "weit weg"
book.create_sheet("Zweites").append(["ein Wort"])
book.save(f"{folder}/a.xlsx")
deck = pptx.Presentation()
for number in range(11):
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = f"Folie {number}"
    slide.placeholders[1].text = "Tomaten"
deck.save(f"{folder}/a.pptx")
text = OpenDocumentText()
text.text.addElement(H(outlinelevel=1, text="Garten"))
text.text.addElement(P(text="Wir pflanzen Tomaten"))
text.save(f"{folder}/a.odt")
canvas = Canvas(f"{folder}/a.pdf")
for number in (1, 2, 3):
    canvas.drawString(100, 700, f"Tomaten auf Seite {number}")
    canvas.showPage()
canvas.save()
locked = PdfWriter()
locked.append(PdfReader(f"{folder}/a.pdf"))
locked.encrypt("secret", algorithm="RC4-128")
locked.write(f"{folder}/locked.pdf")
"""
EXPECTED = {
    "a.docx": ("office", "Garten\nWir pflanzen Tomaten\nBohnen\n\t12"),
    "a.xlsx": ("office", "[sheet 1]\nName\tAnzahl\tgut\nTomaten\t4\tTRUE\n\t\t\tweit weg\n\n[sheet 2]\nein Wort"),
    "a.pptx": ("office", "Folie 0\nTomaten\n\nFolie 1\nTomaten\n\nFolie 2"),
    "a.odt": ("office", "Garten\nWir pflanzen Tomaten"),
    "a.pdf": ("pdf", "[page 1]\nTomaten auf Seite 1\n\n[page 2]\nTomaten auf Seite 2\n\n[page 3]"),
}


def test_documents_of_other_programs_are_read_as_text(files: Path) -> None:
    python = python_env(*LIBRARIES)
    subprocess.run([str(python), "-c", MAKE, str(files)], check=True, capture_output=True, timeout=120)

    async def work() -> None:
        async with host_for(MODULE) as host:
            for name, (kind, text) in EXPECTED.items():
                part = (await host.call("desktop_read_file", {"path": name})).data
                assert part["kind"] == kind
                assert part["text"].startswith(text), (name, part["text"])
            later = (await host.call("desktop_read_file", {"path": "a.pdf", "offset": 30, "limit": 20})).data
            whole = (await host.call("desktop_read_file", {"path": "a.pdf"})).data["text"]
            assert (later["text"], later["next_offset"]) == (whole[30:50], 50)
            with pytest.raises(ToolError, match="protected by a password"):
                await host.call("desktop_read_file", {"path": "locked.pdf"})

    asyncio.run(work())
