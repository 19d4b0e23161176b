"""The report as a file, made by the real office plugin in the same host."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pptx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from mcp_agent_research.jobs.job import Claim, Job
from mcp_agent_research.shapes import Budget, Source
from mcp_agent_research.write.slides import slides

from mcp_agent import Config, Host, Paths, ToolError
from mcp_agent.config import PolicySettings, Rule
from mcp_agent.errors import Denied
from mcp_agent.testing import ScriptedCaller, host_for
from tests.support.research import MODULE, OFFLINE

QUESTION = "What happened to the lighthouse of *Bengtskar* in 1906 and in the war?"
DOCUMENTS = {
    "lit.md": "# First light [S99] ![x](secret.png)\n\nThe lighthouse of Bengtskar was lit in 1906, after a"
    " ship_had_gone down <img src=x> nearby.\n",
    "war.html": "<html><head><title>The war</title><meta name='date' content='1931-05-06'></head><body><h1>The war</h1>"
    "<p>In the war of 1914 the lighthouse of Bengtskar was bombed and mined, and its lantern was destroyed.</p>"
    f"<p>{'Granite for the walls was quarried on the skerry itself. ' * 8}</p></body></html>",
}
YES: Any = {"decision": "allow once"}


def person(*answers: Any) -> ScriptedCaller:
    return ScriptedCaller(elicit=answers)


@asynccontextmanager
async def home(folder: Path, *rules: Rule, office: bool = True) -> AsyncIterator[Host]:
    """Both plugins on one folder, and nothing else."""
    files = folder / "files"
    files.mkdir(exist_ok=True)
    for name, text in DOCUMENTS.items():
        (files / name).write_text(text)
    places = {"folders": [{"path": str(files), "writable": True}]}
    config = Config(
        plugins={"research": {**OFFLINE, **places}, "office": places},
        policy=PolicySettings(rules=(*rules, Rule(decide="allow")), wait_seconds=0),
    )
    modules = [MODULE, *(["mcp_agent_office"] if office else [])]
    paths = Paths(folder, folder / "data", folder / "state")
    async with Host(config, paths=paths, modules=modules, installed=False) as host:
        await host.started()
        yield host


async def researched(host: Host) -> str:
    await host.call("research_index_documents")
    started = await host.call("research_start", {"question": QUESTION, "pages": 0, "engines": ["local"]}, person(YES))
    job: str = started.data["job"]
    async with asyncio.timeout(30):
        while (await host.call("research_status", {"job": job})).data["result"][0]["status"] == "running":  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return job


def sources_in(text: str) -> list[tuple[str, str]]:
    """(number, the rest) of each line that lists a source."""
    return re.findall(r"(?m)^\[(\d+)\] (.*)$", text)


def test_a_word_file_with_numbers_and_dates_that_verifies(tmp_path: Path) -> None:
    async def work() -> None:
        async with home(tmp_path) as host:
            job = await researched(host)
            report = (await host.call("research_report", {"job": job})).data
            assert report["verified"]
            asked = person(YES)
            wanted = {"job": job, "format": "docx", "path": "out/lighthouse.docx"}
            made = (await host.call("research_report", wanted, asked)).data
            assert (made["verified"], made["claims"], made["sources"]) == (True, report["claims"], report["sources"])
            assert "markdown" not in made
            assert "office_create_doc" in asked.asked[0][1]["message"]
            assert "passes on" in asked.asked[0][1]["message"]
            file = Path(made["file"])
            assert file == tmp_path / "files" / "out" / "lighthouse.docx"

            document = docx.Document(str(file))
            lines = [paragraph.text for paragraph in document.paragraphs]
            text = "\n".join(lines)
            assert lines[0] == QUESTION
            assert document.paragraphs[0].style is not None
            assert document.paragraphs[0].style.name == "Heading 1"
            assert document.core_properties.title == QUESTION
            assert "after a ship_had_gone down <img src=x> nearby." in text
            listed = sources_in(text)
            assert [number for number, _ in listed] == ["1", "2"]
            today = f"{datetime.now(UTC):%Y-%m}"
            for _, line in listed:
                assert re.search(rf"read {today}-\d\d, sha256 [0-9a-f]{{16}}\. Kept as \[S\d+\]\.$", line), line
            assert any("First light [S99] ![x](secret.png). " in line for _, line in listed)
            assert any("The war. " in line and "published 1931-05-06, read" in line for _, line in listed)
            assert list(dict.fromkeys(re.findall(r"” \[(\d+)\]", text))) == ["1", "2"]
            assert not document.inline_shapes

            read = (await host.call("office_read_doc", {"path": str(file)})).data["markdown"]
            verdict = (await host.call("research_verify", {"text": read})).data
            assert verdict["verified"], verdict
            assert verdict["claims"] == report["claims"]
            wrong = (await host.call("research_verify", {"text": read.replace("mined", "burnt", 1)})).data
            assert [failure["why"][:17] for failure in wrong["failures"]] == ["It does not stand"]

            again = {**wanted, "path": str(file)}
            with pytest.raises(ToolError, match="already"):
                await host.call("research_report", again, person(YES))
            await host.call("research_report", {**again, "replace": True}, person(YES))
            await host.undo(last=2)
            assert "lighthouse.docx" not in {path.name for path in (tmp_path / "files").rglob("*")}

    asyncio.run(work())


def test_slides_with_every_claim_and_source_and_no_finding(tmp_path: Path) -> None:
    async def work() -> None:
        async with home(tmp_path) as host:
            job = await researched(host)
            made = (await host.call("research_report", {"job": job, "format": "pptx"}, person(YES))).data
            assert Path(made["file"]) == tmp_path / "files" / f"research-{job}.pptx"
            deck = pptx.Presentation(made["file"])
            texts = ["\n".join(s.text_frame.text for s in slide.shapes if s.has_text_frame) for slide in deck.slides]
            titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
            assert titles == [QUESTION, "Findings", "Sources", "How this was made"]
            assert "2 findings from 2 sources, 20" in texts[0]
            assert "bombed and mined, and its lantern was destroyed.” [" in texts[1]
            assert [number for number, _ in sources_in(texts[2])] == ["1", "2"]
            assert all(re.search(r"read 20\d\d-\d\d-\d\d$", line) for _, line in sources_in(texts[2]))
            notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides]
            assert len(re.findall(r"sha256 [0-9a-f]{64}\. Kept as \[S\d+\]\.", notes[2])) == 2
            found = (await host.call("office_check_deck", {"path": made["file"]})).data
            assert found["findings"] == []

    asyncio.run(work())


LETTERS = st.sampled_from("aWm 漢.")
JOBS = st.builds(
    lambda question, claims, titles, notes: (
        Job(
            "abcde", question, datetime(2026, 1, 2, tzinfo=UTC), Budget(1, 1, 1, 1), ["q"], [], searched=1,
            claims=[Claim(text, quote, 1 + number % len(titles)) for number, (text, quote) in enumerate(claims)],
            notes=notes,
        ),
        [
            Source(id=number, kind="web", title=title, address=f"https://x.example/{title * 9}", sha256="0" * 64,
                   taken=datetime(2026, 1, 2, tzinfo=UTC), size=1)
            for number, title in enumerate(titles, 1)
        ],
    ),
    question=st.text(LETTERS, min_size=1, max_size=1000).map(lambda text: f"q{text}"),
    claims=st.lists(st.tuples(st.text(LETTERS, max_size=400), st.text(LETTERS, min_size=12, max_size=500)),
                    min_size=1, max_size=12),
    titles=st.lists(st.text(LETTERS, min_size=1, max_size=300), min_size=1, max_size=12),
    notes=st.lists(st.text(LETTERS, min_size=1, max_size=300), max_size=20),
)  # fmt: skip
LONGEST = (
    Job(
        "abcde", "漢" * 1000, datetime(2026, 1, 2, tzinfo=UTC), Budget(1, 1, 1, 1), ["漢" * 200] * 8, [], searched=8,
        claims=[Claim("漢" * 400, "漢" * 500, 1), *[Claim("", "a" * 12, 1)] * 11], notes=["n" * 6] * 20,
    ),
    [Source(id=1, kind="web", title="漢" * 300, address="https://x.example/" + "W" * 4000, sha256="0" * 64,
            taken=datetime(2026, 1, 2, tzinfo=UTC), size=1)],
)  # fmt: skip


def test_slides_fit_whatever_was_found(tmp_path: Path) -> None:
    """Claims, titles and addresses as long as they can be, in wide letters and narrow ones."""
    files = tmp_path / "files"
    files.mkdir()

    async def work(host: Host, job: Job, sources: list[Source]) -> None:
        made = slides(job, sources)
        assert [line for one in made if one["title"].startswith("Findings") for line in one["bullets"]] == [
            f"{claim.text + ': ' if claim.text else ''}“{claim.quote}” [{claim.source}]" for claim in job.claims
        ]
        await host.call("office_create_deck", {"path": "a.pptx", "slides": made, "replace": True})
        found = (await host.call("office_check_deck", {"path": "a.pptx"})).data
        assert found["findings"] == []

    with asyncio.Runner() as runner:
        stack = contextlib.AsyncExitStack()
        host = runner.run(stack.enter_async_context(
            host_for("mcp_agent_office", {"folders": [{"path": str(files), "writable": True}]})
        ))  # fmt: skip

        @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(JOBS)
        @example(LONGEST)
        def holds(made: tuple[Job, list[Source]]) -> None:
            runner.run(work(host, *made))

        holds()
        runner.run(stack.aclose())


def test_nothing_is_written_where_it_cannot_or_may_not_be(tmp_path: Path) -> None:
    async def work() -> None:
        before = set(DOCUMENTS)
        async with home(tmp_path, office=False) as host:
            job = await researched(host)
            with pytest.raises(ToolError, match="made by the office plugin") as caught:
                await host.call("research_report", {"job": job, "format": "docx"}, person(YES))
            assert "format='markdown'" in str(caught.value.hint)
        async with home(tmp_path, Rule(tool="office_*", decide="deny")) as host:
            with pytest.raises(Denied, match="office_create_doc is not allowed"):
                await host.call("research_report", {"job": job, "format": "docx"}, person(YES))
        async with home(tmp_path) as host:
            for answers in ([], ["decline"]):
                with pytest.raises(Denied, match="office_create_deck"):
                    await host.call(
                        "research_report", {"job": job, "format": "pptx"}, ScriptedCaller(elicit=answers or None)
                    )
            with pytest.raises(ToolError, match=r"does not end in \.docx"):
                await host.call("research_report", {"job": job, "format": "docx", "path": "a.pptx"}, person(YES))
            with pytest.raises(ToolError, match="not as a file"):
                await host.call("research_report", {"job": job, "path": "a.docx"}, person(YES))
            for path in ("../../a.docx", "/etc/a.docx"):
                with pytest.raises(ToolError, match=r"goes up|in none"):
                    await host.call("research_report", {"job": job, "format": "docx", "path": path}, person(YES))
        assert {path.name for path in (tmp_path / "files").rglob("*")} == before

    asyncio.run(work())
