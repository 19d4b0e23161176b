"""``mcp-agent status``, ``calls`` and ``plugins enable`` beside a server that runs, and without one."""

from __future__ import annotations

import itertools
import json
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Ran
from tests.cli.test_approve import answer, send
from tests.support.process import Process, process, until

Run = Callable[..., Ran]
HELLO = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "tester", "version": "1"}}


def opened(server: Process, run: Run) -> None:
    send(server, "initialize", 1, HELLO)
    answer(server, 1)
    until(lambda: len(run("status", "--json").json["instances"]) == 1)


def call(server: Process, number: int, tool: str, **arguments: object) -> None:
    send(server, "tools/call", number, {"name": tool, "arguments": arguments})
    answer(server, number)


def test_without_an_instance_there_is_the_stored_state(run: Run, home: Path) -> None:
    assert run("status").out == "No instance is running.\n"
    assert run("status", "--json").json == {"instances": [], "waiting": 0}
    assert run("calls").out == "No call has been made yet.\n"
    with process("tests.plugins.shelf") as server:
        opened(server, run)
        call(server, 2, "shelf_list")
        call(server, 3, "shelf_put", place=7)
        server.end_input()
        server.wait()
    assert run("status").out == "No instance is running.\n"
    [listed, wrong] = run("calls", "--json").json
    assert (listed["tool"], listed["outcome"], listed["principal"]) == ("shelf_list", "ok", "stdio:tester")
    assert (wrong["outcome"], wrong["arguments"]) == ("error", '{"place": 7}')
    assert "error" in run("calls", "-n", "1").out
    assert "shelf_list" not in run("calls", "-n", "1").out
    assert run("calls", "-n", "-1").code == 2


def test_a_running_instance_tells_of_itself(run: Run, home: Path) -> None:
    with process("tests.plugins.shelf") as server:
        opened(server, run)
        call(server, 2, "shelf_list")
        [instance] = run("status", "--json").json["instances"]
        assert (instance["pid"], instance["serves"], instance["calls"]) == (server.popen.pid, "stdio", 1)
        assert [client["principal"] for client in instance["clients"]] == ["stdio:tester"]
        row = run("status").out.splitlines()[1].split()
        assert (row[0], row[1], row[3], row[-1]) == (str(server.popen.pid), "stdio", "1", "stdio:tester")


def test_calls_are_followed_live(run: Run, home: Path) -> None:
    with process("tests.plugins.shelf") as server:
        opened(server, run)
        command = [sys.executable, "-m", "mcp_agent", "calls", "--follow", "--json", "-n", "0"]
        follower = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            numbers = itertools.count(2)
            assert follower.stdout is not None

            def told() -> bool:
                call(server, next(numbers), "shelf_list")
                return bool(select.select([follower.stdout], [], [], 0.02)[0])

            until(told)
            line = json.loads(follower.stdout.readline())
            assert (line["tool"], line["principal"], line["outcome"]) == ("shelf_list", "stdio:tester", "ok")
        finally:
            follower.kill()
            follower.communicate()


def test_a_plugin_is_switched_in_the_file_and_in_what_runs(run: Run, home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "config.yaml").write_text("expose:\n  mode: all\n")  # however many tools there are
    with process() as server:
        opened(server, run)
        off = run("plugins", "disable", "memory")
        assert off.out.splitlines()[0].endswith(f"switched off in {home / 'config.yaml'}.")
        assert off.out.splitlines()[1] == "The instance that runs followed at once."
        assert "enabled: false" in (home / "config.yaml").read_text()
        send(server, "tools/list", 5, {})
        assert not [tool for tool in answer(server, 5)["tools"] if tool["name"].startswith("memory_")]
        assert run("plugins", "disable", "memory").out.startswith("memory is switched off already.\n")
        run("plugins", "enable", "memory")
        send(server, "tools/list", 6, {})
        assert [tool for tool in answer(server, 6)["tools"] if tool["name"].startswith("memory_")]
