"""A real desktop without a screen: an X server in memory, a session bus, and a notification service on it.

Run as a program (``python -m tests.real.desktop FOLDER COMMAND ...``) on a bus of its own it starts the others, then
the command, and ends them with it. ``in_desktop`` does that for tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.real import debian
from tests.real.session_bus import run_on_bus, wait_for_service

WIDTH, HEIGHT = 640, 480
_LOGGER = """#!/bin/sh
printf '%s|%s|%s\\n' "$2" "$3" "$5" >> "$LOG_OF_NOTIFICATIONS"
"""
_CHOOSER = """#!/bin/sh
grep -m1 -F "$(cat "$CHOICE")"
"""
_DUNST = """[global]
    dmenu = {chooser}
[all]
    summary = "*"
    script = {script}
"""


def set_up() -> None:
    """For tests: have the programs, or skip."""
    debian.programs(
        Xvfb="xvfb", xclip="xclip", dunst="dunst", xsetroot="x11-xserver-utils", dbus_run_session="dbus",
        dbus_send="dbus-bin",
    )  # fmt: skip


def in_desktop(folder: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command as in the session of a desktop; notifications are written down in ``folder``. ``dunstctl context``
    presses the button whose name is in the file ``choice`` there."""
    return run_on_bus("tests.real.desktop", [str(folder), *command], without=("WAYLAND_",))


def main(folder: Path, command: list[str]) -> int:
    script, config = folder / "log.sh", folder / "dunstrc"
    script.write_text(_LOGGER)
    chooser = folder / "choose.sh"
    chooser.write_text(_CHOOSER)
    script.chmod(0o755)
    chooser.chmod(0o755)
    config.write_text(_DUNST.format(script=script, chooser=chooser))
    read, write = os.pipe()
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    size = f"{WIDTH}x{HEIGHT}x24"
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"], pass_fds=[write], **quiet
    )
    os.close(write)
    with os.fdopen(read) as told:
        display = told.readline().strip()
    environ = {
        **os.environ,
        "DISPLAY": f":{display}",
        "LOG_OF_NOTIFICATIONS": str(folder / "shown"),
        "CHOICE": str(folder / "choice"),
    }
    service = subprocess.Popen(["dunst", "-config", str(config)], env=environ, **quiet)
    try:
        wait_for_service("org.freedesktop.Notifications")
        subprocess.run(["xsetroot", "-solid", "#336699"], env=environ, check=True)
        return subprocess.run(command, env=environ, check=False).returncode
    finally:
        for process in (service, server):
            process.terminate()
            process.wait(10)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
