"""LibreOffice without a window: one file at a time, in a profile of its own, with a time limit and no way out.

It gets a copy in a folder of its own. Macros are off, links are never updated, and whatever it wants from the network
goes to a proxy that is not there.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Protocol
from xml.sax.saxutils import escape

from mcp_agent import ToolError
from mcp_agent_office.settings import Settings

_ONE_AT_A_TIME = threading.Lock()
_USUAL = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
    "/snap/bin/libreoffice",
)
_CALC, _WRITER = "/org.openoffice.Office.Calc", "/org.openoffice.Office.Writer"
_SECURITY, _NETWORK = "/org.openoffice.Office.Common/Security/Scripting", "/org.openoffice.Inet/Settings"
_SETTINGS = (
    (_SECURITY, "MacroSecurityLevel", "3"),
    (_SECURITY, "DisableMacrosExecution", "true"),
    (_SECURITY, "BlockUntrustedRefererLinks", "true"),
    (_SECURITY, "DisableActiveContent", "true"),
    (f"{_CALC}/Content/Update", "Link", "1"),
    (f"{_WRITER}/Content/Update", "Link", "0"),
    (f"{_CALC}/Formula/Load", "OOXMLRecalcMode", "0"),
    (f"{_CALC}/Formula/Load", "ODFRecalcMode", "0"),
    (_NETWORK, "ooInetProxyType", "2"),
    *((_NETWORK, f"ooInet{scheme}ProxyName", "127.0.0.1") for scheme in ("HTTP", "HTTPS", "FTP")),
    *((_NETWORK, f"ooInet{scheme}ProxyPort", "9") for scheme in ("HTTP", "HTTPS", "FTP")),
    (_NETWORK, "ooInetNoProxy", ""),
)


class Renderer(Protocol):
    """Makes another format of an office file."""

    def convert(self, data: bytes, suffix: str, to: str) -> bytes:
        """``suffix`` with its dot is what it is, ``to`` the format wanted, such as ``pdf``. Raises ToolError."""


class LibreOffice:
    """The program of that path."""

    def __init__(self, program: str, seconds: float) -> None:
        self._program, self._seconds = program, seconds

    def convert(self, data: bytes, suffix: str, to: str) -> bytes:
        with tempfile.TemporaryDirectory(prefix="mcp-agent-office-") as name:
            folder = Path(name)
            source, out = folder / f"source{suffix}", folder / "out"
            source.write_bytes(data)
            _write_profile(folder / "profile")
            with _ONE_AT_A_TIME:
                said = self._run(folder, ["--convert-to", to, "--outdir", str(out), str(source)])
            made = sorted(out.glob("source.*")) if out.is_dir() else []
            if not made:
                raise ToolError(
                    f"LibreOffice could not make {to} of this file: {said.strip()[-300:] or 'it says nothing'}",
                    hint="Is the file whole? office_read_* says what is in it.",
                )
            return made[0].read_bytes()

    def _run(self, folder: Path, words: list[str]) -> str:
        profile = (folder / "profile").as_uri()
        command = [self._program, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nolockcheck",
                   "--nodefault", "--nofirststartwizard", *words]  # fmt: skip
        environ = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environ,
            cwd=folder, text=True, errors="replace", start_new_session=sys.platform != "win32",
        ) as process:  # fmt: skip
            try:
                return process.communicate(timeout=self._seconds)[0]
            except subprocess.TimeoutExpired:
                raise ToolError(
                    f"LibreOffice did not finish within {self._seconds:g} seconds.",
                    hint="Make the file smaller, or raise libreoffice_seconds in the settings of office.",
                ) from None
            finally:
                _end(process)


def find_renderer(settings: Settings) -> Renderer:
    """Raises ToolError, with how to get it, where LibreOffice is not installed."""
    program = find_program(settings)
    if program is None:
        raise ToolError(
            "This needs LibreOffice, which was not found on this machine.",
            hint="Install it: 'apt install libreoffice', 'brew install --cask libreoffice', or from libreoffice.org; "
            "or set libreoffice in the settings of office to the path of its program soffice.",
        )
    return LibreOffice(program, settings.libreoffice_seconds)


def find_program(settings: Settings) -> str | None:
    if settings.libreoffice:
        return shutil.which(settings.libreoffice)
    named = shutil.which("soffice") or shutil.which("libreoffice")
    return named or next((path for path in _USUAL if os.path.exists(path)), None)


def _end(process: subprocess.Popen[str]) -> None:
    """It and what it started: soffice is a script that starts another program."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)


def _write_profile(folder: Path) -> None:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{escape(value)}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>'
    )
