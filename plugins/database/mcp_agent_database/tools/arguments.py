"""Arguments that several tools take."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from mcp_agent import Field

Name: TypeAlias = Annotated[
    str, Field("A connection of db_connections, or the path of a SQLite file.", min_length=1, max_length=1000)
]
Sql: TypeAlias = Annotated[str, Field("One SQL statement.", min_length=1, max_length=50_000)]
Values: TypeAlias = Annotated[
    list[str | int | float | bool | None],
    Field("Values for $1, $2, ... (PostgreSQL) or ?, ?, ... (SQLite), in order.", max_length=200),
]
TableName: TypeAlias = Annotated[
    str, Field("A table, view or collection; schema.name where needed.", min_length=1, max_length=200)
]
DocumentsName: TypeAlias = Annotated[
    str, Field("A MongoDB or Supabase connection of db_connections.", min_length=1, max_length=100)
]
CollectionName: TypeAlias = Annotated[str, Field("The collection or table.", min_length=1, max_length=250)]
Limit: TypeAlias = Annotated[int, Field("How many at most.", ge=1, le=100)]
Skip: TypeAlias = Annotated[int, Field("How many to pass over.", ge=0, le=1_000_000)]
