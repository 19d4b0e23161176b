"""A JSON path does what the RFC says, and there is an end to it, whoever wrote it."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from mcp_agent import ToolError
from mcp_agent.results import picking
from mcp_agent.results.picking import pick

SHOP: dict[str, Any] = {
    "rows": [{"id": number, "name": f"Item {number}", "price": number * 10} for number in range(5)],
    "best": {"id": 4, "a..b": [1, 2]},
    "limit": 25,
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$.rows[?@.price > 25].name", ["Item 3", "Item 4"]),
        ("$.rows[?@.price > $.limit].id", [3, 4]),
        ("$.rows[0,1].id", [0, 1]),
        ("$.rows[1:3].id", [1, 2]),
        ("$.rows[0]['id','name']", [0, "Item 0"]),
        ("$..id", [0, 1, 2, 3, 4, 4]),
        ("$.best['a..b'][*]", [1, 2]),
        ("$.rows[?@.name == 'a..b' || @.name == '*,*'].id", []),
        ("$.rows[?match(@.name, 'Item [12]')].id", [1, 2]),
        ("$.rows[?match(@.name, 'tem')].id", []),
        ("$.rows[?search(@.name, 'm [^0-3]')].id", [4]),
        ("$.rows[?search(@.name, '(')].id", []),
        ("$.rows[?search(@.name, @.name)].id", [0, 1, 2, 3, 4]),
        ("$[?count(@.*) > 2]", [SHOP["rows"]]),
        ("$.nothing", []),
    ],
)
def test_what_the_rfc_says(path: str, found: list[Any]) -> None:
    assert pick(SHOP, path) == found


@pytest.mark.parametrize("name", ["match", "search"])
def test_no_pattern_takes_for_ever(name: str) -> None:
    """Python's would hold up the process until the end of days, all of it: so this looks from another one."""
    code = f"from mcp_agent.results.picking import pick; print(pick(['a' * 60], \"$[?{name}(@, '(a|a)+b')]\"))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True).stdout == b"[]\n"


@pytest.mark.parametrize("path", ["$..*..*..*..*", "$[*][?@][?@][?@]", "$..*", "$[*][?count(@[*]) > 0]"])
def test_places_are_counted(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value: Any = 1
    for _ in range(5):
        value = [value] * 4
    monkeypatch.setattr(picking, "MOST_PLACES", 3)
    with pytest.raises(ToolError, match="looks at more than 3 places"):
        pick(value, path)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("$[?count(@..*) > 1]", "in a filter"),
        ("$[?@.a]..b", "in a filter"),
        ("$[*,*,*]", "alone in their brackets"),
        ("$[?@[0:,0:]]", "alone in their brackets"),
        ("$[0:9,'a']", "alone in their brackets"),
        ("$[?@.a =~ /(a|a)+b/]", "no JSON path"),
        ("$.a | $.b", "no JSON path"),
        ("$[" + "?@[" * 300, "no JSON path"),
    ],
)
def test_what_would_have_no_end_is_refused(path: str, words: str) -> None:
    with pytest.raises(ToolError, match=words):
        pick(SHOP, path)
