"""With a screen and without: on a real X server, session bus and notification service, and on a server with none."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from mcp_agent_desktop import clipboard
from mcp_agent_desktop.session import has_desktop

from mcp_agent import Host, ToolError
from mcp_agent.testing import host_for
from tests.real import desktop

MODULE = "mcp_agent_desktop"
AT_A_SCREEN = {"desktop_notify", "desktop_open", "desktop_clipboard", "desktop_copy", "desktop_screenshot"}

IN_A_SESSION = r"""
import asyncio, hashlib, io, os, pathlib, subprocess, sys, time, warnings
warnings.simplefilter("error")
from PIL import Image
from mcp_agent import ToolError
from mcp_agent.testing import PluginContract, host_for
from mcp_agent_desktop import session

class Contract(PluginContract):
    module = "mcp_agent_desktop"
    examples = {
        "desktop_notify": {"title": "Ready", "message": "Grüße & <Käse>", "urgency": "critical"},
        "desktop_copy": {"text": "Grüße €\n"},
        "desktop_clipboard": {},
        "desktop_screenshot": {"width": 320},
    }

async def work(base):
    async with host_for("mcp_agent_desktop") as host:
        assert (await host.call("desktop_clipboard")).text == ""
    async with host_for("mcp_agent_desktop") as host:
        names = {tool.name for tool in host.tools()}
        assert len(names) == 18, names
        shown = await host.call("desktop_notify", {"title": "Ready", "message": "Grüße & Käse"})
        assert shown.text == "It is shown."
        await host.call("desktop_notify", {"title": "Again"})
        for _ in range(400):
            said = (base / "shown").read_text() if (base / "shown").exists() else ""
            if "Again" in said:
                break
            time.sleep(0.05)
        assert "Ready|" in said and "Grüße" in said, said

        for text in ("x" * 200_000, "short", "Grüße €\n"):
            await host.call("desktop_copy", {"text": text})
            pasted = subprocess.run(["xclip", "-selection", "clipboard", "-o"], capture_output=True, check=True)
            assert pasted.stdout.decode() == text
        read = await host.call("desktop_clipboard")
        assert read.text == "Grüße €\n"
        assert read.meta["mcp-agent/origin"]["trust"] == "untrusted"

        picture = (await host.call("desktop_screenshot", {"width": 320})).content[0]
        image = Image.open(io.BytesIO(picture.data))
        assert image.size == (320, 240) and picture.mime_type == "image/png"
        assert image.getpixel((160, 120)) == (0x33, 0x66, 0x99), image.getpixel((160, 120))
        whole = (await host.call("desktop_screenshot", {"width": 4000, "monitor": 1})).content[0]
        assert Image.open(io.BytesIO(whole.data)).size == (640, 480)
        try:
            await host.call("desktop_screenshot", {"monitor": 9})
        except ToolError as error:
            assert "There is no screen 9" in str(error)
        else:
            raise AssertionError("there is a screen 9")

        opened = base / "opened"
        opener = base / "bin" / "xdg-open"
        opener.parent.mkdir()
        opener.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {opened}\n')
        opener.chmod(0o755)
        os.environ["PATH"] = f"{opener.parent}:{os.environ['PATH']}"
        (base / "agent" / "files" / "letter.txt").write_text("Dear")
        await host.call("desktop_open", {"target": "letter.txt"})
        assert opened.read_text() == str(base / "agent" / "files" / "letter.txt")
        for name in ("run.sh", "x.desktop", "macro.docm"):
            (base / "agent" / "files" / name).write_text("x")
        (base / "agent" / "files" / "marked").write_text("x")
        (base / "agent" / "files" / "marked").chmod(0o755)
        for target in ("run.sh", "x.desktop", "macro.docm", "marked", "/etc/passwd", "file:///etc/passwd", "ftp://x/y"):
            try:
                await host.call("desktop_open", {"target": target})
            except ToolError:
                continue
            raise AssertionError(f"{target} was opened")

asyncio.run(work(pathlib.Path(sys.argv[1])))
Contract().test_its_examples_give_what_the_schemas_promise()
sys.stdout.write("all is well")
"""


@pytest.mark.real
@pytest.mark.skipif(sys.platform != "linux", reason="an X server")
def test_on_a_real_desktop(tmp_path: Path) -> None:
    """Notifications arrive, the clipboard is the one of other programs, and the picture shows what is on the screen."""
    desktop.set_up()
    done = desktop.in_desktop(tmp_path, [sys.executable, "-c", IN_A_SESSION, str(tmp_path)])
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("all is well")


def test_without_a_screen_these_tools_are_not_listed_and_the_plugin_says_so() -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            assert not {tool.name for tool in host.tools()} & AT_A_SCREEN
            assert len(host.tools()) == 13
            assert (await host.checks())["desktop"] == (
                "Folders: 1, writable of them: 1. No desktop here, so no notifications, clipboard or screenshots."
            )

    asyncio.run(work())


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("desktop_notify", {"title": "Ready"}),
        ("desktop_open", {"target": "https://example.org"}),
        ("desktop_clipboard", {}),
        ("desktop_copy", {"text": "x"}),
        ("desktop_screenshot", {}),
    ],
)
def test_a_screen_that_went_away_is_said(tool: str, given: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":77")

    async def work() -> None:
        async with host_for(MODULE) as host:
            assert {tool.name for tool in host.tools()} >= AT_A_SCREEN
            monkeypatch.delenv("DISPLAY")
            with pytest.raises(ToolError, match="There is no desktop here"):
                await host.call(tool, dict(given))

    asyncio.run(work())


def test_a_desktop_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable says there is a screen, but nobody is there."""
    monkeypatch.setenv("DISPLAY", ":7777")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")

    async def work(host: Host) -> None:
        with pytest.raises(ToolError, match="The desktop took no notification"):
            await host.call("desktop_notify", {"title": "Ready"})
        with pytest.raises(ToolError, match="The screen cannot be read"):
            await host.call("desktop_screenshot")

    async def main() -> None:
        async with host_for(MODULE) as host:
            await work(host)

    asyncio.run(main())


@pytest.mark.parametrize(
    ("environ", "platform", "there"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "darwin", True),
        ({"SSH_CONNECTION": "x"}, "darwin", False),
        ({}, "win32", True),
    ],
)
def test_whether_there_is_a_desktop(environ: Mapping[str, str], platform: str, there: bool) -> None:
    assert has_desktop(environ, platform) is there


@pytest.mark.parametrize(
    ("environ", "platform", "installed", "chosen"),
    [
        ({"DISPLAY": ":0"}, "linux", {"xclip", "xsel", "wl-copy"}, "xclip"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "w"}, "linux", {"xclip", "wl-copy"}, "wl-copy"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "w"}, "linux", {"xsel"}, "xsel"),
        ({}, "darwin", {"pbcopy"}, "pbcopy"),
        ({}, "win32", {"powershell"}, "powershell"),
    ],
)
def test_the_program_for_the_clipboard(
    environ: Mapping[str, str], platform: str, installed: set[str], chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard.shutil, "which", lambda name: name if name in installed else None)
    assert clipboard.program(environ, platform).copy[0] == chosen
    monkeypatch.setattr(clipboard.shutil, "which", lambda name: None)
    with pytest.raises(ToolError, match="a small program that is not installed"):
        clipboard.program(environ, platform)
