"""The databases that there are, opened when somebody asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from mcp_agent import Context, ToolError
from mcp_agent_database.engine import Documents, Engine, Store
from mcp_agent_database.example import Example
from mcp_agent_database.settings import Connection
from mcp_agent_database.sqlite.engine import File, Sqlite

Kind: TypeAlias = Literal["postgres", "sqlite", "mongodb", "supabase"]
_SCHEMES: Mapping[str, Kind] = {
    "postgres": "postgres", "postgresql": "postgres", "mongodb": "mongodb", "mongodb+srv": "mongodb",
    "https": "supabase", "http": "supabase",
}  # fmt: skip
EXAMPLE = "example"
_MOST_FILES = 32
"""Engines of files that were named by their path and are kept in mind."""


class Desk:
    """Connections of the configuration by name, files by their path, and an example where nothing is configured."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._engines: dict[str, Engine] = {}
        self._documents: dict[str, Documents] = {}
        self.configured: dict[str, Connection] = ctx.config.connections

    def store(self, name: str) -> Store:
        """The database of that name or path, whatever its kind. Raises ToolError for what is neither."""
        return self.documents(name) if self.holds_documents(name) else self.engine(name)

    def engine(self, name: str) -> Engine:
        """The same, for SQL only."""
        if self.holds_documents(name):
            raise ToolError(f"{name} is not asked in SQL.", hint="db_find and db_aggregate ask it.")
        engine = self._engines.get(name)
        if engine is None:
            engine = self._engines[name] = self._made(name)
        return engine

    def documents(self, name: str) -> Documents:
        """The same, for documents only."""
        if not self.holds_documents(name):
            raise ToolError(
                f"{name} holds no documents.", hint="db_query asks SQL databases; db_connections lists all."
            )
        found = self._documents.get(name)
        if found is None:
            found = self._documents[name] = self._made_for_documents(name)
        return found

    async def close(self) -> None:
        for store in (*self._engines.values(), *self._documents.values()):
            await store.close()

    def _made_for_documents(self, name: str) -> Documents:
        connection = self.configured[name]
        if kind_of(connection.url) == "supabase":
            from mcp_agent_database.supabase.engine import Supabase

            return Supabase(self._ctx, name, connection)
        from mcp_agent_database.mongo.engine import Mongo

        return Mongo(self._ctx, name, connection)

    def holds_documents(self, name: str) -> bool:
        """Whether it is asked in filters rather than in SQL."""
        connection = self.configured.get(name)
        return connection is not None and kind_of(connection.url) in ("mongodb", "supabase")

    def _made(self, name: str) -> Engine:
        connection = self.configured.get(name)
        if connection is None:
            return self._unnamed(name)
        if kind_of(connection.url) == "postgres":
            from mcp_agent_database.postgres.engine import Postgres

            return Postgres(self._ctx, name, connection)
        if "://" in connection.url:
            raise ToolError(
                f"{name} is no database that is known here.",
                hint=f"Its url is a path, or begins with {', '.join(f'{one}://' for one in _SCHEMES)}.",
            )
        return Sqlite(self._ctx, name, File(self._ctx, connection.url), connection.writable)

    def _unnamed(self, name: str) -> Engine:
        if name == EXAMPLE and not self.configured:
            return Sqlite(self._ctx, name, Example(), writable=False)
        if "." not in name and "/" not in name:
            raise ToolError(f"There is no connection {name}.", hint="db_connections lists them.")
        if len(self._engines) >= _MOST_FILES + len(self.configured):
            self._engines = {known: one for known, one in self._engines.items() if known in self.configured}
        return Sqlite(self._ctx, name, File(self._ctx, name), writable=False)


def kind_of(url: str) -> Kind:
    """By its scheme; what has none is the path of a file."""
    return _SCHEMES.get(url.partition("://")[0].lower(), "sqlite")


def desk_of(ctx: Context) -> Desk:
    """What startup opened."""
    desk: Desk = ctx.state
    return desk


def store_of(ctx: Context, name: str) -> Store:
    return desk_of(ctx).store(name)


def engine_of(ctx: Context, name: str) -> Engine:
    return desk_of(ctx).engine(name)


def documents_of(ctx: Context, name: str) -> Documents:
    return desk_of(ctx).documents(name)
