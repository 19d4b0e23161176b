"""Looking and changing inside the folders, and what is said when that cannot be."""

from __future__ import annotations

import os
import sys
import types
from pathlib import Path
from typing import cast

import pytest

from mcp_agent import Folder, Folders, ToolError
from mcp_agent.folders.places import default_folders
from mcp_agent.folders.reading import describe


@pytest.fixture(params=[True, False], ids=["by handle", "by path"])
def folders(request: pytest.FixtureRequest, tmp_path: Path) -> Folders:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "read.txt").write_text("to read")
    settings = [Folder(str(tmp_path / "work"), writable=True), Folder(str(tmp_path / "docs"))]
    return Folders(settings, by_handle=request.param)


def names(found: list[object] | object) -> list[str]:
    return [os.path.basename(entry.path) for entry in found]  # type: ignore[attr-defined]


def test_a_writable_folder_is_made_by_the_first_write(folders: Folders, tmp_path: Path) -> None:
    assert not (tmp_path / "work").exists()
    assert folders.find("a.txt") is None
    with pytest.raises(ToolError, match=r"There is no .*/work"):
        folders.list()
    saved = folders.save("notes/today/a.txt", b"hello")
    assert saved.path == str(tmp_path / "work" / "notes" / "today" / "a.txt")
    assert (saved.kind, saved.size) == ("file", 5)
    assert folders.read(saved.path, at_most=5)[0] == b"hello"


def test_a_folder_whose_disk_is_away_is_not_made_elsewhere(tmp_path: Path) -> None:
    folders = Folders([Folder(str(tmp_path / "stick" / "files"), writable=True)])
    with pytest.raises(ToolError, match="There is no"):
        folders.save("a.txt", b"")
    assert os.listdir(tmp_path) == []


def test_looking(folders: Folders, tmp_path: Path) -> None:
    for path in ("b/2.txt", "b/1.txt", "b/c/3.txt", "a.txt"):
        folders.save(path, path.encode())
    assert names(folders.list()) == ["a.txt", "b"]
    assert names(folders.walk()) == ["a.txt", "b", "1.txt", "2.txt", "c", "3.txt"]
    assert names(folders.walk(depth=2)) == ["a.txt", "b", "1.txt", "2.txt", "c"]
    assert names(folders.walk(most=3)) == ["a.txt", "b", "1.txt"]
    assert names(folders.list(str(tmp_path / "docs"))) == ["read.txt"]
    assert folders.info("a.txt", digest=True).sha256 == folders.read("a.txt", at_most=5)[1].sha256
    assert folders.real_path("b/1.txt").read_bytes() == b"b/1.txt"
    assert folders.info("").kind == "folder"
    with folders.open("b/1.txt") as file:
        assert file.read() == b"b/1.txt"
    with pytest.raises(ToolError, match="4 is the most"):
        folders.read("a.txt", at_most=4)


@pytest.mark.skipif(sys.platform == "win32", reason="names that Windows does not have")
def test_names_that_no_text_can_hold_are_left_out(folders: Folders, tmp_path: Path) -> None:
    folders.make_folder("x")
    for name in (b"\xff\xfe", b"a\nb", b"fine"):
        Path(os.fsdecode(os.fsencode(tmp_path / "work" / "x") + b"/" + name)).touch()
    assert names(folders.list("x")) == ["fine"]


@pytest.mark.parametrize(("seconds", "shown"), [(2.0**50, False), (-(2.0**50), False), (0.0, True), (2.0**34, True)])
def test_a_time_that_no_calendar_has_is_left_out(seconds: float, shown: bool) -> None:
    """Disks hold any number."""
    found = types.SimpleNamespace(
        st_mode=0o100644, st_size=1, st_ino=1, st_mtime=seconds, st_mtime_ns=int(seconds) * 10**9, st_reparse_tag=0
    )
    assert (describe("/a", cast(os.stat_result, found)).modified is not None) is shown


def test_moving(folders: Folders, tmp_path: Path) -> None:
    before = folders.save("a.txt", b"one")
    moved = folders.move("a.txt", "new/place/b.txt")
    assert moved.version == before.version
    assert folders.find("a.txt") is None
    folders.save("c.txt", b"two")
    for target in ("new/place/b.txt", "new", "new/place/b.txt/x"):
        with pytest.raises(ToolError):
            folders.move("c.txt", target)
    folder = folders.info("new")
    assert folders.move("new", "old").version == folder.version
    assert folders.read("old/place/b.txt", at_most=9)[0] == b"one"
    for source, target in (("old", "old/inside"), ("nothing", "x"), (str(tmp_path / "docs" / "read.txt"), "x")):
        with pytest.raises(ToolError):
            folders.move(source, target)
    assert names(folders.walk()) == ["c.txt", "old", "place", "b.txt"]


def test_removing_takes_files_and_empty_folders(folders: Folders) -> None:
    folders.save("a/b.txt", b"")
    with pytest.raises(ToolError, match="not empty"):
        folders.remove("a")
    folders.remove("a/b.txt")
    folders.remove("a")
    assert folders.list() == []


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (lambda folders: folders.read("nothing", at_most=1), "There is no"),
        (lambda folders: folders.read("", at_most=1), "is a folder"),
        (lambda folders: folders.list("a.txt"), "is not a folder"),
        (lambda folders: folders.save("a.txt/b", b""), "is not a folder"),
        (lambda folders: folders.save("folder", b""), "is a folder"),
        (lambda folders: folders.make_folder("a.txt"), "is not a folder"),
        (lambda folders: folders.read("/etc/passwd", at_most=1), "in none of the configured folders. They are: "),
        (lambda folders: folders.save("../x", b""), "goes up with '..'"),
    ],
)
def test_refusals_say_why(folders: Folders, operation: object, words: str) -> None:
    folders.save("a.txt", b"")
    folders.make_folder("folder")
    with pytest.raises(ToolError, match=words):
        operation(folders)  # type: ignore[operator]


def test_a_folder_may_be_reached_through_a_link_that_the_person_made(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "Documents").symlink_to(tmp_path / "disk")
    folders = Folders([Folder(str(tmp_path / "Documents"), writable=True)])
    assert folders.save("a.txt", b"x").path == str(tmp_path / "Documents" / "a.txt")
    assert folders.info(str(tmp_path / "disk" / "a.txt")).path == str(tmp_path / "Documents" / "a.txt")


def test_the_usual_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for name in ("MCP_AGENT_HOME", "XDG_CONFIG_HOME", "XDG_DOCUMENTS_DIR", "XDG_DESKTOP_DIR", "XDG_DOWNLOAD_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("Documents", "Downloads"):
        (tmp_path / name).mkdir()
    assert default_folders() == (
        Folder("~/mcp-agent", writable=True),
        Folder(str(tmp_path / "Documents")),
        Folder(str(tmp_path / "Downloads")),
    )
    assert Folders().save("a.txt", b"x").path == str(tmp_path / "mcp-agent" / "a.txt")
    with pytest.raises(ToolError, match="may be read, but not changed"):
        Folders().save("~/Documents/a.txt", b"")
    monkeypatch.setenv("MCP_AGENT_HOME", str(tmp_path / "home"))
    assert default_folders() == (Folder(str(tmp_path / "home" / "files"), writable=True),)
