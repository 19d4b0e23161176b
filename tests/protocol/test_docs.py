"""docs/protocol.md is held to the code."""

from __future__ import annotations

import re
from pathlib import Path

from mcp_agent.protocol.methods import METHODS
from mcp_agent.protocol.revisions import REVISIONS

PAGE = (Path(__file__).parent.parent.parent / "docs" / "protocol.md").read_text()


def section(title: str) -> str:
    [text] = re.findall(rf"^## {re.escape(title)}$\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    return str(text)


def test_the_table_of_methods() -> None:
    rows = re.findall(r"^\| `([\w/]+)` \| ([\w ]+) \| ([\w ]+) \|$", section("Methods"), re.M)
    yes = {True: "yes", False: "no"}
    assert rows == [
        (m.name, yes[m.legacy], "with the tasks extension" if m.task_extension else yes[m.modern])
        for m in METHODS.values()
    ]


def test_every_revision_has_its_row() -> None:
    assert re.findall(r"^\| (\d{4}-\d\d-\d\d) \|", section("What a revision brings"), re.M) == list(REVISIONS)
