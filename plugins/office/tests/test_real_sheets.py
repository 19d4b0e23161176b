"""LibreOffice opens and computes the workbooks that are made here, and sees what we say is in them."""

from __future__ import annotations

import asyncio
import csv
import io
from pathlib import Path

import docx
import openpyxl
import pytest

from plugins.office.tests.desk import Desk, at_the_desk
from plugins.office.tests.test_text import PNG
from plugins.office.tests.workbooks import parts_of, rich_workbook, sales
from tests.real.libreoffice import converted, libreoffice

pytestmark = pytest.mark.real


def seen_by_libreoffice(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(converted(file, "csv:Text - txt - csv (StarCalc):44,34,76").decode())))


def test_libreoffice_sees_the_values_we_wrote(tmp_path: Path) -> None:
    libreoffice()

    async def work(desk: Desk) -> None:
        await desk.call("create_workbook", path="s.xlsx", sheets=sales())
        await desk.call("write_cells", path="s.xlsx", rows=[['Dé <&> "x"', "Paris", 3, "2026-03-01"]])
        await desk.call("write_cells", path="s.xlsx", rows=[["=SUM(C2:C5)", True]], at="F1")
        await desk.call("add_chart", path="s.xlsx", range="B1:C5", kind="pie")

    at_the_desk(tmp_path / "files", work)
    seen = seen_by_libreoffice(tmp_path / "files" / "s.xlsx")
    assert seen[0] == ["name", "city", "amount", "day", "", "22.5", "TRUE"]
    assert [row[0] for row in seen[1:]] == ["Ada", "Bo", "Cy", 'Dé <&> "x"']
    assert [row[2] for row in seen[1:4]] == ["10.00", "2.50", "7.00"]
    assert len(openpyxl.load_workbook(tmp_path / "files" / "s.xlsx").active._charts) == 1


def test_values_are_computed_and_never_invented(tmp_path: Path) -> None:
    libreoffice()
    formulas = [
        "=SUM(C2:C4)",
        "=F1/0",
        '=UPPER(A2)&"!"',
        "=DATE(2026,5,4)",
        "=NOSUCH(1)",
        "=C2>5",
        "=VLOOKUP(9,A1:B2,2,0)",
    ]

    async def work(desk: Desk) -> None:
        await desk.call("create_workbook", path="s.xlsx", sheets=sales())
        await desk.call("write_cells", path="s.xlsx", rows=[[formula] for formula in formulas], at="F1")
        before = parts_of((desk.folder / "s.xlsx").read_bytes())
        done = await desk.call("recalculate", path="s.xlsx")
        assert done["formulas"] == 7
        assert done["failed"] == {"Sales!F2": "#DIV/0!", "Sales!F5": "#NAME?", "Sales!F7": "#N/A"}
        assert done["unknown"] == ["Sales!F5"]
        read = await desk.call("read_sheet", path="s.xlsx", range="F1:F7", show="both")
        assert [row[0] for row in read["rows"]] == [19.5, None, "ADA!", 46146, None, True, None]
        assert list(read["formulas"].values()) == formulas
        assert read["not_computed"] == ["F5"]
        assert read["errors"] == {"F2": "#DIV/0!", "F7": "#N/A"}
        after = parts_of((desk.folder / "s.xlsx").read_bytes())
        assert {name for name in before if before[name] != after[name]} <= {
            "xl/worksheets/sheet1.xml",
            "xl/workbook.xml",
        }
        book = openpyxl.load_workbook(desk.folder / "s.xlsx", data_only=True)
        assert book.active["F1"].value == 19.5

    at_the_desk(tmp_path / "files", work)


def test_a_file_we_edited_still_opens(tmp_path: Path) -> None:
    libreoffice()
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "r.xlsx").write_bytes(rich_workbook())

    async def work(desk: Desk) -> None:
        await desk.call("write_cells", path="r.xlsx", rows=[[50, "=C2*2"]], at="C2")
        await desk.call("recalculate", path="r.xlsx")
        other = await desk.call("read_sheet", path="r.xlsx", sheet="Other")
        assert other["rows"] == [[59.5]]

    at_the_desk(folder, work)
    assert seen_by_libreoffice(folder / "r.xlsx")[0][5] == "59.5"


def test_nothing_leaves_the_machine_while_it_computes(tmp_path: Path) -> None:
    """A workbook of somebody else asks a server and reads a file; neither happens."""
    libreoffice()
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "secret.csv").write_text("treasure\n")
    asked: list[bytes] = []

    async def work(desk: Desk) -> None:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked.append(await reader.read(1000))
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        book = openpyxl.Workbook()
        book.active["A1"] = f'=_xlfn.WEBSERVICE("http://127.0.0.1:{port}/x")'
        book.active["A2"] = f"='file://{folder}/secret.csv'#$secret.A1"
        book.active["A3"] = "=1+1"
        book.save(folder / "theirs.xlsx")
        done = await desk.call("recalculate", path="theirs.xlsx")
        read = await desk.call("read_sheet", path="theirs.xlsx")
        assert read["rows"][2] == [2]
        assert read["rows"][:2] == [[None], [None]]
        assert done["unknown"] == ["Sheet!A1", "Sheet!A2"]
        server.close()

    at_the_desk(folder, work)
    assert asked == []


def test_without_libreoffice_it_says_how_to_get_it(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.call("create_workbook", path="s.xlsx", sheets=sales())
        assert "libreoffice.org" in await desk.refused("recalculate", path="s.xlsx")

    at_the_desk(tmp_path / "files", work, libreoffice="no-such-program")


def test_a_computation_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nsleep 60 & wait\n")
    program.chmod(0o755)

    async def work(desk: Desk) -> None:
        await desk.call("create_workbook", path="s.xlsx", sheets=[{"name": "S", "rows": [[1], ["=A1"]]}])
        assert "did not finish within 0.3 seconds" in await desk.refused("recalculate", path="s.xlsx")

    at_the_desk(tmp_path / "files", work, libreoffice=str(program), libreoffice_seconds=0.3)


def test_pictures_that_a_document_links_to_are_not_fetched(tmp_path: Path) -> None:
    """LibreOffice would ask the server for it, if it were let."""
    libreoffice()
    folder = tmp_path / "files"
    folder.mkdir()
    asked: list[bytes] = []

    async def work(desk: Desk) -> None:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked.append(await reader.read(1000))
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        target = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x.png"
        document = docx.Document()
        document.add_paragraph("Hello")
        document.add_picture(io.BytesIO(PNG))
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
        link = document.part.relate_to(target, kind, is_external=True)
        space = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
        for blip in document.element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip"):
            del blip.attrib[f"{space}embed"]
            blip.set(f"{space}link", link)
        document.save(folder / "theirs.docx")
        assert "image http" in (await desk.call("read_doc", path="theirs.docx"))["warnings"][0]
        await desk.call("convert", path="theirs.docx", target_path="theirs.pdf")
        server.close()

    at_the_desk(folder, work)
    assert asked == []
