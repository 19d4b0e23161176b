"""Finding and aggregating documents, a hundred a page."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Struct

from mcp_agent import Context, Field, tool
from mcp_agent_database.desk import documents_of
from mcp_agent_database.engine import Wanted
from mcp_agent_database.examples import EXAMPLES
from mcp_agent_database.tools.arguments import CollectionName, DocumentsName, Limit, Skip
from mcp_agent_database.values import trimmed

_LONGEST_TEXT = 8_000
_MOST_BYTES = 8_000_000


class Found(Struct, frozen=True, omit_defaults=True):
    """Documents as JSON: ids and exact decimals are text, times ISO 8601. ``next_skip`` is where to go on, where
    there is more."""

    documents: list[dict[str, Any]]
    count: int
    next_skip: int | None = None


@tool(
    effect="read",
    origin="database",
    timeout=660,
    examples=EXAMPLES["db_find"],
)  # fmt: skip
async def db_find(
    ctx: Context,
    connection: DocumentsName,
    collection: CollectionName,
    filter: Annotated[dict[str, Any], Field("As in MongoDB: {'age': {'$gt': 30}}, {'_id': {'$oid': '65f...'}}.")] = {},  # noqa: B006
    fields: Annotated[
        list[str], Field("Only these fields; empty for all. Supabase also: orders(id,total).", max_length=100)
    ] = [],  # noqa: B006
    sort: Annotated[dict[str, Literal[1, -1]], Field("Fields to sort by: 1 up, -1 down.")] = {},  # noqa: B006
    limit: Limit = 20,
    skip: Skip = 0,
) -> Found:
    """Find documents in a MongoDB collection, or rows in a table of Supabase. Nothing is changed, no JavaScript run.

    db_describe names the fields, db_aggregate counts and sums. Long texts are cut.
    """
    wanted = Wanted(filter, fields, sort, limit + 1, skip)
    return await page(documents_of(ctx, connection).find(collection, wanted), limit, skip)


@tool(
    effect="read",
    origin="database",
    timeout=660,
    examples=EXAMPLES["db_aggregate"],
)  # fmt: skip
async def db_aggregate(
    ctx: Context,
    connection: DocumentsName,
    collection: CollectionName,
    pipeline: Annotated[list[dict[str, Any]], Field("Stages: [{'$match': ...}, {'$group': ...}].", max_length=100)],
    limit: Limit = 100,
    skip: Skip = 0,
) -> Found:
    """Group, count, sum and join documents of MongoDB with an aggregation pipeline. Nothing is changed.

    Stages that write ($out, $merge) or run JavaScript are refused.
    """
    return await page(documents_of(ctx, connection).aggregate(collection, pipeline, limit + 1, skip), limit, skip)


async def page(found: AsyncGenerator[dict[str, Any]], limit: int, skip: int) -> Found:
    """As many as asked for, fewer where they are large."""
    documents: list[dict[str, Any]] = []
    size, more = 0, False
    async with contextlib.aclosing(found):
        async for one in found:
            more = len(documents) == limit or size > _MOST_BYTES
            if more:
                break
            documents.append(trimmed(one, _LONGEST_TEXT))
            size += len(msgspec.json.encode(documents[-1]))
    return Found(documents, len(documents), skip + len(documents) if more else None)
