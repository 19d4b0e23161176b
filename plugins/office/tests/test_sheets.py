"""Workbooks: made, read and changed; what was there stays."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp_agent_office.guard.losses import losses
from mcp_agent_office.sheets.book import Book
from mcp_agent_office.sheets.cells import Area, column_of, letters, parse_area
from mcp_agent_office.sheets.patch import filled, patched
from mcp_agent_office.sheets.values import to_cell

from plugins.office.tests.desk import Desk, at_the_desk
from plugins.office.tests.workbooks import ROWS, parts_of, rich_workbook, sales, shared_workbook


def test_what_is_made_is_read_back_and_asked(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.call("create_workbook", path="s.xlsx", sheets=sales())
        read = await desk.call("read_sheet", path="s.xlsx")
        assert read["rows"] == ROWS
        assert read["range"] == "A1:D4"
        page = await desk.call("read_sheet", path="s.xlsx", range="Table1", limit=2)
        assert (page["range"], page["next"]) == ("A1:D2", "A3:D4")
        assert (await desk.call("read_sheet", path="s.xlsx", range="Sales!B:C"))["rows"][1] == ["Rome", 10]
        sql = "select city, sum(amount) as total, median(amount) as m from Sales group by city order by total desc"
        found = await desk.call("query_sheet", path="s.xlsx", sql=sql)
        assert found["rows"] == [{"city": "Rome", "total": 17, "m": 8.5}, {"city": "Oslo", "total": 2.5, "m": 2.5}]
        pivot = await desk.call("pivot", path="s.xlsx", rows=["city"], values="amount", columns="day")
        assert pivot["rows"][-1] == ["Total", 10, 2.5, 7, 19.5]
        made = openpyxl.load_workbook(desk.folder / "s.xlsx").active
        assert made["C2"].number_format == "#,##0.00"
        assert made["A1"].font.b
        assert made.freeze_panes == "A2"
        assert made.tables["Table1"].ref == "A1:D4"

    at_the_desk(tmp_path / "files", work)


def test_writing_cells_leaves_every_other_part_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    before = rich_workbook()
    (folder / "r.xlsx").write_bytes(before)

    async def work(desk: Desk) -> None:
        await desk.call("write_cells", path="r.xlsx", rows=[[99, "=C2+1", "2026-03-04", None]], at="C2")
        after = (folder / "r.xlsx").read_bytes()
        old, new = parts_of(before), parts_of(after)
        assert old.keys() == new.keys()
        changed = {name for name in old if old[name] != new[name]}
        assert changed <= {"xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"}
        sheet = openpyxl.load_workbook(io.BytesIO(after)).worksheets[0]
        assert sheet["C2"].value == 99
        assert sheet["C2"].font.color.rgb == "00FF0000"
        assert sheet["D2"].value == "=C2+1"
        assert sheet["E2"].is_date
        assert sheet["F2"].value is None
        assert sheet["A1"].comment.text == "from Ada"
        read = await desk.call("read_sheet", path="r.xlsx", show="both")
        assert read["formulas"] == {"F1": "=SUM(C2:C4)", "D2": "=C2+1"}
        assert sorted(read["not_computed"]) == ["D2", "F1"]
        assert read["rows"][0][5] is None
        told = await desk.refused("query_sheet", path="r.xlsx", sql="select * from Sheet")
        assert "no value yet" in told

    at_the_desk(folder, work)


def test_what_openpyxl_would_lose_is_named_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    before = rich_workbook()
    (folder / "r.xlsx").write_bytes(before)
    look = {"range": "A1:B2", "look": {"bold": True, "fill": "FFEE00"}}

    async def work(desk: Desk) -> None:
        told = await desk.refused("format_range", path="r.xlsx", **look)
        assert "slicers (1)" in told
        assert "custom data (1)" in told
        assert "charts" not in told
        assert (folder / "r.xlsx").read_bytes() == before
        done = await desk.call("format_range", path="r.xlsx", accept_loss=True, **look)
        assert done["lost"] == ["custom data (1)", "slicers (1)"]
        assert losses(before, (folder / "r.xlsx").read_bytes()) == done["lost"]
        assert openpyxl.load_workbook(folder / "r.xlsx").active["B2"].fill.fgColor.rgb == "00FFEE00"
        assert (await desk.host.undo()).stopped is None
        assert (folder / "r.xlsx").read_bytes() == before

    at_the_desk(folder, work)


def test_a_shared_formula_is_written_out_before_it_is_overwritten(tmp_path: Path) -> None:
    changed, formulas = patched(shared_workbook(), "Sheet", {(2, 2): 5})
    sheet = openpyxl.load_workbook(io.BytesIO(changed)).worksheets[0]
    assert [sheet[f"B{row}"].value for row in (2, 3, 4)] == [5, "=A3*$A$2", "=A4*$A$2"]
    assert formulas == 4
    assert b"<v>66</v>" not in parts_of(changed)["xl/worksheets/sheet1.xml"], "a value that may be wrong was kept"

    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "s.xlsx").write_bytes(shared_workbook())

    async def work(desk: Desk) -> None:
        assert "fills B6:B7" in await desk.refused("write_cells", path="s.xlsx", rows=[[1]], at="B7")
        assert "merged" in await desk.refused("write_cells", path="s.xlsx", rows=[[1]], at="E2")

    at_the_desk(tmp_path / "files", work)


CELL = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**14), 10**14), st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=20),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.tuples(st.integers(1, 30), st.integers(1, 30)), CELL, max_size=12))
def test_any_cells_are_written_and_the_others_stay(cells: dict[tuple[int, int], Any]) -> None:
    if any(isinstance(value, str) and value.startswith("=") for value in cells.values()):
        return
    data = rich_workbook()
    changed, _ = patched(data, "Sheet", {place: to_cell(value, "x") for place, value in cells.items()
                                         if place[0] != 0})  # fmt: skip
    before = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    after = openpyxl.load_workbook(io.BytesIO(changed)).worksheets[0]
    for row in range(1, 32):
        for column in range(1, 32):
            old, new = before.cell(row, column), after.cell(row, column)
            wanted = cells.get((row, column), old.value)
            same = (new.value or None) == (wanted or None) if isinstance(wanted, str) else new.value == wanted
            assert same or new.is_date
            if (row, column) not in cells:
                assert new.number_format == old.number_format


@given(st.integers(1, 16_384))
def test_letters_and_numbers_of_columns(column: int) -> None:
    assert column_of(letters(column)) == column


def test_ranges_in_every_form() -> None:
    assert parse_area("$B$2:a1") == Area(1, 1, 2, 2)
    assert str(parse_area("C:D")) == "C1:D1048576"
    assert parse_area("5:7").top == 5


def test_rows_are_added_by_the_headers(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.call("create_workbook", path="s.xlsx", sheets=sales())
        await desk.call("write_cells", path="s.xlsx", rows=[{"amount": 4, "name": "Di"}])
        read = await desk.call("read_sheet", path="s.xlsx", range="A5:D5")
        assert read["rows"] == [["Di", None, 4, None]]
        assert "no column 'price'" in await desk.refused("write_cells", path="s.xlsx", rows=[{"price": 1}])
        assert "name of a column" in await desk.refused("write_cells", path="s.xlsx", rows=[["x"]], at="A1")
        version = read["version"]
        await desk.call("write_cells", path="s.xlsx", rows=[[1]], at="F9", version=version)
        assert "changed by somebody" in await desk.refused("write_cells", path="s.xlsx", rows=[[1]], version=version)

    at_the_desk(tmp_path / "files", work)


def test_undo_of_writes_brings_every_byte_back(tmp_path: Path) -> None:
    folder = tmp_path / "files"

    async def work(desk: Desk) -> None:
        await desk.call("create_workbook", path="a/s.xlsx", sheets=sales())
        first = (folder / "a" / "s.xlsx").read_bytes()
        await desk.call("write_cells", path="a/s.xlsx", rows=[[1]], at="Z99")
        await desk.call("add_chart", path="a/s.xlsx", range="B1:C4", title="By city")
        assert len(openpyxl.load_workbook(folder / "a" / "s.xlsx").active._charts) == 1
        await desk.host.undo(last=2)
        assert (folder / "a" / "s.xlsx").read_bytes() == first
        await desk.host.undo()
        assert list(folder.iterdir()) == []

    at_the_desk(folder, work)


def test_what_no_reader_can_read_is_an_error_in_words(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"junk" * 500)
    with zipfile.ZipFile(folder / "empty.xlsx", "w") as package:
        package.writestr("a.xml", "<a/>")

    async def work(desk: Desk) -> None:
        assert "cannot be read" in await desk.refused("read_sheet", path="old.xls")
        assert "no workbook" in await desk.refused("describe_workbook", path="empty.xlsx")
        assert "is not one of" in await desk.refused("write_cells", path="old.xls", rows=[[1]])

    at_the_desk(folder, work)


def test_filled_goes_from_a_corner() -> None:
    assert filled([[1, 2], [3]], 2, 3, to_cell) == {(2, 3): 1, (2, 4): 2, (3, 3): 3}
    assert Book(rich_workbook(), "r.xlsx").find(None, "amounts").area == Area(2, 3, 4, 3)


def test_days_before_march_1900_stay_those_days(tmp_path: Path) -> None:
    days = ["1900-01-01", "1900-01-15", "1900-02-28", "1900-03-01", "1900-03-02"]

    async def work(desk: Desk) -> None:
        await desk.call("create_workbook", path="d.xlsx", sheets=[{"name": "D", "rows": [["x"]]}])
        await desk.call("write_cells", path="d.xlsx", rows=[days], at="A2")
        assert (await desk.call("read_sheet", path="d.xlsx", range="A2:E2"))["rows"] == [days]
        made = openpyxl.load_workbook(desk.folder / "d.xlsx").active
        assert [cell.value.date().isoformat() for cell in made[2]] == days

    at_the_desk(tmp_path / "files", work)


def test_rows_added_below_a_table_belong_to_it(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.call("create_workbook", path="s.xlsx", sheets=sales())
        before = (desk.folder / "s.xlsx").read_bytes()
        await desk.call("write_cells", path="s.xlsx", rows=[["Bonn", 1], ["Kiel", 2]])
        found = await desk.call("query_sheet", path="s.xlsx", sql="select count(*) as n from Table1")
        assert found["rows"] == [{"n": len(ROWS) + 1}]
        made = openpyxl.load_workbook(desk.folder / "s.xlsx").active
        assert made.tables["Table1"].ref == "A1:D6"
        await desk.call("write_cells", path="s.xlsx", rows=[["apart", 1]], at="A7")
        assert openpyxl.load_workbook(desk.folder / "s.xlsx").active.tables["Table1"].ref == "A1:D6"
        await desk.host.undo(last=2)
        assert (desk.folder / "s.xlsx").read_bytes() == before

    at_the_desk(tmp_path / "files", work)


def test_text_that_looks_like_the_code_of_a_character_stays_text(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.call("create_workbook", path="c.xlsx", sheets=[{"name": "C", "rows": [["x"]]}])
        await desk.call("write_cells", path="c.xlsx", rows=[["_x0041_", "a_x000D_b", "_x1_"]], at="A2")
        assert (await desk.call("read_sheet", path="c.xlsx"))["rows"][1] == ["_x0041_", "a_x000D_b", "_x1_"]

    at_the_desk(tmp_path / "files", work)
