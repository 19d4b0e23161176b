"""``mcp-agent undo``: what is shown, what is taken back, and the exit codes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran

Run = Callable[..., Ran]
SHELF = ("--plugin", "tests.plugins.shelf")


@pytest.fixture
def put(run: Run) -> Callable[[str, str], None]:
    def put(place: str, thing: str) -> None:
        assert run("tools", "call", *SHELF, "shelf_put", f"place={place}", f"thing={thing}").code == 0

    return put


Put = Callable[[str, str], None]


def there(run: Run) -> dict[str, str]:
    return dict(run("tools", "call", "--json", *SHELF, "shelf_list").json["structuredContent"])


def test_nothing_to_undo(run: Run) -> None:
    assert run("undo", "--list").out == "There is nothing to undo.\n"
    assert run("undo", "--list", "--json").json == []
    for words in (["undo"], ["undo", "7"], ["undo", "--since", "1h"]):
        done = run(*words)
        assert (done.code, done.out) == (1, "")
        assert "There is no such change to undo." in done.err


def test_the_list_is_newest_first_with_what_was_asked(run: Run, put: Put) -> None:
    put("top", "vase")
    put("bottom", "lamp")
    head, newest, oldest = run("undo", "--list", *SHELF).out.splitlines()
    assert head.split() == ["CHANGE", "WHEN", "TOOL", "ARGUMENTS"]
    assert (newest.split()[0], "shelf_put" in newest, '{"place":"bottom","thing":"lamp"}' in newest) == (
        "2",
        True,
        True,
    )
    assert oldest.startswith("1 ")
    changes = run("undo", "--list", "--json", *SHELF).json
    assert [(one["id"], one["before"], one["after"], one["state"]) for one in changes] == [
        (2, None, "lamp", "done"), (1, None, "vase", "done")
    ]  # fmt: skip
    assert there(run) == {"top": "vase", "bottom": "lamp"}


def test_the_last_one_and_back_again(run: Run, put: Put) -> None:
    put("top", "vase")
    done = run("undo", *SHELF)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Undone: shelf_put, change 1, of ")
    assert done.out.endswith("'mcp-agent undo 2' brings it back.\n")
    assert there(run) == {}
    assert run("undo", "2", *SHELF).code == 0
    assert there(run) == {"top": "vase"}


def test_the_last_few_as_json(run: Run, put: Put) -> None:
    for thing in ("vase", "lamp", "clock"):
        put("top", thing)
    assert run("undo", "--last", "2", "--json", *SHELF).json == {"undone": [3, 2], "stopped": None, "undoings": [4, 5]}
    assert there(run) == {"top": "vase"}


def test_all_since_a_time(run: Run, put: Put, home: Path) -> None:
    for thing in ("vase", "lamp", "clock"):
        put("top", thing)
    with sqlite3.connect(home / "state" / "undo.sqlite3") as connection:
        connection.execute("update changes set at = at - 7200 where id = 1")
    connection.close()
    assert run("undo", "--since", "1h", "--json", *SHELF).json["undone"] == [3, 2]
    assert there(run) == {"top": "vase"}
    refused = run("undo", "--since", "soon")
    assert (refused.code, "'soon' is no time" in refused.err) == (2, True)


def test_where_it_stops_it_says_why_and_fails(run: Run, put: Put) -> None:
    put("top", "vase")
    put("top", "lamp")
    done = run("undo", "1", *SHELF)
    assert (done.code, done.out) == (1, "")
    assert "Change 1 (shelf_put) was not undone: it has been changed again since. It is now" in done.err
    as_json = run("undo", "1", "--json", *SHELF)
    assert (as_json.code, as_json.json["undone"], as_json.json["undoings"]) == (1, [], [])
    assert "changed again since" in as_json.json["stopped"]
    assert there(run) == {"top": "lamp"}


def test_a_plugin_that_is_not_there_is_named(run: Run, put: Put) -> None:
    put("top", "vase")
    done = run("undo")
    assert (done.code, "Switch the plugin shelf on first" in done.err) == (1, True)


@pytest.mark.parametrize("words", [["1", "--last", "2"], ["--last", "1", "--list"], ["x"], ["--last", "0"]])
def test_what_makes_no_sense_is_refused(run: Run, words: list[str]) -> None:
    assert run("undo", *words).code == 2
