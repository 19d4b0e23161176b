"""Keeping facts."""

from __future__ import annotations

import sqlite3
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, Undo, tool
from mcp_agent_memory.examples import EXAMPLES
from mcp_agent_memory.guard import masked
from mcp_agent_memory.store import facts, history
from mcp_agent_memory.store.drafts import Draft
from mcp_agent_memory.store.schema import database
from mcp_agent_memory.tools.forms import Names, NewFact, Source, When, Words, draft_of, refuse_secrets, tell

_MOST = 5_000
_SHOWN = 3


class Remembered(Struct, frozen=True, omit_defaults=True):
    """``id`` is the number of a single fact, ``ids`` those of many; ``known``: so many were remembered already."""

    id: int | None = None
    ids: list[int] = []
    known: int = 0


def _drafts(given: Any) -> list[Draft]:
    """What is to be remembered. Raises ToolError for anything that cannot be, and for secrets."""
    if (given.text is None) == (not given.facts):
        raise ToolError("There is nothing to remember, or two kinds of it.", hint="Give either text or facts.")
    if given.text is not None:
        fact = NewFact(given.text, given.source, given.since, given.until)
        drafts = [_draft(fact, given)]
    else:
        drafts = [_draft(fact, given) for fact in given.facts]
    refuse_secrets([draft.text for draft in drafts])
    return drafts


def _draft(fact: NewFact, given: Any) -> Draft:
    return draft_of(
        fact.text, fact.source or given.source, [*given.tags, *fact.tags], [*given.entities, *fact.entities],
        given.conversation, fact.since or given.since, fact.until or given.until,
    )  # fmt: skip


async def _made(ctx: Context, arguments: Any, result: Any) -> history.Made:
    drafts = _drafts(arguments)
    return await database(ctx).read(lambda connection: history.made(connection, drafts))


async def _make_as(ctx: Context, arguments: Any, result: Any, snapshot: history.Made) -> None:
    from mcp_agent_memory.retrieve import vectors

    drafts = _drafts(arguments)
    gone = await database(ctx).write(lambda connection: history.make_as(connection, drafts, snapshot))
    await vectors.wipe(ctx, gone)
    tell(ctx)


def _preview(text: str | None, facts: list[NewFact], **rest: Any) -> str:
    texts = [text] if text is not None else [fact.text for fact in facts]
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return "Remember: " + "; ".join(masked(one[:200]) for one in texts[:_SHOWN]) + more


@tool(effect="write", idempotent=True, undo=Undo(_made, _make_as), examples=EXAMPLES["memory_remember"])
async def memory_remember(
    ctx: Context,
    text: Annotated[Words | None, Field("One fact, in full words: who, what, where.", private=True)] = None,
    facts: Annotated[list[NewFact], Field("Many at once, instead of text.", max_length=_MOST, private=True)] = [],  # noqa: B006
    source: Annotated[Source | None, Field("Where it comes from: a person, a page, a file.", private=True)] = None,
    since: Annotated[When | None, Field("When it began to be true, or happened: 2025, 2025-03, 2025-03-14.")] = None,
    until: Annotated[When | None, Field("When it stopped being true.")] = None,
    entities: Annotated[Names, Field("Names of the people, places and things it is about.", private=True)] = [],  # noqa: B006
    tags: Annotated[Names, Field("Words to find it by.", private=True)] = [],  # noqa: B006
    conversation: Annotated[
        str | None, Field("A name for this conversation: what was said together is found together.", max_length=200)
    ] = None,
) -> Remembered:
    """Keep facts for later conversations. Not for secrets, which are refused. Use memory_update when something changed.

    A fact stays on this machine until it is forgotten. One that is remembered already is not kept twice.
    """
    drafts = _drafts(_Given(text, facts, source, since, until, entities, tags, conversation))
    now = ctx.clock.time()
    ids, known = await database(ctx).write(lambda connection: _keep(connection, drafts, now))
    tell(ctx)
    return Remembered(ids[0], [], known) if text is not None else Remembered(None, ids, known)


class _Given(Struct, frozen=True):
    """The arguments, as the snapshot gets them."""

    text: str | None
    facts: list[NewFact]
    source: str | None
    since: str | None
    until: str | None
    entities: list[str]
    tags: list[str]
    conversation: str | None


def _keep(connection: sqlite3.Connection, drafts: list[Draft], now: float) -> tuple[list[int], int]:
    ids, known = [], 0
    for draft in drafts:
        there = facts.known(connection, draft)
        known += there is not None
        ids.append(facts.add(connection, draft, now) if there is None else there)
    return ids, known
