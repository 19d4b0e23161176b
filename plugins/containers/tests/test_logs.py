"""Logs of a real engine: the last lines, those of a time, those with a word, those of errors."""

from __future__ import annotations

import asyncio

import pytest

from mcp_agent import ToolError
from mcp_agent.testing import host_for
from plugins.containers.tests.test_reading import ask, settings
from tests.real.engine import Engine

MODULE = "mcp_agent_containers"
pytestmark = pytest.mark.real


def test_logs_by_tail_time_words_and_errors(fresh: Engine) -> None:
    fresh.container(
        "talk",
        "sh",
        "-c",
        "for i in $(seq 500); do echo line $i; done; sleep 0.2; echo ERROR lost >&2; sleep 0.2; echo after",
    )
    fresh.wait("talk")
    fresh.container("screen", "sh", "-c", "echo on a terminal", Tty=True)
    fresh.wait("screen")

    async def work() -> None:
        async with host_for(MODULE, settings(fresh)) as host:
            last = await ask(host, "containers_logs", container="talk", tail=3)
            assert sorted(last["lines"]) == ["ERROR lost", "after", "line 500"]
            assert last["more_before"]
            some = await ask(host, "containers_logs", container="talk", grep="line [1-4]?99$")
            assert some["lines"] == ["line 99", "line 199", "line 299", "line 399", "line 499"]
            assert (some["matched"], some["read"]) == (5, 502)
            few = await ask(host, "containers_logs", container="talk", grep="line", tail=2)
            assert (few["lines"], few["matched"], few["more_before"]) == (["line 499", "line 500"], 500, True)
            result = await host.call("containers_logs", {"container": "talk", "errors": True})
            assert result.data["lines"] == ["ERROR lost"]
            assert result.meta is not None
            assert result.meta["mcp-agent/origin"]["origin"] == "container"
            assert (await ask(host, "containers_logs", container="talk", since="2099-01-01"))["lines"] == []
            assert len((await ask(host, "containers_logs", container="talk", since="1h", tail=5000))["lines"]) == 502
            [line] = (await ask(host, "containers_logs", container="talk", timestamps=True, grep="line 7$"))["lines"]
            assert line[:2] == "20"
            assert line.endswith("Z line 7")
            assert (await ask(host, "containers_logs", container="screen"))["lines"] == ["on a terminal"]
            with pytest.raises(ToolError, match="no regular expression"):
                await host.call("containers_logs", {"container": "talk", "grep": "line ("})
            with pytest.raises(ToolError, match="no time"):
                await host.call("containers_logs", {"container": "talk", "since": "yesterday"})
            with pytest.raises(ToolError, match=r"(?i)no such container"):
                await host.call("containers_logs", {"container": "nobody"})

    asyncio.run(work())


def test_of_a_long_log_only_the_errors_with_their_traces_are_given(fresh: Engine) -> None:
    trace = ["Traceback (most recent call last):", '  File "a.py", line 1', "    connect()", "ConnectionError: refused"]
    lines = [*(f"INFO {n} ordinary" for n in range(300)), "ERROR lost the database", *trace, "INFO again",
             *(f"INFO {n} ordinary" for n in range(300)), "level=fatal msg=gone", "INFO end"]  # fmt: skip
    fresh.container("talk", "sh", "-c", 'printf "$LOG"', Env=["LOG=" + "\n".join(lines) + "\n"])
    fresh.wait("talk")

    async def work() -> None:
        async with host_for(MODULE, settings(fresh)) as host:
            found = await ask(host, "containers_logs", container="talk", errors=True)
            assert found["lines"] == ["ERROR lost the database", *trace, "level=fatal msg=gone"]
            assert found["read"] == len(lines)
            both = await ask(host, "containers_logs", container="talk", errors=True, grep="gone", since="1h")
            assert both["lines"] == ["level=fatal msg=gone"]

    asyncio.run(work())
