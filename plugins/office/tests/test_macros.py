"""Files with macros, and templates: read like any other; edited, every byte of the macros stays; never run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from docx.opc.constants import CONTENT_TYPE
from mcp_agent_office.files import saved
from mcp_agent_office.packages import DECK, DECK_TYPES, DOC, DOC_TYPES

from plugins.office.tests.desk import Desk, at_the_desk
from tests.real.libreoffice import libreoffice

VBA = bytes(range(256)) * 40 + b"\x00an OLE container, as far as we know"
SIGNED = b"a signature of the macros" * 30
_RELATION = "http://schemas.microsoft.com/office/2006/relationships/"
_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO_BOOKS = {
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    ".xltm": "application/vnd.ms-excel.template.macroEnabled.main+xml",
}


def a_document() -> bytes:
    made = docx.Document()
    made.add_paragraph("Dear {{name}}, the beans are fine.")
    return saved(made)


def a_deck() -> bytes:
    made = pptx.Presentation()
    made.slides.add_slide(made.slide_layouts[5]).shapes.title.text = "The beans"
    return saved(made)


def a_book() -> bytes:
    made = openpyxl.Workbook()
    made.active.append(["what", "cost"])
    made.active.append(["beans", 2])
    return saved(made)


def with_macros(data: bytes, main: str, plain: str, wanted: str) -> bytes:
    """The same file as another kind, with a signed project of macros, as Office writes it."""
    folder, _, name = main.rpartition("/")
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "[Content_Types].xml":
                types = (
                    f'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
                    f'<Override PartName="/{folder}/vbaProjectSignature.bin"'
                    f' ContentType="application/vnd.ms-office.vbaProjectSignature"/></Types>'
                )
                content = content.replace(plain.encode(), wanted.encode()).replace(b"</Types>", types.encode())
            if info.filename == f"{folder}/_rels/{name}.rels":
                relation = f'<Relationship Id="rId999" Type="{_RELATION}vbaProject" Target="vbaProject.bin"/>'
                content = content.replace(b"</Relationships>", relation.encode() + b"</Relationships>")
            made.writestr(info, content)
        made.writestr(f"{folder}/vbaProject.bin", VBA)
        made.writestr(f"{folder}/vbaProjectSignature.bin", SIGNED)
        signed = f'<Relationship Id="rId1" Type="{_RELATION}vbaProjectSignature" Target="vbaProjectSignature.bin"/>'
        made.writestr(
            f"{folder}/_rels/vbaProject.bin.rels",
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats'
            f'.org/package/2006/relationships">{signed}</Relationships>',
        )
    return buffer.getvalue()


def main_type(data: bytes, main: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        types = package.read("[Content_Types].xml").decode()
    return types.partition(f'PartName="/{main}"')[2].partition('ContentType="')[2].partition('"')[0]


def macros_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {
            name.rpartition("/")[2]: package.read(name)
            for name in package.namelist()
            if "vba" in name and name.endswith(".bin")
        }


Case = tuple[str, Callable[[], bytes], str, str, str]
_DOC_ENDINGS = (".docx", ".dotx", ".docm", ".dotm")
_DECK_ENDINGS = (".pptx", ".potx", ".ppsx", ".pptm", ".potm", ".ppsm")
CASES: list[Case] = [
    *(
        (ending, a_document, "word/document.xml", DOC, wanted)
        for ending, wanted in zip(_DOC_ENDINGS, DOC_TYPES, strict=True)
    ),
    *(
        (ending, a_deck, "ppt/presentation.xml", DECK, wanted)
        for ending, wanted in zip(_DECK_ENDINGS, DECK_TYPES, strict=True)
    ),
    *((ending, a_book, "xl/workbook.xml", _BOOK, wanted) for ending, wanted in _MACRO_BOOKS.items()),
]
EDITS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "word": [
        ("replace_text", {"replacements": [{"find": "beans", "replace": "peas"}]}),
        ("track_changes", {"changes": [{"find": "fine", "replace": "good"}]}),
        ("settle_changes", {"decision": "accept"}),
        ("add_comment", {"find": "Dear", "comment": "Who?"}),
    ],
    "ppt": [
        ("edit_slide", {"action": "text", "slide": 1, "text": ["The peas"]}),
        ("edit_slide", {"action": "add", "slide": 2, "content": {"title": "More", "bullets": ["a"]}}),
    ],
    "xl": [
        ("write_cells", {"rows": [["peas", 3]]}),
        ("format_range", {"range": "A1:B1", "look": {"bold": True}}),
        ("add_chart", {"range": "A1:B3"}),
    ],
}
READ = {"word": "read_doc", "ppt": "read_deck", "xl": "describe_workbook"}


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_it_is_read_and_edited_and_its_macros_stay_as_they_were(tmp_path: Path, case: Case) -> None:
    ending, make, main, plain, wanted = case
    folder = tmp_path / "files"
    folder.mkdir()
    before = with_macros(make(), main, plain, wanted)
    file = folder / f"theirs{ending.upper() if ending == '.xlsm' else ending}"
    file.write_bytes(before)
    kind = main.partition("/")[0]

    async def work(desk: Desk) -> None:
        read = await desk.call(READ[kind], path=file.name)
        assert "It holds macros. They are kept, and never run." in read["warnings"]
        for tool, arguments in EDITS[kind]:
            was = file.read_bytes()
            await desk.call(tool, path=file.name, **arguments)
            now = file.read_bytes()
            assert now != was, tool
            assert macros_of(now) == {"vbaProject.bin": VBA, "vbaProjectSignature.bin": SIGNED}, tool
            assert main_type(now, main) == wanted, tool
        assert (await desk.host.undo(last=len(EDITS[kind]))).stopped is None
        assert file.read_bytes() == before

    at_the_desk(folder, work)


def test_what_is_made_of_a_template_with_macros_has_none(tmp_path: Path) -> None:
    """A plain file with macros in it is one that no office program opens."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "letter.dotm").write_bytes(with_macros(a_document(), "word/document.xml", DOC, DOC_TYPES[3]))
    (folder / "look.potm").write_bytes(with_macros(a_deck(), "ppt/presentation.xml", DECK, DECK_TYPES[4]))

    async def work(desk: Desk) -> None:
        await desk.call("fill_template", path="letter.dotm", target_path="ada.docx", records=[{"name": "Ada"}])
        await desk.call("create_deck", path="ours.pptx", slides=[{"title": "Ours"}], template="look.potm")
        assert "Dear Ada, the beans" in (await desk.call("read_doc", path="ada.docx"))["markdown"]

    at_the_desk(folder, work)
    for name, main, plain in (
        ("ada.docx", "word/document.xml", CONTENT_TYPE.WML_DOCUMENT_MAIN),
        ("ours.pptx", "ppt/presentation.xml", CONTENT_TYPE.PML_PRESENTATION_MAIN),
    ):
        data = (folder / name).read_bytes()
        assert macros_of(data) == {}
        assert main_type(data, main) == plain
    assert docx.Document(str(folder / "ada.docx")).paragraphs
    assert len(pptx.Presentation(str(folder / "ours.pptx")).slides) == 2


@pytest.mark.real
def test_libreoffice_opens_what_was_edited(tmp_path: Path) -> None:
    libreoffice()
    folder = tmp_path / "files"
    folder.mkdir()
    for ending, make, main, plain, wanted in CASES:
        if ending in (".docm", ".pptm"):
            (folder / f"theirs{ending}").write_bytes(with_macros(make(), main, plain, wanted))

    async def work(desk: Desk) -> None:
        for ending, kind in ((".docm", "word"), (".pptm", "ppt")):
            tool, arguments = EDITS[kind][0]
            await desk.call(tool, path=f"theirs{ending}", **arguments)
            await desk.call("convert", path=f"theirs{ending}", target_path=f"{kind}.pdf")
            assert (folder / f"{kind}.pdf").read_bytes().startswith(b"%PDF")

    at_the_desk(folder, work)
