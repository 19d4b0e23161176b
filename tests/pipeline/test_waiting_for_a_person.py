"""A call that waits for an answer holds up nobody: it takes no place of its plugin, and its time stands still."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from mcp_agent.callers import NoCaller
from mcp_agent.config import Config, LimitSettings, ReliabilitySettings
from mcp_agent.errors import CannotAsk, ToolTimeout
from mcp_agent.host import Host
from mcp_agent.model import Json
from tests.plugins import asker

ASKER = "tests.plugins.asker"


class Person(NoCaller):
    """Answers when the test says so."""

    def __init__(self) -> None:
        super().__init__("anna")
        self.asked = asyncio.Event()
        self.answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def ask(self, requests: Mapping[str, tuple[str, Json]]) -> Mapping[str, Json]:
        self.asked.set()
        action = await self.answer
        return {key: {"action": action} for key in requests}


def host(places: int, seconds: float = 60.0) -> Host:
    config = Config(
        limits=LimitSettings(tool_seconds=seconds), reliability=ReliabilitySettings(plugin_calls=places, attempts=1)
    )
    return Host(config, on_disk=False, installed=False, modules=[ASKER])


@pytest.mark.parametrize("end", ["answered", "cancelled", "cannot ask", "fails"])
def test_the_place_of_one_who_asks_is_free_and_none_is_lost(end: str) -> None:
    async def work() -> None:
        async with host(places=1) as one:
            for _ in range(3):
                person = Person()
                arguments = {"then": "fail"} if end == "fails" else {}
                asking = asyncio.ensure_future(one.call("asker_ask", arguments, person))
                await person.asked.wait()
                assert (await one.call("asker_look")).text == "seen"
                if end == "cancelled":
                    asking.cancel()
                elif end == "cannot ask":
                    person.answer.set_exception(CannotAsk("Nobody is there."))
                else:
                    person.answer.set_result("accept")
                await asyncio.wait([asking])
                assert asking.cancelled() == (end == "cancelled")
                if end == "answered":
                    assert asking.result().text == "accept"
            assert (await one.call("asker_look")).text == "seen"

    asyncio.run(asyncio.wait_for(work(), 30))


def test_answers_that_come_all_at_once_do_not_bring_more_to_work_than_there_are_places() -> None:
    async def work() -> None:
        async with host(places=2) as one:
            people = [Person() for _ in range(10)]
            calls = [asyncio.ensure_future(one.call("asker_ask", {"then": "hang"}, person)) for person in people]
            for person in people:
                await person.asked.wait()
            for person in people:
                person.answer.set_result("accept")
            for left in range(10, 0, -1):
                for _ in range(20):
                    await asyncio.sleep(0)
                assert asker.at_work == min(2, left)
                working = next(call for call in calls if not call.done())
                working.cancel()
                await asyncio.wait([working])

    asyncio.run(asyncio.wait_for(work(), 30))


def test_time_stands_still_while_a_person_thinks_and_goes_on_with_the_answer() -> None:
    async def work() -> None:
        async with host(places=4, seconds=0.05) as one:
            person = Person()
            asking = asyncio.ensure_future(one.call("asker_ask", {"then": "hang"}, person))
            await person.asked.wait()
            for _ in range(3):  # three times as long as a tool may take
                ready = Person()
                ready.answer.set_result("accept")
                with pytest.raises(ToolTimeout):
                    await one.call("asker_ask", {"then": "hang"}, ready)
            assert not asking.done()
            person.answer.set_result("accept")
            with pytest.raises(ToolTimeout):
                await asking

    asyncio.run(asyncio.wait_for(work(), 30))
