"""Facts that change: a newer version, duplicates, and what is to be forgotten."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Change, Context, Field, ToolError, Undo, tool
from mcp_agent_memory.guard import masked
from mcp_agent_memory.moments import period_of
from mcp_agent_memory.store import entities, facts, history
from mcp_agent_memory.store.drafts import Draft
from mcp_agent_memory.store.schema import database
from mcp_agent_memory.tools.forms import RECENT, TODAY, FactId, FactIds, When, Words, refuse_secrets


class Updated(Struct, frozen=True):
    """``id`` is the number of the new fact, ``was`` that of the one it took the place of."""

    id: int
    was: int


# --- memory_update -------------------------------------------------------------------------------


async def _versions(ctx: Context, arguments: Any, result: Any) -> Any:
    """How the old fact is, and what there is of the new one."""
    refuse_secrets([arguments.text])

    def look(connection: sqlite3.Connection) -> Any:
        draft = _next(connection, arguments.id, arguments.text, arguments.since)
        made = [] if draft is None else history.made(connection, [draft])
        return {"old": history.states(connection, [arguments.id]), "new": made}

    return await database(ctx).read(look)


async def _put_back(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
    from mcp_agent_memory.retrieve import vectors

    def work(connection: sqlite3.Connection) -> list[int]:
        draft = _next(connection, arguments.id, arguments.text, arguments.since)
        gone = [] if draft is None else history.make_as(connection, [draft], snapshot["new"])
        history.set_states(connection, snapshot["old"])
        return gone

    await vectors.wipe(ctx, await database(ctx).write(work))
    _tell(ctx)


@tool(
    effect="write", undo=Undo(_versions, _put_back), preview=lambda id, text, **_: f"Fact {id} becomes: {masked(text)}"
)
async def memory_update(
    ctx: Context,
    id: FactId,
    text: Annotated[Words, Field("The fact as it is now, in full words.", private=True)],
    since: Annotated[When | None, Field("When it changed; now if left out.")] = None,
) -> Updated:
    """Put a newer version in the place of a fact that changed. The old one stays in the history, with its dates."""
    refuse_secrets([text])
    now = ctx.clock.time()
    changed = now if since is None else period_of(since)[0]

    def work(connection: sqlite3.Connection) -> int:
        old = facts.get(connection, id)
        if old is None or old.superseded_by is not None:
            raise _not_current(id, old)
        draft = _next(connection, id, text, since)
        assert draft is not None
        if facts.known(connection, draft) is not None:
            raise ToolError("That is what is remembered already.", hint="Nothing needs to be done.")
        new = facts.add(connection, draft, now)
        history.supersede(connection, id, new, now, changed)
        return new

    new = await database(ctx).write(work)
    _tell(ctx, id)
    return Updated(new, id)


def _next(connection: sqlite3.Connection, fact_id: int, text: str, since: str | None) -> Draft | None:
    """The next version: about the same, from the same."""
    old = facts.get(connection, fact_id)
    if old is None:
        return None
    begin = None if since is None else period_of(since)[0]
    return Draft(text, old.source, old.tags, old.entities, old.conversation, begin)


def _not_current(fact_id: int, fact: facts.Fact | None) -> ToolError:
    if fact is None:
        return ToolError(f"There is no fact {fact_id}.", hint="memory_recall gives the numbers of facts.")
    return ToolError(
        f"Fact {fact_id} was superseded by fact {fact.superseded_by}.", hint=f"Use {fact.superseded_by} instead."
    )


# --- memory_merge --------------------------------------------------------------------------------


async def _merged(ctx: Context, arguments: Any, result: Any) -> Any:
    def look(connection: sqlite3.Connection) -> Any:
        names = connection.execute("select tags, entities from facts where id = ?", (arguments.keep,)).fetchone()
        states = history.states(connection, [*arguments.duplicates, arguments.keep])
        return {"states": states, "names": list(names) if names else None}

    return await database(ctx).read(look)


async def _unmerge(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
    def work(connection: sqlite3.Connection) -> None:
        history.set_states(connection, snapshot["states"])
        if snapshot["names"] is not None:
            _rename(connection, arguments.keep, *(json.loads(names) for names in snapshot["names"]))

    await database(ctx).write(work)
    _tell(ctx)


@tool(effect="write", idempotent=True, undo=Undo(_merged, _unmerge))
async def memory_merge(
    ctx: Context, keep: FactId, duplicates: Annotated[FactIds, Field("Facts that say the same as keep.")]
) -> facts.Fact:
    """Make one fact of several that say the same: keep gets their tags and entities, they go into its history."""
    now = ctx.clock.time()

    def work(connection: sqlite3.Connection) -> facts.Fact:
        kept = facts.get(connection, keep)
        if kept is None or kept.superseded_by is not None:
            raise _not_current(keep, kept)
        if keep in duplicates:
            raise ToolError("A fact is no duplicate of itself.", hint="Leave keep out of duplicates.")
        tags, names = list(kept.tags), list(kept.entities)
        for number in duplicates:
            fact = facts.get(connection, number)
            if fact is None or fact.superseded_by not in (None, keep):
                raise _not_current(number, fact)
            tags, names = tags + fact.tags, names + fact.entities
            history.supersede(connection, number, keep, now, now)
        _rename(connection, keep, list(dict.fromkeys(tags)), list(dict.fromkeys(names)))
        found = facts.get(connection, keep)
        assert found is not None
        return found

    found = await database(ctx).write(work)
    _tell(ctx, keep, *duplicates)
    return found


def _rename(connection: sqlite3.Connection, fact_id: int, tags: Sequence[str], names: Sequence[str]) -> None:
    """Give a fact other tags and entities. It is taken out and put back as it was, so that the index follows."""
    old = connection.execute("select * from facts where id = ?", (fact_id,))
    columns = [column[0] for column in old.description]
    row = dict(zip(columns, old.fetchone(), strict=True))
    mentioned = entities.mentioned_by(connection, fact_id)
    uses = connection.execute("select count, last from uses where fact = ?", (fact_id,)).fetchone()
    connection.execute("delete from facts where id = ?", (fact_id,))
    row["tags"], row["entities"] = (json.dumps(list(one), ensure_ascii=False) for one in (tags, names))
    marks = ", ".join("?" * len(columns))
    connection.execute(f"insert into facts ({', '.join(columns)}) values ({marks})", list(row.values()))
    entities.mention(connection, fact_id, names)
    entities.sweep(connection, mentioned)
    if uses is not None:
        connection.execute("insert into uses values (?, ?, ?)", (fact_id, *uses))


# --- memory_forget -------------------------------------------------------------------------------


class Forgotten(Struct, frozen=True, omit_defaults=True):
    """``copies`` are files of memory_export that may still hold it; ``versions`` are older versions, which stay."""

    forgotten: list[int]
    permanent: bool
    copies: list[str] = []
    versions: list[int] = []


async def _forgotten(ctx: Context, arguments: Any, result: Any) -> Any:
    return await database(ctx).read(lambda connection: history.states(connection, arguments.ids))


async def _remind(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
    now = await _forgotten(ctx, arguments, result)
    lost = [number for number, state in snapshot.items() if state is not None and now[number] is None]
    if lost:
        raise ToolError(f"Fact {', '.join(lost)} was forgotten for good.", hint="Nobody can bring it back.")
    await database(ctx).write(lambda connection: history.set_states(connection, snapshot))
    _tell(ctx)


@tool(effect="destructive", idempotent=True, undo=Undo(_forgotten, _remind))
async def memory_forget(
    ctx: Context,
    ids: FactIds,
    permanent: Annotated[bool, Field("Wipe it from every file too; nothing can bring it back.")] = False,
) -> Forgotten:
    """Forget facts. They are found no more; undo brings them back, unless permanent: then no trace is left."""
    now = ctx.clock.time()

    def work(connection: sqlite3.Connection) -> tuple[list[str], list[int]]:
        states = history.states(connection, ids)
        missing = [number for number, state in states.items() if state is None or (state[3] and not permanent)]
        if missing:
            raise ToolError(
                f"There is no fact {', '.join(missing)}, so nothing was forgotten.",
                hint="memory_recall and memory_recent give the numbers of facts.",
            )
        older = [one.id for number in ids for one in history.versions(connection, number) if one.id not in ids]
        if not permanent:
            history.set_states(connection, {number: (*state[:3], now) for number, state in states.items() if state})
            return [], older
        facts.delete(connection, ids)
        return [row[0] for row in connection.execute("select path from exports order by path")], older

    texts = await database(ctx).read(lambda connection: _texts(connection, ids)) if permanent else []
    store = database(ctx)
    copies, older = await (store.erase(work) if permanent else store.write(work))
    if permanent:
        from mcp_agent_memory.retrieve import vectors

        await vectors.wipe(ctx, ids)
        await ctx.erase_changes(lambda change: _holds(change, ids, texts))
    _tell(ctx, *ids)
    left: list[str] = await ctx.in_thread(lambda: [path for path in copies if Path(path).exists()])
    return Forgotten(ids, permanent, left, older)


def _texts(connection: sqlite3.Connection, ids: Sequence[int]) -> list[str]:
    marks = ",".join("?" * len(ids))
    return [row[0] for row in connection.execute(f"select text from facts where id in ({marks})", list(ids))]


def _holds(change: Change, ids: Sequence[int], texts: Sequence[str]) -> bool:
    """Whether a call was about one of the facts, or its text is somewhere in what the undo journal keeps of it."""
    if change.arguments.get("id") in ids:
        return True
    waiting: list[Any] = [change.arguments, change.result, change.before, change.after]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and one in texts:
            return True
        waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    return False


def _tell(ctx: Context, *ids: int) -> None:
    for uri in (RECENT, TODAY, *(f"memory://facts/{number}" for number in ids)):
        ctx.resource_updated(uri)
