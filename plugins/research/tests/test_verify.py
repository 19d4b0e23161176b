"""Verification: what counts as the same passage, and what a report must look like."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcp_agent_research.verify.normal import Text
from mcp_agent_research.verify.reading import read_report

from mcp_agent import Host
from mcp_agent.testing import host_for
from tests.support.research import MODULE, article, local_web, web_settings

SOURCE = (
    "The keeper wrote “forty years” of weather, and didn’t stop. Reading never blocks writing, and writing never"
    " blocks reading. The well-\nknown lamp was re-\nplaced in 1911. Call __init__ with 2 * 3 and snake_case_name here."
)


SAME = [
    'The keeper wrote "forty years" of weather, and didn\'t stop.',
    "The keeper wrote ‘forty years’ of weather, and didn´t stop.",
    "Reading   never\n blocks\twriting, and\u00a0writing never blocks reading.",
    "Read\u00ading never blocks writ\u200bing",
    "The well-known lamp was replaced in 1911.",
    "The wellknown lamp was re-placed in 1911.",
    "The well-\nknown lamp was re-\n  placed in 1911",
    "Call __init__ with 2 * 3 and snake_case_name here.",
    "*Reading* never **blocks** `writing`, and writing",
]
OTHER = [
    "reading never blocks writing",  # a capital letter
    "Reading never blocks writing and writing",  # a comma
    "Reading never blocks writings",
    "eading never blocks writing",  # part of a word
    "Reading never blocks writing ... blocks reading",
    "Reading always blocks writing",
    "Reading never blocks writing, and writing never blocks read-ing",  # no line ended there
    "The lamp was replaced in 1911",
    "The well-known lamp was replaced in 1912",
    "",
    "***",
]


@pytest.mark.parametrize("passage", SAME)
def test_the_same_passage(passage: str) -> None:
    assert Text(SOURCE).holds(passage)


@pytest.mark.parametrize("passage", OTHER)
def test_another_passage(passage: str) -> None:
    assert not Text(SOURCE).holds(passage)


def test_a_line_may_end_at_a_hyphen_that_hangs() -> None:
    lines = "They take in two- and\nthree-year-olds.", "They take in two-\nand three-year-olds."
    for text in lines:
        for quote in (*lines, "They take in two- and three-year-olds."):
            assert Text(text).holds(quote)
        assert not Text(text).holds("They take in two and five-year-olds.")


WORDS = st.lists(st.text("abcdeé-'’“”\"1.,", min_size=1, max_size=8).filter(str.strip), min_size=4, max_size=40)


@given(WORDS, st.data())
def test_any_words_in_a_row_are_found_however_they_are_spaced_and_quoted(words: list[str], data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(begin + 1, len(words)))
    spaces = data.draw(st.lists(st.sampled_from([" ", "\n", "  ", "\t", "\u00a0"]), min_size=end, max_size=end))
    passage = "".join(word + space for word, space in zip(words[begin:end], spaces[begin:end], strict=True))
    swapped = passage.translate(str.maketrans("“”’", '""\''))
    text = Text(" ".join(words))
    for form in (passage, swapped):
        if form.strip().strip("-*+> "):
            assert text.holds(form)


@given(WORDS, st.data())
def test_a_word_more_or_another_letter_is_found_out(words: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(words) - 1))
    other = data.draw(st.sampled_from(["x", "not", words[at] + "x", "X" + words[at]]))
    changed = [*words[:at], other, *words[at + 1 :]]
    assert not Text(" ".join(words)).holds(" ".join(changed))


@settings(max_examples=300)
@given(st.text(max_size=400))
def test_no_text_is_too_strange_to_be_read(text: str) -> None:
    report = read_report(text)
    assert all(claim.text for claim in report.claims)
    Text(text).holds(text)


READ = [
    ("One claim: “a passage here” [S1].", [["a passage here"]]),
    ('One: "a passage" [S1]. Two: "another" [S2].', [["a passage"], ["another"]]),
    ("A claim. “The passage. It has two sentences.” [S1]", [["The passage. It has two sentences."]]),
    ("A claim. Another one.", [[], []]),
    ("- item “a” [S1]\n- item two\n  goes on “b” [S2, nothing", [["a"], ["b"]]),
    ("# Heading\n\nText by Dr. Smith, e.g. this: “q” [S3][S4].", [["q"]]),
    ("Two: “a” [S1] and “b” [S2].", [["a", "b"]]),
    ("| what | why |\n|---|---|\n| x “a” [S1] | y |", [[], ["a"]]),
    ("Fine “a” [S1].\n\n## Sources\n\n- [S1] T. http://x\n\n```\ncode claims nothing.\n```", [["a"]]),
    ("A: “a” [1], “b” [S7][2].\n\n## Sources\n\n[1] T [S9]. http://x. Kept as [S3].\n\n2. [S4]", [["a", "b"]]),
    ("", []),
]


@pytest.mark.parametrize(("text", "quotes"), READ, ids=[text[:30] for text, _ in READ])
def test_how_a_report_is_taken_apart(text: str, quotes: list[list[str]]) -> None:
    assert [[quote.text for quote in claim.quotes] for claim in read_report(text).claims] == quotes


LISTED = """Two: “a passage” [2], “another” [1][S8], “a third” [3], “a fourth” [4].

## Sources

[1] A title that says [S99] and [2]. http://x/[S98], read 2026-01-02. Kept as [S5].

[2] Another. Kept as [S6].

- [3] Twice. Kept as [S7].
- [3] Twice. Kept as [S8].
"""


def test_numbers_for_readers_mean_what_the_list_of_sources_says() -> None:
    report = read_report(LISTED)
    assert report.listed == [(number, line) for number, (_, line) in zip((5, 6, 7, 8), report.listed, strict=True)]
    [claim] = report.claims
    assert [quote.sources for quote in claim.quotes] == [[6], [5, 8], [], []]
    assert [quote.unlisted for quote in claim.quotes] == [[], [], [3], [4]]


def test_the_verdict() -> None:
    async def work() -> None:
        async with (
            local_web({"/a": article("Keeper", SOURCE)}) as served,
            host_for(MODULE, web_settings(served)) as host,
        ):
            await verdicts(host, (await host.call("research_fetch", {"url": f"{served.address}/a"})).data["source"])

    asyncio.run(work())


async def verdicts(host: Host, source: dict[str, Any]) -> None:
    number, address = source["id"], source["address"]

    async def verify(text: str) -> Any:
        return (await host.call("research_verify", {"text": text})).data

    claims = f"# About\n\nReaders do not wait: “Reading never blocks writing” [S{number}].\n"
    good = f"{claims}\n## Sources\n\n- [S{number}] Keeper. {address}\n"
    verdict = await verify(good)
    assert verdict == {"verified": True, "claims": 1, "quotes": 1, "failures": [], "not_checked": ["Sources"]}

    readers = good.replace(f"writing” [S{number}]", "writing” [1]").replace(
        f"- [S{number}] Keeper. {address}", f"[1] Keeper. {address}. Kept as [S{number}]."
    )
    assert (await verify(readers))["verified"]

    bad = {
        readers.replace("[1] Keeper", "[2] Keeper"): "[1] is not one source",
        readers.replace("never blocks", "always blocks", 1): "It does not stand there.",
        readers.replace(f"as [S{number}]", "as [S999]"): "no such source",
        good.replace("never blocks", "always blocks", 1): "It does not stand there.",
        good.replace("“Reading never blocks writing”", "“Reading never blocks writing at night”"): "only ",
        good.replace("# About\n", "# About\n\nAnd a claim without any proof.\n"): "It quotes no source.",
        good.replace(f"writing” [S{number}]", "writing”"): "which source",
        good.replace(f"writing” [S{number}]", "writing” [S999]"): "no such source",
        good.replace("“Reading never blocks writing”", "“Reading”"): "too short",
        good.replace(address, "https://example.com/made-up"): f"is {address}",
        good.replace(f"- [S{number}] Keeper", "- [S77] Keeper"): "no such source",
    }
    for text, why in bad.items():
        verdict = await verify(text)
        assert not verdict["verified"], text
        assert any(why in failure["why"] for failure in verdict["failures"]), (why, verdict["failures"])
    empty = await verify("# Nothing but a heading")
    assert not empty["verified"]
    assert empty["claims"] == 0


@pytest.mark.parametrize(
    ("text", "unquoted"),
    [
        ("彼は嘘をついた。灯台は壊れた“灯台は一九一四年に爆撃された”[S1]。", "彼は嘘をついた。"),
        ("灯台は壊れた「灯台は一九一四年に爆撃された」[S1]。彼は嘘をついた。", "彼は嘘をついた。"),
        ("दीपघर टूटा “a passage long enough” [S1]। वह झूठ है।", "वह झूठ है।"),
        ("It was hit: “a passage long enough” [S1]. everyone died of plague.", "everyone died of plague."),
    ],
)
def test_a_sentence_without_a_quote_is_found_in_every_script(text: str, unquoted: str) -> None:
    assert [claim.text for claim in read_report(text).claims if not claim.quotes] == [unquoted]


def test_corner_brackets_without_a_source_are_emphasis() -> None:
    [claim] = read_report("彼は「はい」と言った“灯台は一九一四年に「爆撃」された”[S1]。").claims
    assert [(quote.text, quote.sources) for quote in claim.quotes] == [("灯台は一九一四年に「爆撃」された", [1])]


def test_odd_signs_and_numbers_are_no_bug_and_a_source_that_went_is_said_to_have_gone(tmp_path: Path) -> None:
    file = tmp_path / "war.md"
    folders = {"folders": [{"path": str(tmp_path)}]}

    async def work() -> None:
        async with host_for(MODULE, folders) as host:

            async def why(source: str, mark: str = "") -> list[str]:
                text = f"It was{mark} hit: “In 1914 the lighthouse was bombed” [S{source}]."
                return [one["why"] for one in (await host.call("research_verify", {"text": text})).data["failures"]]

            file.write_text("In 1914 the lighthouse was bombed and mined.")
            await host.call("research_index_documents", {})
            [taken] = [
                one["id"] for one in (await host.call("research_sources", {})).data["sources"] if one["kind"] == "file"
            ]
            assert await why(str(taken)) == await why(str(taken), "\x015\x01") == []
            assert await why("9" * 30) == await why("0") == ["There is no such source."]
            file.write_text("In 1915 the lighthouse was bombed.")
            await host.call("research_index_documents", {})
            [said] = await why(str(taken))
            assert "not kept any more" in said

    asyncio.run(work())
