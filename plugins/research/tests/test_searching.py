"""Engines and scholarly services: their documented shapes, spoken by a server on loopback; merging; and when they fail.

The answers below were written for these tests after the public documentation of each service. No account was used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from mcp_agent_research.engines.engine import Hit
from mcp_agent_research.engines.search import merge
from mcp_agent_research.papers.search import merge as merge_papers
from mcp_agent_research.shapes import Paper
from mcp_agent_research.web.urls import canonical

from mcp_agent import Host, ToolError
from mcp_agent.testing import host_for
from mcp_agent.vault.secret import Secret
from tests.support.research import MODULE, OFFLINE, LocalWeb, local_web


def as_json(value: Any, status: int = 200) -> Callable[[web.Request], Any]:
    async def give(request: web.Request) -> web.StreamResponse:
        return web.json_response(value, status=status)

    return give


SEARXNG = {
    "query": "heap",
    "results": [
        {"url": "https://docs.python.org/3/library/heapq.html?utm_source=x", "title": "heapq", "content": "Heap queue"},
        {"url": "https://en.wikipedia.org/wiki/Heap", "title": "Heap", "content": "A tree-based data structure."},
        {"title": "without an address"},
    ],
}
BRAVE = {
    "type": "search",
    "web": {
        "results": [
            {
                "title": "heapq - Heap queue", "url": "https://www.docs.python.org/3/library/heapq.html",
                "description": "A <strong>heap</strong>",
            },
            {"title": "Other", "url": "https://example.org/heap", "description": "Other"},
        ]
    },
}  # fmt: skip
WIKIPEDIA = {
    "query": {
        "searchinfo": {"totalhits": 2},
        "search": [
            {
                "ns": 0,
                "title": "Binary heap",
                "pageid": 1,
                "snippet": 'A <span class="searchmatch">heap</span> &amp; tree',
            },
            {"ns": 0, "title": "C++ heap?", "pageid": 2, "snippet": ""},
        ],
    }
}

PAGES = {
    "/searx/search": as_json(SEARXNG),
    "/brave/res/v1/web/search": as_json(BRAVE),
    "/wiki/w/api.php": as_json(WIKIPEDIA),
}


def engines(served: LocalWeb) -> dict[str, Any]:
    base = served.address
    where = {"searxng": f"{base}/searx/", "brave": f"{base}/brave", "wikipedia": f"{base}/wiki"}
    return {**OFFLINE, "engines": where}


def run(pages: dict[str, Any], settings: Callable[[LocalWeb], dict[str, Any]], work: Any) -> LocalWeb:
    async def inner() -> LocalWeb:
        async with local_web(pages) as served, host_for(MODULE, settings(served)) as host:
            await work(host, served)
            return served

    return asyncio.run(inner())


def test_engines_are_asked_together_and_each_page_is_there_once() -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        await host.vault.set("research", "brave_key", Secret("a-key-for-tests"))
        found = (await host.call("research_search", {"query": "heap queue"})).data
        first = found["results"][0]
        assert first["title"] == "heapq"
        assert first["engines"] == ["searxng", "brave"]
        addresses = [one["address"] for one in found["results"]]
        assert f"{served.address}/wiki/wiki/Binary_heap" in addresses
        assert f"{served.address}/wiki/wiki/C%2B%2B_heap%3F" in addresses
        assert len(found["results"]) == 5
        [binary] = [one for one in found["results"] if one["title"] == "Binary heap"]
        assert binary["snippet"] == "A heap & tree"
        assert "failed" not in found

    served = run(PAGES, engines, work)
    sent = {request.path: request for request in served.requests}
    assert dict(sent["/searx/search"].query) == {"q": "heap queue", "format": "json"}
    assert sent["/brave/res/v1/web/search"].headers["X-Subscription-Token"] == "a-key-for-tests"
    assert sent["/wiki/w/api.php"].query["srsearch"] == "heap queue"


def test_without_a_key_brave_is_not_asked() -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        await host.call("research_search", {"query": "heap"})
        with pytest.raises(ToolError, match="brave is not set up"):
            await host.call("research_search", {"query": "heap", "engines": ["brave"]})

    assert not any("brave" in asked for asked in run(PAGES, engines, work).asked)


BROKEN = [as_json({}, 500), as_json({}, 429), as_json({"results": "no list"}), as_json([1]), as_json(None)]


@pytest.mark.parametrize("broken", range(len(BROKEN) + 2))
def test_an_engine_that_fails_takes_nothing_from_the_others(broken: int) -> None:
    async def text(request: web.Request) -> web.StreamResponse:
        return web.Response(text="<html>not json")

    async def elsewhere(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "/wiki/w/api.php"})

    pages = {**PAGES, "/searx/search": [*BROKEN, text, elsewhere][broken]}

    async def work(host: Host, served: LocalWeb) -> None:
        found = (await host.call("research_search", {"query": "heap"})).data
        assert [one["title"] for one in found["results"]] == ["Binary heap", "C++ heap?"]
        if broken not in (2, 3, 4):
            assert "searxng" in found["failed"]

    run(pages, engines, work)


def test_when_all_fail_it_says_so() -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        with pytest.raises(ToolError, match="status 404"):
            await host.call("research_search", {"query": "heap", "engines": ["wikipedia"]})

    run({}, engines, work)


ADDRESSES = st.sampled_from([f"https://h/{number}" for number in range(8)])
HITS = st.lists(st.builds(Hit, title=st.just("t"), address=ADDRESSES), max_size=8)


@given(st.dictionaries(st.sampled_from("abc"), HITS))
def test_laws_of_merging(answers: dict[str, list[Hit]]) -> None:
    merged = merge(answers)
    keys = [canonical(one.address) for one in merged]
    assert set(keys) == {canonical(hit.address) for hits in answers.values() for hit in hits}
    assert len(set(keys)) == len(keys)
    assert [one.score for one in merged] == sorted((one.score for one in merged), reverse=True)
    for one in merged:
        gave = {name for name, hits in answers.items() if any(hit.address == one.address for hit in hits)}
        assert set(one.engines) == gave


# --- scholarly services ----------------------------------------------------------------------------

OPENALEX = {
    "meta": {"count": 1},
    "results": [
        {
            "id": "https://openalex.org/W1", "doi": "https://doi.org/10.1000/ABC.1", "display_name": "On Heaps",
            "publication_year": 1999, "cited_by_count": 42,
            "authorships": [{"author": {"display_name": "Ada Example"}}, {"author": {"display_name": "Bo Sample"}}],
            "primary_location": {
                "landing_page_url": "https://journal.example/1", "pdf_url": None,
                "source": {"display_name": "J. of Heaps"},
            },
            "abstract_inverted_index": {"Heaps": [0], "are": [1, 4], "trees": [2], "and": [3], "fast": [5]},
        },
        {"id": "https://openalex.org/W2", "doi": None, "display_name": "Alone", "primary_location": None},
    ],
}  # fmt: skip
ARXIV = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
  <entry>
    <id>http://arxiv.org/abs/2001.00001v2</id><published>2000-01-02T03:04:05Z</published>
    <title>On
      Heaps</title><summary>  We study heaps. </summary>
    <author><name>Ada Example</name></author>
    <link href="http://arxiv.org/abs/2001.00001v2" rel="alternate" type="text/html"/>
    <link title="pdf" href="http://arxiv.org/pdf/2001.00001v2" rel="related" type="application/pdf"/>
  </entry>
</feed>"""
CROSSREF_WORK = {
    "DOI": "10.1000/abc.1", "title": ["On heaps"], "container-title": ["Journal of Heaps"], "publisher": "Heap Press",
    "author": [{"given": "Ada", "family": "Example"}, {"name": "The Heap Group"}],
    "issued": {"date-parts": [[1999, 5]]}, "URL": "https://doi.org/10.1000/abc.1", "is-referenced-by-count": 40,
    "abstract": "<jats:p>Heaps are <jats:italic>trees</jats:italic>.</jats:p>",
}  # fmt: skip
DATACITE = {
    "DOI": "10.5281/zenodo.7", "title": "A data set", "author": [{"given": "Bo", "family": "Sample"}],
    "publisher": "Zenodo", "issued": {"date-parts": [[2021]]},
}  # fmt: skip


async def arxiv(request: web.Request) -> web.StreamResponse:
    return web.Response(text=ARXIV, content_type="application/atom+xml")


async def resolver(request: web.Request) -> web.StreamResponse:
    assert request.headers["Accept"] == "application/vnd.citationstyles.csl+json"
    return web.Response(status=302, headers={"Location": "/datacite/7"})


PAPERS = {
    "/openalex/works": as_json(OPENALEX),
    "/arxiv/api/query": arxiv,
    "/crossref/works": as_json({"status": "ok", "message": {"items": [CROSSREF_WORK]}}),
    "/crossref/works/10.1000/abc.1": as_json({"status": "ok", "message": CROSSREF_WORK}),
    "/doi/10.5281/zenodo.7": resolver,
    "/datacite/7": as_json(DATACITE),
}


def services(served: LocalWeb) -> dict[str, Any]:
    where = {name: f"{served.address}/{name}" for name in ("openalex", "arxiv", "crossref", "doi")}
    web_part = {"allow_hosts": [served.host], "pace_seconds": 0}
    return {**OFFLINE, "papers": where, "web": web_part, "contact": "me@example.org"}


def test_papers_of_three_services_are_one_list() -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        found = (await host.call("research_papers", {"query": "on heaps"})).data["papers"]
        heaps = found[0]
        assert heaps["found_in"] == ["openalex", "arxiv", "crossref"]
        assert heaps["doi"] == "10.1000/abc.1"
        assert heaps["authors"] == ["Ada Example", "Bo Sample"]
        assert heaps["abstract"] == "Heaps are trees and are fast"
        assert heaps["pdf"] == "http://arxiv.org/pdf/2001.00001v2"
        assert (heaps["year"], heaps["cited_by"], heaps["venue"]) == (1999, 42, "J. of Heaps")
        assert [one["title"] for one in found] == ["On Heaps", "Alone"]

    served = run(PAPERS, services, work)
    sent = {request.path: dict(request.query) for request in served.requests}
    assert sent["/openalex/works"] == {"search": "on heaps", "per-page": "10", "mailto": "me@example.org"}
    assert sent["/arxiv/api/query"]["search_query"] == "all:on AND all:heaps"
    assert sent["/crossref/works"] == {"query": "on heaps", "rows": "10", "mailto": "me@example.org"}


WRITTEN = ["10.1000/ABC.1", "https://doi.org/10.1000/abc.1", "doi:10.1000/abc.1", " 10.1000/abc.1 "]


@pytest.mark.parametrize("text", WRITTEN)
def test_a_doi_however_it_is_written(text: str) -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        found = (await host.call("research_doi", {"doi": text})).data
        assert found["citation"] == (
            "Ada Example, The Heap Group (1999) On heaps. Journal of Heaps. https://doi.org/10.1000/abc.1"
        )
        assert found["paper"]["abstract"] == "Heaps are trees ."

    run(PAPERS, services, work)


def test_a_doi_of_another_agency_and_one_that_is_none() -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        found = (await host.call("research_doi", {"doi": "10.5281/zenodo.7"})).data
        assert found["citation"].startswith("Bo Sample (2021) A data set. Zenodo.")
        with pytest.raises(ToolError, match="Nobody registered"):
            await host.call("research_doi", {"doi": "10.9999/nothing"})
        with pytest.raises(ToolError, match="is no DOI"):
            await host.call("research_doi", {"doi": "heaps"})

    run(PAPERS, services, work)


def test_a_resolver_cannot_lead_into_the_own_network() -> None:
    async def work() -> None:
        async with local_web({"/x": as_json(DATACITE)}) as secret:

            async def inward(request: web.Request) -> web.StreamResponse:
                return web.Response(status=302, headers={"Location": f"http://localhost:{secret.port}/x"})

            pages = {**PAPERS, "/doi/10.5281/zenodo.7": inward}
            async with local_web(pages) as served, host_for(MODULE, services(served)) as host:
                with pytest.raises(ToolError, match="port"):
                    await host.call("research_doi", {"doi": "10.5281/zenodo.7"})
            assert secret.asked == []

    asyncio.run(work())


NEARLY = '{"results": [1, {}], "message": {"items": [null, {"title": [], "author": [3]}]}}'
STRANGE = ["{}", "[]", "null", NEARLY, "<feed/>", "<x>"]


@pytest.mark.parametrize("body", STRANGE)
def test_strange_answers_are_no_bugs(body: str) -> None:
    async def give(request: web.Request) -> web.StreamResponse:
        return web.Response(text=body, content_type="application/json")

    async def work(host: Host, served: LocalWeb) -> None:
        for service in ("openalex", "arxiv", "crossref"):
            try:
                await host.call("research_papers", {"query": "heaps", "services": [service]})
            except ToolError as error:
                assert "bug" not in str(error), service  # noqa: PT017

    run(dict.fromkeys(PAPERS, give), services, work)


PAPER = st.builds(
    Paper, title=st.sampled_from(["On Heaps", "on heaps!", "Trees"]), year=st.sampled_from([None, 1999, 2000]),
    doi=st.sampled_from([None, "10.1/a", "10.1/b"]),
)  # fmt: skip


@given(st.dictionaries(st.sampled_from("xyz"), st.lists(PAPER, max_size=5)))
def test_no_doi_is_there_twice(answers: dict[str, list[Paper]]) -> None:
    merged = merge_papers(answers)
    dois = [paper.doi for paper in merged if paper.doi]
    assert len(dois) == len(set(dois))
