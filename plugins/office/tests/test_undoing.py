"""Undo after any sequence of tools that write brings every byte back."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcp_agent import ToolError
from plugins.office.tests.desk import Desk, at_the_desk
from plugins.office.tests.workbooks import sales

STEPS: list[tuple[str, dict[str, Any]]] = [
    ("create_workbook", {"path": "a.xlsx", "sheets": sales(), "replace": True}),
    ("create_workbook", {"path": "in/b.xlsx", "sheets": sales("Other")}),
    ("write_cells", {"path": "a.xlsx", "rows": [["x", "y", 1]]}),
    ("write_cells", {"path": "a.xlsx", "rows": [["=C2*2"]], "at": "H2"}),
    ("format_range", {"path": "a.xlsx", "range": "A1:B2", "look": {"italic": True}}),
    ("add_chart", {"path": "a.xlsx", "range": "B1:C4"}),
    ("pivot", {"path": "a.xlsx", "rows": ["city"], "values": "amount", "target_path": "in/p.xlsx"}),
    ("import_data", {"path": "d.csv", "target_path": "a.xlsx", "replace": True}),
    ("create_doc", {"path": "d.docx", "markdown": "# One\n\n{{name}} is here.", "replace": True}),
    ("replace_text", {"path": "d.docx", "replacements": [{"find": "here", "replace": "there"}]}),
    ("track_changes", {"path": "d.docx", "changes": [{"find": "is", "replace": "was"}]}),
    ("settle_changes", {"path": "d.docx", "decision": "reject"}),
    ("add_comment", {"path": "d.docx", "find": "One", "comment": "?"}),
    ("fill_template", {"path": "d.docx", "target_path": "in/o-{n}.docx", "records": [{"name": "A"}, {"name": "B"}]}),
    ("create_deck", {"path": "s.pptx", "slides": [{"title": "T"}], "replace": True}),
    ("edit_slide", {"path": "s.pptx", "action": "text", "slide": 1, "text": ["U"]}),
    ("edit_slide", {"path": "s.pptx", "action": "add", "slide": 1, "content": {"title": "V"}}),
]


def everything_in(folder: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(range(len(STEPS))), min_size=1, max_size=9))
def test_undo_after_anything(steps: list[int]) -> None:
    scratch = Path(tempfile.mkdtemp())
    folder = scratch / "files"
    folder.mkdir()
    (folder / "d.csv").write_text("a,b\n1,2\n")

    async def work(desk: Desk) -> None:
        states = [everything_in(folder)]
        for step in steps:
            tool, arguments = STEPS[step]
            try:
                await desk.host.call(f"office_{tool}", arguments)
            except ToolError:
                assert everything_in(folder) == states[-1], f"{tool} failed, and changed something"
                continue
            if everything_in(folder) != states[-1]:
                states.append(everything_in(folder))
        for state in reversed(states[:-1]):
            assert (await desk.host.undo()).stopped is None
            assert everything_in(folder) == state

    try:
        at_the_desk(folder, work)
    finally:
        shutil.rmtree(scratch)
