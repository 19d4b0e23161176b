"""Sprout keeps the contract of a plugin, and does what it says."""

import asyncio
from typing import ClassVar

from mcp_agent.testing import PluginContract, ScriptedCaller, host_for


class TestContract(PluginContract):
    module = "mcp_agent_sprout"
    examples: ClassVar = {
        "sprout_add_item": {"text": "Water the plants"},
        "sprout_list_items": {"limit": 5},
    }


def test_items_come_newest_first() -> None:
    async def work() -> None:
        async with host_for("mcp_agent_sprout") as host:
            for text in ("Water the plants", "Feed the cat"):
                await host.call("sprout_add_item", {"text": text})
            assert (await host.call("sprout_list_items")).data == {"result": ["Feed the cat", "Water the plants"]}

    asyncio.run(work())


def test_an_addition_can_be_undone() -> None:
    async def work() -> None:
        async with host_for("mcp_agent_sprout") as host:
            for text in ("Water the plants", "Feed the cat"):
                await host.call("sprout_add_item", {"text": text})
            assert (await host.undo()).stopped is None
            assert (await host.call("sprout_list_items")).data == {"result": ["Water the plants"]}

    asyncio.run(work())


def test_the_person_is_asked_before_something_stands_there_twice() -> None:
    async def work() -> None:
        async with host_for("mcp_agent_sprout") as host:
            person = ScriptedCaller(elicit=["decline", "accept"])
            for _ in range(3):
                await host.call("sprout_add_item", {"text": "Feed the cat"}, person)
            assert (await host.call("sprout_list_items")).data == {"result": ["Feed the cat"] * 2}
            assert len(person.asked) == 2

    asyncio.run(work())
