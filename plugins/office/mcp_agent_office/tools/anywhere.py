"""For all three formats: pictures, other formats, comparing and searching."""

from __future__ import annotations

import io
from itertools import islice
from typing import Annotated, Literal

from msgspec import Struct

from mcp_agent import Context, Field, Image, ToolError, tool, undo_files
from mcp_agent_office.examples import EXAMPLES
from mcp_agent_office.files import DECKS, DOCS, READ_SHEETS, kind_of, read_office, save_new, suffix
from mcp_agent_office.origins import own_or_outside
from mcp_agent_office.tools.shapes import PathText, Replace, Saved, saved_as

_OFFICE = (*READ_SHEETS, *DECKS, *DOCS)
_OTHER = (".odt", ".odp", ".rtf", ".doc", ".ppt", ".csv")
_TO = ("pdf", "docx", "odt", "rtf", "txt", "html", "xlsx", "ods", "csv", "pptx", "odp", "png")
_KINDS = ("sheets", "slides", "text")
_MOST_PIECES, _MOST_FILES, _MOST_SEARCHED = 200_000, 500, 32 * 2**20


class Difference(Struct, frozen=True, omit_defaults=True):
    total: int
    differences: list[str]
    note: str = ""


class Hit(Struct, frozen=True):
    path: str
    where: str
    text: str


class Hits(Struct, frozen=True, omit_defaults=True):
    """``unread`` are files that could not be read, with the reason."""

    hits: list[Hit]
    files: int
    more: bool = False
    unread: list[str] = []


@tool(
    effect="read",
    origin=own_or_outside,
    timeout=180,
    examples=EXAMPLES["office_render_preview"],
)
def office_render_preview(
    ctx: Context,
    path: PathText,
    page: Annotated[int, Field("The page or slide, from 1.", ge=1, le=2000)] = 1,
    width: Annotated[int, Field("Of the picture, in pixels.", ge=100, le=2400)] = 1000,
) -> Image:
    """A picture of a page, slide or sheet as it prints. Needs LibreOffice. Look at what you made before you hand it
    over."""
    from mcp_agent_office.needs import need
    from mcp_agent_office.render.libreoffice import find_renderer

    pdfium, renderer = need("pypdfium2"), find_renderer(ctx.config)
    need("PIL")
    data, _ = read_office(ctx, path, _OFFICE)
    document = pdfium.PdfDocument(renderer.convert(data, suffix(path), "pdf"))
    try:
        if page > len(document):
            raise ToolError(f"There is no page {page}: {len(document)} is the last.", hint="Pages count from 1.")
        sheet = document[page - 1]
        picture = sheet.render(scale=width / sheet.get_width()).to_pil()
    finally:
        document.close()
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return Image(buffer.getvalue(), "image/png")


@tool(
    effect="write",
    undo=undo_files("target_path"),
    timeout=180,
    examples=EXAMPLES["office_convert"],
)
def office_convert(
    ctx: Context,
    path: PathText,
    target_path: Annotated[str, Field("What to make; its ending says the format: .pdf, .docx, .ods ...", min_length=1)],
    replace: Replace = False,
) -> Saved:
    """Make another format of a file, with LibreOffice: PDF, Word, OpenDocument, RTF, text, HTML, CSV (the first
    sheet), PNG (the first page). The file itself stays as it is."""
    from mcp_agent_office.render.libreoffice import find_renderer

    wanted = suffix(target_path).removeprefix(".")
    if wanted not in _TO:
        raise ToolError(f"{target_path}: that format cannot be made.", hint=f"One of {', '.join(_TO)}.")
    renderer = find_renderer(ctx.config)
    data, _ = read_office(ctx, path, (*_OFFICE, *_OTHER))
    return saved_as(save_new(ctx, target_path, renderer.convert(data, suffix(path), wanted), replace=replace))


@tool(
    effect="read",
    origin=own_or_outside,
    timeout=90,
    examples=EXAMPLES["office_diff"],
)
def office_diff(
    ctx: Context,
    path: Annotated[str, Field("The older file.", min_length=1)],
    other: Annotated[str, Field("The newer file, of the same kind.", min_length=1)],
    limit: Annotated[int, Field("Differences at most.", ge=1, le=5000)] = 100,
) -> Difference:
    """Compare two versions of a workbook, deck or document in words: cells by place (formulas as formulas), slides by
    shape, documents by block."""
    from mcp_agent_office.compare import differences
    from mcp_agent_office.extract import pieces

    if kind_of(path) != kind_of(other):
        raise ToolError("These are files of two kinds.", hint="Convert one of them first.")
    sides = [list(islice(pieces(read_office(ctx, name, _OFFICE)[0], name), _MOST_PIECES)) for name in (path, other)]
    found = list(differences(sides[0], sides[1], by_place=kind_of(path) != "text"))
    note = "" if found else "Their contents are the same; looks are not compared."
    return Difference(len(found), found[:limit], note)


@tool(
    effect="read",
    origin=own_or_outside,
    timeout=120,
    examples=EXAMPLES["office_search"],
)
def office_search(
    ctx: Context,
    query: Annotated[str, Field("The words, as they stand there; any case.", min_length=1, max_length=500)],
    path: Annotated[str, Field("A folder; all folders without it.")] = "",
    kinds: Annotated[list[Literal["sheets", "slides", "text"]] | None, Field("Which kinds; all without it.")] = None,
    limit: Annotated[int, Field("Places at most.", ge=1, le=1000)] = 50,
) -> Hits:
    """Find words in the workbooks, decks and documents of a folder and those below it."""
    hits: list[Hit] = []
    unread: list[str] = []
    files = 0
    places = [path] if path else [folder.path for folder in ctx.folders.configured if ctx.folders.find(folder.path)]
    for info in (found for place in places for found in ctx.folders.walk(place)):
        if (
            info.kind != "file"
            or kind_of(info.path) not in (kinds or _KINDS)
            or files >= _MOST_FILES
            or _is_lock(info.path)
        ):
            continue
        files += 1
        if info.size > _MOST_SEARCHED:
            unread.append(f"{info.path}: larger than {_MOST_SEARCHED // 2**20} MiB")
            continue
        try:
            hits += _hits(ctx, info.path, query.casefold(), limit + 1 - len(hits))
        except ToolError as error:
            unread.append(f"{info.path}: {error}")
        if len(hits) > limit:
            break
    return Hits(hits[:limit], files, len(hits) > limit, unread[:20])


def _hits(ctx: Context, path: str, query: str, most: int) -> list[Hit]:
    from mcp_agent_office.extract import pieces

    data, _ = read_office(ctx, path, _OFFICE)
    found = ((where, text) for where, text in pieces(data, path) if query in text.casefold())
    return [Hit(path, where, _around(text, query)) for where, text in islice(found, most)]


def _around(text: str, query: str) -> str:
    place = text.casefold().find(query)
    begin, end = max(0, place - 80), place + len(query) + 120
    return ("..." if begin else "") + text[begin:end] + ("..." if end < len(text) else "")


def _is_lock(path: str) -> bool:
    name = path.replace("\\", "/").rpartition("/")[2]
    return name.startswith(("~$", ".~lock"))
