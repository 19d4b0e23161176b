"""What somebody else does with a file comes first: it is not overwritten, and what an edit breaks is said."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Folders
from plugins.office.tests.desk import Desk, at_the_desk
from plugins.office.tests.workbooks import sales

MAKE: list[tuple[str, dict[str, Any]]] = [
    ("create_workbook", {"path": "a.xlsx", "sheets": sales()}),
    ("create_doc", {"path": "a.docx", "markdown": "One word."}),
    ("create_deck", {"path": "a.pptx", "slides": [{"title": "One"}]}),
]
EDITS: list[tuple[str, dict[str, Any]]] = [
    ("write_cells", {"path": "a.xlsx", "rows": [["x", "y", 1]]}),
    ("format_range", {"path": "a.xlsx", "range": "A1", "look": {"italic": True}}),
    ("add_chart", {"path": "a.xlsx", "range": "B1:C4"}),
    ("replace_text", {"path": "a.docx", "replacements": [{"find": "word", "replace": "text"}]}),
    ("track_changes", {"path": "a.docx", "changes": [{"find": "word", "replace": "text"}]}),
    ("add_comment", {"path": "a.docx", "find": "word", "comment": "?"}),
    ("edit_slide", {"path": "a.pptx", "action": "text", "slide": 1, "text": ["Two"]}),
]


async def made(desk: Desk) -> dict[str, bytes]:
    for tool, arguments in MAKE:
        await desk.call(tool, **arguments, replace=True)
    return {path.name: path.read_bytes() for path in desk.folder.glob("a.*")}


@pytest.mark.parametrize("mark", [".~lock.{}#", "~${}"])
def test_a_file_that_is_open_elsewhere_is_left_alone(tmp_path: Path, mark: str) -> None:
    async def work(desk: Desk) -> None:
        before = await made(desk)
        for name in before:
            (desk.folder / mark.format(name)).write_text("somebody")
        for tool, arguments in [*EDITS, *((tool, {**one, "replace": True}) for tool, one in MAKE)]:
            assert "open" in await desk.refused(tool, **arguments), tool
        assert {name: (desk.folder / name).read_bytes() for name in before} == before

    at_the_desk(tmp_path / "files", work)


def test_what_changed_since_it_was_read_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the version that the caller read, and by a change in the very moment in which a tool works."""
    really = Folders.read

    def and_then_somebody_saves(folders: Folders, path: str, **options: Any) -> Any:
        found = really(folders, path, **options)
        Path(found[1].path).write_bytes(b"saved by somebody else")
        return found

    async def work(desk: Desk) -> None:
        for tool, arguments in EDITS:
            before = await made(desk)
            told = await desk.refused(tool, **arguments, version="an older one")
            assert "changed by somebody" in told, tool
            assert (desk.folder / arguments["path"]).read_bytes() == before[arguments["path"]]
            with monkeypatch.context() as patched:
                patched.setattr(Folders, "read", and_then_somebody_saves)
                assert "changed by somebody" in await desk.refused(tool, **arguments), tool
            assert (desk.folder / arguments["path"]).read_bytes() == b"saved by somebody else"

    at_the_desk(tmp_path / "files", work)


def test_a_signature_that_an_edit_breaks_is_named(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await made(desk)
        for name in ("a.xlsx", "a.docx", "a.pptx"):
            with zipfile.ZipFile(desk.folder / name, "a") as package:
                rels = package.read("_rels/.rels")
                signed = (
                    b'<Relationship Id="rId77" Target="_xmlsignatures/origin.sigs" Type="http://schemas.openxmlformats'
                    b'.org/package/2006/relationships/digital-signature/origin"/></Relationships>'
                )
                parts = {one: package.read(one) for one in package.namelist()}
            parts["_rels/.rels"] = rels.replace(b"</Relationships>", signed)
            parts["_xmlsignatures/origin.sigs"] = b""
            parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
                b"</Types>",
                b'<Default Extension="sigs" ContentType="application/vnd.openxmlformats-package.digital-signature'
                b'-origin"/></Types>',
            )
            with zipfile.ZipFile(desk.folder / name, "w") as package:
                for part, content in parts.items():
                    package.writestr(part, content)
        warned = await desk.call("read_doc", path="a.docx")
        assert "It is signed. Any change to it breaks the signature." in warned["warnings"]
        for tool, arguments in (EDITS[0], EDITS[3], EDITS[6]):
            said = (await desk.call(tool, **arguments))["note"]
            assert "the signature does not hold any more" in said, tool
        assert "the signature" in await desk.refused(EDITS[1][0], **EDITS[1][1])

    at_the_desk(tmp_path / "files", work)
