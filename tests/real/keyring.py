"""A real Secret Service: gnome-keyring on a private session bus, unlocked, with a home and keyrings of its own.

Run as a program (``python -m tests.real.keyring COMMAND ...``) on a bus of its own it starts the keyring, then the
command. ``in_desktop_session`` does that for tests.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.real.debian import install
from tests.real.installing import Unavailable

_READY_SECONDS = 20.0


def set_up() -> None:
    """Have the programs, installed where that is possible. Raises Unavailable."""
    if sys.platform != "linux":
        raise Unavailable("The Secret Service is a thing of Linux desktops.")
    install({"gnome-keyring-daemon": "gnome-keyring", "dbus-run-session": "dbus", "dbus-send": "dbus-bin"})


def in_desktop_session(folder: Path, command: list[str], piped: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command as in the session of a desktop whose home is ``folder``. Two calls see the same keyring."""
    runtime = folder / "run"
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DBUS_", "XDG_", "DISPLAY"))}
    environ = {
        **kept,
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(runtime),
        "XDG_DATA_HOME": str(folder / "share"),
        "PYTHONPATH": str(Path(__file__).parent.parent.parent),
    }
    return subprocess.run(
        ["dbus-run-session", "--", sys.executable, "-m", "tests.real.keyring", *command],
        input=piped, capture_output=True, text=True, timeout=120, check=False, env=environ,
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
        _wait_for_service()
        return subprocess.run(command, check=False).returncode
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(10)


def _wait_for_service() -> None:
    asked = [
        "dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus",
        "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets",
    ]  # fmt: skip
    until = time.monotonic() + _READY_SECONDS
    while "boolean true" not in subprocess.run(asked, capture_output=True, text=True, check=False).stdout:
        if time.monotonic() > until:
            raise TimeoutError(f"gnome-keyring did not come up within {_READY_SECONDS:g} seconds")
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
