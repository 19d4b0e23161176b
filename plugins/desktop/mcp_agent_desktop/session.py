"""Tools for the person at the screen: opening things, clipboard, screenshots. Not listed where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from typing import Annotated

from mcp_agent import Context, Field, Image, ToolError, tool
from mcp_agent_desktop.examples import EXAMPLES

_OPEN_SECONDS = 15
_PROGRAMS = {
    ".exe", ".com", ".bat", ".cmd", ".ps1", ".psm1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".wsh", ".hta", ".msi",
    ".msp", ".msix", ".appx", ".scr", ".pif", ".cpl", ".reg", ".lnk", ".url", ".jar", ".jnlp", ".app", ".command",
    ".tool", ".workflow", ".scpt", ".applescript", ".pkg", ".dmg", ".desktop", ".sh", ".bash", ".zsh", ".csh",
    ".fish", ".py", ".pyw", ".pl", ".rb", ".php", ".run", ".appimage", ".deb", ".rpm", ".flatpakref", ".snap",
    ".docm", ".xlsm", ".pptm", ".dotm", ".xlam", ".action", ".fileloc", ".webloc", ".inetloc",
}  # fmt: skip
"""What runs when it is opened, or may."""


def has_desktop(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether programs of this user can show something on a screen."""
    if platform in ("win32", "darwin"):
        return "SSH_CONNECTION" not in environ
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def need_desktop() -> None:
    """The screen may be gone since the tools were listed. Raises ToolError where there is none."""
    if not has_desktop():
        raise ToolError("There is no desktop here: nobody sits in front of this machine.")


@tool(effect="write", undo="impossible", open_world=True, examples=EXAMPLES["desktop_open"])
def desktop_open(
    ctx: Context, target: Annotated[str, Field("A file or folder in the configured folders, or an http(s) address.")]
) -> str:
    """Open a document, folder or web page in the program that the person uses for it. Never starts a program."""
    need_desktop()
    if target.lower().startswith(("http://", "https://")):
        _open(target)
        return f"{target} is open."
    path = ctx.folders.real_path(target)
    info = ctx.folders.info(target)
    if info.kind == "file" and (path.suffix.lower() in _PROGRAMS or (os.name != "nt" and info.mode & 0o111)):
        raise ToolError(f"{info.path} is a program or may run one.", hint="The person can start it by hand.")
    if path.is_dir() and path.suffix.lower() in _PROGRAMS:  # on macOS, programs are folders
        raise ToolError(f"{info.path} is a program.", hint="The person can start it by hand.")
    _open(str(path))
    return f"{info.path} is open."


def _open(target: str) -> None:
    if sys.platform == "win32":
        os.startfile(target)
        return
    program = "open" if sys.platform == "darwin" else "xdg-open"
    if shutil.which(program) is None:
        raise ToolError("There is no xdg-open, which knows what opens with what.", hint="Install xdg-utils.")
    nowhere = subprocess.DEVNULL
    done = subprocess.Popen([program, target], stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)
    try:
        if done.wait(_OPEN_SECONDS):
            raise ToolError(f"Nothing was found that opens {target}.")
    except subprocess.TimeoutExpired:
        return  # some desktops stay in the foreground: it is open


@tool(effect="read", origin="clipboard", examples=EXAMPLES["desktop_clipboard"])
def desktop_clipboard(ctx: Context) -> str:
    """The text in the clipboard of the person, as it is now."""
    need_desktop()
    from mcp_agent_desktop import clipboard

    return clipboard.read()


@tool(effect="write", idempotent=True, undo="impossible", examples=EXAMPLES["desktop_copy"])
def desktop_copy(
    ctx: Context, text: Annotated[str, Field("What to put there.", max_length=1_000_000, private=True)]
) -> str:
    """Put text into the clipboard of the person. What was there is gone: it may be a password, so no copy is kept."""
    need_desktop()
    from mcp_agent_desktop import clipboard

    clipboard.write(text)
    return f"{len(text)} characters are in the clipboard."


@tool(effect="read", origin="screen", examples=EXAMPLES["desktop_screenshot"])
def desktop_screenshot(
    ctx: Context,
    monitor: Annotated[int, Field("Which screen, from 1; 0 for all of them as one picture.", ge=0, le=16)] = 0,
    width: Annotated[int, Field("Widest the picture may be, in pixels.", ge=100, le=4000)] = 1280,
) -> Image:
    """A picture of the screen as the person sees it now, as PNG."""
    need_desktop()
    try:
        import mss
        from PIL import Image as Picture
    except ModuleNotFoundError:
        raise missing("Screenshots", "screen") from None
    from io import BytesIO

    try:
        with mss.MSS() as screens:
            if monitor >= len(screens.monitors):
                raise ToolError(f"There is no screen {monitor}; there are {len(screens.monitors) - 1}.")
            shot = screens.grab(screens.monitors[monitor])
    except mss.ScreenShotError as error:
        raise ToolError(f"The screen cannot be read: {error}.") from None
    picture = Picture.frombytes("RGB", shot.size, shot.rgb)
    picture.thumbnail((width, width * 4))
    written = BytesIO()
    picture.save(written, "PNG")
    return Image(data=written.getvalue(), mime_type="image/png")


def missing(what: str, extra: str) -> ToolError:
    return ToolError(f"{what} need a library that is not installed.", hint=f"Install mcp-agent-desktop[{extra}].")
