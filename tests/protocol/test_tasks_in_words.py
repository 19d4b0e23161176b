"""Calls that go on in the background, for clients that do not speak tasks: a handle in words, and a tool to poll it."""

from __future__ import annotations

import re

import pytest

from mcp_agent.protocol.limits import Limits
from tests.plugins.kinds import waiting
from tests.protocol.background import AT_ONCE, background
from tests.protocol.rounds import name
from tests.support.schema import LEGACY, REVISIONS
from tests.support.served import KINDS, FakeClock, in_loop, serving
from tests.support.wire import EVERYTHING


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_handle_in_words_and_the_tool_that_polls_it(revision: str) -> None:
    async def work() -> None:
        async with serving(KINDS, "mcp_agent_system", background_after=AT_ONCE) as served:
            client = await served.client(revision)
            handle = await client.tool("hold", gate="a")
            assert "isError" not in handle
            text = handle["content"][0]["text"]
            assert "system_job" in text
            [job_id] = re.findall(r"as job (\S+?)\. ", text)
            polled = await client.tool("system_job", id=job_id)
            assert "has been running" in polled["content"][0]["text"]
            waiting.gates["a"].set()
            for _ in range(200):
                polled = await client.tool("system_job", id=job_id)
                if "through a" in polled["content"][0]["text"]:
                    break
            else:
                raise AssertionError(polled)

    in_loop(work)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_handle_cannot_fit_an_output_schema_so_it_is_marked_as_an_error(revision: str) -> None:
    async def work() -> None:
        async with background(after=AT_ONCE) as (served, _, _):
            client = await served.client(revision)
            assert (await client.tool("hold_structured", gate="a"))["isError"] is True

    in_loop(work)


@pytest.mark.parametrize("revision", REVISIONS)
def test_without_a_tool_that_polls_a_call_just_takes_its_time(revision: str) -> None:
    async def work() -> None:
        clock = FakeClock()
        async with serving(clock=clock, limits=Limits(background_after=AT_ONCE), job_tool=None) as served:
            client = await served.client(revision)
            request_id = client.request("tools/call", {"name": "hold", "arguments": {"gate": "a"}})
            await waiting.running["a"].wait()
            await client.quiet()
            await client.tool("release", gate="a")
            assert (await client.result(request_id))["content"][0]["text"] == "through a"

    in_loop(work)


@pytest.mark.parametrize("revision", LEGACY[2:])
def test_a_session_can_still_be_asked_from_the_background(revision: str) -> None:
    async def work() -> None:
        async with serving(KINDS, "mcp_agent_system") as served:
            client = await served.client(revision, capabilities=EVERYTHING)
            client.answers["elicitation/create"] = lambda params: name("Ada")
            handle = await client.tool("asking_job")
            [job_id] = re.findall(r"as job (\S+?)\. ", handle["content"][0]["text"])
            for _ in range(200):
                polled = await client.tool("system_job", id=job_id)
                if "Ada of Ada" in polled["content"][0]["text"]:
                    break
            else:
                raise AssertionError(polled)

    in_loop(work)
