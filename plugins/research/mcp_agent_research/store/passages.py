"""Finding passages: BM25 over the full-text index, headings counting more than text."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from msgspec import Struct

from mcp_agent import Context
from mcp_agent_research.shapes import Kind
from mcp_agent_research.store.schema import database
from mcp_agent_research.store.words import expressions

_PER_SOURCE = 3
"""More passages of one source than this do not crowd out the others."""
_SEARCH = (
    "select p.source, s.title, s.address, p.heading, p.text, -i.score"
    " from (select rowid, bm25(passage_index, 3.0, 1.0) as score from passage_index"
    "       where passage_index match ?1 order by score limit ?2) i"
    " join passages p on p.id = i.rowid join sources s on s.id = p.source where {where} order by i.score"
)
_SEARCH_AMONG = (
    "select p.source, s.title, s.address, p.heading, p.text, -bm25(passage_index, 3.0, 1.0) as score"
    " from passage_index join passages p on p.id = passage_index.rowid join sources s on s.id = p.source"
    " where passage_index match ?1 and p.source in (select value from json_each(?2)) order by score desc limit ?3"
)


class Found(Struct, frozen=True):
    """A passage. A higher ``score`` is better; only scores of one search can be compared."""

    source: int
    title: str
    address: str
    heading: str
    text: str
    score: float


async def search(
    ctx: Context, query: str, limit: int, *, kinds: Collection[Kind] = ("file", "guide"), under: str | None = None
) -> list[Found]:
    """Best first: passages with all the words, then those with any. ``under`` is a folder that files must be in."""
    named = ", ".join(f"'{kind}'" for kind in sorted(kinds))
    inside = "(?3 is null or s.address = ?3 or substr(s.address, 1, length(?3) + 1) = ?3 || '/')"
    where = f"s.current and s.kind in ({named}) and {inside}"
    return await _in_turn(ctx, query, limit, _SEARCH.format(where=where), (max(200, 20 * limit), under))


async def search_among(ctx: Context, query: str, limit: int, sources: Collection[int]) -> list[Found]:
    """As search, in these sources only."""
    import json

    return await _in_turn(ctx, query, limit, _SEARCH_AMONG, (json.dumps(sorted(sources)), max(50, 5 * limit)))


async def _in_turn(ctx: Context, query: str, limit: int, statement: str, more: tuple[object, ...]) -> list[Found]:
    wanted = expressions(query)

    def read(connection: sqlite3.Connection) -> list[Found]:
        chosen: dict[tuple[int, str], Found] = {}
        of_source: dict[int, int] = {}
        for expression in wanted:
            for row in connection.execute(statement, (expression, *more)):
                found = Found(*row)
                key = (found.source, found.text)
                if key not in chosen and of_source.get(found.source, 0) < _PER_SOURCE:
                    of_source[found.source] = of_source.get(found.source, 0) + 1
                    chosen[key] = found
                if len(chosen) == limit:
                    return list(chosen.values())
        return list(chosen.values())

    return await database(ctx).read(read)
