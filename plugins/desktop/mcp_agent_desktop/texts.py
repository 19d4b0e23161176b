"""Files as text: plain text in whatever encoding, PDF, office files. In pieces: the start of a long one is cheap."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from msgspec import Struct

from mcp_agent import ToolError

_HEAD = 2**13
_BLOCK = 2**16
FURTHEST = 2**30
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OLD = "cp1252"
"""What a file is taken for that is no UTF-8."""


class Decoded(Struct, frozen=True):
    """``kind`` is an encoding, ``pdf`` or ``office``."""

    kind: str
    pieces: Iterator[str]


def decoded(file: BinaryIO) -> Decoded:
    """The text of a file. Raises ToolError for one that has none."""
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith(b"%PDF-"):
        return Decoded("pdf", _pdf_text(file))
    if head.startswith(b"PK\x03\x04"):
        from mcp_agent_desktop.office import office_text

        pieces = office_text(file)
        if pieces is not None:
            return Decoded("office", pieces)
    encoding = encoding_of(head, whole=len(head) < _HEAD)
    return Decoded(encoding, _plain_text(file, encoding))


def encoding_of(head: bytes, *, whole: bool) -> str:
    """Raises ToolError for what is no text."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    if b"\0" in head:
        raise ToolError("The file is not text.", hint="Pictures, sounds and programs cannot be read with this tool.")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, whole)
    except UnicodeDecodeError:
        return _OLD
    return "utf-8"


def cut(pieces: Iterator[str], offset: int, limit: int) -> tuple[str, bool]:
    """``limit`` characters from ``offset`` on, and whether there are more."""
    found: list[str] = []
    wanted = limit + 1
    for piece in pieces:
        if offset >= len(piece):
            offset -= len(piece)
            continue
        found.append(piece[offset : offset + wanted])
        wanted -= len(found[-1])
        offset = 0
        if wanted <= 0:
            break
    text = "".join(found)
    return text[:limit], len(text) > limit


def _plain_text(file: BinaryIO, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while block := file.read(_BLOCK):
        if file.tell() > FURTHEST:  # what comes before is read for it, and a file may have holes of any size
            raise ToolError(f"Nothing beyond the first {FURTHEST:,} bytes of a file is read.")
        yield decoder.decode(block)
    yield decoder.decode(b"", True)


def _pdf_text(file: BinaryIO) -> Iterator[str]:
    import zlib

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    damaged = (
        PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, RecursionError,
        AssertionError, NotImplementedError, zlib.error,
    )  # fmt: skip
    """What pypdf raises for files that break the rules."""
    try:
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ToolError("The PDF is protected by a password.", hint="Open it by hand, and save it without one.")
        for number, page in enumerate(reader.pages, 1):
            yield f"[page {number}]\n{page.extract_text().strip()}\n\n"
    except damaged as error:
        raise ToolError(f"The PDF is damaged: {error or type(error).__name__}.") from None
