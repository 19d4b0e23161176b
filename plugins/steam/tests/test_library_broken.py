"""Steam folders with something broken in them: it is reported, and the rest is there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp_agent_steam.library.reader import LibraryReader

from plugins.steam.tests.libraries import named
from plugins.steam.tests.tree import DAY, NOW, Tree


def test_a_list_with_paths_that_cannot_be(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.game(620, "Portal 2")
    tree.lists("/x" * 5000, "/a\0b", "relative", "")
    library = LibraryReader([str(tmp_path)]).read()
    assert named(library) == {"Portal 2": "ready"}
    assert len(library.problems) == 3


def test_a_game_whose_folder_is_gone_and_a_folder_whose_game_is_gone(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.game(620, "Portal 2", folder=False)
    tree.game(400, "Portal", installdir="PORTAL")  # written in another case than the folder
    (tmp_path / "steamapps" / "common" / "Half-Life").mkdir()
    library = LibraryReader([str(tmp_path)]).read()
    assert named(library) == {"Portal 2": "its folder is not there", "Portal": "ready"}
    assert [Path(left).name for left in library.leftovers] == ["Half-Life"]


BROKEN: dict[str, tuple[Callable[[bytes], bytes], str, bool]] = {
    "empty": (lambda whole: b"", "it is empty", False),
    "zeros": (lambda whole: bytes(len(whole)), "filled with zeros", False),
    "cut before the name": (lambda whole: whole[: whole.index(b'"name"')], "breaks off", False),
    "cut in the name": (lambda whole: whole[: whole.index(b"Portal") + 3], "breaks off in the middle", False),
    "cut after the name": (lambda whole: whole[: whole.index(b'"InstalledDepots"')], "breaks off before", True),
    "zeros at the end": (lambda whole: whole[:300] + bytes(len(whole) - 300), "breaks off", True),
    "not one": (lambda whole: b"\x7fELF\x02\x01\x01" + os.urandom(8).replace(b'"', b"x"), "it", False),
    "another app": (lambda whole: whole.replace(b'"620"', b'"621"'), "it says app 621, its file name says 620", True),
    "huge": (lambda whole: whole + b" " * 2**20, "more than such a file ever has", False),
    "of somebody else": (lambda whole: b'"Other" { "name" "x" }', "it names no app", False),
}


@pytest.mark.parametrize("how", BROKEN)
def test_broken_manifests_are_reported_and_the_others_are_there(how: str, tmp_path: Path) -> None:
    damage, said, there = BROKEN[how]
    tree = Tree(tmp_path)
    tree.game(400, "Portal")
    path = tree.game(620, "Portal 2")
    path.write_bytes(damage(path.read_bytes()))
    library = LibraryReader([str(tmp_path)]).read()
    assert ("Portal 2" in named(library)) is there
    assert "Portal" in named(library)
    [problem] = library.problems
    assert (problem.file, said in problem.what) == (str(path), True), problem.what


def test_what_is_no_file_is_reported_and_not_waited_for(tmp_path: Path) -> None:
    Tree(tmp_path).game(400, "Portal")
    (tmp_path / "steamapps" / "appmanifest_5.acf").mkdir()
    os.mkfifo(tmp_path / "steamapps" / "appmanifest_6.acf")
    (tmp_path / "steamapps" / "appmanifest_7.acf").symlink_to(tmp_path / "nothing")
    library = LibraryReader([str(tmp_path)]).read()
    assert named(library) == {"Portal": "ready"}
    assert sorted(problem.what for problem in library.problems) == ["it is gone", "it is no file", "it is no file"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 10**6), which=st.sampled_from(["manifest", "folders", "local", "shortcuts", "users"]))
def test_any_file_may_break_off_anywhere(tmp_path: Path, cut: int, which: str) -> None:
    root = tmp_path / f"{which}-{cut}"
    if root.exists():
        return
    tree = Tree(root)
    tree.user()
    files = {
        "manifest": tree.game(620, "Portal 2"),
        "local": tree.played({620: {"Playtime": 5}}, {33: {"name": "Björn"}}),
        "shortcuts": tree.shortcuts({"appid": 7, "AppName": "Minecraft"}),
        "folders": root / "steamapps" / "libraryfolders.vdf",
        "users": root / "config" / "loginusers.vdf",
    }
    tree.lists()
    path = files[which]
    whole = path.read_bytes()
    end = len(whole) if which == "shortcuts" else len(whole.rstrip())
    path.write_bytes(whole[: cut % end])
    library = LibraryReader([str(root)]).read()
    assert [problem.file for problem in library.problems] == [str(path)]
    if which != "manifest":
        assert "Portal 2" in named(library)


def test_a_broken_file_is_reported_each_time_and_well_again_once_it_is_whole(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    path = tree.game(620, "Portal 2")
    whole = path.read_text()
    path.write_text(whole[:200])
    reader = LibraryReader([str(tmp_path)])
    assert [len(reader.read().problems) for _ in range(3)] == [1, 1, 1]
    path.write_text(whole)
    assert reader.read().problems == ()


def test_times_outside_of_any_calendar_do_no_harm(tmp_path: Path) -> None:
    from mcp_agent_steam.tools.shapes import moment

    assert moment(0) is moment(2**63) is moment(-5) is None
    assert moment(NOW + DAY) is not None
