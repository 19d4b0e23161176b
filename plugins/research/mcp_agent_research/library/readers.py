"""Documents as text, by the endings of their names. Runs in a process that reads documents."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Any

from mcp_agent import ToolError
from mcp_agent_research.library.markup import read_html, read_text, tidy
from mcp_agent_research.library.page import Page

_MOST_TEXT = 4_000_000
_MOST_UNPACKED = 300_000_000
_MOST_PAGES = 3000
_MISSING = "Reading {kind} needs a library that is not there: install mcp-agent-research[documents]."


def read_document(name: str, body: bytes, charset: str | None = None) -> Page:
    """Title and text of a file. Raises ToolError for one that is broken, or of a kind that is not read."""
    reader = READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        raise ToolError(f"Files such as {PurePath(name).name} are not read.", hint=f"These are: {', '.join(READERS)}.")
    try:
        page = reader(body, charset)
    except ToolError:
        raise
    except Exception as error:  # noqa: BLE001  what parsers raise for broken files is as varied as the files
        raise ToolError(f"It is broken, or not what its name says ({type(error).__name__}: {error}).") from None
    return Page(page.title or PurePath(name).stem, page.text[:_MOST_TEXT], page.published)


def _read_pdf(body: bytes, charset: str | None) -> Page:
    """The text of a PDF page by page, as far as it has any: pictures of text are not read."""
    try:
        import pypdf
    except ImportError:
        raise ToolError(_MISSING.format(kind="PDF")) from None
    try:
        reader = pypdf.PdfReader(io.BytesIO(body))
        title = str((reader.metadata and reader.metadata.title) or "")
        text = _bounded(page.extract_text() for page in reader.pages[:_MOST_PAGES])
    except pypdf.errors.PyPdfError as error:
        raise ToolError(f"The PDF cannot be read: {error}.") from None
    return Page(" ".join(title.split()), text)


def _read_docx(body: bytes, charset: str | None) -> Page:
    try:
        import docx
    except ImportError:
        raise ToolError(_MISSING.format(kind="DOCX")) from None
    document = docx.Document(_unpackable(body))

    def blocks() -> Iterator[str]:
        for block in document.iter_inner_content():
            if isinstance(block, docx.table.Table):
                yield "\n".join(" | ".join(cell.text for cell in row.cells) for row in block.rows)
            else:
                style = (block.style.name if block.style is not None else "") or ""
                level = style.removeprefix("Heading ")
                yield f"{'#' * int(level)} {block.text}" if level.isdecimal() else block.text

    return Page(document.core_properties.title or "", _bounded(blocks()))


def _read_pptx(body: bytes, charset: str | None) -> Page:
    try:
        import pptx
    except ImportError:
        raise ToolError(_MISSING.format(kind="PPTX")) from None
    presentation = pptx.Presentation(_unpackable(body))

    def blocks() -> Iterator[str]:
        for slide in presentation.slides:
            title = slide.shapes.title
            if title is not None and title.has_text_frame:
                yield f"# {title.text_frame.text}"
            for shape in slide.shapes:
                if shape.has_text_frame and (title is None or shape.shape_id != title.shape_id):
                    yield shape.text_frame.text
                if shape.has_table:
                    yield "\n".join(" | ".join(cell.text for cell in row.cells) for row in shape.table.rows)
            if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
                yield slide.notes_slide.notes_text_frame.text

    return Page(presentation.core_properties.title or "", _bounded(blocks()))


def _read_xlsx(body: bytes, charset: str | None) -> Page:
    try:
        import openpyxl
    except ImportError:
        raise ToolError(_MISSING.format(kind="XLSX")) from None
    book = openpyxl.load_workbook(_unpackable(body), read_only=True, data_only=True)

    def rows(sheet: Any) -> Iterator[str]:
        yield f"# {sheet.title}\n"
        for row in sheet.iter_rows(values_only=True):
            if any(value is not None for value in row):
                yield " | ".join("" if value is None else str(value) for value in row)

    try:
        return Page(book.properties.title or "", _bounded((line for sheet in book for line in rows(sheet)), "\n"))
    finally:
        book.close()


READERS: dict[str, Callable[[bytes, str | None], Page]] = {
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".md": read_text,
    ".markdown": read_text,
    ".txt": read_text,
    ".rst": read_text,
    ".pdf": _read_pdf,
    ".docx": _read_docx,
    ".pptx": _read_pptx,
    ".xlsx": _read_xlsx,
}
"""What is read, by the ending of a name in lower case."""


def _bounded(blocks: Iterator[str], between: str = "\n\n") -> str:
    """Blocks joined, as many as may be."""
    parts, size = [], 0
    for block in blocks:
        parts.append(block)
        size += len(block)
        if size > _MOST_TEXT:
            break
    return tidy(between.join(parts))


def _unpackable(body: bytes) -> io.BytesIO:
    """An office file that does not grow beyond all measure when it is unpacked."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > _MOST_UNPACKED:
        raise ToolError(f"Unpacked it would have {size:,} bytes, which is more than is read.")
    return io.BytesIO(body)
