"""Paths that try to leave the folders, through every argument of a tool that takes one.

The large corpus, with races between looking and using, is tried on the folders themselves, in tests/folders.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pytest

from mcp_agent import ToolError
from mcp_agent.testing import host_for
from plugins.office.tests.desk import MODULE
from plugins.office.tests.test_text import PNG
from tests.real.libreoffice import libreoffice

SECRET = "what nobody may read"
TRICKS = [
    "../outside/secret", "a/../../outside/secret", "{work}/../outside/secret", "{outside}/secret",
    "out/secret", "a/out/secret", "secret-link", "chain/secret", "up/outside/secret", "to-root{outside}/secret",
    "/proc/self/root{outside}/secret", "/proc/self/cwd/secret", "/dev/fd/0", "//server/share/secret",
    "//{outside}/secret", "\\\\server\\share\\secret", "..\\outside\\secret", "file://{outside}/secret",
    "secret\0", "~/../secret", "loop/secret", "{work}-evil/secret", "pipe", "a", "socket", "{private}/secret",
]  # fmt: skip
"""Without the ending, which is what the tool wants. Each leads elsewhere, or to what is no file."""

ROWS = [["what", "cost"], ["beans", 2]]
SHEETS = [{"name": "S", "rows": ROWS}]
Call = tuple[str, str, dict[str, Any]]
READS: list[Call] = [
    ("describe_workbook", ".xlsx", {"path": "@"}),
    ("read_sheet", ".xlsx", {"path": "@"}),
    ("read_sheet", ".ods", {"path": "@"}),
    ("query_sheet", ".xlsx", {"path": "@", "sql": "select * from S"}),
    ("pivot", ".xlsx", {"path": "@", "rows": ["what"], "values": "cost"}),
    ("read_doc", ".docx", {"path": "@"}),
    ("list_changes", ".docm", {"path": "@"}),
    ("read_deck", ".pptx", {"path": "@"}),
    ("check_deck", ".pptm", {"path": "@"}),
    ("diff", ".docx", {"path": "ours.docx", "other": "@"}),
    ("import_data", ".csv", {"path": "@", "target_path": "made.xlsx"}),
    ("fill_template", ".dotx", {"path": "@", "target_path": "made.docx", "records": [{"name": "Ada"}]}),
    ("create_deck", ".potx", {"path": "made.pptx", "slides": [{"title": "T"}], "template": "@"}),
    ("create_deck", ".png", {"path": "made.pptx", "slides": [{"title": "T", "picture": "@"}]}),
    ("edit_slide", ".png", {"path": "ours.pptx", "action": "add", "slide": 1,
                            "content": {"title": "T", "picture": "@"}}),
]  # fmt: skip
SEARCH: list[Call] = [("search", "", {"query": "nobody", "path": "@"})]
FOLDERS = ["..", "out", "a/out", "up", "up/outside", "chain", "loop", "to-root/etc", "{outside}", "/", "~/.."]
PICTURE: list[Call] = [("create_doc", ".png", {"path": "made.docx", "markdown": "![x](<@>)"})]
PICTURES = [trick for trick in TRICKS if not trick.startswith("file:")]
"""To Markdown, file: begins no picture: it stays text."""
WRITES: list[Call] = [
    ("create_workbook", ".xlsx", {"path": "@", "sheets": SHEETS, "replace": True}),
    ("write_cells", ".xlsx", {"path": "@", "rows": [["x", 1]]}),
    ("format_range", ".xlsx", {"path": "@", "range": "A1", "look": {"bold": True}}),
    ("add_chart", ".xlsx", {"path": "@", "range": "A1:B2"}),
    ("pivot", ".xlsx", {"path": "ours.xlsx", "rows": ["what"], "values": "cost", "target_path": "@"}),
    ("import_data", ".xlsx", {"path": "ours.csv", "target_path": "@", "replace": True}),
    ("create_doc", ".docx", {"path": "@", "markdown": "x", "replace": True}),
    ("replace_text", ".docx", {"path": "@", "replacements": [{"find": "nobody", "replace": "x"}]}),
    ("track_changes", ".docx", {"path": "@", "changes": [{"find": "nobody", "replace": "x"}]}),
    ("settle_changes", ".docx", {"path": "@", "decision": "accept"}),
    ("add_comment", ".docx", {"path": "@", "find": "nobody", "comment": "x"}),
    ("fill_template", ".docx", {"path": "ours.docx", "target_path": "@", "records": [{"name": "Ada"}]}),
    ("create_deck", ".pptx", {"path": "@", "slides": [{"title": "T"}], "replace": True}),
    ("edit_slide", ".pptx", {"path": "@", "action": "text", "slide": 1, "text": ["x"]}),
]
WITH_LIBREOFFICE: list[Call] = [
    ("render_preview", ".docx", {"path": "@"}),
    ("convert", ".docx", {"path": "@", "target_path": "made.pdf"}),
    ("convert", ".pdf", {"path": "ours.docx", "target_path": "@", "replace": True}),
    ("recalculate", ".xlsx", {"path": "@"}),
]


def secrets_in(folder: Path) -> None:
    """A secret as a file of every kind, readable if anybody gets there."""
    document = docx.Document()
    document.add_paragraph(SECRET)
    deck = pptx.Presentation()
    deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = SECRET
    book = openpyxl.Workbook()
    book.active.append([SECRET])
    for made, endings in ((document, (".docx", ".docm", ".dotx")), (deck, (".pptx", ".pptm", ".potx")),
                          (book, (".xlsx", ".ods"))):  # fmt: skip
        for ending in endings:
            made.save(str(folder / f"secret{ending}"))
    (folder / "secret.png").write_bytes(PNG)
    (folder / "secret.csv").write_text(f"what\n{SECRET}\n")
    (folder / "secret.pdf").write_bytes(b"%PDF-1.7 " + SECRET.encode())


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """``work`` may be written, ``docs`` only read; everything else is none of its business."""
    work = tmp_path / "work"
    for name in ("work/a", "docs", "outside", "work-evil", "home"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("outside", "work-evil", "home", "docs"):
        secrets_in(tmp_path / name)
    document = docx.Document()
    document.add_paragraph("Dear {{name}}")
    document.save(str(work / "ours.docx"))
    deck = pptx.Presentation()
    deck.slides.add_slide(deck.slide_layouts[5])
    deck.save(str(work / "ours.pptx"))
    book = openpyxl.Workbook()
    book.active.title = "S"
    for row in ROWS:
        book.active.append(row)
    book.save(work / "ours.xlsx")
    (work / "ours.csv").write_text("what,cost\nbeans,2\n")
    for link, target in (("out", "../outside"), ("a/out", "../../outside"), ("up", ".."), ("to-root", "/"),
                         ("chain", "out"), ("loop", "loop")):  # fmt: skip
        (work / link).symlink_to(target)
    for secret in (tmp_path / "outside").iterdir():
        (work / f"secret-link{secret.suffix}").symlink_to(secret)
        os.mkfifo(work / f"pipe{secret.suffix}")
        (work / f"a{secret.suffix}").mkdir()
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(str(work / f"socket{secret.suffix}"))
    return tmp_path


def everything(base: Path) -> dict[str, bytes]:
    """All that is there but the state of the host itself. A link is where it leads."""
    found: dict[str, bytes] = {}
    for path in base.rglob("*"):
        if path.is_symlink():
            found[str(path)] = os.fsencode(path.readlink())
        elif "state" not in path.parts and "data" not in path.parts:
            found[str(path)] = path.read_bytes() if path.is_file() else b""
    return found


def filled(value: Any, trick: str) -> Any:
    if isinstance(value, str):
        return value.replace("@", trick)
    if isinstance(value, dict):
        return {key: filled(item, trick) for key, item in value.items()}
    return [filled(item, trick) for item in value] if isinstance(value, list) else value


async def refusals(base: Path, calls: list[Call], tricks: list[str]) -> int:
    """Make each call with each trick. Every one is refused in words that give nothing away, and changes nothing."""
    work, home = base / "work", base / "home"
    places = {"folders": [{"path": str(work), "writable": True}, {"path": str(base / "docs")}]}
    async with host_for(MODULE, places, folder=home) as host:
        before, count = everything(base), 0
        for tool, ending, arguments in calls:
            for trick in tricks:
                named = trick.format(work=work, outside=base / "outside", private=home, docs=base / "docs") + ending
                try:
                    result = await host.call(f"office_{tool}", filled(arguments, named))
                except ToolError as error:
                    said = f"{error} {error.hint}"
                else:
                    raise AssertionError(f"{tool} {arguments} took {named!r}: {result.text}")
                assert SECRET not in said, (tool, named)
                assert "bug" not in said, (tool, named, said)
                count += 1
        assert everything(base) == before
        return count


@pytest.mark.skipif(sys.platform != "linux", reason="a tree of Linux")
def test_no_argument_leads_out_of_the_folders(base: Path) -> None:
    tried = (([*READS, *WRITES], TRICKS), (SEARCH, FOLDERS), (PICTURE, PICTURES))
    count = sum(asyncio.run(refusals(base, calls, tricks)) for calls, tricks in tried)
    sys.stdout.write(f"{count} escapes tried through tools of office, 0 got out\n")
    assert count == sum(len(calls) * len(tricks) for calls, tricks in tried)


@pytest.mark.skipif(sys.platform != "linux", reason="a tree of Linux")
def test_what_may_only_be_read_is_not_written(base: Path) -> None:
    writes = [call for call in WRITES if call[0] != "pivot"]
    assert asyncio.run(refusals(base, writes, ["{docs}/secret", "{docs}/new/other"])) == 2 * len(writes)


@pytest.mark.real
@pytest.mark.skipif(sys.platform != "linux", reason="a tree of Linux")
def test_nor_do_those_that_need_libreoffice(base: Path) -> None:
    libreoffice()
    some = TRICKS[::3]
    assert asyncio.run(refusals(base, WITH_LIBREOFFICE, some)) == len(some) * len(WITH_LIBREOFFICE)
