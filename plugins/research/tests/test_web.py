"""Fetching: what is read, what is refused and why, robots.txt, the pace, and the snapshots that are kept."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import itertools
from typing import Any

import pytest
from aiohttp import web
from mcp_agent_research.web.pace import Pace

from mcp_agent import Host, ToolError
from mcp_agent.model import ORIGIN
from mcp_agent.testing import FakeClock, host_for
from tests.support.research import MODULE, LocalWeb, article, local_web, web_settings

LONG = "The lighthouse keeper wrote down the weather every morning for forty years, and nobody ever read it."


def answer(body: bytes | str, type: str = "text/html", **headers: str) -> Any:
    async def give(request: web.Request) -> web.StreamResponse:
        raw = body.encode() if isinstance(body, str) else body
        return web.Response(body=raw, headers={"Content-Type": type, **headers})

    return give


def redirect(location: str) -> Any:
    async def give(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": location})

    return give


async def fetch(host: Host, url: str, **more: Any) -> Any:
    return (await host.call("research_fetch", {"url": url, **more})).data


async def why_not(host: Host, url: str) -> str:
    with pytest.raises(ToolError) as caught:
        await fetch(host, url)
    return str(caught.value)


def run(pages: dict[str, Any], work: Any, **settings: Any) -> LocalWeb:
    """Serve the pages, and let ``work(host, served)`` go at them."""

    async def inner() -> LocalWeb:
        async with local_web(pages) as served, host_for(MODULE, web_settings(served, **settings)) as host:
            await work(host, served)
            return served

    return asyncio.run(inner())


def test_a_page_becomes_markdown_with_a_snapshot() -> None:
    html = article("The keeper", LONG, "<b>Bold</b> words, and a list:", "<ul><li>rain</li><li>sun</li></ul>")
    html = html.replace("<head>", '<head><meta property="article:published_time" content="2024-05-06T07:08:09Z">')

    async def work(host: Host, served: LocalWeb) -> None:
        result = await host.call("research_fetch", {"url": f"{served.address}/a#part"})
        found = result.data
        assert found["source"]["title"] == "The keeper"
        assert found["source"]["published"] == "2024-05-06"
        assert found["source"]["sha256"] == hashlib.sha256(html.encode()).hexdigest()
        assert LONG in found["text"]
        assert "**Bold**" in found["text"]
        assert "- rain" in found["text"]
        assert result.meta is not None
        assert result.meta[ORIGIN] == {"origin": "web", "trust": "untrusted"}

    served = run({"/a": html}, work)
    agents = {request.headers["User-Agent"] for request in served.requests}
    assert len(agents) == 1
    assert agents.pop().startswith("mcp-agent/")
    assert served.asked == ["/robots.txt", "/a"]


def test_a_snapshot_is_used_again_and_a_changed_page_is_another_one() -> None:
    clock = FakeClock()

    async def work() -> None:
        pages: dict[str, Any] = {"/a": article("One", LONG)}
        async with local_web(pages) as served, host_for(MODULE, web_settings(served), clock=clock) as host:
            url = f"{served.address}/a"
            first = (await fetch(host, url))["source"]
            assert (await fetch(host, url))["source"] == first
            assert served.asked.count("/a") == 1
            clock.advance(3700)
            assert (await fetch(host, url))["source"] == first, "the same bytes are the same snapshot"
            assert served.asked.count("/a") == 2
            served.pages["/a"] = article("One", LONG, "And more.")
            second = (await fetch(host, url, fresh=True))["source"]
            assert second["id"] != first["id"]
            assert second["sha256"] != first["sha256"]
            old = (await host.call("research_read_source", {"source": first["id"]})).data
            assert "And more." not in old["text"]

    asyncio.run(work())


def test_a_long_page_is_read_in_parts_that_are_the_whole() -> None:
    paragraphs = [f"Paragraph {number}: {LONG}" for number in range(300)]

    async def work(host: Host, served: LocalWeb) -> None:
        part = await fetch(host, f"{served.address}/long")
        text = part["text"]
        while "next" in part:
            arguments = {"source": part["source"]["id"], "offset": part["next"], "length": 5000}
            part = (await host.call("research_read_source", arguments)).data
            text += part["text"]
        assert len(text) == part["source"]["size"]
        assert all(paragraph in text for paragraph in paragraphs)
        with pytest.raises(ToolError, match="from 999999 on"):
            await host.call("research_read_source", {"source": part["source"]["id"], "offset": 999_999})

    run({"/long": article("Long", *paragraphs)}, work)


REFUSED: list[tuple[Any, str]] = [
    (answer(b"\x00\x01", "application/octet-stream"), "of type application/octet-stream"),
    (answer("x" * 200_001, "text/plain"), "bytes; 100,000 at most"),
    (answer(gzip.compress(b"x" * 50_000_000), "text/plain", **{"Content-Encoding": "gzip"}), "100,000 bytes"),
    (answer("", "text/html"), "no HTML"),
    (answer(b"\x00 not gzip", "text/html", **{"Content-Encoding": "gzip"}), "answer"),
    (answer(b"%PDF-1.4 and then nothing", "application/pdf"), "cannot be read"),
    (redirect("/refused"), "redirects more than 5 times"),
    (redirect("file:///etc/passwd"), "does not begin with http"),
    (redirect("http://u:p@127.0.0.1/"), "name or password"),
]


@pytest.mark.parametrize(("page", "why"), REFUSED, ids=[why for _, why in REFUSED])
def test_what_is_refused_and_why(page: Any, why: str) -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        said = await why_not(host, f"{served.address}/refused")
        assert why in said

    run({"/refused": page}, work, max_bytes=100_000)


def test_a_page_that_is_not_there_and_one_that_never_ends() -> None:
    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/plain"})
        await response.prepare(request)
        for _ in range(200):
            await response.write(b"x")
            await asyncio.sleep(0.05)
        return response

    async def work(host: Host, served: LocalWeb) -> None:
        assert "status 404" in await why_not(host, f"{served.address}/missing")
        assert "within 0.5 seconds" in await why_not(host, f"{served.address}/slow")

    run({"/slow": trickle}, work, seconds=0.5)


def test_redirects_are_followed_to_where_it_is_allowed() -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        assert "keeper" in (await fetch(host, f"{served.address}/one"))["text"]

    pages = {"/one": redirect("two"), "/two": redirect("/three"), "/three": article("Three", LONG)}
    assert run(pages, work).asked == ["/robots.txt", "/one", "/two", "/three"]


ROBOTS = "User-agent: *\nDisallow: /\n\nUser-agent: mcp-agent\nDisallow: /private\nAllow: /private/open\n"


def test_robots_txt_is_obeyed_also_where_a_redirect_leads() -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        assert "robots.txt" in await why_not(host, f"{served.address}/private/a")
        assert "robots.txt" in await why_not(host, f"{served.address}/moved")
        assert "keeper" in (await fetch(host, f"{served.address}/private/open"))["text"]

    pages = {
        "/robots.txt": answer(ROBOTS, "text/plain"),
        "/private/a": article("A", LONG),
        "/moved": redirect("/private/a"),
        "/private/open": article("B", LONG),
    }
    served = run(pages, work)
    assert "/private/a" not in served.asked
    assert served.asked.count("/robots.txt") == 1


@pytest.mark.parametrize(("status", "open"), [(404, True), (403, True), (500, False), (503, False), (429, False)])
def test_robots_txt_that_cannot_be_read(status: int, open: bool) -> None:
    async def robots(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=ROBOTS)

    async def work(host: Host, served: LocalWeb) -> None:
        if open:
            await fetch(host, f"{served.address}/a")
        else:
            assert "robots.txt" in await why_not(host, f"{served.address}/a")

    run({"/robots.txt": robots, "/a": article("A", LONG)}, work)


def test_robots_txt_is_read_anew_after_an_hour() -> None:
    clock = FakeClock()

    async def work() -> None:
        async with (
            local_web({"/a": article("A", LONG)}) as served,
            host_for(MODULE, web_settings(served), clock=clock) as host,
        ):
            await fetch(host, f"{served.address}/a")
            served.pages["/robots.txt"] = answer("User-agent: *\nDisallow: /", "text/plain")
            await fetch(host, f"{served.address}/a", fresh=True)
            clock.advance(3601)
            assert "robots.txt" in await why_not(host, f"{served.address}/a")

    asyncio.run(work())


def test_each_host_has_its_rest() -> None:
    now, slept = 100.0, list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def work() -> None:
        pace = Pace(2.0, lambda: now, sleep)
        await pace.turn("a")
        await pace.turn("b")
        assert slept == []
        await pace.turn("a")
        await pace.turn("a", crawl_delay=50.0)
        assert slept == [2.0, 4.0]
        await pace.turn("b")
        assert slept == [2.0, 4.0, 2.0]
        await pace.turn("a")
        with pytest.raises(ToolError, match="left alone for"):
            await pace.turn("a", crawl_delay=50.0) or await pace.turn("a")

    asyncio.run(work())


def test_a_pace_shows_at_the_other_side() -> None:
    times: list[float] = []

    async def page(request: web.Request) -> web.StreamResponse:
        times.append(asyncio.get_running_loop().time())
        return web.Response(text=article("A", LONG), content_type="text/html")

    async def work(host: Host, served: LocalWeb) -> None:
        await asyncio.gather(*(fetch(host, f"{served.address}/{number}") for number in range(4)))

    run({f"/{number}": page for number in range(4)}, work, pace_seconds=0.2)
    assert all(later - earlier > 0.15 for earlier, later in itertools.pairwise(times))


def test_a_charset_that_only_the_header_names() -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        found = await fetch(host, f"{served.address}/a")
        assert "Crème brûlée" in found["text"]

    run({"/a": answer(article("Menu", f"Crème brûlée. {LONG}").encode("latin-1"), "text/html; charset=latin-1")}, work)


def test_the_oldest_pages_go_first() -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        for number in range(6):
            await fetch(host, f"{served.address}/{number}")
        kept = (await host.call("research_sources", {})).data["sources"]
        assert [one["title"] for one in kept] == ["5", "4", "3"]

    run({f"/{number}": article(str(number), f"{number} {LONG}") for number in range(6)}, work, kept_snapshots=3)
