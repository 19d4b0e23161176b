"""The life of plugins: none that fails takes another down, and each failure has a reason that helps."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Config, Host, ToolError
from mcp_agent.config import ExposeSettings
from mcp_agent.transports.memory import MemoryConnection
from tests.support.installed import GOOD, Shelf, record, with_host

# --- the four traps of pluggy --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import no_such_library", "It could not be imported: ModuleNotFoundError: No module named 'no_such_library'"),
        ("1 / 0", "It could not be imported: ZeroDivisionError: division by zero"),
        ("def broken(:", "It could not be imported: SyntaxError: invalid syntax"),
        ("raise SystemExit(3)", "It could not be imported: SystemExit: 3 (shelf_bad.py, line 1)"),
        (
            "from mcp_agent import hookimpl\n@hookimpl\ndef mcp_agent_tool():\n    return []",
            "There is no hook mcp_agent_tool. Did you mean mcp_agent_tools? Hooks: mcp_agent_info, ",
        ),
        (
            "from mcp_agent import hookimpl\n@hookimpl\ndef mcp_agent_tools(host):\n    return []",
            "The hook mcp_agent_tools takes (), not (host)",
        ),
        (
            "from mcp_agent import hookimpl\n@hookimpl\ndef mcp_agent_tools():\n    raise KeyError('x')",
            "Its hook mcp_agent_tools failed: KeyError: 'x' (shelf_bad.py, line 4)",
        ),
        (
            "from mcp_agent import hookimpl\n@hookimpl\ndef mcp_agent_tools():\n    return [print]",
            "print is not a tool: decorate it with @tool(...)",
        ),
        (
            "from mcp_agent import hookimpl, tool\n@tool(effect='read')\nasync def bad_x(a: int) -> str:\n    ...\n"
            "@hookimpl\ndef mcp_agent_tools():\n    return [bad_x]",
            "bad_x has no docstring",
        ),
        (
            "from mcp_agent import hookimpl, tool\n@tool(effect='read')\nasync def good_x() -> str:\n    'X.'\n"
            "@hookimpl\ndef mcp_agent_tools():\n    return [good_x]",
            "Names must begin with bad_, but these do not: good_x",
        ),
    ],
)
def test_one_that_fails_is_a_record_with_a_reason_and_stops_no_other(shelf: Shelf, source: str, reason: str) -> None:
    shelf.add("alpha", GOOD)
    shelf.add("bad", source)
    shelf.add("zeta", GOOD)

    async def work(host: Host) -> None:
        bad = record(host, "bad")
        assert bad.status == "failed"
        assert reason in (bad.reason or "")
        assert (bad.distribution, bad.version) == ("mcp-agent-bad", "1.0")
        assert "memory" in {one.name for one in host.plugins() if one.status == "active"}
        for name in ("alpha", "zeta"):
            assert (await host.call(f"{name}_say")).text == name
        assert not [tool for tool in host.tools() if tool.plugin == "bad"]

    with_host(work)


def test_an_entry_point_that_leads_nowhere_is_a_record(shelf: Shelf) -> None:
    shelf.add("bad", "")
    (shelf.folder / "mcp_agent_bad-1.0.dist-info" / "entry_points.txt").write_text(
        "[mcp_agent.plugins]\nbad = shelf_bad:nothing\n"
    )

    async def work(host: Host) -> None:
        assert "It could not be imported: AttributeError" in (record(host, "bad").reason or "")

    with_host(work)


def test_one_that_failed_can_be_mended_and_switched_on(shelf: Shelf) -> None:
    """A registration that failed leaves nothing behind that would be in the way."""
    shelf.add("bad", "from mcp_agent import hookimpl\n@hookimpl\ndef mcp_agent_tool():\n    return []")

    async def work(host: Host) -> None:
        assert record(host, "bad").status == "failed"
        del sys.modules["shelf_bad"]
        (shelf.folder / "shelf_bad.py").write_text(textwrap.dedent(GOOD).replace("{name}", "bad"))
        assert host.enable_plugin("bad").status == "active"
        assert (await host.call("bad_say")).text == "bad"

    with_host(work)


@pytest.mark.parametrize("kind", ["async def", "def"])
def test_a_library_that_wants_to_end_the_program_does_not(shelf: Shelf, kind: str) -> None:
    shelf.add("quit", GOOD.replace("async def", kind).replace('return "{name}"', "raise SystemExit(3)"))

    async def work(host: Host) -> None:
        with pytest.raises(ToolError, match=r"quit_say failed because of a bug in it \(trace "):
            await host.call("quit_say")
        assert (await host.call("memory_recent")).data == {"facts": []}

    with_host(work)


# --- configuration -------------------------------------------------------------------------------

CONFIGURED = (
    GOOD
    + """
    import msgspec
    from typing import Annotated

    class Settings(msgspec.Struct):
        rooms: list[str] = []
        port: Annotated[int, msgspec.Meta(ge=1)] = 80

    @hookimpl
    def mcp_agent_config():
        return Settings

    @tool(effect="read")
    async def {name}_port(ctx: "Context") -> int:
        '''The port that was set.'''
        return ctx.config.port

    from mcp_agent import Context

    @hookimpl(specname="mcp_agent_tools")
    def tools():
        return [{name}_port]
"""
)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"prot": 1}, "It has no setting prot. Did you mean port? Settings: port, rooms."),
        ({"port": 0}, "Its settings are wrong: Expected `int` >= 1 - at `$.port`"),
        ({"rooms": "kitchen"}, "Its settings are wrong: Expected `array`, got `str` - at `$.rooms`"),
    ],
)
def test_settings_that_do_not_fit_are_a_reason(shelf: Shelf, settings: dict[str, Any], reason: str) -> None:
    shelf.add("lamp", CONFIGURED)

    async def work(host: Host) -> None:
        assert (record(host, "lamp").status, record(host, "lamp").reason) == ("failed", reason)

    with_host(work, Config(plugins={"lamp": settings}))


def test_settings_reach_the_plugin_typed(shelf: Shelf) -> None:
    shelf.add("lamp", CONFIGURED)

    async def work(host: Host) -> None:
        assert (await host.call("lamp_port")).data == {"result": 8080}

    with_host(work, Config(plugins={"lamp": {"port": "8080", "enabled": True}}))


def test_settings_for_a_plugin_that_takes_none_are_a_reason(shelf: Shelf) -> None:
    shelf.add("lamp", GOOD)

    async def work(host: Host) -> None:
        assert record(host, "lamp").reason == "It takes no settings, but the configuration has: port"

    with_host(work, Config(plugins={"lamp": {"port": 1}}))


# --- on and off ----------------------------------------------------------------------------------


def test_one_that_is_switched_off_is_not_imported(shelf: Shelf) -> None:
    shelf.add("lamp", GOOD)
    script = """
import asyncio, sys
from mcp_agent import Config, Host
async def main():
    for off in (True, False):
        async with Host(Config(plugins={"lamp": {"enabled": not off}}), on_disk=False) as host:
            [lamp] = [one for one in host.plugins() if one.name == "lamp"]
            print(lamp.status, "shelf_lamp" in sys.modules, lamp.reason or "")
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(shelf.folder)!r})\n{script}"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    off, on = done.stdout.splitlines()
    assert off == "disabled False Switched off; 'mcp-agent plugins enable lamp' switches it on."
    assert on.startswith("active True")


def test_clients_hear_of_plugins_that_come_and_go() -> None:
    async def receive(client: MemoryConnection) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(await asyncio.wait_for(client.receive(), 10))
        return message

    async def work(host: Host) -> None:
        client = MemoryConnection(host.server)
        hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
        client.send_frame(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}).encode())
        assert (await receive(client))["result"]["capabilities"]["tools"] == {"listChanged": True}
        client.send_frame(b'{"jsonrpc":"2.0","method":"notifications/initialized"}')
        for switch in (host.disable_plugin("memory"), _later(host.enable_plugin, "memory")):
            await switch
            told = [(await receive(client))["method"] for _ in range(3)]
            assert sorted(told) == [f"notifications/{kind}/list_changed" for kind in ("prompts", "resources", "tools")]
            client.send_frame(b'{"jsonrpc":"2.0","id":2,"method":"tools/list"}')
            names = {tool["name"] for tool in (await receive(client))["result"]["tools"]}
            assert ("memory_recall" in names) == (record(host, "memory").status == "active")

    with_host(work, Config(expose=ExposeSettings(mode="all")))


async def _later(work: Callable[[str], object], name: str) -> None:
    work(name)


def test_the_package_of_everything_holds_every_plugin_of_ours() -> None:
    """A new one goes into packaging/all/pyproject.toml."""
    root = Path(__file__).parent.parent
    everything = tomllib.loads((root / "packaging" / "all" / "pyproject.toml").read_text())["project"]
    projects = [path for path in root.glob("plugins/*/pyproject.toml") if path.parent.name != "_template"]
    names = [tomllib.loads(path.read_text())["project"]["name"] for path in projects]
    listed = [dependency.partition("[")[0] for dependency in everything["dependencies"]]
    assert sorted(listed) == sorted(["mcp-agent-host", *names])
