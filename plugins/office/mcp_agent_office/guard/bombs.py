"""Packages that are small on disk and endless when they are opened, and XML that is."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import BinaryIO
from xml.parsers import expat

from mcp_agent import ToolError

MOST_PARTS = 20_000
MOST_BYTES = 600 * 2**20
MOST_RATIO = 400
_RATIO_FROM = 8 * 2**20
_CHUNK = 256 * 1024
_NO_XML = (".htm", ".html", ".mht", ".svg", ".png", ".jpeg", ".jpg", ".gif", ".emf", ".wmf", ".bin", ".ttf", ".odttf")
_MARKS = (b"<!DOCTYPE", b"<!ENTITY")
_DECLARED = tuple(text for mark in _MARKS for text in (mark, mark.decode().encode("utf-16-le")))
_OVERLAP = max(map(len, _DECLARED)) - 1


def check_package(file: BinaryIO, name: str) -> None:
    """Raises ToolError for what must not be opened. Every part is unpacked and counted: what a header says may be a
    lie."""
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            if len(parts) > MOST_PARTS:
                raise _refused(name, f"it has {len(parts):,} parts, and {MOST_PARTS:,} are the most")
            total = 0
            for part in parts:
                total = _check_part(package, part, total, name)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        ValueError,
        expat.ExpatError,
    ) as error:
        raise ToolError(
            f"{name} is damaged, or no Office file: {error}.", hint="Open it in the program that made it, and save it."
        ) from None
    finally:
        file.seek(0)


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, total: int, name: str) -> int:
    """The bytes unpacked so far, this part included."""
    if part.flag_bits & 1:
        raise ToolError(f"{name} is encrypted.", hint="Save a copy without a password first.")
    if part.filename.startswith(("/", "\\")) or ".." in part.filename.replace("\\", "/").split("/"):
        raise _refused(name, "a part of it wants to be outside of it")
    watched = not part.filename.lower().endswith(_NO_XML)
    size, before = 0, b""
    parser = expat.ParserCreate() if part.filename.lower().endswith((".xml", ".rels")) and part.file_size else None
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if total + size > MOST_BYTES:
                raise _refused(name, f"it unpacks to more than {MOST_BYTES // 2**20} MiB")
            if size > _RATIO_FROM and size > MOST_RATIO * max(part.compress_size, 1):
                raise _refused(name, "a part of it unpacks to many hundred times its size")
            if watched and any(mark in before + chunk for mark in _DECLARED):
                raise _refused(name, f"{part.filename} declares its own XML entities")
            before = chunk[-_OVERLAP:]
            if parser is not None:
                parser.Parse(chunk)
    if parser is not None:
        parser.Parse(b"", True)
    return total + size


def check_bytes(data: bytes, name: str) -> None:
    """Like check_package, for what is in memory."""
    check_package(io.BytesIO(data), name)


def _refused(name: str, why: str) -> ToolError:
    return ToolError(
        f"{name} was not opened: {why}. Files like that are made to bring programs down.",
        hint="Ask where it comes from; open it elsewhere only if it is meant to be so.",
    )
