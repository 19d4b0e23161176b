"""The rules of Windows and macOS, tried on any system: they are pure."""

from __future__ import annotations

import ntpath
import os
import posixpath
import types
from typing import cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mcp_agent import Folder, ToolError
from mcp_agent.folders.handles import is_link
from mcp_agent.folders.names import System, fold, read_path, why_not
from mcp_agent.folders.places import Places

WINDOWS_ROOT, MAC_ROOT = "C:\\Users\\Anna\\Documents", "/Users/anna/Documents"
DEVICES = ["CON", "PRN", "AUX", "NUL", "COM1", "COM9", "LPT1", "CONIN$", "CONOUT$", "COM¹", "lpt³", "com0", "CLOCK$"]
WINDOWS_REFUSED = [
    "..", "..\\x", "../x", "a\\..\\..\\x", "a/../x", "C:\\Users\\Anna\\Documents\\..\\x",
    "C:/Users/Anna/Documents/../x", "C:", "C:x", "C:..\\x", "c:Documents", "D:\\x", "d:/x", "C:\\",
    "C:\\Windows\\System32", "C:\\Users\\Anna", "C:\\Users\\Anna\\Documents2\\x",
    "C:\\Users\\Anna\\Documents.\\x", "\\x", "/x", "\\Users\\Anna\\Documents\\x", "\\\\server\\share\\x",
    "//server/share/x", "\\/server/share", "/\\server\\share", "\\\\?\\C:\\Users\\Anna\\Documents\\x",
    "\\\\.\\C:\\x", "\\\\.\\PhysicalDrive0", "\\\\.\\pipe\\x", "\\\\?\\UNC\\server\\share",
    "\\\\?\\GLOBALROOT\\Device\\x", "//?/C:/x", "//./NUL", "\\??\\C:\\x", "\\\\127.0.0.1\\c$\\x",
    "\\\\localhost@8080\\DavWWWRoot", "\\\\?\\Volume{1}\\x", "a.txt:stream", "a.txt::$DATA", ":x", "a\\b:c\\d",
    "a.txt:$DATA", "a::$INDEX_ALLOCATION\\x", "x.", "x ", "a.\\b", "a \\b", "... ", ". ", "..\\ ", " .. ",
    ".. \\x", "...", "a\\...\\b", ".. .", "..\u0000", "PROGRA~1", "docume~1\\x", "A~1.TXT", "ab~12.c", "a?b",
    "a*", "a|b", 'a"b', "a<b", "a>b", "a\tb", "a\x00.txt", "a\x1fb", "\ud800",
    "x" * 256, "😀" * 128, "file:///C:/x", "file:C:/x", "http://x/y", "~\\..\\x", "~/../x", "~\\other",
    "a/" * 65, *DEVICES, *(f"{device}.txt" for device in DEVICES), *(f"a\\{device.lower()}" for device in DEVICES),
    "NUL .txt", "nul.tar.gz", "C:\\Users\\Anna\\Documents\\nul", "CON:",
]  # fmt: skip
WINDOWS_TAKEN = {
    "a.txt": "a.txt", "a/b.txt": "a\\b.txt", "a\\b\\.\\c": "a\\b\\c", "C:\\Users\\Anna\\Documents\\x": "x",
    "c:/users/ANNA/documents/x": "x", "~/Documents/x": "x", "~backup": "~backup", "~$report.docx": "~$report.docx",
    "console.txt": "console.txt", "com10": "com10", "nullable.py": "nullable.py", ".gitignore": ".gitignore",
    "a..b": "a..b", "my~file": "my~file", "Ünï.txt": "Ünï.txt",
}  # fmt: skip
MAC_REFUSED = [
    "..", "a/../../x", "/Users/anna/Documents/../x", "/Users/anna", "/Users/anna/DocumentsX", "/.vol/16777220/2",
    "/dev/null", "//server/x", "a/..namedfork/rsrc", "a.txt/..namedfork/data", "/private/etc/passwd", "a\\b",
    "C:\\x", "a\x00", "a\nb", "é" * 90, "x" * 256, "/Volumes/x", "/USERS/anna/Document", "~/Library", "file:///x",
    "\udcff", "secret/x", "SECRET/x", "sEcReT", "se\u200bcret/x", "\ufeffsecret",
    "/users/ANNA/documents/Secret/x", "ſecret",
]  # fmt: skip
MAC_TAKEN = {
    "a.txt": "a.txt", "/USERS/Anna/documents/x": "x", "cafe\u0301": "cafe\u0301", "a:b": "a:b", "nul": "nul",
    "x.": "x.", "~/Documents/x": "x",
}  # fmt: skip


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch) -> None:
    homes = {"windows": "C:\\Users\\Anna", "macos": "/Users/anna"}
    places = __import__("mcp_agent.folders.places", fromlist=["os"])
    monkeypatch.setattr(places.os.path, "expanduser", lambda path: homes[SYSTEM[0]] if path == "~" else path)


SYSTEM: list[System] = ["windows"]


def places_on(system: System) -> Places:
    SYSTEM[0] = system
    root = WINDOWS_ROOT if system == "windows" else MAC_ROOT
    places = Places([Folder(root, writable=True)], system=system)
    places._private = [places._key(read_path(f"{MAC_ROOT}/secret", "macos"))] if system == "macos" else []
    return places


@pytest.mark.parametrize("trick", WINDOWS_REFUSED, ids=ascii)
def test_windows_refuses(trick: str) -> None:
    with pytest.raises(ToolError):
        places_on("windows").find(trick, write=True)


@pytest.mark.parametrize("trick", MAC_REFUSED, ids=ascii)
def test_macos_refuses(trick: str) -> None:
    with pytest.raises(ToolError):
        places_on("macos").find(trick, write=True)


@pytest.mark.parametrize("path", WINDOWS_TAKEN, ids=ascii)
def test_windows_takes(path: str) -> None:
    assert places_on("windows").find(path).path == f"{WINDOWS_ROOT}\\{WINDOWS_TAKEN[path]}"


@pytest.mark.parametrize("path", MAC_TAKEN, ids=ascii)
def test_macos_takes(path: str) -> None:
    assert places_on("macos").find(path).path == f"{MAC_ROOT}/{MAC_TAKEN[path]}"


@given(st.text(st.sampled_from("\\/.:~ aNULcom1$\0x"), max_size=24))
@example("C:\\Users\\Anna\\Documents\\..\\..\\x")
def test_what_windows_takes_is_inside_as_windows_itself_reads_it(text: str) -> None:
    try:
        path = places_on("windows").find(text).path
    except ToolError:
        return
    assert ntpath.normpath(path) == path
    assert ntpath.splitdrive(path)[0] == "C:"
    assert path == WINDOWS_ROOT or path.startswith(WINDOWS_ROOT + "\\")
    assert not any(part.strip(" .").split(".")[0].strip().upper() in DEVICES for part in path.split("\\"))


@given(st.text(st.sampled_from("/.~ a\u0301é\u200bsecrt"), max_size=24))
def test_what_macos_takes_is_inside(text: str) -> None:
    try:
        path = places_on("macos").find(text).path
    except ToolError:
        return
    assert posixpath.normpath(path) == path
    assert path == MAC_ROOT or path.startswith(MAC_ROOT + "/")


@pytest.mark.parametrize(
    ("one", "other", "system", "same"),
    [
        ("Notes.txt", "notes.TXT", "windows", True),
        ("notes.txt", "notes.txt. ", "windows", True),
        ("Notes.txt", "notes.txt", "macos", True),
        ("caf\u00e9", "cafe\u0301", "macos", True),
        ("STRASSE", "straße", "macos", True),
        (".g\u200cit", ".git", "macos", True),
        ("Notes.txt", "notes.txt", "linux", False),
        ("caf\u00e9", "cafe\u0301", "linux", False),
    ],
)
def test_names_that_may_be_the_same_file(one: str, other: str, system: System, same: bool) -> None:
    assert (fold(one, system) == fold(other, system)) is same


def test_a_name_is_as_long_as_its_system_counts_it() -> None:
    assert why_not("é" * 127, "linux") is None
    assert why_not("é" * 128, "linux") is not None
    assert why_not("é" * 255, "windows") is None
    assert why_not("é" * 86, "macos") is not None  # three bytes each, once accents stand alone


@pytest.mark.parametrize("root", ["/", "/proc/self", "/dev/shm", "/sys", "relative", "~/..", "", "//server/x"])
def test_some_folders_cannot_be_configured(root: str) -> None:
    SYSTEM[0] = "macos"
    with pytest.raises(ToolError):
        Places([Folder(root)])


def test_of_folders_inside_each_other_the_innermost_counts() -> None:
    SYSTEM[0] = "macos"
    places = Places([Folder("/a"), Folder("/a/b/c", writable=True), Folder("/a/b")], system="macos")
    assert places.find("/a/b/c/x", write=True).root.path == "/a/b/c"
    assert places.find("/a/b/x").root.path == "/a/b"
    with pytest.raises(ToolError, match="may be read, but not changed"):
        places.find("/a/b/x", write=True)
    with pytest.raises(ToolError, match="configured"):
        places.find("/a/b/c", write=True)
    wide = Places([Folder("/a", writable=True), Folder("/a/b/c")], system="macos")
    with pytest.raises(ToolError, match="configured by itself"):
        wide.find("/a/b", write=True)


@pytest.mark.parametrize(
    ("tag", "link"),
    [(0, False), (0xA000000C, True), (0xA0000003, True), (0x9000001A, False), (0x9000701A, False), (0x80000013, False)],
)
def test_what_stands_for_another_place_on_windows(tag: int, link: bool) -> None:
    """Symbolic links and junctions do; files of a cloud and deduplicated ones are files."""
    found = types.SimpleNamespace(st_mode=0o040755, st_reparse_tag=tag)
    assert is_link(cast(os.stat_result, found)) is link
