"""The local library: every kind of file, files that change, folders that are closed, files that do harm."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Host, ToolError
from mcp_agent.model import ORIGIN
from mcp_agent.testing import host_for
from tests.support.research import MODULE, OFFLINE, article

FACT = "The {kind} says that the lighthouse of Bengtskar was lit in 1906 and bombed in 1914."


def folder_settings(folder: Path, **library: Any) -> dict[str, Any]:
    return {**OFFLINE, "folders": [{"path": str(folder)}], "library": library}


async def index(host: Host, **arguments: Any) -> dict[str, Any]:
    found = (await host.call("research_index_documents", arguments)).data
    return {"unchanged": 0, "removed": 0, "read": 0, "not_read": 0, "problems": [], **found}


async def local(host: Host, query: str, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await host.call("research_local", {"query": query, **more})).data["result"]
    return found


def write_documents(folder: Path) -> None:
    """One document of each kind, made by the libraries that others write such files with."""
    import docx
    import openpyxl
    import pptx
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    (folder / "a.html").write_text(article("Page", FACT.format(kind="page"), "More words. " * 30))
    (folder / "a.md").write_text(f"# Notes\n\n{FACT.format(kind='markdown')}\n")
    (folder / "a.txt").write_text(FACT.format(kind="text"))
    (folder / "a.rst").write_text(f"Notes\n=====\n\n{FACT.format(kind='restructured')}\n")
    document = docx.Document()
    document.add_heading("Report", 1)
    document.add_paragraph(FACT.format(kind="docx"))
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text = "keeper's name"
    table.rows[0].cells[1].text = "Axelsson"
    document.save(str(folder / "a.docx"))
    slides = pptx.Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[1])
    slide.shapes.title.text = "Slides"
    slide.placeholders[1].text = FACT.format(kind="pptx")
    slides.save(str(folder / "a.pptx"))
    book = openpyxl.Workbook()
    book.active.append(["what", FACT.format(kind="xlsx")])
    book.save(folder / "a.xlsx")
    writer = PdfWriter()
    page = writer.add_blank_page(600, 400)
    content = DecodedStreamObject()
    content.set_data(f"BT /F1 12 Tf 20 200 Td ({FACT.format(kind='pdf')}) Tj ET".encode())
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    named = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    fonts = DictionaryObject({NameObject("/F1"): named})
    page[NameObject("/Contents")] = writer._add_object(content)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    writer.write(folder / "a.pdf")
    writer.close()


def test_every_kind_of_document_is_read_and_found(tmp_path: Path) -> None:
    write_documents(tmp_path)
    (tmp_path / "a.exe").write_bytes(b"MZ not read at all")

    async def work() -> None:
        async with host_for(MODULE, folder_settings(tmp_path)) as host:
            done = await index(host)
            assert (done["read"], done["problems"]) == (8, [])
            for kind in ("page", "markdown", "text", "restructured", "docx", "pptx", "xlsx", "pdf"):
                found = await local(host, f"what does the {kind} say of the lighthouse bombed in 1914", limit=1)
                assert FACT.format(kind=kind) in " ".join(found[0]["text"].split())
            [keeper] = await local(host, "Axelsson")
            assert keeper["address"] == str(tmp_path / "a.docx")
            assert keeper["heading"] == "a: Report"
            result = await host.call("research_local", {"query": "lighthouse"})
            assert result.meta is not None
            assert result.meta[ORIGIN]["origin"] == "documents"

    asyncio.run(work())


def test_the_index_follows_the_files(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\nThe {name} of all gardens has roses.")

    async def work() -> None:
        async with host_for(MODULE, folder_settings(tmp_path)) as host:
            assert (await index(host))["read"] == 3
            assert (await index(host))["unchanged"] == 3
            (tmp_path / "one.md").write_text("# one\n\nThere are tulips now, more than before.")
            (tmp_path / "two.md").unlink()
            (tmp_path / "deep").mkdir()
            (tmp_path / "three.md").rename(tmp_path / "deep" / "three.md")
            done = await index(host)
            assert (done["read"], done["unchanged"], done["removed"]) == (2, 0, 2)
            assert [one["address"] for one in await local(host, "roses gardens")] == [
                str(tmp_path / "deep" / "three.md")
            ]
            assert [one["address"] for one in await local(host, "tulips")] == [str(tmp_path / "one.md")]
            assert await local(host, "tulips", folder=str(tmp_path / "deep")) == []
            (tmp_path / "deep" / "three.md").unlink()
            assert (await index(host, folder=str(tmp_path / "deep")))["removed"] == 1

    asyncio.run(work())


def test_nothing_outside_of_the_folders_is_read(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.md").write_text("# Secret\n\nThe zanzibar treasure is under the stairs.")
    (inside / "link.md").symlink_to(outside / "secret.md")
    (inside / "folder").symlink_to(outside)
    os.mkfifo(inside / "pipe.md")

    async def work() -> None:
        async with host_for(MODULE, folder_settings(inside)) as host:
            assert (await index(host))["read"] == 0
            assert await local(host, "zanzibar treasure") == []
            for path in (
                str(outside),
                f"{inside}/../outside",
                f"{inside}/folder",
                "/etc",
                "file:///etc",
                f"{inside}/pipe.md",
            ):
                with pytest.raises(ToolError):
                    await index(host, folder=path)
            assert await local(host, "zanzibar treasure") == []

    asyncio.run(work())


def bomb() -> bytes:
    """An office file of half a megabyte that unpacks to four hundred."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as entry,
    ):
        for _ in range(400):
            entry.write(b" " * 1_000_000)
    return made.getvalue()


def test_broken_and_hostile_files_are_named_and_take_nothing_with_them(tmp_path: Path) -> None:
    write_documents(tmp_path)
    for name in ("pdf", "docx", "pptx", "xlsx"):
        whole = (tmp_path / f"a.{name}").read_bytes()
        (tmp_path / f"half.{name}").write_bytes(whole[: len(whole) // 2])
        (tmp_path / f"noise.{name}").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "bomb.docx").write_bytes(bomb())
    (tmp_path / "empty.md").write_text("")
    (tmp_path / "noise.txt").write_bytes(b"\xff\xfe caf\xe9 latin lighthouse\x00\x01")
    (tmp_path / "large.txt").write_text("x" * 3_000_000)
    entities = '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    (tmp_path / "entities.html").write_text(f"{entities}<p>&b; entity lighthouse</p>" + "word " * 99)

    async def work() -> None:
        async with host_for(MODULE, folder_settings(tmp_path, max_file_bytes=2_000_000)) as host:
            done = await index(host)
            assert done["read"] >= 9, done
            told = " ".join(done["problems"])
            assert done["not_read"] >= 10
            assert "Unpacked it would have 400,000,000 bytes" in told
            assert "Traceback" not in told
            assert "root:" not in str(await local(host, "entity lighthouse", limit=20))
            assert len(await local(host, "lighthouse 1906", limit=20)) >= 8
            assert (await index(host))["read"] == 0, "what was read stays read, what was not is tried again"

    asyncio.run(work())


def test_a_parser_that_hangs_or_dies_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is replaced by programs that do what a parser may do; the next document is read as ever."""
    from mcp_agent_research.library import workers

    real = workers._MODULE
    (tmp_path / "hangs").mkdir()
    (tmp_path / "hangs" / "hanging_worker.py").write_text("import time\ntime.sleep(60)\n")
    (tmp_path / "hangs" / "dying_worker.py").write_text("import os, sys\nsys.stdin.buffer.read(9)\nos.abort()\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "hangs"))
    (tmp_path / "a.md").write_text("# A\n\nThe lighthouse was lit.")

    async def work() -> None:
        async with host_for(MODULE, folder_settings(tmp_path, seconds=1.0)) as host:
            for module, why in (("hanging_worker", "longer than 1 seconds"), ("dying_worker", "crashed")):
                monkeypatch.setattr(workers, "_MODULE", module)
                done = await index(host)
                assert why in done["problems"][0]
        async with host_for(MODULE, folder_settings(tmp_path)) as host:
            monkeypatch.setattr(workers, "_MODULE", real)
            assert (await index(host))["read"] == 1

    asyncio.run(work())


def test_the_most_documents(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.md").write_text(f"Note {number} on the lighthouse.")

    async def work() -> None:
        async with host_for(MODULE, folder_settings(tmp_path, max_documents=3)) as host:
            done = await index(host)
            assert (done["read"], done["not_read"]) == (3, 2)
            assert "2 files are left out" in done["problems"][0]

    asyncio.run(work())


QUERIES = ['"', "a AND", "NEAR(x y)", "col:umn", "* ^ -x", "'; drop table sources; --", "the of and", "ж" * 200, "x\0y"]


@pytest.mark.parametrize("query", QUERIES)
def test_nothing_in_a_question_is_an_operator(query: str) -> None:
    async def work() -> None:
        async with host_for(MODULE, OFFLINE) as host:
            with contextlib.suppress(ToolError):  # there may be no word in it; anything else would be a bug
                await local(host, query)
            assert await local(host, "how are quotes checked")

    asyncio.run(work())


def test_a_file_that_a_report_cites_stays_as_it_was_cited(tmp_path: Path) -> None:
    war = tmp_path / "war.md"
    war.write_text("# War\n\nIn 1914 the lighthouse of Bengtskar was bombed and mined by a ship.")

    async def work() -> None:
        async with host_for(MODULE, folder_settings(tmp_path)) as host:
            await index(host)
            given = {"question": "when was the lighthouse bombed", "engines": ["local"], "pages": 0}
            job = (await host.call("research_start", given)).data["job"]
            async with asyncio.timeout(20):
                while (await host.call("research_status", {"job": job})).data["result"][0]["status"] == "running":  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            war.write_text("# War\n\nNothing at all is known of the lighthouse in those years.")
            assert (await index(host))["read"] == 1
            report = (await host.call("research_report", {"job": job})).data
            assert "bombed and mined" in report["markdown"]
            assert report["verified"]
            assert "bombed" not in str(await local(host, "lighthouse bombed mined ship"))

    asyncio.run(work())


def test_workers_go_when_nobody_needs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    from mcp_agent_research.library import workers

    monkeypatch.setattr(workers, "_IDLE_SECONDS", 0.05)

    async def work() -> None:
        pool = workers.Workers(20)
        assert (await pool.read("a.txt", b"The lighthouse.")).text == "The lighthouse."
        [process] = pool._idle
        assert await asyncio.wait_for(process.wait(), 20) == 0
        assert pool._idle == []
        assert (await pool.read("a.txt", b"Again.")).text == "Again."
        await pool.close()

    asyncio.run(work())
