"""A Supabase project through its REST layer. Its PostgreSQL, where one has the password, is one like any other."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

import msgspec

from mcp_agent import Context, ToolError
from mcp_agent_database.engine import Relation, Table, Wanted
from mcp_agent_database.settings import Connection
from mcp_agent_database.shapes import fields
from mcp_agent_database.supabase import descriptions, filters
from mcp_agent_database.supabase.api import Answer, Api

_LOOKED_AT = 100
_NAME = re.compile(r"\w[\w $-]*")
_DIRECTION: Mapping[int, str] = {1: "asc", -1: "desc"}


class Supabase:
    """What the key may read, row level security and all."""

    def __init__(self, ctx: Context, name: str, connection: Connection) -> None:
        self._name = name
        self._api = Api(ctx, name, connection)

    async def where(self) -> str:
        return f"Supabase project at {self._api.root}"

    async def find(self, collection: str, wanted: Wanted) -> AsyncGenerator[dict[str, Any]]:
        chosen = [one if "(" in one else filters.name(one) for one in wanted.fields]
        order = [f"{filters.name(column)}.{_DIRECTION[way]}" for column, way in wanted.sort.items()]
        parameters = [
            ("select", ",".join(chosen) or "*"),
            *filters.parameters(wanted.filter),
            *([("order", ",".join(order))] if order else []),
            ("limit", str(wanted.limit)),
            ("offset", str(wanted.skip)),
        ]
        for row in _rows(await self._of(collection, parameters)):
            yield row

    async def aggregate(
        self, collection: str, pipeline: Sequence[Mapping[str, Any]], limit: int, skip: int
    ) -> AsyncGenerator[dict[str, Any]]:
        raise ToolError(
            "Supabase's REST layer knows no pipelines.",
            hint="db_find reads rows. For sums, add the project's PostgreSQL as a connection, and use db_query.",
        )
        yield {}  # never: this makes it a generator

    async def relations(self) -> list[Relation]:
        return descriptions.relations(await self._described())

    async def table(self, name: str) -> Table:
        """As described; where the key may not read the description, as some rows show it."""
        schema, bare = _named(name)
        try:
            found = descriptions.table(await self._described(schema), bare, schema)
        except ToolError:
            found = None
        sample = await self._of(name, [("limit", str(_LOOKED_AT))], count=True)
        if found is None:
            relation = Relation(bare, "other", schema, comment=f"Fields as in the first {_LOOKED_AT} rows.")
            found = Table(relation, fields(_rows(sample)))
        return msgspec.structs.replace(found, relation=msgspec.structs.replace(found.relation, rows=sample.total))

    async def health(self) -> dict[str, Any]:
        found = await self._described()
        return {"postgrest": (found.get("info") or {}).get("version"), "tables": len(found.get("definitions") or {})}

    async def close(self) -> None:
        """The host closes what there is."""

    async def _of(self, name: str, parameters: Sequence[tuple[str, str]], *, count: bool = False) -> Answer:
        schema, bare = _named(name)
        return await self._api.get(bare, parameters, schema=schema, count=count)

    async def _described(self, schema: str = "") -> Mapping[str, Any]:
        try:
            found = (await self._api.get("", schema=schema)).data
        except ToolError as error:
            raise ToolError(
                f"{self._name} does not describe its tables: {error}",
                hint="Only a secret key may ask that. With another: db_sample and db_find, with the table's name.",
            ) from None
        if not isinstance(found, Mapping):
            raise ToolError(f"{self._name} gave no description of its tables.")
        return found


def _named(name: str) -> tuple[str, str]:
    """Schema and table; the schema is empty for the one that the project exposes first."""
    schema, _, bare = name.rpartition(".")
    if not _NAME.fullmatch(bare) or (schema and not _NAME.fullmatch(schema)):
        raise ToolError(f"{name!r} is no name of a table.", hint="db_schemas lists them.")
    return schema, bare


def _rows(answer: Answer) -> list[dict[str, Any]]:
    if not isinstance(answer.data, list):
        raise ToolError("The project gave something else than rows.")
    return [one for one in answer.data if isinstance(one, dict)]
