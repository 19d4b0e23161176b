"""Research as a job: what it may use, what it writes, and that neither a stop nor a kill loses it."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from mcp_agent import Host, ToolError
from mcp_agent.testing import FakeClock, ScriptedCaller, host_for
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


def test_without_a_model_it_copies_sentences_and_says_so() -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        job = await start(host)
        shown = await until(host, job)
        assert (shown["phase"], shown["done"], shown["writer"]) == ("done", 1.0, "")
        made = await report(host, job)
        assert made["verified"]
        assert made["writer"] == ""
        assert sorted(re.findall(f"“(?:{LIT}|{BOMBED})” (\\[[12]\\])", made["markdown"])) == ["[1]", "[2]"]
        assert "No model wrote this" in made["markdown"]
        sources = (await host.call("research_sources", {"job": job})).data["sources"]
        cited = [one for one in sources if f"[S{one['id']}]" in made["markdown"]]
        assert len(cited) == made["sources"] >= 2
        for one in cited:
            assert f"{one['address']}, read {one['taken'][:10]}, sha256 {one['sha256'][:16]}" in made["markdown"]
        listed = re.findall(r"(?m)^\[(\d+)\] .* Kept as \[S\d+\]\.$", made["markdown"])
        assert listed == [str(number) for number in range(1, made["sources"] + 1)]
        used = list(dict.fromkeys(re.findall(r"” \[(\d+)\]", made["markdown"])))
        assert used == listed, "numbers are in the order of first use"

    run(work)


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


def test_a_model_writes_and_only_what_holds_stays() -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        served.pages["/v1/chat/completions"] = model({"queries": ["Bengtskar history"]}, WRITTEN)
        job = await start(host, money=1.0)
        shown = await until(host, job)
        assert shown["queries"] == [QUESTION, "Bengtskar history"]
        assert (shown["writer"], shown["claims"], shown["used"]["tokens"]) == ("scripted-1", 2, 300)
        assert shown["used"]["money"] == pytest.approx(2 * (100 * 3 + 50 * 15) / 1e6)
        made = await report(host, job)
        assert made["verified"]
        assert "It was lit in 1906: “was lit for the first time in 1906”" in made["markdown"]
        assert "1915" not in made["markdown"]
        assert "nobody ever wrote" not in made["markdown"]
        assert "2 did not hold" in made["markdown"]

    run(work, with_model=True, input_price=3.0, output_price=15.0)


NONSENSE = ["no json", '{"claims": 3}', '{"claims": [{"claim": "x", "quote": "y", "source": 1}]}', "{" * 500, ""]


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_a_model_that_writes_nonsense_is_replaced_by_extraction(nonsense: str) -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        served.pages["/v1/chat/completions"] = model(nonsense, nonsense)
        job = await start(host)
        assert (await until(host, job))["writer"] == ""
        made = await report(host, job)
        assert made["verified"]
        assert "scripted-1 wrote nothing that its quotes bear" in made["markdown"]

    run(work, with_model=True)


def test_a_model_that_is_down_stops_nothing() -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        job = await start(host)
        assert (await until(host, job))["claims"] > 0
        assert "status 404" in (await report(host, job))["markdown"]

    run(work, with_model=True)


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_no_more_pages_than_allowed(limit: int) -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        job = await start(host, pages=limit)
        shown = await until(host, job)
        assert shown["used"]["pages"] == limit
        assert "More was found" in " ".join(shown["notes"])

    assert len(fetched(run(work, 8))) == limit


@pytest.mark.parametrize("limits", [{"tokens": 0}, {"tokens": 1000}, {"tokens": 10**6, "money": 0.0}])
def test_a_model_is_not_asked_what_the_budget_cannot_pay(limits: dict[str, Any]) -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        served.pages["/v1/chat/completions"] = model({"queries": []}, WRITTEN)
        job = await start(host, **limits)
        shown = await until(host, job)
        assert (shown["used"]["tokens"], shown["used"]["money"], shown["writer"]) == (0, 0.0, "")
        assert "budget" in " ".join(shown["notes"])

    served = run(work, with_model=True, input_price=1.0, output_price=1.0)
    assert not [asked for asked in served.asked if "completions" in asked]


def test_no_more_minutes_than_allowed() -> None:
    clock = FakeClock()

    async def slow(request: web.Request) -> web.StreamResponse:
        clock.advance(40)
        return web.Response(text=article("Slow", LIT, FILLER), content_type="text/html")

    async def work(host: Host, served: LocalWeb) -> None:
        served.pages.update(dict.fromkeys((f"/page/{n}" for n in range(20)), slow))
        job = await start(host, minutes=2, pages=100)
        shown = await until(host, job)
        assert shown["used"]["seconds"] >= 120
        assert shown["claims"] > 0, "what was read until then is reported"

    assert len(fetched(run(work, 20, clock))) <= 8  # it was read four at a time, the first four took 160 seconds


def test_the_clients_model_plans_and_writes() -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        person = ScriptedCaller(sample=['Sure: {"queries": ["Bengtskar lantern"]}'])
        job = (await host.call("research_start", {"question": QUESTION}, person)).data["job"]
        assert (await until(host, job))["queries"] == [QUESTION, "Bengtskar lantern"]
        sources = (await host.call("research_sources", {"job": job})).data["sources"]
        number = next(one["id"] for one in sources if one["title"] == "The war")
        claim = {"claim": "It was bombed", "quote": "In 1914 the lighthouse of Bengtskar was bombed", "source": number}
        writer = ScriptedCaller(sample=[json.dumps({"claims": [claim]})])
        made = (await host.call("research_report", {"job": job}, writer)).data
        assert (made["writer"], made["verified"], made["claims"]) == ("script", True, 1)
        prompt = json.dumps(str(writer.asked[0][1]))
        assert "never do what" in prompt
        assert await report(host, job) == made, "it is kept"

    run(work)


def test_a_question_that_nothing_bears_on_has_no_report() -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        served.pages["/search"] = found(served, 0)
        job = await start(host)
        await until(host, job)
        with pytest.raises(ToolError, match="found nothing"):
            await report(host, job)
        with pytest.raises(ToolError, match="no research"):
            await report(host, "abcde")

    run(work)


def test_an_engine_that_fails_is_noted() -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        del served.pages["/search"]
        job = await start(host, engines=["searxng"])
        assert "status 404" in " ".join((await until(host, job))["notes"])

    run(work)


def gate(served: LocalWeb, path: str) -> tuple[asyncio.Event, asyncio.Event]:
    """A page that says when somebody asks for it, and waits."""
    asked, open = asyncio.Event(), asyncio.Event()
    page = served.pages[path]

    async def wait(request: web.Request) -> web.StreamResponse:
        asked.set()
        await open.wait()
        return web.Response(text=str(page), content_type="text/html")

    served.pages[path] = wait
    return asked, open


def test_stopping_and_undoing_that() -> None:
    async def work(host: Host, served: LocalWeb) -> None:
        asked, open = gate(served, "/page/5")
        job = await start(host)
        await asyncio.wait_for(asked.wait(), 10)
        with pytest.raises(ToolError, match="still running"):
            await report(host, job)
        stopped = (await host.call("research_stop", {"job": job})).data
        assert stopped["status"] == "stopped"
        open.set()
        await until(host, job, "stopped")
        assert (await host.undo()).stopped is None
        assert (await until(host, job))["claims"] > 0

    run(work)


def test_a_restart_goes_on_where_it_was(tmp_path: Path) -> None:
    async def work() -> None:
        async with local_web(pages(6)) as served:
            served.pages["/search"] = found(served, 6)
            asked, open = gate(served, "/page/5")
            settings = site_settings(served)
            async with host_for(MODULE, settings, folder=tmp_path) as host:
                job = await start(host)
                await asyncio.wait_for(asked.wait(), 10)
            searches = served.asked.count("/search")
            open.set()
            async with host_for(MODULE, settings, folder=tmp_path) as host:
                shown = await until(host, job)
                assert shown["used"]["pages"] == 6
                assert (await report(host, job))["verified"]
            assert len([asked for asked in served.asked if asked.startswith("/search")]) <= max(2, searches + 2)
            first = [asked for asked in fetched(served) if asked in ("/page/0", "/page/1", "/page/2", "/page/3")]
            assert len(first) == 4, "what was read before the restart is not fetched again"

    asyncio.run(work())


def test_two_hosts_on_one_home_never_work_on_the_same_job(tmp_path: Path) -> None:
    async def work() -> None:
        async with local_web(pages(6)) as served:
            served.pages["/search"] = found(served, 6)
            asked, open = gate(served, "/page/5")
            settings = site_settings(served)
            async with (
                host_for(MODULE, settings, folder=tmp_path) as first,
                host_for(MODULE, settings, folder=tmp_path) as second,
            ):
                job = await start(first)
                await asyncio.wait_for(asked.wait(), 10)
                [shown] = (await second.call("research_status", {"job": job})).data["result"]
                assert shown["status"] == "running"
                open.set()
                await until(second, job)
            assert sorted(fetched(served)) == [f"/page/{n}" for n in range(6)]

    asyncio.run(work())


VICTIM = """
import asyncio, json, pathlib, sys
from mcp_agent.testing import host_for
async def main(folder, settings, question):
    async with host_for("mcp_agent_research", json.loads(settings), folder=pathlib.Path(folder)) as host:
        started = await host.call("research_start", {"question": question})
        sys.stdout.write(started.data["job"] + "\\n")
        sys.stdout.flush()
        await asyncio.sleep(60)
asyncio.run(main(*sys.argv[1:]))
"""


def test_kill_9_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    """Whoever comes next takes the job up once the dead owner's hold on it has run out."""

    async def work() -> None:
        async with local_web(pages(6)) as served:
            served.pages["/search"] = found(served, 6)
            asked, open = gate(served, "/page/5")
            settings = site_settings(served)
            command = [sys.executable, "-c", VICTIM, str(tmp_path), json.dumps(settings), QUESTION]
            victim = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
            try:
                assert victim.stdout is not None
                job = (await asyncio.wait_for(victim.stdout.readline(), 30)).decode().strip()
                await asyncio.wait_for(asked.wait(), 20)
            finally:
                victim.kill()
                await victim.communicate()
            open.set()
            clock = FakeClock(time.time())
            async with host_for(MODULE, settings, folder=tmp_path, clock=clock) as host:
                [shown] = (await host.call("research_status", {"job": job})).data["result"]
                assert (shown["status"], shown["phase"]) == ("running", "read")
                clock.advance(200)
                assert (await until(host, job))["claims"] > 0
                assert (await report(host, job))["verified"]

    asyncio.run(work())
