"""The databases that there are, opened when somebody asks for them."""

from __future__ import annotations

from typing import Literal, TypeAlias

from mcp_agent import Context, ToolError
from mcp_agent_database.engine import Engine
from mcp_agent_database.example import Example
from mcp_agent_database.settings import Connection
from mcp_agent_database.sqlite.engine import File, Sqlite

Kind: TypeAlias = Literal["postgres", "sqlite"]
EXAMPLE = "example"
_MOST_FILES = 32
"""Engines of files that were named by their path and are kept in mind."""


class Desk:
    """Connections of the configuration by name, files by their path, and an example where nothing is configured."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._engines: dict[str, Engine] = {}
        self.configured: dict[str, Connection] = ctx.config.connections

    def engine(self, name: str) -> Engine:
        """The SQL database of that name or path. Raises ToolError for what is neither."""
        engine = self._engines.get(name)
        if engine is None:
            engine = self._engines[name] = self._made(name)
        return engine

    async def close(self) -> None:
        for engine in self._engines.values():
            await engine.close()

    def _made(self, name: str) -> Engine:
        connection = self.configured.get(name)
        if connection is None:
            return self._unnamed(name)
        if kind_of(connection.url) == "postgres":
            from mcp_agent_database.postgres.engine import Postgres

            return Postgres(self._ctx, name, connection)
        if "://" in connection.url:
            raise ToolError(
                f"{name} is no database that is known here.", hint="Its url is a path, or begins with postgresql://."
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
    return "postgres" if url.partition("://")[0].lower() in ("postgres", "postgresql") else "sqlite"


def desk_of(ctx: Context) -> Desk:
    """What startup opened."""
    desk: Desk = ctx.state
    return desk


def engine_of(ctx: Context, name: str) -> Engine:
    return desk_of(ctx).engine(name)
