"""Exports: every format holds what the query gave, and a million rows need no more memory than a few.

Memory is the most that the whole process ever had, host and interpreter included, in a process of its own.
"""

# ruff: noqa: E501

from __future__ import annotations

import asyncio
import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet
import pytest

from mcp_agent import ToolError
from mcp_agent.testing import host_for
from tests.real.postgres import PostgresServer

MODULE = "mcp_agent_database"
_MOST_MEGABYTES = 100
_FULL = os.environ.get("MCP_AGENT_FULL") == "1"
_CHILD = """
import asyncio, json, sys
from mcp_agent.testing import host_for

def peak():  # ru_maxrss would be that of the parent
    [line] = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1000

async def main(url, path, format, rows):
    statement = "select g as id, md5(g::text) as name, g * 1.5::float8 as price, now() as at from generate_series(1, %d) g"
    async with host_for("mcp_agent_database", {"connections": {"pg": {"url": url}}}) as host:
        call = {"connection": "pg", "path": path, "format": format}
        await host.call("db_export", {**call, "statement": statement % 10})
        before = peak()
        done = (await host.call("db_export", {**call, "statement": statement % rows})).data
        print(json.dumps({"rows": done["rows"], "bytes": done["bytes"], "grown": peak() - before, "peak": peak()}))

asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
"""


@pytest.mark.parametrize("format", ["csv", "xlsx", "parquet"])
def test_a_file_holds_what_the_query_gave_and_undo_takes_it_back(home: Path, accounts: Path, format: str) -> None:
    path = home / f"out.{format}"
    call = {
        "connection": str(accounts),
        "statement": "select id, owner, balance / 2.0 as half, null as none, '=1+1' as text from accounts",
    }

    async def work() -> list[list[Any]]:
        async with host_for(MODULE) as host:
            done = (await host.call("db_export", {**call, "path": str(path), "format": format})).data
            assert (done["rows"], done["bytes"]) == (200, path.stat().st_size)
            found = read(path)
            assert (await host.undo()).stopped is None
            assert not path.exists()
            with pytest.raises(ToolError):
                await host.call(
                    "db_export",
                    {
                        "connection": str(accounts),
                        "statement": "delete from accounts",
                        "path": str(path),
                        "format": format,
                    },
                )
            assert not path.exists()
            return found

    found = asyncio.run(work())
    assert found[0] == ["id", "owner", "half", "none", "text"]
    assert len(found) == 201
    assert [str(cell) for cell in found[1]][:3] == ["1", "o1", "6.5"]
    assert found[1][3] in (None, "")
    assert found[1][4] == "=1+1"


def read(path: Path) -> list[list[Any]]:
    if path.suffix == ".csv":
        with path.open(newline="") as file:
            return [list(row) for row in csv.reader(file)]
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, data_only=False)
        [sheet] = book.worksheets
        assert sheet["E2"].data_type == "s"
        return [list(row) for row in sheet.iter_rows(values_only=True)]
    table = pyarrow.parquet.read_table(path)
    return [table.column_names, *[list(row.values()) for row in table.to_pylist()]]


@pytest.mark.real
@pytest.mark.parametrize("format", ["csv", "parquet", "xlsx"] if _FULL else ["csv", "parquet"])
def test_a_million_rows_need_no_more_memory_than_a_few(server: PostgresServer, home: Path, format: str) -> None:
    path = str(home / f"million.{format}")
    words = [sys.executable, "-c", _CHILD, server.url(), path, format, "1000000"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    sys.stdout.write(f"{format}: {found}\n")
    assert found["rows"] == 1_000_000
    assert found["peak"] < _MOST_MEGABYTES
