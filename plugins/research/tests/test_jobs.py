"""Research as a job: what it may use, and what it writes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from aiohttp import web

from mcp_agent import Host, ToolError
from mcp_agent.testing import FakeClock, ScriptedCaller
from plugins.research.tests.lighthouse import (
    BOMBED,
    FILLER,
    LIT,
    QUESTION,
    WRITTEN,
    fetched,
    found,
    model,
    report,
    run,
    start,
    until,
)
from tests.support.research import LocalWeb, article


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
