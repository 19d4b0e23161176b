"""The real thing: ``mcp-agent tui`` in tmux, beside a real server that a client keeps busy."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mcp_agent import Paths
from mcp_agent.control.instances import addresses
from tests.real.debian import programs
from tests.support.process import ENTRY, ROOT, until

pytestmark = pytest.mark.real

PATIENCE = 30.0


class Tmux:
    """A server of its own, which knows nothing of any other."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    def run(self, *words: str) -> str:
        command = ["tmux", "-S", str(self._socket), "-f", os.devnull, *words]
        environ = dict(os.environ)  # not what libraries in C put beside it: readline adds COLUMNS and LINES
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True, cwd=ROOT, env=environ)
        return done.stdout

    def screen(self) -> str:
        return self.run("capture-pane", "-p")

    def press(self, *keys: str) -> None:
        self.run("send-keys", *keys)

    def see(self, *words: str, gone: str = "") -> str:
        deadline = time.monotonic() + PATIENCE
        while True:
            text = self.screen()
            if all(word in text for word in words) and not (gone and gone in text):
                return text
            assert time.monotonic() < deadline, f"{words} are not there, or {gone!r} still is:\n{text}"
            time.sleep(0.05)


@pytest.fixture
def tmux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tmux]:
    programs(tmux="tmux")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for size in ("COLUMNS", "LINES"):  # whoever sets them means another terminal
        monkeypatch.delenv(size, raising=False)
    monkeypatch.setenv("MCP_AGENT_HOME", str(tmp_path / "home"))
    tmux = Tmux(tmp_path / "tmux.sock")
    yield tmux
    with contextlib.suppress(subprocess.SubprocessError):
        tmux.run("kill-server")


@pytest.fixture
def busy(tmux: Tmux, tmp_path: Path) -> Iterator[int]:
    """A server with 300 calls a second; gives its process id."""
    command = [sys.executable, "-m", "tests.tui.traffic", "120", "300"]
    traffic = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    home = tmp_path / "home"
    paths = Paths(home, home / "data", home / "state")
    until(lambda: bool(addresses(paths)))
    yield int(addresses(paths)[0].name.partition("-")[0])
    traffic.kill()
    traffic.wait()


def test_a_person_watches_a_busy_server_until_it_is_killed(tmux: Tmux, busy: int) -> None:
    tmux.run("new-session", "-d", "-x", "80", "-y", "24", str(ENTRY), "tui")
    tmux.see("1 instance", "runs 1", str(busy), "house_scan_network", "38%", "stdio:desk-assistant")
    tmux.run("resize-window", "-x", "160", "-y", "50")
    tmux.see("Latest calls", "house_list_lamps")
    tmux.run("resize-window", "-x", "80", "-y", "24")
    tmux.press("2")
    tmux.see("house_list_lamps", "✓ ok", "Result")
    tmux.press("/")
    for letter in "cellar":
        tmux.press(letter)
    tmux.see("1 call)", "✗ error", "house_set_lamp", "audit log")
    tmux.press("Escape")  # alone: together with the next key it would be Alt
    tmux.see("Type / to filter", "u Undo")
    tmux.press("4")
    tmux.see("house", "⊘ left alone")
    tmux.press("?")
    tmux.see("Plugins that are")
    tmux.press("?", "8")
    tmux.see("Everywhere", gone="Plugins that are")
    tmux.press("1")
    tmux.see("In flight")
    os.kill(busy, signal.SIGKILL)
    tmux.see("✗ gone 1", "no instance runs")
    tmux.press("q")
    until(
        lambda: (
            subprocess.run(["tmux", "-S", str(tmux._socket), "ls"], capture_output=True, check=False).returncode != 0
        )
    )


def test_a_picture_is_written_without_a_terminal(tmux: Tmux, busy: int, tmp_path: Path) -> None:
    file = tmp_path / "picture.svg"
    command = [str(ENTRY), "tui", "--screen", "calls", "--screenshot", str(file), "--size", "100x30"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)
    assert (done.returncode, done.stdout) == (0, f"Written: {file}\n"), done.stderr
    svg = file.read_text(encoding="utf-8")
    assert svg.startswith("<svg")
    assert "house_list_lamps" in svg


def test_without_a_terminal_it_says_what_does_without_one() -> None:
    done = subprocess.run([str(ENTRY), "tui"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "mcp-agent status" in done.stderr
