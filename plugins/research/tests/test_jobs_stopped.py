"""Research that is stopped, undone, shared or killed loses nothing that it had."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from aiohttp import web

from mcp_agent import Host, ToolError
from mcp_agent.testing import FakeClock, host_for
from plugins.research.tests.lighthouse import QUESTION, fetched, found, pages, report, run, site_settings, start, until
from tests.support.research import MODULE, LocalWeb, local_web


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
