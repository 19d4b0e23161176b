"""Comparing, searching, pictures and other formats, for all three kinds of files."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from plugins.office.tests.desk import Desk, at_the_desk
from plugins.office.tests.workbooks import sales
from tests.real.libreoffice import libreoffice, text_of_pdf


def test_two_versions_are_compared_in_words(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.call("create_workbook", path="a.xlsx", sheets=sales())
        await desk.call("create_workbook", path="b.xlsx", sheets=sales())
        assert (await desk.call("diff", path="a.xlsx", other="b.xlsx"))["total"] == 0
        await desk.call("write_cells", path="b.xlsx", rows=[[11, None, "=C2*2"]], at="C2")
        found = (await desk.call("diff", path="a.xlsx", other="b.xlsx"))["differences"]
        assert found == [
            'Sales!C2: "10" became "11"', 'Sales!D2: gone, it was "2026-01-31"', 'Sales!E2: new, "=C2*2"'
        ]  # fmt: skip
        await desk.call("create_doc", path="a.docx", markdown="# T\n\nOne.\n\nTwo.")
        await desk.call("create_doc", path="b.docx", markdown="# T\n\nOne!\n\nTwo.\n\nThree.")
        found = (await desk.call("diff", path="a.docx", other="b.docx"))["differences"]
        assert found == ['Block 2: "One." became "One!"', 'Added as block 4: "Three."']
        await desk.call("create_deck", path="a.pptx", slides=[{"title": "One"}])
        await desk.call("create_deck", path="b.pptx", slides=[{"title": "Two"}])
        found = (await desk.call("diff", path="a.pptx", other="b.pptx"))["differences"]
        assert found == ['slide 1, Title 1: "One" became "Two"']
        assert "two kinds" in await desk.refused("diff", path="a.pptx", other="a.docx")

    at_the_desk(tmp_path / "files", work)


def test_words_are_found_in_every_kind_of_file(tmp_path: Path) -> None:
    folder = tmp_path / "files"

    async def work(desk: Desk) -> None:
        await desk.call("create_workbook", path="in/a.xlsx", sheets=sales())
        await desk.call("create_doc", path="a.docx", markdown="About ROME and Oslo.")
        await desk.call("create_deck", path="a.pptx", slides=[{"title": "Costs", "notes": "Ask rome."}])
        (folder / "broken.docx").write_bytes(b"PK junk")
        found = await desk.call("search", query="rome")
        assert [(Path(hit["path"]).name, hit["where"]) for hit in found["hits"]] == [
            ("a.docx", "block 1"), ("a.pptx", "slide 1, notes"), ("a.xlsx", "Sales!B2"), ("a.xlsx", "Sales!B4"),
        ]  # fmt: skip
        assert len(found["unread"]) == 1
        assert "damaged" in found["unread"][0]
        assert (await desk.call("search", query="rome", kinds=["sheets"], limit=1))["more"]

    at_the_desk(folder, work)


@pytest.mark.real
def test_pictures_and_other_formats(tmp_path: Path) -> None:
    libreoffice()

    async def work(desk: Desk) -> None:
        await desk.call("create_deck", path="a.pptx", slides=[{"title": "One"}, {"title": "Two"}])
        shown = await desk.host.call("office_render_preview", {"path": "a.pptx", "page": 2, "width": 400})
        picture = Image.open(io.BytesIO(shown.content[0].data))
        assert picture.size == (400, 225)
        assert len(set(picture.convert("L").tobytes())) > 2, "nothing is on the picture"
        assert "no page 3" in await desk.refused("render_preview", path="a.pptx", page=3)
        await desk.call("create_doc", path="a.docx", markdown="# Hello\n\nThere.")
        await desk.call("convert", path="a.docx", target_path="a.pdf")
        assert text_of_pdf((desk.folder / "a.pdf").read_bytes()).split() == ["Hello", "There.", "1"]
        await desk.call("convert", path="a.docx", target_path="a.odt")
        await desk.call("convert", path="a.odt", target_path="again.docx")
        assert "# Hello" in (await desk.call("read_doc", path="again.docx"))["markdown"]
        await desk.call("create_workbook", path="a.xlsx", sheets=sales())
        await desk.call("convert", path="a.xlsx", target_path="a.ods")
        assert (await desk.call("read_sheet", path="a.ods"))["rows"][1] == ["Ada", "Rome", 10, "2026-01-31"]
        assert "already" in await desk.refused("convert", path="a.xlsx", target_path="a.ods")
        assert "cannot be made" in await desk.refused("convert", path="a.xlsx", target_path="a.exe")

    at_the_desk(tmp_path / "files", work)
