"""Workbooks as data: SQL, imports, parquet, and many rows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp_agent_office.sheets import importing

from plugins.office.tests.desk import Desk, at_the_desk
from plugins.office.tests.workbooks import sales

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


def test_rows_longer_than_their_header_are_imported_whole(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "u.csv").write_text("a,b\n1,2,3,4\n5\n")

    async def work(desk: Desk) -> None:
        assert "4 columns" in (await desk.call("import_data", path="u.csv", target_path="u.xlsx"))["note"]
        rows = (await desk.call("read_sheet", path="u.xlsx"))["rows"]
        assert rows == [["a", "b", None, None], [1, 2, 3, 4], [5, None, None, None]]

    at_the_desk(folder, work)


def test_json_as_programs_write_it_is_imported(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "n.json").write_text('[{"a": NaN, "b": 1}, {"a": -Infinity, "b": 2}]')
    (folder / "l.jsonl").write_text('{"a": "one\u2028two"}\r\n{"a": "three\x85"}\n', encoding="utf-8")

    async def work(desk: Desk) -> None:
        await desk.call("import_data", path="n.json", target_path="n.xlsx")
        assert (await desk.call("read_sheet", path="n.xlsx"))["rows"] == [["a", "b"], [None, 1], [None, 2]]
        await desk.call("import_data", path="l.jsonl", target_path="l.xlsx")
        assert (await desk.call("read_sheet", path="l.xlsx"))["rows"] == [["a"], ["one\u2028two"], ["three\x85"]]

    at_the_desk(folder, work)


def test_what_sqlite_cannot_hold_is_said_and_not_a_bug(tmp_path: Path) -> None:
    wide = {"name": "Wide", "rows": [[f"c{n}" for n in range(2500)], list(range(2500))]}
    named = {"name": "sqlite_x", "rows": [["a"], [1]]}

    async def work(desk: Desk) -> None:
        await desk.call("create_workbook", path="w.xlsx", sheets=[wide, named])
        for name in ("Wide", "sqlite_x"):
            refused = await desk.refused("query_sheet", path="w.xlsx", sql=f"select * from {name}")
            assert "could not be loaded" in refused
            assert "office_read_sheet" in refused

    at_the_desk(tmp_path / "files", work)
