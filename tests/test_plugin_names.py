"""Names of plugins and tools: of two that share one, it is said who was first."""

from __future__ import annotations

import textwrap

import pytest

from mcp_agent import Host
from mcp_agent.errors import PluginError
from tests.support.installed import GOOD, Shelf, record, with_host


def test_a_name_that_is_taken_is_refused_naming_both_owners(shelf: Shelf) -> None:
    shelf.add("alpha", GOOD)
    thief = GOOD.replace("{name}", "alpha") + (
        "\n    from mcp_agent import PluginInfo\n    @hookimpl\n    def mcp_agent_info():\n"
        "        return PluginInfo(prefix='alpha')\n"
    )
    shelf.add("beta", thief)

    async def work(host: Host) -> None:
        assert record(host, "beta").reason == "beta cannot be used: tool alpha_say belongs to alpha already"
        assert (await host.call("alpha_say")).text == "alpha"

    with_host(work)


def test_of_two_plugins_of_one_name_the_second_says_who_was_first(shelf: Shelf) -> None:
    shelf.add("twin", GOOD, module="shelf_twin_a", distribution="mcp-agent-twin-a")
    shelf.add("twin", GOOD, module="shelf_twin_b", distribution="mcp-agent-twin-b")

    async def work(host: Host) -> None:
        twins = {one.name: one for one in host.plugins() if "twin" in one.name}
        [failed] = [one for one in twins.values() if one.status == "failed"]
        assert twins["twin"].status == "active"
        assert failed.name == f"twin@{failed.distribution}"
        assert f"{twins['twin'].distribution} has a plugin named twin already" in (failed.reason or "")

    with_host(work)


def test_a_module_given_by_path_wins_over_an_installed_one_of_its_name(shelf: Shelf) -> None:
    (shelf.folder / "memory.py").write_text(textwrap.dedent(GOOD).replace("{name}", "memory"))

    async def work(host: Host) -> None:
        assert record(host, "memory").module == "memory"
        assert (await host.call("memory_say")).text == "memory"

    with_host(work, modules=["memory"])


def test_an_installed_one_given_by_path_is_there_once() -> None:
    async def work(host: Host) -> None:
        assert [one.name for one in host.plugins()] == ["memory"]

    with_host(work, modules=["mcp_agent_memory"], installed=False)


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    async def work(host: Host) -> None:
        with pytest.raises(PluginError, match=r"There is no plugin memori\..*memory, .*system"):
            host.enable_plugin("memori")
        with pytest.raises(PluginError, match="There is no plugin memori"):
            await host.disable_plugin("memori")

    with_host(work)
