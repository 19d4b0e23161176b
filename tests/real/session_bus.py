"""A session bus of its own, for programs of a desktop that run without one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

_SECONDS = 20.0
_WHOLE_SECONDS = 120.0


def run_on_bus(
    module: str, arguments: Sequence[str], *, without: tuple[str, ...], piped: str = "", **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run a module of the tests as a program on a new bus. ``without`` are beginnings of names of variables that it
    does not inherit; ``environ`` those that it gets."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DBUS_", *without))}
    return subprocess.run(
        ["dbus-run-session", "--", sys.executable, "-m", module, *arguments],
        input=piped, capture_output=True, text=True, timeout=_WHOLE_SECONDS, check=False,
        env={**kept, "PYTHONPATH": str(Path(__file__).parent.parent.parent), **environ},
    )  # fmt: skip


def wait_for_service(name: str) -> None:
    """Until somebody on this bus has the name. Raises TimeoutError."""
    asked = [
        "dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus",
        "org.freedesktop.DBus.NameHasOwner", f"string:{name}",
    ]  # fmt: skip
    until = time.monotonic() + _SECONDS
    while "boolean true" not in subprocess.run(asked, capture_output=True, text=True, check=False).stdout:
        if time.monotonic() > until:
            raise TimeoutError(f"{name} did not come up within {_SECONDS:g} seconds")
        time.sleep(0.05)
