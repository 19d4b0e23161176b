"""A research that reads papers: the work where it is open, else its abstract, within the budget as any page.

The answers are in the documented shape of OpenAlex; papers of three services as one list are in test_searching.py.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

from aiohttp import web

from mcp_agent import Host
from mcp_agent.testing import host_for
from plugins.research.tests.lighthouse import FILLER, report, start, until
from tests.support.research import MODULE, OFFLINE, LocalWeb, article, local_web

QUESTION = "Do lighthouses disturb birds on migration?"
OPEN = "Migrating birds circled the lighthouses on overcast nights and were disturbed for hours."
CLOSED = "Lighthouses with a red light disturb fewer birds on migration than white ones do."
LONG = " ".join(f"Sentence number {n} says nothing of it." for n in range(60))


def work(served: LocalWeb, name: str, abstract: str, *, pdf: bool) -> dict[str, Any]:
    words = abstract.split()
    place = {"landing_page_url": f"{served.address}/landing/{name}", "source": {"display_name": "J. of Birds"}}
    return {
        "id": f"https://openalex.org/{name}", "display_name": f"On {name} birds", "publication_year": 1987,
        "authorships": [{"author": {"display_name": author}} for author in ("Ada A", "Bo B", "Cy C", "Di D")],
        "primary_location": {**place, "pdf_url": f"{served.address}/pdf/{name}" if pdf else None},
        "abstract_inverted_index": {word: [at for at, one in enumerate(words) if one == word] for word in words},
    }  # fmt: skip


def run(work_with: Any, *, broken: bool = False) -> LocalWeb:
    async def inner() -> LocalWeb:
        async with local_web({"/pdf/open": article("Birds", OPEN, FILLER, LONG)}) as served:

            async def openalex(request: web.Request) -> web.StreamResponse:
                works = [work(served, "open", "An abstract.", pdf=True), work(served, "closed", CLOSED, pdf=False),
                         work(served, "long", f"{LONG} {CLOSED[:-1]} today.", pdf=True)]  # fmt: skip
                return web.json_response({} if broken else {"results": works}, status=500 if broken else 200)

            served.pages["/openalex/works"] = openalex
            settings = {
                **OFFLINE, "web": {"allow_hosts": [served.host], "pace_seconds": 0},
                "papers": {**OFFLINE["papers"], "openalex": f"{served.address}/openalex"},
            }  # fmt: skip
            async with host_for(MODULE, settings) as host:
                await work_with(host, served)
            return served

    return asyncio.run(inner())


async def read(host: Host, job: str) -> dict[str, str]:
    """Kind by title of each source."""
    sources = (await host.call("research_sources", {"job": job})).data["sources"]
    return {one["title"]: one["kind"] for one in sources if one["kind"] != "guide"}


BY = "(Ada A, Bo B, Cy C et al., J. of Birds)"


def test_open_papers_are_read_and_of_others_the_abstract() -> None:
    async def check(host: Host, served: LocalWeb) -> None:
        job = await start(host, question=QUESTION, papers=True)
        shown = await until(host, job)
        assert await read(host, job) == {
            f"On open birds {BY}": "web", f"On closed birds {BY}, abstract": "paper",
            f"On long birds {BY}, abstract": "paper",
        }  # fmt: skip
        assert shown["used"]["pages"] == 3
        assert "Only the abstract of On closed birds" in " ".join(shown["notes"])
        made = await report(host, job)
        assert made["verified"]
        for quote in (OPEN, CLOSED, CLOSED[:-1] + " today."):  # the last stands beyond what a list shows of an abstract
            assert f"“{quote}” [" in made["markdown"]
        listed = re.findall(r"(?m)^\[\d\] On .*, published 1987, read \d{4}-\d\d-\d\d, .* Kept as", made["markdown"])
        assert len(listed) == 3
        verdict = (
            await host.call("research_verify", {"text": made["markdown"].replace("landing/closed", "other")})
        ).data
        assert ["The address of source" in failure["why"] for failure in verdict["failures"]] == [True]

    served = run(check)
    assert sorted(asked for asked in served.asked if asked.startswith(("/pdf", "/landing"))) == [
        "/landing/closed", "/pdf/long", "/pdf/open"
    ]  # fmt: skip


def test_without_pages_in_the_budget_abstracts_are_read() -> None:
    async def check(host: Host, served: LocalWeb) -> None:
        job = await start(host, question=QUESTION, papers=True, pages=0)
        shown = await until(host, job)
        assert shown["used"]["pages"] == 0
        assert set((await read(host, job)).values()) == {"paper"}
        assert (await report(host, job))["verified"]

    served = run(check)
    assert not [asked for asked in served.asked if asked.startswith(("/pdf", "/landing"))]


def test_papers_are_searched_where_the_research_was_told_to() -> None:
    async def check(host: Host, served: LocalWeb) -> None:
        await until(host, await start(host, question=QUESTION))

    assert run(check).asked == []


def test_a_service_that_fails_is_noted() -> None:
    async def check(host: Host, served: LocalWeb) -> None:
        shown = await until(host, await start(host, question=QUESTION, papers=True))
        assert "status 500" in " ".join(shown["notes"])

    run(check, broken=True)


def test_what_a_list_shows_of_an_abstract_stays_short() -> None:
    async def check(host: Host, served: LocalWeb) -> None:
        papers = (await host.call("research_papers", {"query": "birds"})).data["papers"]
        [long] = [one for one in papers if one["title"] == "On long birds"]
        assert 600 < len(long["abstract"]) <= 704

    run(check)
