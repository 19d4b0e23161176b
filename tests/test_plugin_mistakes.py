"""What people who write plugins get wrong: each is found when the plugin is loaded, and said in words that mend it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from mcp_agent import Host, ToolError, ToolResult
from mcp_agent.testing import ScriptedCaller

Write = Callable[[str], None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write the one module of a plugin named bad."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.delitem(sys.modules, "mcp_agent_bad", raising=False)
    return lambda source: (tmp_path / "mcp_agent_bad.py").write_text(textwrap.dedent(source)) and None


def with_bad(work: Callable[[Host], Awaitable[None]]) -> None:
    async def main() -> None:
        async with Host(on_disk=False, modules=["mcp_agent_bad", "mcp_agent.expose.tools"], installed=False) as host:
            await host.started()
            await work(host)

    asyncio.run(main())


def reason_of_failure() -> str:
    """Why it is not active, in a host that is up all the same."""
    reasons = []

    async def work(host: Host) -> None:
        records = {record.name: record for record in host.plugins()}
        assert {name: record.status for name, record in records.items()} == {"bad": "failed", "tools": "active"}
        reasons.append(records["bad"].reason or "")

    with_bad(work)
    return reasons[0]


ONE_TOOL = """\
from typing import Annotated
from mcp_agent import Field, Static, Undo, hookimpl, tool
from msgspec import Struct

class Later(Struct):
    value: "NotThere"

async def look(ctx):
    return 1

@tool({options})
{function}

@hookimpl
def mcp_agent_tools():
    return [bad_x]
"""
PLAIN = "async def bad_x(a: int = 1) -> str:\n    'Does it.'\n    return str(a)"
READS = "effect='read'"


@pytest.mark.parametrize(
    ("options", "function", "reason"),
    [
        ("", PLAIN, "missing 1 required keyword-only argument: 'effect' (mcp_agent_bad.py, line 11)"),
        ("effect='reed'", PLAIN, "bad_x: effect is 'reed', but must be one of read, write, destructive"),
        (f"{READS}, task='maybe'", PLAIN, "bad_x: task is 'maybe', but must be one of auto, always, required"),
        (f"{READS}, timeout=-1", PLAIN, "bad_x: timeout must be more than 0, or left out"),
        (f"{READS}, calls='bad_y'", PLAIN, "bad_x: calls must be a list of texts, not one text"),
        (f"{READS}, examples='do it'", PLAIN, "bad_x: examples must be a list of texts, not one text"),
        ("effect='write', undo=(1, 2)", PLAIN, 'bad_x: undo must be Undo(snapshot, restore), or "impossible"'),
        ("effect='write', undo=Undo(look, look)", PLAIN, "the snapshot of its undo must take (ctx, arguments, result)"),
        (f"{READS}, origin=lambda ctx: 'web'", PLAIN, "bad_x: the origin must take (ctx, arguments)"),
        ("effect='destructive', preview=look", PLAIN, "bad_x: its preview must take what the tool takes: (a)"),
        (
            f"{READS}, fallback=Static('nothing')", PLAIN.replace("-> str", "-> dict[str, int]"),
            "bad_x: its fallback is not what it promises. It gave str, but promises an object",
        ),
        (READS, PLAIN.replace("int = 1", "int = 'x'"), "the default of a, 'x', does not fit its type. Expected `int`"),
        (READS, PLAIN.replace("int", "Annotated[int, Field(ge=5)]"), "the default of a, 1, does not fit its type"),
        (READS, PLAIN.replace("= 1", "= Field('How many.')"), "write a: Annotated[..., Field(...)]"),
        (READS, PLAIN.replace("int = 1", "Later"), "bad_x: a cannot be an argument. name 'NotThere' is not defined"),
        (READS, PLAIN.replace("-> str", "-> Later"), "bad_x: what it returns cannot be a result. name 'NotThere'"),
        (READS, PLAIN.replace("return", "yield"), "bad_x yields its result piece by piece: return a list instead"),
    ],
)  # fmt: skip
def test_a_tool_that_cannot_be_what_it_declares(write: Write, options: str, function: str, reason: str) -> None:
    write(ONE_TOOL.replace("{options}", options).replace("{function}", function))
    assert reason in reason_of_failure()


@pytest.mark.parametrize(
    ("hook", "reason"),
    [
        ("@hookimpl\ndef mcp_agent_health(ctx): pass", "The hook mcp_agent_health must be async"),
        ("@hookimpl\nasync def mcp_agent_info(): pass", "The hook mcp_agent_info cannot be async"),
        ("async def mcp_agent_health(ctx): pass", "mcp_agent_health is not marked as a hook, so nobody would call it"),
        ("@hookimpl\ndef mcp_agent_info(): return {}", "Its hook mcp_agent_info must give a PluginInfo, not dict"),
        ("@hookimpl\ndef mcp_agent_config(): return {}", "mcp_agent_config must give a Struct class, not dict"),
        ("@hookimpl\ndef mcp_agent_config(): return dict", "must give a Struct class, not the class dict"),
        ("@hookimpl\ndef mcp_agent_prompts(): return print", "mcp_agent_prompts must give a list, not builtin"),
        ("@hookimpl\ndef mcp_agent_tools(): raise ToolError('no')", "Its hook mcp_agent_tools failed: ToolError: no"),
        ("@hookimpl\nasync def mcp_agent_startup(ctx): raise OSError('a\\nb')", "Error: a (mcp_agent_bad.py, line 3)"),
        (
            "@resource('all of them')\nasync def a(): 'A.'\n@hookimpl\ndef mcp_agent_resources(): return [a]",
            "'all of them' is no URI",
        ),
        (
            "@resource('bad://x')\nasync def a(): 'A.'\n@hookimpl\ndef mcp_agent_resources(): return [a, a]",
            "bad declares 2 resources of the URI bad://x",
        ),
        (
            "@prompt(name='bad_p')\nasync def a(): 'A.'\n@hookimpl\ndef mcp_agent_prompts(): return [a, a]",
            "bad declares 2 prompts named bad_p",
        ),
    ],
)  # fmt: skip
def test_a_hook_that_is_not_what_the_host_needs(write: Write, hook: str, reason: str) -> None:
    write(f"from mcp_agent import ToolError, hookimpl, prompt, resource\n{hook}")
    assert reason in reason_of_failure()


def test_an_async_function_in_a_plain_wrapper_is_awaited(write: Write) -> None:
    write("""
        import functools
        from mcp_agent import hookimpl, tool

        def logged(function):
            @functools.wraps(function)
            def wrapper():
                return function()
            return wrapper

        @tool(effect="read")
        @logged
        async def bad_say() -> str:
            "Say something."
            return "said"

        @hookimpl
        def mcp_agent_tools():
            return [bad_say]
    """)

    async def work(host: Host) -> None:
        assert (await host.call("bad_say")).text == "said"

    with_bad(work)


def test_a_task_of_a_plugin_that_wants_to_end_the_program_does_not(write: Write, tmp_path: Path) -> None:
    """SystemExit in a task ends an event loop from inside, and all others with it."""
    write("""
        import asyncio, sys
        from mcp_agent import hookimpl, tool

        async def leave() -> None:
            sys.exit(3)

        @tool(effect="read")
        async def bad_say() -> str:
            "Begin something that wants to end the program."
            asyncio.get_running_loop().create_task(leave())
            await asyncio.sleep(0)
            return "still here"

        @hookimpl
        def mcp_agent_tools():
            return [bad_say]
    """)
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    lines = [
        {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        *(
            {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": {"name": "bad_say", "arguments": {}}}
            for number in (1, 2, 3)
        ),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "mcp_agent", "serve", "--plugin", "mcp_agent_bad"],
        input="".join(json.dumps(line) + "\n" for line in lines),
        env={**os.environ, "MCP_AGENT_HOME": str(tmp_path / "home"), "PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    answers = {one["id"]: one for one in map(json.loads, done.stdout.splitlines()) if "id" in one}
    assert [answers[number]["result"]["content"][0]["text"] for number in (1, 2, 3)] == ["still here"] * 3
    assert done.returncode == 0
    assert "A plugin tried to end the program with sys.exit(3) in a task of its own" in done.stderr


def test_folders_without_their_setting_are_explained_in_the_log(write: Write, caplog: pytest.LogCaptureFixture) -> None:
    write("""
        from mcp_agent import Context, hookimpl, tool

        @tool(effect="read")
        async def bad_look(ctx: Context) -> str:
            "Look at the folders."
            return str(ctx.folders.configured)

        @hookimpl
        def mcp_agent_tools():
            return [bad_look]
    """)

    async def work(host: Host) -> None:
        with pytest.raises(ToolError):
            await host.call("bad_look")

    with_bad(work)
    assert "ctx.folders needs a field `folders` in the plugin's Settings" in caplog.text


def test_a_command_waits_for_no_thread_that_a_plugin_left_behind(write: Write, tmp_path: Path) -> None:
    """Nor for a function that runs over its time, and says what there is to be done about that."""
    write("""
        import asyncio, sys, threading, time
        from mcp_agent import hookimpl, tool

        @tool(effect="read")
        async def bad_leave() -> str:
            "Leave a thread and a task behind."
            threading.Thread(target=time.sleep, args=(600,)).start()
            asyncio.get_running_loop().call_soon(sys.exit, 4)
            await asyncio.sleep(0.1)
            return "left"

        @tool(effect="read", timeout=0.1)
        def bad_wait() -> str:
            "Wait for ever."
            time.sleep(600)

        @hookimpl
        def mcp_agent_tools():
            return [bad_leave, bad_wait]
    """)
    for tool, code, said in (
        ("bad_leave", 0, "left\n"),
        ("bad_wait", 1, "bad_wait was stopped after 0.1 seconds. Ask for less at once.\n"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "mcp_agent", "tools", "call", "--plugin", "mcp_agent_bad", tool],
            env={**os.environ, "MCP_AGENT_HOME": str(tmp_path / "home"), "PYTHONPATH": str(tmp_path)},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stdout or done.stderr) == (code, said)


def test_a_bug_in_what_goes_with_a_tool_is_named_and_keeps_nobody_from_being_asked(write: Write) -> None:
    write("""
        from mcp_agent import hookimpl, tool

        def broken(*given, **named):
            raise ValueError("not yet written")

        @tool(effect="destructive", preview=broken)
        async def bad_drop(name: str) -> str:
            "Drop something."
            return "dropped"

        @tool(effect="read", origin=broken)
        async def bad_look() -> str:
            "Look at something."
            return "seen"

        @hookimpl
        def mcp_agent_tools():
            return [bad_drop, bad_look]
    """)

    async def work(host: Host) -> None:
        with pytest.raises(ToolError, match="The origin of bad_look failed because of a bug in it"):
            await host.call("bad_look")
        person = ScriptedCaller(elicit=[{"decision": "allow once"}])
        assert (await host.call("bad_drop", {"name": "Fern"}, person)).text == "dropped"
        assert "bad_drop (cannot be taken back) with name" in person.asked[0][1]["message"]

    with_bad(work)


def test_a_form_that_cannot_be_asked_is_an_error_of_the_call_and_of_no_other(write: Write) -> None:
    write("""
        from mcp_agent import Context, hookimpl, tool
        from msgspec import Struct

        class Deep(Struct):
            parts: list[dict[str, int]]

        @tool(effect="read")
        async def bad_ask(ctx: Context) -> str:
            "Ask for too much."
            return str(await ctx.elicit("Which?", Deep))

        @hookimpl
        def mcp_agent_tools():
            return [bad_ask]
    """)

    async def work(host: Host) -> None:
        one, other = await host.batch([("bad_ask", {}), ("find_tools", {"query": "ask"})])
        assert isinstance(one, ToolError)
        assert str(one) == "Deep.parts cannot be asked in a form: array is not flat"
        assert isinstance(other, ToolResult)

    with_bad(work)
