"""Consent by a notification: a real notification service shows it, and its buttons decide."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from mcp_agent.config import Config, PolicySettings, Rule
from mcp_agent.errors import Denied
from mcp_agent.host import Host
from tests.real import desktop

IN_A_SESSION = r"""
import asyncio, pathlib, subprocess, sys
from mcp_agent.config import Config, PolicySettings, Rule
from mcp_agent.errors import Denied
from mcp_agent.host import Host
from tests.plugins import lamp

base = pathlib.Path(sys.argv[1])

def dunst(*words):
    return subprocess.run(["dunstctl", *words], capture_output=True, text=True, check=True).stdout.strip()

async def press(button):
    (base / "choice").write_text(button)
    while dunst("count", "displayed") != "1":
        await asyncio.sleep(0.05)
    dunst("context")

async def work():
    policy = PolicySettings(rules=(Rule(decide="ask"),), wait_seconds=30)
    async with Host(Config(policy=policy), on_disk=False, installed=False, modules=["tests.plugins.lamp"]) as host:
        pressing = asyncio.ensure_future(press("Allow once"))
        await host.call("lamp_set", {"lamp": "desk"})
        await pressing
        print("allowed", sorted(lamp.levels))
        dunst("close-all")  # this service leaves a notification there whose button was pressed
        pressing = asyncio.ensure_future(press("Refuse"))
        try:
            await host.call("lamp_set", {"lamp": "hall"})
        except Denied as error:
            print("refused", error)
        await pressing
        dunst("close-all")
        print("lamps", sorted(lamp.levels))
        waiting = asyncio.ensure_future(host.call("lamp_set", {"lamp": "stairs"}))
        while dunst("count", "displayed") != "1":
            await asyncio.sleep(0.05)
        waiting.cancel()
        while dunst("count", "displayed") != "0":
            await asyncio.sleep(0.05)
        print("taken away with the call")
    print((base / "shown").read_text())

asyncio.run(asyncio.wait_for(work(), 60))
"""


@pytest.mark.real
def test_the_buttons_of_a_notification_allow_and_refuse(tmp_path: Path) -> None:
    desktop.set_up()
    done = desktop.in_desktop(tmp_path, [sys.executable, "-c", IN_A_SESSION, str(tmp_path)])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "allowed ['desk']\n" in done.stdout
    assert "refused The person refused lamp_set" in done.stdout
    assert "lamps ['desk']\n" in done.stdout
    assert "taken away with the call" in done.stdout
    assert "lamp_set?" in done.stdout
    assert "mcp-agent approve" in done.stdout


def test_without_a_desktop_nobody_is_told_and_no_means_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)

    async def work() -> None:
        policy = PolicySettings(rules=(Rule(decide="ask"),), wait_seconds=0)
        async with Host(Config(policy=policy), on_disk=False, installed=False, modules=["tests.plugins.lamp"]) as host:
            with pytest.raises(Denied, match="mcp-agent approve"):
                await host.call("lamp_set", {"lamp": "desk"})

    asyncio.run(work())


def test_a_library_that_is_not_there_is_no_error() -> None:
    code = "import os, sys\nos.environ['DBUS_SESSION_BUS_ADDRESS'] = 'x'\nsys.modules['desktop_notifier'] = None\n"
    code += "from mcp_agent.notices import _connect\nassert _connect() is None\n"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
