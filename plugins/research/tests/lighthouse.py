"""Research about a lighthouse: a web with pages on it, a model, and short ways to start a job and wait for it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from mcp_agent import Host
from mcp_agent.testing import FakeClock, host_for
from tests.support.research import MODULE, LocalWeb, article, local_web, web_settings

QUESTION = "When was the lighthouse of Bengtskar lit and bombed?"
LIT = "The lighthouse of Bengtskar was lit for the first time in 1906, after a ship had gone down nearby."
BOMBED = "In 1914 the lighthouse of Bengtskar was bombed and mined, and its lantern was destroyed."
FILLER = "Granite for the walls was quarried on the skerry itself and carried up by hand over two summers."


def found(served: LocalWeb, count: int) -> Any:
    async def search(request: web.Request) -> web.StreamResponse:
        results = [{"url": f"{served.address}/page/{n}", "title": f"Page {n}", "content": ""} for n in range(count)]
        return web.json_response({"results": results})

    return search


def model(*answers: Any, usage: tuple[int, int] = (100, 50)) -> Any:
    """An OpenAI-compatible model that has its answers ready: not a real one, but it speaks as one."""
    left = list(answers)

    async def complete(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        answer = left.pop(0) if left else {}
        answer = answer(body) if callable(answer) else answer
        content = answer if isinstance(answer, str) else json.dumps(answer)
        return web.json_response(
            {
                "model": "scripted-1",
                "choices": [
                    {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
                ],
                "usage": {"prompt_tokens": usage[0], "completion_tokens": usage[1]},
            }
        )

    return complete


def pages(count: int) -> dict[str, Any]:
    made = {
        f"/page/{n}": article(f"Page {n}", FILLER, f"Page {n} is about something else: {FILLER}") for n in range(count)
    }
    if count > 1:
        made["/page/0"] = article("First light", LIT, FILLER)
        made["/page/1"] = article("The war", BOMBED, FILLER)
    return made


def site_settings(served: LocalWeb, *, with_model: bool = False, **more: Any) -> dict[str, Any]:
    made = web_settings(served)
    made["engines"] = {"searxng": served.address, "wikipedia": "", "brave": ""}
    if with_model:
        made["model"] = {"address": f"{served.address}/v1", "name": "tiny", **more}
    return made


async def start(host: Host, **arguments: Any) -> str:
    job: str = (await host.call("research_start", {"question": QUESTION, **arguments})).data["job"]
    return job


async def until(host: Host, job: str, status: str = "done") -> dict[str, Any]:
    async with asyncio.timeout(30):
        while True:
            [shown] = (await host.call("research_status", {"job": job})).data["result"]
            if shown["status"] == status:
                return dict(shown)
            assert shown["status"] == "running", shown
            await asyncio.sleep(0.02)


async def report(host: Host, job: str, **more: Any) -> dict[str, Any]:
    return dict((await host.call("research_report", {"job": job, **more})).data)


def run(work: Any, count: int = 6, clock: FakeClock | None = None, **settings: Any) -> LocalWeb:
    async def inner() -> LocalWeb:
        async with local_web(pages(count)) as served:
            served.pages["/search"] = found(served, count)
            async with host_for(MODULE, site_settings(served, **settings), clock=clock) as host:
                await work(host, served)
            return served

    return asyncio.run(inner())


def fetched(served: LocalWeb) -> list[str]:
    return [asked for asked in served.asked if asked.startswith("/page/")]


def claims_of(*wanted: tuple[str, str]) -> Any:
    """What a model answers: these claims, with the numbers of the sources that it was shown."""

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        prompt = body["messages"][-1]["content"]
        shown = {part.partition(">")[2]: int(part.partition(">")[0]) for part in prompt.split("<passage source=")[1:]}

        def number(quote: str) -> int:
            return next((n for text, n in shown.items() if quote[:20] in text), 999)

        return {"claims": [{"claim": claim, "quote": quote, "source": number(quote)} for claim, quote in wanted]}

    return answer


WRITTEN = claims_of(
    ("It was lit in 1906", "was lit for the first time in 1906"),
    ("It was bombed in 1915. And more.", "In 1915 the lighthouse of Bengtskar was bombed"),
    ("A made-up thing", "nobody ever wrote this sentence anywhere"),
    ("Bombing came in 1914 [7]!", BOMBED),
)
