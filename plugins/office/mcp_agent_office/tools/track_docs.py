"""Tracked changes of documents: suggested, listed, accepted and rejected."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool, undo_files
from mcp_agent_office.examples import EXAMPLES
from mcp_agent_office.files import DOCS, read_office, saved
from mcp_agent_office.origins import own_or_outside
from mcp_agent_office.tools.edit_docs import Cased, check_found
from mcp_agent_office.tools.shapes import PathText, Saved, Version, read_to_change, save_over

_LISTED = 200


class Change(Struct, frozen=True, omit_defaults=True):
    """A change to be tracked: ``find`` is deleted or replaced, or something is inserted behind it."""

    find: Annotated[str, Field("The text that is there.", min_length=1, max_length=5000)]
    replace: Annotated[str | None, Field("What to put in its place; empty deletes it.")] = None
    insert_after: Annotated[str | None, Field("What to insert behind it instead.")] = None


class Tracked(Struct, frozen=True):
    number: int
    kind: str
    author: str
    date: str
    text: str


class Changes(Struct, frozen=True, omit_defaults=True):
    """``kind`` is insertion, deletion, paragraph (its end), row or look. ``total`` counts all of them."""

    changes: list[Tracked]
    total: int
    version: str


@tool(
    effect="write",
    undo=undo_files("path"),
    examples=EXAMPLES["office_track_changes"],
)
def office_track_changes(
    ctx: Context,
    path: PathText,
    changes: Annotated[list[Change], Field("What to change.", min_length=1, max_length=200)],
    match_case: Cased = True,
    version: Version = None,
) -> Saved:
    """Change a document with real tracked changes, which people accept or reject in their word processor, or with
    office_settle_changes."""
    from mcp_agent_office.text.parts import load, paragraphs, text_trees
    from mcp_agent_office.text.revisions import fresh_ids, insert_after, replace_tracked
    from mcp_agent_office.text.runs import text_of, wanted

    data, info = read_to_change(ctx, path, DOCS, version)
    document, counts = load(data, path), []
    author, date = ctx.config.author, datetime.fromtimestamp(ctx.clock.time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with text_trees(document) as trees:
        ids = fresh_ids(trees)
        for change in changes:
            if (change.replace is None) == (change.insert_after is None):
                raise ToolError("A change needs either replace or insert_after.", hint="Give one of the two.")
            sought, count = wanted(change.find, change.replace or "", match_case, False), 0
            for paragraph in paragraphs(trees):
                if change.insert_after is None:
                    count += replace_tracked(paragraph, sought, author, date, ids)
                    continue
                places = [match.end() for match in sought.pattern.finditer(text_of(paragraph))]
                for place in reversed(places):
                    insert_after(paragraph, place, change.insert_after, author, date, ids)
                count += len(places)
            counts.append(count)
    check_found([change.find for change in changes], counts)
    return save_over(ctx, info, saved(document), f"{sum(counts)} tracked changes.")


@tool(
    effect="read",
    origin=own_or_outside,
    examples=EXAMPLES["office_list_changes"],
)
def office_list_changes(ctx: Context, path: PathText) -> Changes:
    """The tracked changes of a document, with their numbers for office_settle_changes."""
    from mcp_agent_office.text.parts import load, text_trees
    from mcp_agent_office.text.revisions import revisions

    data, info = read_office(ctx, path, DOCS)
    with text_trees(load(data, path)) as trees:
        found = [Tracked(one.number, one.kind, one.author, one.date, one.text) for one, _ in revisions(trees)]
    return Changes(found[:_LISTED], len(found), info.version)


@tool(
    effect="write",
    undo=undo_files("path"),
    examples=EXAMPLES["office_settle_changes"],
)
def office_settle_changes(
    ctx: Context,
    path: PathText,
    decision: Annotated[Literal["accept", "reject"], Field("What to do with them.")],
    numbers: Annotated[list[int] | None, Field("Which, by office_list_changes; all without it.")] = None,
    version: Version = None,
) -> Saved:
    """Accept or reject tracked changes of a document."""
    from mcp_agent_office.text.parts import load, text_trees
    from mcp_agent_office.text.revisions import settle

    data, info = read_to_change(ctx, path, DOCS, version)
    document = load(data, path)
    with text_trees(document) as trees:
        count = settle(trees, numbers, decision == "accept")
    if not count:
        raise ToolError("There are no such changes.", hint="office_list_changes shows what there is.")
    return save_over(ctx, info, saved(document), f"{count} changes: {decision}ed.")
