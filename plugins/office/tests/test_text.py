"""Documents: made of Markdown and read as Markdown; text found across runs; real tracked changes; templates."""

from __future__ import annotations

import base64
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcp_agent_office.files import saved
from mcp_agent_office.text.parts import W, load
from mcp_agent_office.text.revisions import fresh_ids, replace_tracked, settle
from mcp_agent_office.text.runs import isolate, replace_in, text_of, wanted

from plugins.office.tests.desk import Desk, at_the_desk
from tests.real.libreoffice import converted, libreoffice, text_of_pdf

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
MARKDOWN = """# The garden

Some **bold**, *slanted*, ~~gone~~ and `code` words, with a [link](https://example.org/a).[^1]

## Beds

- tomatoes
- beans
  - green
1. dig
2. sow

| what | cost |
| --- | ---: |
| seeds | 12.50 |
| soil \\| bags | 30 |

> said Ada

```
line 1
  line 2
```

![a dot](dot.png)

[^1]: As of March.
"""


def test_a_document_is_what_its_markdown_says(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "dot.png").write_bytes(PNG)

    async def work(desk: Desk) -> None:
        await desk.call("create_doc", path="g.docx", markdown=MARKDOWN, contents=True, title="Garden")
        read = (await desk.call("read_doc", path="g.docx"))["markdown"]
        for line in [
            "# The garden",
            "## Beds",
            "- tomatoes\n- beans\n   - green\n1. dig\n1. sow",
            "| what | cost |",
            "| seeds | 12.50 |",
            "| soil \\| bags | 30 |",
            "> said Ada",
            "![a dot]",
            "As of March.",
            "Some **bold**, *slanted*, ~~gone~~ and `code` words",
            "[link](https://example.org/a)[^2]",
        ]:
            assert line in read or line.replace(")[^2]", ").[^2]") in read, line
        assert "web" in await desk.refused("create_doc", path="x.docx", markdown="![a](https://x/y.png)")
        assert "There is no" in await desk.refused("create_doc", path="x.docx", markdown="![a](nothing.png)")
        assert not (folder / "x.docx").exists()

    at_the_desk(folder, work)
    document = docx.Document(folder / "g.docx")
    about = document.core_properties
    assert (about.title, about.author, about.last_modified_by, about.comments) == (
        "Garden",
        "Assistant",
        "Assistant",
        "",
    )
    assert abs(about.created.replace(tzinfo=UTC) - datetime.now(UTC)) < timedelta(hours=1)
    assert [p.style.name for p in document.paragraphs if p.style.name.startswith("Heading")] == [
        "Heading 1",
        "Heading 2",
    ]


@pytest.mark.real
def test_libreoffice_reads_the_same_words(tmp_path: Path) -> None:
    libreoffice()
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "dot.png").write_bytes(PNG)

    async def work(desk: Desk) -> None:
        await desk.call("create_doc", path="g.docx", markdown=MARKDOWN, contents=True)
        await desk.call("add_comment", path="g.docx", find="slanted", comment="Why?")
        await desk.call("track_changes", path="g.docx", changes=[{"find": "tomatoes", "replace": "potatoes"}])

    at_the_desk(folder, work)
    text = converted(folder / "g.docx", "txt:Text (encoded):UTF8").decode("utf-8-sig")
    words = " ".join(text.split())
    for part in [
        "The garden Beds The garden Some bold, slanted, gone and code words, with a link",
        "beans",
        "1. dig",
        "2. sow",
        "seeds",
        "12.50",
        "said Ada",
        "line 1",
    ]:
        assert part in words, (part, words)
    printed = " ".join(text_of_pdf(converted(folder / "g.docx", "pdf")).split())
    assert "As of March." in printed
    assert "potatoes" in printed


RUNS = st.lists(st.tuples(st.text("abc \u00e9", max_size=4), st.booleans()), max_size=8)


def paragraph_of(runs: list[tuple[str, bool]]) -> Any:
    paragraph = docx.Document().add_paragraph()
    for text, bold in runs:
        paragraph.add_run(text).bold = bold
    return paragraph._p


@settings(deadline=None, max_examples=150)
@given(RUNS, st.text("abc ", min_size=1, max_size=3), st.text("xy", max_size=3))
def test_replacing_goes_across_runs(runs: list[tuple[str, bool]], find: str, replace: str) -> None:
    paragraph, text = paragraph_of(runs), "".join(text for text, _ in runs)
    assert replace_in(paragraph, wanted(find, replace, True, False)) == text.count(find)
    assert text_of(paragraph) == text.replace(find, replace)


@settings(deadline=None, max_examples=150)
@given(RUNS, st.integers(0, 30), st.integers(0, 30))
def test_cutting_runs_changes_no_letter_and_no_look(runs: list[tuple[str, bool]], one: int, other: int) -> None:
    paragraph, text = paragraph_of(runs), "".join(text for text, _ in runs)
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    found = isolate(paragraph, start, end)
    assert "".join(node.text or "" for run in found for node in run.iter(f"{W}t")) == text[start:end]
    assert text_of(paragraph) == text
    looks = [
        bool(run.find(f"{W}rPr/{W}b") is not None and run.find(f"{W}rPr/{W}b").get(f"{W}val") is None)
        for run in paragraph.iter(f"{W}r")
        for node in run.iter(f"{W}t")
        for _ in node.text or ""
    ]
    assert looks == [bold for text, bold in runs for _ in text]


@settings(deadline=None, max_examples=150)
@given(RUNS, st.text("abc ", min_size=1, max_size=3), st.text("xy", max_size=3))
def test_tracked_changes_are_taken_or_thrown_away(runs: list[tuple[str, bool]], find: str, replace: str) -> None:
    text = "".join(text for text, _ in runs)
    for accept, expected in ((True, text.replace(find, replace)), (False, text)):
        paragraph = paragraph_of(runs)
        tree = paragraph.getparent()
        replace_tracked(paragraph, wanted(find, replace, True, False), "Ada", "2026-01-01T00:00:00Z", fresh_ids([tree]))
        assert text_of(paragraph) == text.replace(find, replace)
        settle([tree], None, accept)
        assert text_of(paragraph) == expected
        assert not list(tree.iter(f"{W}ins", f"{W}del", f"{W}delText"))


def test_changes_are_suggested_listed_and_settled(tmp_path: Path) -> None:
    folder = tmp_path / "files"

    async def work(desk: Desk) -> None:
        await desk.call("create_doc", path="c.docx", markdown="We pay **100** euros in May.\n\nWe pay late.")
        first = (folder / "c.docx").read_bytes()
        changes = [
            {"find": "100 euros", "replace": "90 dollars"},
            {"find": "May", "insert_after": " or June"},
            {"find": "We pay late.", "replace": ""},
        ]
        await desk.call("track_changes", path="c.docx", changes=changes)
        listed = await desk.call("list_changes", path="c.docx")
        kinds = [(one["kind"], one["text"]) for one in listed["changes"]]
        assert kinds == [
            ("deletion", "100"),
            ("deletion", " euros"),
            ("insertion", "90 dollars"),
            ("insertion", " or June"),
            ("deletion", "We pay late."),
        ]
        assert {one["author"] for one in listed["changes"]} == {"Bo"}
        await desk.call("settle_changes", path="c.docx", decision="accept", numbers=[1, 2, 3])
        await desk.call("settle_changes", path="c.docx", decision="reject")
        read = await desk.call("read_doc", path="c.docx")
        assert read["markdown"].startswith("We pay **90 dollars** in May.")
        assert "We pay late." in read["markdown"]
        assert "changes" not in read
        told = await desk.refused(
            "track_changes", path="c.docx", changes=[{"find": "May", "replace": "x"}, {"find": "Q", "replace": ""}]
        )
        assert "nothing was changed" in told
        await desk.host.undo(last=3)
        assert (folder / "c.docx").read_bytes() == first

    at_the_desk(folder, work, author="Bo")


def test_comments_stand_where_they_should(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.call("create_doc", path="c.docx", markdown="One **two** three.")
        await desk.call("add_comment", path="c.docx", find="two th", comment="Really?")
        assert (await desk.call("read_doc", path="c.docx"))["comments"] == ["Assistant: Really?"]
        body = docx.Document(desk.folder / "c.docx").element.xml
        begun, ended = body.index("commentRangeStart"), body.index("commentRangeEnd")
        assert "two" in body[begun:ended]
        assert "ree." not in body[begun:ended]
        assert "There is no" in await desk.refused("add_comment", path="c.docx", find="four", comment="?")

    at_the_desk(tmp_path / "files", work)


def template() -> bytes:
    document = docx.Document()
    paragraph = document.add_paragraph("Dear {{na")
    paragraph.add_run("me}}, ").bold = True
    field = docx.oxml.parse_xml(
        f'<w:fldSimple xmlns:w="{W[1:-1]}" w:instr=" MERGEFIELD city "><w:r><w:t>«city»</w:t></w:r></w:fldSimple>'
    )
    paragraph._p.append(field)
    complex_field = (
        f'<w:p xmlns:w="{W[1:-1]}">'
        + "".join(
            f"<w:r>{inner}</w:r>"
            for inner in [
                '<w:fldChar w:fldCharType="begin"/>',
                "<w:instrText> MERGEFIELD due </w:instrText>",
                '<w:fldChar w:fldCharType="separate"/>',
                "<w:t>«due»</w:t>",
                '<w:fldChar w:fldCharType="end"/>',
            ]
        )
        + "</w:p>"
    )
    document.element.body.insert(1, docx.oxml.parse_xml(complex_field))
    table = document.add_table(2, 2)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ["what", "cost", "{{items.what}}", "{{items.cost}}"], strict=True
    ):
        cell.text = text
    document.sections[0].header.paragraphs[0].text = "For {{name}} {{ missing }}"
    return saved(document)


def test_templates_are_filled(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "t.docx").write_bytes(template())
    items = [{"what": "seeds", "cost": 12.5}, {"what": "soil", "cost": 30.0}]
    records = [
        {"name": "Ada", "city": "Rome", "due": "May", "items": items},
        {"name": "Bo {{city}}", "city": "Oslo", "due": "June", "items": []},
    ]

    async def work(desk: Desk) -> None:
        assert sorted((await desk.call("read_doc", path="t.docx"))["fields"]) == sorted(
            [
                "name",
                "items.what",
                "items.cost",
                "due",
                "city",
                "missing",
            ]
        )
        done = await desk.call("fill_template", path="t.docx", target_path="out/l-{n}.docx", records=records)
        assert [Path(path).name for path in done["paths"]] == ["l-1.docx", "l-2.docx"]
        assert "missing" in done["without_value"]
        read = (await desk.call("read_doc", path="out/l-1.docx"))["markdown"]
        assert read.startswith("Dear Ada")
        assert "Rome" in read
        assert "May" in read
        assert "| seeds | 12.5 |\n| soil | 30 |" in read
        assert (
            docx.Document(folder / "out" / "l-1.docx").sections[0].header.paragraphs[0].text == "For Ada {{ missing }}"
        )
        assert "{n}" in await desk.refused("fill_template", path="t.docx", target_path="o.docx", records=records)
        await desk.host.undo()
        assert [file.name for file in folder.iterdir()] == ["t.docx"]

    at_the_desk(folder, work)


def test_parts_nobody_knows_survive_an_edit(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "t.docx").write_bytes(template())
    with zipfile.ZipFile(folder / "t.docx") as package:
        parts = {name: package.read(name) for name in package.namelist()}
    kinds = parts["[Content_Types].xml"].replace(b"</Types>", b'<Default Extension="odd" ContentType="a/odd"/></Types>')
    rels = parts["word/_rels/document.xml.rels"].replace(
        b"</Relationships>", b'<Relationship Id="rId99" Type="http://x/odd" Target="odd/a.odd"/></Relationships>'
    )
    parts |= {"[Content_Types].xml": kinds, "word/_rels/document.xml.rels": rels, "word/odd/a.odd": b"\x00odd\xff"}
    with zipfile.ZipFile(folder / "t.docx", "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)

    async def work(desk: Desk) -> None:
        await desk.call("replace_text", path="t.docx", replacements=[{"find": "Dear", "replace": "Dearest"}])

    at_the_desk(folder, work)
    with zipfile.ZipFile(folder / "t.docx") as package:
        assert package.read("word/odd/a.odd") == b"\x00odd\xff"
    assert load((folder / "t.docx").read_bytes(), "t.docx").paragraphs[0].text.startswith("Dearest {{name}}")
