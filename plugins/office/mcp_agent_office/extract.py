"""What an office file says, as named pieces of text: for comparing two versions, and for searching."""

from __future__ import annotations

from collections.abc import Iterator

from mcp_agent_office.files import kind_of, whole


def pieces(data: bytes, path: str) -> Iterator[tuple[str, str]]:
    """Where and what: cells of a workbook, texts of slides, blocks of a document."""
    with whole(path):
        yield from {"sheets": _cells, "slides": _slides, "text": _blocks}[kind_of(path) or "text"](data, path)


def _cells(data: bytes, path: str) -> Iterator[tuple[str, str]]:
    """Values; formulas where there is one, since their values may not be computed."""
    from mcp_agent_office.sheets.book import Book, Place
    from mcp_agent_office.sheets.cells import WHOLE, address
    from mcp_agent_office.sheets.formulas import formulas_in

    book = Book(data, path)
    for sheet in book.sheets:
        place = Place(sheet.name, WHOLE)
        formulas = formulas_in(book, place)
        for row, values in enumerate(book.rows(place), 1):
            for column, value in enumerate(values, 1):
                name = address(row, column) if formulas or value is not None else ""
                if name in formulas:
                    shown = formulas[name] + ("" if value is None else f" ({value})")
                    yield f"{sheet.name}!{name}", shown
                elif value is not None:
                    yield f"{sheet.name}!{name}", str(value)


def _slides(data: bytes, path: str) -> Iterator[tuple[str, str]]:
    from mcp_agent_office.slides.charts import values_of
    from mcp_agent_office.slides.opening import load

    for number, slide in enumerate(load(data, path).slides, 1):
        for shape in slide.shapes:
            if getattr(shape, "has_text_frame", False) and shape.text_frame.text.strip():
                yield f"slide {number}, {shape.name}", shape.text_frame.text
            if getattr(shape, "has_table", False):
                for row, cells in enumerate(shape.table.rows, 1):
                    yield f"slide {number}, {shape.name}, row {row}", " | ".join(c.text_frame.text for c in cells.cells)
            for name, values in values_of(shape).items():
                yield f"slide {number}, {shape.name}, {name}", ", ".join(map(str, values))
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            yield f"slide {number}, notes", slide.notes_slide.notes_text_frame.text


def _blocks(data: bytes, path: str) -> Iterator[tuple[str, str]]:
    from mcp_agent_office.text.parts import load
    from mcp_agent_office.text.to_markdown import Reader

    for number, block in enumerate(Reader(load(data, path)).lines(), 1):
        yield f"block {number}", block
