"""Workbooks: made, read, changed, asked; what was there stays, and nothing is invented."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp_agent_office.guard.losses import losses
from mcp_agent_office.sheets import importing
from mcp_agent_office.sheets.book import Book
from mcp_agent_office.sheets.cells import Area, column_of, letters, parse_area
from mcp_agent_office.sheets.patch import filled, patched
from mcp_agent_office.sheets.values import to_cell
from openpyxl.chart import BarChart, Reference

from plugins.office.tests.desk import Desk, at_the_desk

ROWS = [["name", "city", "amount", "day"], ["Ada", "Rome", 10, "2026-01-31"], ["Bo", "Oslo", 2.5, "2026-02-01"],
        ["Cy", "Rome", 7, "2026-02-02"]]  # fmt: skip


def sales(name: str = "Sales") -> list[dict[str, Any]]:
    return [{"name": name, "rows": ROWS, "formats": {"amount": "#,##0.00"}}]


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


def rich_workbook() -> bytes:
    """With a chart, names, a comment, a rule, a formula that others share, and a part that nobody knows."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in ROWS:
        sheet.append(row)
    sheet["F1"], sheet["F2"] = "=SUM(C2:C4)", "=F1*2"
    sheet["A1"].comment = openpyxl.comments.Comment("from Ada", "Ada")
    sheet["C2"].font = openpyxl.styles.Font(bold=True, color="FF0000")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=1, max_row=4), titles_from_data=True)
    sheet.add_chart(chart, "H2")
    book.defined_names["Amounts"] = openpyxl.workbook.defined_name.DefinedName("Amounts", attr_text="Sheet!$C$2:$C$4")
    book.create_sheet("Other")["A1"] = "=Sheet!F1"
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("xl/slicers/slicer1.xml", "<slicers/>")
        package.writestr("customXml/item1.xml", "<mine/>")
    return buffer.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


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


def shared_workbook() -> bytes:
    """B2 is written once, and B3 and B4 copy it, as Excel does it."""
    parts = parts_of(rich_workbook())
    cells = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c>{cell}</row>' for row, cell in [
        (2, '<c r="B2"><f t="shared" ref="B2:B4" si="0">A2*$A$2</f><v>44</v></c>'),
        (3, '<c r="B3"><f t="shared" si="0"/><v>66</v></c>'), (4, '<c r="B4"><f t="shared" si="0"/><v>88</v></c>'),
        (6, '<c r="B6"><f t="array" ref="B6:B7">A2:A3</f><v>2</v></c>'), (7, '<c r="B7"><v>3</v></c>'),
    ])  # fmt: skip
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    merged = '<mergeCells count="1"><mergeCell ref="D1:E2"/></mergeCells>'
    parts["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData>{merged}</worksheet>'.encode()
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


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


SQL_TRICKS = [
    "drop table Sales", "attach 'Sales.db' as y", "select load_extension('x') from Sales", "pragma x -- Sales",
    "select * from Sales; drop table Sales", "insert into Sales values (1,2,3,4)", "vacuum into '/tmp/Sales'",
    "select writefile('/tmp/x', 'y') from Sales", "create table z as select * from Sales",
]  # fmt: skip


def test_sql_reads_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcp_agent_office.sheets.query.SECONDS", 0.3)

    async def work(desk: Desk) -> None:
        await desk.call("create_workbook", path="s.xlsx", sheets=sales())
        for sql in SQL_TRICKS:
            assert "The SQL failed" in await desk.refused("query_sheet", path="s.xlsx", sql=sql), sql
        endless = "with recursive n(i) as (select 1 union all select i+1 from n) select sum(i) from n, Sales"
        assert "too long" in await desk.refused("query_sheet", path="s.xlsx", sql=endless)
        assert "names no sheet" in await desk.refused("query_sheet", path="s.xlsx", sql="select 1")

    at_the_desk(tmp_path / "files", work)


def test_data_is_imported_and_never_becomes_a_formula(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    evil = '=WEBSERVICE("http://x")'
    (folder / "a.csv").write_text(
        f'id;n;x\n007;1,5;"{evil.replace(chr(34), chr(34) * 2)}"\n8;2.5;+1\n', encoding="cp1252"
    )
    (folder / "b.json").write_text(
        json.dumps({"data": [{"a": 1, "b": evil}, {"a": [1, 2], "c": 12345678901234567890}]})
    )
    (folder / "c.jsonl").write_text('{"a": 1}\n{"a": null, "b": true}\n')
    import duckdb

    duckdb.sql("select 1 as id, '=1+1' as t, date '2026-01-31' as d").write_parquet(str(folder / "d.parquet"))
    expected = {
        "a.csv": [["id", "n", "x"], ["007", "1,5", evil], [8, 2.5, "+1"]],
        "b.json": [["a", "b", "c"], [1, evil, None], ["[1, 2]", None, "12345678901234567890"]],
        "c.jsonl": [["a", "b"], [1, None], [None, True]],
        "d.parquet": [["id", "t", "d"], [1, "=1+1", "2026-01-31"]],
    }

    async def work(desk: Desk) -> None:
        for name, rows in expected.items():
            await desk.call("import_data", path=name, target_path=f"{name}.xlsx")
            read = await desk.call("read_sheet", path=f"{name}.xlsx", show="both")
            assert read["rows"] == rows
            assert "formulas" not in read

    at_the_desk(folder, work)


def test_parquet_gets_no_other_file(tmp_path: Path) -> None:
    """What DuckDB is told holds: another file, and a change of that, are refused."""
    import duckdb

    said: list[str] = []
    connect = duckdb.connect

    def spying(*words: Any) -> Any:
        connection = connect(*words)

        class Spy:
            def __enter__(self) -> Spy:
                return self

            def __exit__(self, *_: object) -> None:
                for sql in (
                    f"select * from read_text('{__file__}')",
                    "set enable_external_access = true",
                    "load httpfs",
                ):
                    with pytest.raises(duckdb.Error) as told:
                        connection.execute(sql)
                    said.append(str(told.value))

            def execute(self, *sql: Any) -> Any:
                return connection.execute(*sql)

        return Spy()

    file = tmp_path / "d.parquet"
    duckdb.sql("select 1 as id").write_parquet(str(file))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duckdb, "connect", spying)
        assert importing.rows_of(file.read_bytes(), "d.parquet") == [["id"], [1]]
    assert len(said) == 3


BIG = """
import sys, time
sys.path[:0] = {paths}
from mcp_agent_office.sheets.book import Book, Place
from mcp_agent_office.sheets.cells import WHOLE
from mcp_agent_office.guard.bombs import check_bytes
begun = time.perf_counter()
data = open(sys.argv[1], "rb").read()
check_bytes(data, "big.xlsx")
book = Book(data, "big.xlsx")
count = sum(len(row) for row in book.rows(Place("Data", WHOLE)))
took = time.perf_counter() - begun
[line] = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
peak = int(line.split()[1]) / 1024
sys.stdout.write(f"{{took}} {{peak}} {{count}}")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured another way there")
def test_a_hundred_thousand_rows(tmp_path: Path) -> None:
    """The bars are 6 s and 200 MB on a quiet machine; here they are wider, and the figures are printed."""
    rows = [["id", "name", "x", "b", "m", "city", "y", "k", "p", "q"]]
    rows += [[n, f"name {n}", n * 1.5, True, n % 7, f"city {n % 100}", n / 3, "x", n, n] for n in range(100_000)]

    async def work(desk: Desk) -> None:
        await desk.call("create_workbook", path="big.xlsx", sheets=[{"name": "Data", "rows": rows}])
        found = await desk.call(
            "query_sheet", path="big.xlsx", sql="select m, count(*) n from Data group by m order by m"
        )
        assert found["rows"][0] == {"m": 0, "n": 14286}

    at_the_desk(tmp_path / "files", work)
    code = BIG.format(paths=[path for path in sys.path if path])
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "files" / "big.xlsx")], capture_output=True, text=True, check=True
    )
    took, peak, count = map(float, done.stdout.split())
    sys.stdout.write(f"100,000 rows x 10 columns: read in {took:.1f} s with {peak:.0f} MB\n")
    assert count == 1_000_010
    assert peak < 400
    assert took < 60


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
