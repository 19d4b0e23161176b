"""Plugins that start and stop: neither holds the others up for long."""

from __future__ import annotations

import asyncio
import sys

import pytest

from mcp_agent import Config, Host, ToolError
from mcp_agent.config import LimitSettings
from tests.support.installed import GOOD, Shelf, record, with_host

STARTED = (
    GOOD
    + """
    import asyncio
    heard = []

    @hookimpl
    async def mcp_agent_startup(ctx):
        heard.append("start")
        {start}

    @hookimpl
    async def mcp_agent_shutdown(ctx):
        heard.append("stop")
        {stop}
"""
)

FOREVER = "await asyncio.Event().wait()"
HASTY = Config(limits=LimitSettings(plugin_start_seconds=0.05))


def started(start: str = "pass", stop: str = "pass") -> str:
    return STARTED.replace("{start}", start).replace("{stop}", stop)


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        (FOREVER, "It did not start within 0.05 seconds."),
        ("raise ValueError('no cable')", "Its startup failed: ValueError: no cable (shelf_lamp.py, line 19)"),
        ("from mcp_agent import ToolError; raise ToolError('No cable.', hint='Plug it in.')", "No cable. Plug it in."),
    ],
)
def test_one_that_does_not_start_takes_its_tools_back(shelf: Shelf, start: str, reason: str) -> None:
    shelf.add("lamp", started(start))

    async def work(host: Host) -> None:
        assert record(host, "lamp").status == "starting"
        with pytest.raises(ToolError) as caught:  # a call waits for the start, and hears of its end
            await host.call("lamp_say")
        assert reason in str(caught.value)
        assert (record(host, "lamp").status, record(host, "lamp").reason) == ("failed", reason)
        assert "lamp_say" not in [tool.name for tool in host.tools()]
        assert sys.modules["shelf_lamp"].heard == ["start", "stop"]
        assert (await host.call("memory_recent")).data == {"facts": []}

    with_host(work, HASTY)


def test_a_call_waits_until_its_plugin_has_started(shelf: Shelf) -> None:
    shelf.add("lamp", started("global gate; gate = asyncio.Event(); await gate.wait()"))

    async def work(host: Host) -> None:
        call = asyncio.ensure_future(host.call("lamp_say"))
        await host.call("memory_recent")
        assert not call.done()
        sys.modules["shelf_lamp"].gate.set()
        assert (await call).text == "lamp"
        assert record(host, "lamp").status == "active"

    with_host(work)


def test_health_of_one_that_is_still_starting_says_so(shelf: Shelf) -> None:
    asks = "\n    @hookimpl\n    async def mcp_agent_health(ctx):\n        return ctx.state['lamps']\n"
    shelf.add("lamp", started(FOREVER) + asks)

    async def work(host: Host) -> None:
        assert (await host.checks())["lamp"] == "It is still starting."

    with_host(work)


@pytest.mark.parametrize("stop", [FOREVER, "raise ValueError('stuck')"])
def test_one_that_does_not_stop_holds_nobody_up(shelf: Shelf, stop: str) -> None:
    shelf.add("lamp", started(stop=stop))

    async def work(host: Host) -> None:
        await host.started()
        assert (await host.disable_plugin("lamp")).status == "disabled"
        assert "lamp_say" not in [tool.name for tool in host.tools()]
        assert host.enable_plugin("lamp").status == "starting"
        assert (await host.call("lamp_say")).text == "lamp"

    with_host(work, HASTY)  # and the end of the host ends it a second time
    assert sys.modules["shelf_lamp"].heard == ["start", "stop", "start", "stop"]


def test_a_start_is_broken_off_when_the_host_ends(shelf: Shelf) -> None:
    shelf.add("lamp", started(FOREVER))

    async def work(host: Host) -> None:
        await asyncio.sleep(0)

    with_host(work)
    assert sys.modules["shelf_lamp"].heard == ["start", "stop"]
