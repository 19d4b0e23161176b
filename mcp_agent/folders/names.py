"""What a path may look like, on each system. Pure: the rules of all three can be tried on any of them."""

from __future__ import annotations

import re
import sys
import unicodedata
from typing import Literal, TypeAlias

from msgspec import Struct

from mcp_agent.errors import ToolError

System: TypeAlias = Literal["linux", "macos", "windows"]

LONGEST_NAME = 255
"""Bytes of UTF-8 on Linux and macOS, units of UTF-16 on Windows."""
LONGEST_PATH = 4000
DEEPEST = 64

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/|file:", re.IGNORECASE)
_DRIVE = re.compile(r"([A-Za-z]):")
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE)
_SHORT = re.compile(r"[^. ]{1,6}~[0-9]{1,6}(\.[^. ]{0,3})?")
"""The 8.3 form of another name: ``PROGRA~1``."""
_NOT_ON_WINDOWS = re.compile(r'[<>"|?*:]')
_IGNORED = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF])
"""What HFS+ leaves out when it compares names."""


class Written(Struct, frozen=True):
    """A path taken apart. ``anchor`` is empty for a relative one, ``~`` for one in the home, else ``/`` or ``C:``."""

    anchor: str
    parts: tuple[str, ...]


def this_system() -> System:
    return "windows" if sys.platform == "win32" else "macos" if sys.platform == "darwin" else "linux"


def read_path(text: str, system: System) -> Written:
    """Take a path apart. Raises ToolError for one that is not plain: it names what is wrong with it."""
    if _URL.match(text):
        raise _refused(text, "is an address, not the path of a file.")
    if len(text) > LONGEST_PATH:
        raise _refused(text, f"is longer than {LONGEST_PATH} characters.")
    anchor, rest = _anchored_windows(text) if system == "windows" else _anchored_posix(text)
    parts = tuple(part for part in rest.split("/") if part not in ("", "."))
    if len(parts) > DEEPEST:
        raise _refused(text, f"goes through more than {DEEPEST} folders.")
    for part in parts:
        wrong = why_not(part, system)
        if wrong:
            raise _refused(text, wrong)
    return Written(anchor, parts)


def why_not(name: str, system: System) -> str | None:
    """Why this cannot be the name of a file or folder, None when it can."""
    if name == "..":
        return "goes up with '..'."
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in name):
        return "has a control character in it."
    if any(0xD800 <= ord(letter) < 0xE000 for letter in name):
        return "has a character in it that is none."
    if _length(name, system) > LONGEST_NAME:
        return f"has a name of more than {LONGEST_NAME} characters in it."
    if system == "windows":
        return _why_not_windows(name)
    if "\\" in name:
        return "has a backslash in it; folders are parted by '/'."
    if system == "macos" and name.startswith("..namedfork"):
        return "names a hidden part of a file."
    return None


def fold(name: str, system: System) -> str:
    """Two names with the same fold may be the same file."""
    if system == "linux":
        return name
    if system == "macos":
        return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).translate(_IGNORED).casefold())
    return name.casefold().rstrip(". ")


def _anchored_posix(text: str) -> tuple[str, str]:
    if "\\" in text or re.match(r"[A-Za-z]:/", text):
        raise _refused(text, "is written as on Windows; folders are parted by '/'.")
    if text.startswith("//"):
        raise _refused(text, "names another machine.")
    if text == "~" or text.startswith("~/"):
        return "~", text[1:]
    return ("/", text) if text.startswith("/") else ("", text)


def _anchored_windows(text: str) -> tuple[str, str]:
    text = text.replace("\\", "/")
    if text.startswith("//"):
        raise _refused(text, "names another machine or a device.")
    if text.startswith("/"):
        raise _refused(text, "has no drive.")
    if text == "~" or text.startswith("~/"):
        return "~", text[1:]
    drive = _DRIVE.match(text)
    if drive is None:
        return "", text
    if text[2:3] != "/":
        raise _refused(text, "depends on the current folder of a drive, or names a hidden part of a file.")
    return f"{drive[1].upper()}:", text[2:]


def _why_not_windows(name: str) -> str | None:
    if ":" in name:
        return "has a ':' in a name, which would be a hidden part of a file."
    if _NOT_ON_WINDOWS.search(name):
        return "has a character in it that names cannot have on Windows."
    if name[-1] in ". ":
        return "has a name that ends in a dot or space, which Windows would drop."
    if _DEVICE.fullmatch(name):
        return "names a device of Windows."
    if _SHORT.fullmatch(name):
        return "has the short form of another name in it."
    return None


def _length(name: str, system: System) -> int:
    if system == "windows":
        return len(name.encode("utf-16-le")) // 2
    return len((unicodedata.normalize("NFD", name) if system == "macos" else name).encode())


def _refused(text: str, why: str) -> ToolError:
    shown = ascii(text)[1:-1] if not text.isprintable() else text
    return ToolError(
        f"The path {shown[:200]!r} {why}", hint="Give a plain path, as listings show them, without '..' or links."
    )
