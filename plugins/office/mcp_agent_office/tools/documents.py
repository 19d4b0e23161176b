"""Reading and making documents, and filling templates."""

from __future__ import annotations

import re
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool, undo_files
from mcp_agent_office.examples import EXAMPLES
from mcp_agent_office.files import DOCS, check_suffix, read_office, save_new, saved, sign, whole
from mcp_agent_office.origins import own_or_outside
from mcp_agent_office.tools.shapes import PathText, Replace, Saved, saved_as

_MOST_LETTERS = 2_000_000
_MOST_RECORDS = 1000


class DocText(Struct, frozen=True, omit_defaults=True):
    """``next_offset`` goes on from there; without it that was all. ``warnings`` are about macros and links."""

    path: str
    version: str
    markdown: str
    characters: int
    next_offset: int | None = None
    changes: int = 0
    comments: list[str] = []
    fields: list[str] = []
    warnings: list[str] = []


class Filled(Struct, frozen=True, omit_defaults=True):
    """``without_value`` are names of the template that no record gave a value for: they stand there as they were."""

    paths: list[str]
    without_value: list[str] = []


@tool(
    effect="read",
    origin=own_or_outside,
    examples=EXAMPLES["office_read_doc"],
)
def office_read_doc(
    ctx: Context,
    path: PathText,
    offset: Annotated[int, Field("Where to begin, in characters: 'next_offset'.", ge=0)] = 0,
    limit: Annotated[int, Field("Characters at most.", ge=100, le=200_000)] = 20_000,
) -> DocText:
    """Read a document (.docx) as Markdown, part by part: headings, lists, tables, links, footnotes; with comments,
    how many tracked changes wait, and the fields of a template."""
    from mcp_agent_office.guard.contents import warnings_of
    from mcp_agent_office.text.filling import fields_of
    from mcp_agent_office.text.parts import load, text_trees
    from mcp_agent_office.text.revisions import revisions
    from mcp_agent_office.text.to_markdown import Reader

    data, info = read_office(ctx, path, DOCS)
    document = load(data, path)
    with whole(path):
        text = "\n\n".join(Reader(document).lines())
    text = re.sub(r"(?m)(^ *(?:-|1\.) .*)\n\n(?= *(?:-|1\.) )", r"\1\n", text)
    warnings = warnings_of(ctx, path)
    with text_trees(document) as trees:
        changes, fields = sum(1 for _ in revisions(trees)), fields_of(trees)
    comments = [f"{comment.author}: {comment.text}" for comment in document.comments]
    more = offset + limit if offset + limit < len(text) else None
    part = text[offset : offset + limit]
    return DocText(info.path, info.version, part, len(text), more, changes, comments, fields, warnings)


@tool(
    effect="write",
    undo=undo_files("path"),
    examples=EXAMPLES["office_create_doc"],
)
def office_create_doc(
    ctx: Context,
    path: Annotated[str, Field("The document to make, .docx.", min_length=1)],
    markdown: Annotated[
        str, Field("Its content in Markdown: headings, lists, tables, ![x](file.png), links, code, [^1].")
    ],
    contents: Annotated[bool, Field("A table of contents in front, of the headings.")] = False,
    title: Annotated[str, Field("The title in the properties of the file.", max_length=255)] = "",
    replace: Replace = False,
) -> Saved:
    """Make a document of Markdown, laid out on A4 with styles, so that it can be changed in any word processor."""
    from mcp_agent_office.text.from_markdown import document_of

    check_suffix(path, (".docx",))
    if len(markdown) > _MOST_LETTERS:
        raise ToolError(f"{_MOST_LETTERS:,} characters are the most for one document.", hint="Split it.")
    document = document_of(_clean(markdown), ctx.folders.open, contents)
    sign(ctx, document, _clean(title))
    return saved_as(save_new(ctx, path, saved(document), replace=replace))


def _targets(arguments: Any) -> list[str]:
    """The files that a mail merge makes, by its arguments alone."""
    if len(arguments.records) == 1 and "{n}" not in arguments.target_path:
        return [arguments.target_path]
    return [arguments.target_path.replace("{n}", str(number)) for number in range(1, len(arguments.records) + 1)]


@tool(
    effect="write",
    undo=undo_files(_targets),
    timeout=120,
    examples=EXAMPLES["office_fill_template"],
)
def office_fill_template(
    ctx: Context,
    path: PathText,
    target_path: Annotated[str, Field("What to make, .docx; with {n} in it for several records.", min_length=1)],
    records: Annotated[
        list[dict[str, Any]],
        Field("Values by name, one record for each document.", min_length=1, max_length=_MOST_RECORDS),
    ],
) -> Filled:
    """Fill a template: {{name}} anywhere and Word's merge fields. A row of a table with {{items.name}} is repeated
    for each item of a list. office_read_doc names the fields. The template stays as it is."""
    from mcp_agent_office.packages import DOC, make_plain
    from mcp_agent_office.text.filling import fields_of, fill
    from mcp_agent_office.text.parts import load, text_trees

    check_suffix(target_path, (".docx",))
    if len(records) > 1 and "{n}" not in target_path:
        raise ToolError("There are several records and one file.", hint="Put {n} into target_path: letter-{n}.docx.")
    data, _ = read_office(ctx, path, DOCS)
    made, without = [], dict[str, None]()
    names = [target_path.replace("{n}", str(number)) for number in range(1, len(records) + 1)]
    for name, record in zip(names, records, strict=True):
        document = load(data, path)
        with text_trees(document) as trees:
            fill(trees, {key: _clean(value) if isinstance(value, str) else value for key, value in record.items()})
            without.update(dict.fromkeys(fields_of(trees)))
        make_plain(document.part, DOC)
        made.append(save_new(ctx, name, saved(document)).path)
    return Filled(made, list(without))


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
