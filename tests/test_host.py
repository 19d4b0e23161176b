"""The host as a library."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from mcp_agent import Config, Host, InvalidArguments, Paths, ToolError
from mcp_agent.callers import NoCaller
from mcp_agent.config import LimitSettings
from mcp_agent.errors import InternalFailure, ResourceNotFound, ToolTimeout

WORKSHOP = "tests.plugins.workshop"


def with_host(work: Callable[[Host], Awaitable[None]], config: Config | None = None) -> None:
    async def main() -> None:
        async with Host(config, modules=[WORKSHOP], installed=False, on_disk=False) as host:
            await work(host)

    asyncio.run(main())


def test_a_call_gives_text_and_data() -> None:
    async def work(host: Host) -> None:
        result = await host.call("shop_add", {"a": 2, "b": 3})
        assert (result.text, result.data, result.is_error) == ("5", {"result": 5}, False)

    with_host(work)


@pytest.mark.parametrize(
    ("tool", "arguments", "error", "words"),
    [
        ("shop_ad", {}, ToolError, "There is no tool shop_ad. Did you mean shop_add"),
        ("shop_add", {}, InvalidArguments, "shop_add needs a, which is missing; it must be a whole number"),
        ("shop_add", {"a": "x"}, InvalidArguments, 'shop_add: a was "x", but must be a whole number'),
        ("shop_add", {"a": 1, "b": 101}, InvalidArguments, "b was 101, but must be a whole number of at most 100"),
        ("shop_add", {"a": 1, "bb": 1}, InvalidArguments, "no argument bb; it takes a, b. Did you mean b?"),
        ("shop_refuse", {}, ToolError, "The drawer is locked. Find the key."),
        ("shop_hang", {}, ToolTimeout, "shop_hang was stopped after 0.01 seconds"),
    ],
)
def test_a_call_that_fails_says_what_to_do(tool: str, arguments: dict[str, object], error: type, words: str) -> None:
    async def work(host: Host) -> None:
        with pytest.raises(error) as caught:
            await host.call(tool, arguments)
        assert words in str(caught.value)

    with_host(work)


def test_a_bug_becomes_a_trace_id_that_the_log_holds(caplog: pytest.LogCaptureFixture) -> None:
    async def work(host: Host) -> None:
        with pytest.raises(InternalFailure) as caught:
            await host.call("shop_break")
        assert "secret" not in str(caught.value)
        assert caught.value.trace_id in caplog.text
        assert "KeyError" in caplog.text
        [failure] = host.health().failures
        assert (failure.what, failure.trace_id) == ("shop_break", caught.value.trace_id)

    with caplog.at_level(logging.ERROR):
        with_host(work)


def test_health_counts_calls_and_failures() -> None:
    async def work(host: Host) -> None:
        await host.call("shop_add", {"a": 1})
        with pytest.raises(ToolError):
            await host.call("shop_refuse")
        health = host.health()
        assert (health.calls, health.failed, health.in_flight, health.tools) == (2, 1, 0, 6)
        [record] = health.plugins
        assert (record.name, record.status) == ("workshop", "active")

    with_host(work)


def test_a_batch_keeps_order_and_a_failure_stops_no_other() -> None:
    async def work(host: Host) -> None:
        outcomes = await host.batch([("shop_add", {"a": 1}), ("shop_refuse", {}), ("shop_add", {"a": 2})])
        assert [str(o) if isinstance(o, ToolError) else o.text for o in outcomes] == [
            "2",
            "The drawer is locked. Find the key.",
            "3",
        ]

    with_host(work)


def test_sync_tools_run_in_the_hosts_threads() -> None:
    async def work(host: Host) -> None:
        assert (await host.call("shop_thread")).text.startswith("tool")

    with_host(work)


def test_the_timeout_for_all_comes_from_the_configuration() -> None:
    async def work(host: Host) -> None:
        with pytest.raises(asyncio.CancelledError):  # a cancellation that is not the timeout stays one
            await host.call("shop_wait_cancelled")

    with_host(work, Config(limits=LimitSettings(tool_seconds=5)))


def test_resources_are_read_by_template_and_missing_ones_are_said_to_be() -> None:
    async def work(host: Host) -> None:
        [contents] = (await host.backend.read("shop://shelf/top%20one", NoCaller("test"))).contents
        assert (contents.uri, contents.text) == ("shop://shelf/top%20one", "things on top one")
        for uri in ("shop://shelf/empty", "shop://floor", "shop://shelf/a/b"):
            with pytest.raises(ResourceNotFound):
                await host.backend.read(uri, NoCaller("test"))

    with_host(work)


def test_a_plugin_switched_off_is_gone_and_comes_back() -> None:
    async def work(host: Host) -> None:
        assert (await host.disable_plugin("workshop")).status == "disabled"
        assert host.tools() == []
        with pytest.raises(ToolError, match="no tool shop_add"):
            await host.call("shop_add", {"a": 1})
        assert host.enable_plugin("workshop").status == "active"
        assert (await host.call("shop_add", {"a": 1})).text == "2"

    with_host(work)


def test_nothing_is_written_when_told_to_keep_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCP_AGENT_HOME", str(tmp_path / "home"))

    async def main() -> None:
        async with Host(on_disk=False) as host:
            await host.call("memory_remember", {"text": "nothing stays"})

    asyncio.run(main())
    assert not (tmp_path / "home").exists()


def test_state_lands_below_the_given_paths(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "c", tmp_path / "d", tmp_path / "s")

    async def main(text: str) -> str:
        async with Host(paths=paths) as host:
            await host.call("memory_remember", {"text": text})
            return (await host.call("memory_recent")).text

    asyncio.run(main("first run"))
    assert "first run" in asyncio.run(main("second run"))
    assert (tmp_path / "d" / "plugins" / "memory").is_dir()
