"""What every plugin keeps."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest

from mcp_agent.testing import PluginContract

MODULE = "mcp_agent_office"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCP_AGENT_HOME", str(tmp_path))
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "data.csv").write_text("name,n\nAda,1\nBo,2\n")


class TestContract(PluginContract):
    module = MODULE
    most_modules = 90
    examples: ClassVar = {
        "office_import_data": {"path": "data.csv", "target_path": "data.xlsx"},
        "office_create_workbook": {
            "path": "b.xlsx",
            "sheets": [{"name": "S", "rows": [["who", "n"], ["Ada", 1], ["Bo", 2]]}],
        },
        "office_write_cells": {"path": "b.xlsx", "rows": [{"who": "Cy", "n": 3}]},
        "office_describe_workbook": {"path": "b.xlsx"},
        "office_read_sheet": {"path": "b.xlsx", "show": "both"},
        "office_query_sheet": {"path": "b.xlsx", "sql": "select sum(n) as total from S"},
        "office_format_range": {"path": "b.xlsx", "range": "B:B", "look": {"number_format": "0.00"}},
        "office_add_chart": {"path": "b.xlsx", "range": "A1:B3"},
        "office_pivot": {"path": "b.xlsx", "rows": ["who"], "values": "n", "target_path": "p.xlsx"},
        "office_create_doc": {"path": "d.docx", "markdown": "# A\n\nDear {{name}}, *hello*."},
        "office_fill_template": {"path": "d.docx", "target_path": "e.docx", "records": [{"name": "Ada"}]},
        "office_track_changes": {"path": "e.docx", "changes": [{"find": "hello", "replace": "good day"}]},
        "office_list_changes": {"path": "e.docx"},
        "office_settle_changes": {"path": "e.docx", "decision": "accept"},
        "office_replace_text": {"path": "e.docx", "replacements": [{"find": "Ada", "replace": "Bo"}]},
        "office_add_comment": {"path": "e.docx", "find": "Bo", "comment": "Who?"},
        "office_read_doc": {"path": "e.docx"},
        "office_create_deck": {"path": "s.pptx", "slides": [{"title": "One", "bullets": ["a"]}]},
        "office_edit_slide": {"path": "s.pptx", "action": "add", "slide": 2, "content": {"title": "Two"}},
        "office_read_deck": {"path": "s.pptx"},
        "office_check_deck": {"path": "s.pptx"},
        "office_diff": {"path": "d.docx", "other": "e.docx"},
        "office_search": {"query": "bo"},
    }
