"""A MongoDB server, asked in filters and pipelines that were proved to read only."""

from __future__ import annotations

import urllib.parse
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

import msgspec

from mcp_agent import Context, ToolError
from mcp_agent_database.engine import Index, Relation, Table, Wanted
from mcp_agent_database.mongo.client import Client, Driver
from mcp_agent_database.mongo.guard import check_collection, check_fields, check_filter, check_pipeline
from mcp_agent_database.mongo.literals import typed
from mcp_agent_database.settings import Connection
from mcp_agent_database.shapes import fields
from mcp_agent_database.values import plain

_MOST_MEASURED = 100
"""Collections of which the size is asked, one by one."""
_LOOKED_AT = 100
"""Documents that tell which fields there are."""
_STATISTICS: Sequence[Mapping[str, Any]] = [{"$collStats": {"storageStats": {}}}]


class Mongo:
    """Each question has a time limit on the server."""

    def __init__(self, ctx: Context, name: str, connection: Connection) -> None:
        self._ctx, self._url = ctx, connection.url
        self._client = Client(ctx, name, connection)

    async def where(self) -> str:
        parts = urllib.parse.urlsplit(self._url)
        user, _, hosts = parts.netloc.rpartition("@")
        return f"MongoDB database {parts.path.lstrip('/') or '?'} at {hosts} as {user or 'nobody'}"

    async def find(self, collection: str, wanted: Wanted) -> AsyncGenerator[dict[str, Any]]:
        check_collection(collection)
        check_filter(wanted.filter)
        check_fields([*wanted.fields, *wanted.sort])
        async with self._client.database() as database:
            cursor = database[collection].find(
                typed(wanted.filter), list(wanted.fields) or None, skip=wanted.skip, limit=wanted.limit,
                sort=list(wanted.sort.items()) or None, max_time_ms=self._milliseconds(),
            )  # fmt: skip
            async with cursor:
                async for one in cursor:
                    yield plain(one)

    async def aggregate(
        self, collection: str, pipeline: Sequence[Mapping[str, Any]], limit: int, skip: int
    ) -> AsyncGenerator[dict[str, Any]]:
        check_collection(collection)
        check_pipeline(pipeline)
        page = [*typed(pipeline), *([{"$skip": skip}] if skip else []), {"$limit": limit}]
        async with self._client.database() as database:
            cursor = await database[collection].aggregate(page, maxTimeMS=self._milliseconds(), allowDiskUse=False)
            async with cursor:
                async for one in cursor:
                    yield plain(one)

    async def relations(self) -> list[Relation]:
        async with self._client.database() as database:
            cursor = await database.list_collections(nameOnly=True, authorizedCollections=True)
            found = sorted([(one["name"], one.get("type", "collection")) async for one in cursor])
            shown = [one for one in found if not one[0].startswith("system.")]
            return [
                await self._relation(database, name, kind, measured=number < _MOST_MEASURED)
                for number, (name, kind) in enumerate(shown)
            ]

    async def table(self, name: str) -> Table:
        check_collection(name)
        async with self._client.database() as database:
            kinds = await database.list_collections(filter={"name": name}, nameOnly=True)
            found = [one.get("type", "collection") async for one in kinds if one["name"] == name]
            if not found:
                raise ToolError(f"There is no collection {name}.", hint="db_schemas lists them.")
            relation = await self._relation(database, name, found[0], measured=True)
            some = database[name].find(limit=_LOOKED_AT, max_time_ms=self._milliseconds())
            seen = fields([one async for one in some])
            return Table(
                msgspec.structs.replace(relation, comment=f"Fields as in the first {_LOOKED_AT} documents."),
                seen,
                indexes=[] if relation.kind == "view" else await self._indexes(database, name),
            )

    async def health(self) -> dict[str, Any]:
        async with self._client.database() as database:
            version = (await database.command("buildInfo")).get("version")
            figures = await database.command("dbStats")
        names = {"collections": "collections", "objects": "documents", "dataSize": "bytes", "indexSize": "index_bytes"}
        return {"version": version, **{ours: figures.get(theirs) for theirs, ours in names.items()}}

    async def close(self) -> None:
        await self._client.close()

    async def _relation(self, database: Driver, name: str, kind: str, *, measured: bool) -> Relation:
        from pymongo.errors import OperationFailure

        unmeasured = Relation(name, "view" if kind == "view" else "collection")
        if kind == "view" or not measured:
            return unmeasured
        try:
            cursor = await database[name].aggregate(_STATISTICS, maxTimeMS=self._milliseconds())
            parts = [one.get("storageStats", {}) async for one in cursor]  # one for each shard
        except OperationFailure:  # a role that may read, and not ask for sizes
            return unmeasured
        size = sum(one.get("storageSize", 0) + one.get("totalIndexSize", 0) for one in parts)
        return Relation(name, "collection", rows=sum(one.get("count", 0) for one in parts), bytes=size)

    async def _indexes(self, database: Driver, name: str) -> list[Index]:
        found = [one async for one in await database[name].list_indexes()]
        return [
            Index(
                one["name"], list(one["key"]), bool(one.get("unique")) or one["name"] == "_id_", str(dict(one["key"]))
            )
            for one in found
        ]

    def _milliseconds(self) -> int:
        seconds: float = self._ctx.config.seconds
        return round(1000 * seconds)
