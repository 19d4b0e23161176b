"""The life of plugins: none that fails takes another down, and each failure has a reason that helps."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Config, Host, PluginRecord, ToolError
from mcp_agent.config import ExposeSettings, LimitSettings
from mcp_agent.errors import PluginError
from mcp_agent.transports.memory import MemoryConnection

GOOD = """
    from mcp_agent import hookimpl, tool

    @tool(effect="read")
    async def {name}_say() -> str:
        '''Say the name of the plugin.'''
        return "{name}"

    @hookimpl
    def mcp_agent_tools():
        return [{name}_say]
"""


class Shelf:
    """Where plugins are installed for a test: modules, and what an installer notes down of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, name: str, source: str, *, module: str | None = None, distribution: str | None = None) -> None:
        module = module or f"shelf_{name}"
        (self.folder / f"{module}.py").write_text(textwrap.dedent(source).replace("{name}", name))
        distribution = distribution or f"mcp-agent-{name}"
        noted = self.folder / f"{distribution.replace('-', '_')}-1.0.dist-info"
        noted.mkdir()
        (noted / "METADATA").write_text(f"Name: {distribution}\nVersion: 1.0\n")
        (noted / "entry_points.txt").write_text(f"[mcp_agent.plugins]\n{name} = {module}\n")


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    for name in [name for name in sys.modules if name.startswith("shelf_")]:
        monkeypatch.delitem(sys.modules, name)
    return Shelf(tmp_path)


def with_host(work: Callable[[Host], Awaitable[None]], config: Config | None = None, **options: Any) -> None:
    async def main() -> None:
        async with Host(config, on_disk=False, **options) as host:
            await work(host)

    asyncio.run(main())


def record(host: Host, name: str) -> PluginRecord:
    [found] = [one for one in host.plugins() if one.name == name]
    return found


# --- the four traps of pluggy --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import no_such_library", "It could not be imported: ModuleNotFoundError: No module named 'no_such_library'"),
        ("1 / 0", "It could not be imported: ZeroDivisionError: division by zero"),
        ("def broken(:", "It could not be imported: SyntaxError: invalid syntax"),
        ("raise SystemExit(3)", "It could not be imported: SystemExit: 3"),
        (
            "from mcp_agent import hookimpl\n@hookimpl\ndef mcp_agent_tool():\n    return []",
            "There is no hook mcp_agent_tool. Did you mean mcp_agent_tools? Hooks: mcp_agent_info, ",
        ),
        (
            "from mcp_agent import hookimpl\n@hookimpl\ndef mcp_agent_tools(host):\n    return []",
            "Argument(s) {'host'} are declared in the hookimpl but can not be found in the hookspec",
        ),
        (
            "from mcp_agent import hookimpl\n@hookimpl\ndef mcp_agent_tools():\n    raise KeyError('x')",
            "Its hook mcp_agent_tools failed: KeyError: 'x'",
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


# --- names ---------------------------------------------------------------------------------------


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


# --- start and stop ------------------------------------------------------------------------------

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
        ("raise ValueError('no cable')", "Its startup failed: ValueError: no cable"),
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


def test_the_package_of_everything_holds_every_plugin_of_ours() -> None:
    """A new one goes into packaging/all/pyproject.toml."""
    root = Path(__file__).parent.parent
    everything = tomllib.loads((root / "packaging" / "all" / "pyproject.toml").read_text())["project"]
    projects = [path for path in root.glob("plugins/*/pyproject.toml") if path.parent.name != "_template"]
    names = [tomllib.loads(path.read_text())["project"]["name"] for path in projects]
    listed = [dependency.partition("[")[0] for dependency in everything["dependencies"]]
    assert sorted(listed) == sorted(["mcp-agent-host", *names])
