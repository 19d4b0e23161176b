"""Changing documents: replacing text, and comments."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool, undo_files
from mcp_agent_office.examples import EXAMPLES
from mcp_agent_office.files import DOCS, saved
from mcp_agent_office.tools.shapes import PathText, Saved, Version, read_to_change, save_over

Cased = Annotated[bool, Field("Whether capital letters matter.")]
Whole = Annotated[bool, Field("Only where it stands as a word of its own.")]


class Replacement(Struct, frozen=True):
    """One text for another, in the whole document."""

    find: Annotated[str, Field("The text as it is read, also across different looks.", min_length=1, max_length=5000)]
    replace: Annotated[str, Field("What stands there then; empty to delete.", max_length=50_000)]


@tool(
    effect="write",
    undo=undo_files("path"),
    examples=EXAMPLES["office_replace_text"],
)
def office_replace_text(
    ctx: Context,
    path: PathText,
    replacements: Annotated[list[Replacement], Field("What to replace.", min_length=1, max_length=200)],
    match_case: Cased = True,
    whole_words: Whole = False,
    version: Version = None,
) -> Saved:
    """Replace text in a document: body, tables, headers, footers, notes, text boxes. Looks stay. Where people should
    see and judge the change use office_track_changes."""
    from mcp_agent_office.text.parts import load, paragraphs, text_trees
    from mcp_agent_office.text.runs import replace_in, wanted

    data, info = read_to_change(ctx, path, DOCS, version)
    document, counts = load(data, path), []
    with text_trees(document) as trees:
        for one in replacements:
            sought = wanted(one.find, one.replace, match_case, whole_words)
            counts.append(sum(replace_in(paragraph, sought) for paragraph in paragraphs(trees)))
    check_found([one.find for one in replacements], counts)
    return save_over(ctx, info, saved(document), f"Replaced {sum(counts)} times.")


@tool(
    effect="write",
    undo=undo_files("path"),
    examples=EXAMPLES["office_add_comment"],
)
def office_add_comment(
    ctx: Context,
    path: PathText,
    find: Annotated[str, Field("The text that the comment is about.", min_length=1, max_length=5000)],
    comment: Annotated[str, Field("The comment.", min_length=1, max_length=20_000)],
    version: Version = None,
) -> Saved:
    """Add a comment to a document, at the first place where a text stands."""
    from mcp_agent_office.text.parts import load, paragraphs
    from mcp_agent_office.text.runs import isolate, text_of

    data, info = read_to_change(ctx, path, DOCS, version)
    document = load(data, path)
    for paragraph in paragraphs([document.element]):
        place = text_of(paragraph).find(find)
        if place >= 0:
            runs = isolate(paragraph, place, place + len(find))
            _comment(document, runs, comment, ctx.config.author)
            return save_over(ctx, info, saved(document))
    raise ToolError(
        f"There is no {find[:80]!r} in the document.", hint="Quote it as office_read_doc gives it, without marks."
    )


def _comment(document: Any, runs: list[Any], text: str, author: str) -> None:
    from mcp_agent_office.needs import need

    run = need("docx.text.run").Run
    initials = "".join(word[0] for word in author.split()[:3]).upper()
    document.add_comment([run(runs[0], document), run(runs[-1], document)], text, author, initials)


def check_found(sought: list[str], counts: list[int]) -> None:
    """Nothing is changed when a part of it cannot be."""
    absent = [text for text, count in zip(sought, counts, strict=True) if not count]
    if absent:
        raise ToolError(
            f"There is no {absent[0][:80]!r} in the document; nothing was changed.",
            hint="Quote it as office_read_doc gives it, without Markdown's marks; match_case=false looks at any case.",
        )
