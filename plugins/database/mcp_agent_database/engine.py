"""The seams between the tools and the kinds of databases, and the values that pass through them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, Protocol, TypeAlias

from msgspec import Struct

Cell: TypeAlias = Any
"""A value as the driver gives it."""
Parameters: TypeAlias = Sequence[str | int | float | bool | None]


class Column(Struct, frozen=True):
    """A column of a result; ``type`` in the words of the database, empty where it has none."""

    name: str
    type: str


class Relation(Struct, frozen=True, omit_defaults=True):
    """A table, view or collection. ``rows`` is the database's estimate where it has one; ``bytes`` with its indexes."""

    name: str
    kind: Literal["table", "view", "collection", "other"]
    schema: str = ""
    rows: int | None = None
    bytes: int | None = None
    comment: str | None = None


class Field(Struct, frozen=True, omit_defaults=True):
    """A column of a table."""

    name: str
    type: str
    nullable: bool = True
    default: str | None = None
    primary_key: bool = False
    comment: str | None = None


class Reference(Struct, frozen=True):
    """A foreign key: ``columns`` of ``table`` point to ``to_columns`` of ``to_table``."""

    table: str
    columns: list[str]
    to_table: str
    to_columns: list[str]


class Index(Struct, frozen=True):
    """An index; ``definition`` is the statement that made it, empty for one that a constraint made."""

    name: str
    columns: list[str]
    unique: bool
    definition: str = ""


class Table(Struct, frozen=True, omit_defaults=True):
    """What there is to know about one table or view before asking it something."""

    relation: Relation
    columns: list[Field]
    references: list[Reference] = []
    referenced_by: list[Reference] = []
    indexes: list[Index] = []


class Plan(Struct, frozen=True):
    """How the database goes about a query: one step a line, indented; and what is worth knowing of it."""

    steps: list[str]
    notes: list[str]


class Stream(Protocol):
    """The rows of a query, as they come. Batches are small enough to be kept in memory."""

    columns: Sequence[Column]

    async def skip(self, rows: int) -> None:
        """Pass over that many."""

    def batches(self) -> AsyncIterator[Sequence[Sequence[Cell]]]:
        """The rows, a batch at a time."""


class Suggested(Struct, frozen=True):
    """An index that may help or one that can go: ``statement`` for db_migrate, and why."""

    statement: str
    why: str


class Changed(Struct, frozen=True, omit_defaults=True):
    """What a statement did: how many rows it changed, the rows that RETURNING gave, and whether that stays."""

    affected: int
    kept: bool
    returned: list[dict[str, Any]] = []


class Store(Protocol):
    """Any database. Methods raise ToolError for what the database or the guard refuses, UpstreamError when it fails."""

    async def where(self) -> str:
        """Where this is, for people: kind, database, host and user."""

    async def relations(self) -> list[Relation]:
        """Tables, views and collections, those of the system left out."""

    async def table(self, name: str) -> Table:
        """One of them; ``name`` may be ``schema.name``."""

    async def health(self) -> dict[str, Any]:
        """Figures about how it is."""

    async def close(self) -> None: ...


class Wanted(Struct, frozen=True):
    """Which documents: those that ``filter`` holds for, in MongoDB's words; all fields where none are named."""

    filter: Mapping[str, Any] = {}
    fields: Sequence[str] = ()
    sort: Mapping[str, int] = {}
    limit: int = 20
    skip: int = 0


class Documents(Store, Protocol):
    """A database of documents, or one that is asked for rows like one. Documents are JSON. Nothing is changed."""

    def find(self, collection: str, wanted: Wanted) -> AsyncGenerator[dict[str, Any]]:
        """The documents, as they come."""

    def aggregate(
        self, collection: str, pipeline: Sequence[Mapping[str, Any]], limit: int, skip: int
    ) -> AsyncGenerator[dict[str, Any]]:
        """What the stages of a pipeline make of them."""


class Engine(Store, Protocol):
    """A SQL database."""

    writable: bool

    def read(self, sql: str, parameters: Parameters = (), *, longest: int) -> AbstractAsyncContextManager[Stream]:
        """Run a query that was proved to change nothing. Text and bytes are cut after ``longest``, and one more is
        kept to show that."""

    async def explain(self, sql: str, parameters: Parameters, *, run: bool) -> Plan:
        """The plan of a query; with ``run`` it is run and measured."""

    async def change(
        self, statements: Sequence[tuple[str, Parameters]], *, schema: bool, keep: Callable[[int], bool]
    ) -> Changed:
        """Run statements in one transaction, which stays when ``keep`` of the number of changed rows says so.

        With ``schema`` also statements that make, alter or drop tables, views and indexes.
        """

    async def unused(self) -> list[Suggested]:
        """What the database counted: indexes nobody used, tables that are read whole."""

    async def busiest(self, limit: int) -> list[dict[str, Any]]:
        """Statements that took most time, or run now."""
