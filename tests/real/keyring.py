"""A real Secret Service: gnome-keyring on a private session bus, unlocked, with a home and keyrings of its own.

Run as a program (``python -m tests.real.keyring COMMAND ...``) on a bus of its own it starts the keyring, then the
command. ``in_desktop_session`` does that for tests.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.real.debian import install
from tests.real.installing import Unavailable
from tests.real.session_bus import run_on_bus, wait_for_service


def set_up() -> None:
    """Have the programs, installed where that is possible. Raises Unavailable."""
    if sys.platform != "linux":
        raise Unavailable("The Secret Service is a thing of Linux desktops.")
    install({"gnome-keyring-daemon": "gnome-keyring", "dbus-run-session": "dbus", "dbus-send": "dbus-bin"})


def in_desktop_session(folder: Path, command: list[str], piped: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command as in the session of a desktop whose home is ``folder``. Two calls see the same keyring."""
    runtime = folder / "run"
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    return run_on_bus(
        "tests.real.keyring", command, without=("XDG_", "DISPLAY"), piped=piped,
        HOME=str(folder), XDG_RUNTIME_DIR=str(runtime), XDG_DATA_HOME=str(folder / "share"),
    )  # fmt: skip


def main(command: list[str]) -> int:
    """On a session bus: start the keyring, unlocked, run the command and give its exit code."""
    keyrings = Path(os.environ["XDG_DATA_HOME"], "keyrings")
    keyrings.mkdir(mode=0o700, parents=True, exist_ok=True)
    start = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"]
    daemon = subprocess.Popen(start, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert daemon.stdin is not None
        daemon.stdin.write(b"password-of-the-login")
        daemon.stdin.close()
        wait_for_service("org.freedesktop.secrets")
        return subprocess.run(command, check=False).returncode
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(10)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
