"""The clipboard, through the program each desktop has for it: bounded in time, and without the streams of the host,
which a program that stays would hold on to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping

from msgspec import Struct

from mcp_agent import ToolError

_SECONDS = 5
_MOST_BYTES = 2**20
_POWERSHELL = ["powershell", "-NoProfile", "-NonInteractive", "-Command"]
_UTF8 = "[Console]::InputEncoding = [Console]::OutputEncoding = [Text.Encoding]::UTF8; "


class Program(Struct, frozen=True):
    """``needs`` is a variable of the environment, or a platform. ``late``: it ends before the text is there."""

    needs: str
    copy: list[str]
    paste: list[str]
    late: bool = False


PROGRAMS = (
    Program("WAYLAND_DISPLAY", ["wl-copy"], ["wl-paste", "--no-newline"], late=True),
    Program("DISPLAY", ["xclip", "-selection", "clipboard"], ["xclip", "-selection", "clipboard", "-o"], late=True),
    Program("DISPLAY", ["xsel", "--clipboard", "--input"], ["xsel", "--clipboard", "--output"], late=True),
    Program("darwin", ["pbcopy"], ["pbpaste"]),
    Program(
        "win32",
        [*_POWERSHELL, _UTF8 + "Set-Clipboard -Value ([Console]::In.ReadToEnd())"],
        [*_POWERSHELL, _UTF8 + "[Console]::Out.Write((Get-Clipboard -Raw))"],
    ),
)


def read() -> str:
    """Its text; empty where there is none. Raises ToolError when it cannot be read."""
    return _run(program().paste, b"", empty_when_it_fails=True).decode(errors="replace")


def write(text: str) -> None:
    """Raises ToolError when it cannot be written."""
    chosen = program()
    _run(chosen.copy, text.encode())
    until = time.monotonic() + _SECONDS
    while chosen.late and read() != text and time.monotonic() < until:
        time.sleep(0.02)


def program(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Program:
    """The first that fits. Raises ToolError where none is installed."""
    fitting = [one for one in PROGRAMS if environ.get(one.needs) or one.needs == platform]
    for one in fitting:
        if shutil.which(one.copy[0]):
            return one
    names = " or ".join(one.copy[0] for one in fitting)
    raise ToolError("The clipboard needs a small program that is not installed.", hint=f"Install {names}.")


def _run(command: list[str], given: bytes, *, empty_when_it_fails: bool = False) -> bytes:
    wanted = subprocess.DEVNULL if given else subprocess.PIPE  # a program that copies stays, and would keep a pipe open
    try:
        done = subprocess.run(
            command, input=given, stdout=wanted, stderr=subprocess.DEVNULL, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise ToolError(f"The clipboard did not answer within {_SECONDS} seconds.") from None
    if done.returncode and not empty_when_it_fails:
        raise ToolError(f"The clipboard could not be written: {command[0]} failed.")
    if len(done.stdout or b"") > _MOST_BYTES:
        raise ToolError(f"The clipboard holds more than {_MOST_BYTES:,} bytes.")
    return done.stdout or b""
