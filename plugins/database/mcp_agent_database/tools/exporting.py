"""Results as files, written while they come: memory does not grow with the number of rows."""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from typing import IO, Annotated, Any, Literal

from msgspec import Struct

from mcp_agent import Context, Field, Folders, tool, undo_files
from mcp_agent_database.desk import engine_of
from mcp_agent_database.engine import Stream
from mcp_agent_database.examples import EXAMPLES
from mcp_agent_database.files import WRITERS
from mcp_agent_database.tools.arguments import Name, Sql, Values
from mcp_agent_database.values import named

_LONGEST_CELL = 1_000_000
_LOT = 2_000


class Exported(Struct, frozen=True):
    """A file with a result."""

    path: str
    rows: int
    bytes: int


@tool(
    effect="write",
    undo=undo_files("path"),
    timeout=1800,
    examples=EXAMPLES["db_export"],
)  # fmt: skip
async def db_export(
    ctx: Context,
    connection: Name,
    statement: Sql,
    path: Annotated[str, Field("The file to write, in a writable folder; replaced when it is there.", min_length=1)],
    format: Annotated[Literal["csv", "parquet", "xlsx"], Field("csv, parquet, or xlsx (1,048,575 rows at most).")],
    parameters: Values = [],  # noqa: B006
) -> Exported:
    """Write all rows of a query into a CSV, Parquet or Excel file, however many. Takes the same queries as db_query."""
    rows = 0
    with tempfile.TemporaryFile() as file:
        async with engine_of(ctx, connection).read(statement, parameters, longest=_LONGEST_CELL) as stream:
            writer = WRITERS[format](file, named(stream.columns), [column.type for column in stream.columns])
            async for chunk in _chunks(stream):
                await ctx.in_thread(functools.partial(writer.write, chunk))
                rows += len(chunk)
                ctx.progress(rows, message=f"{rows:,} rows")
            await ctx.in_thread(writer.close)
        saved = await ctx.in_thread(
            lambda: ctx.folders.save(path, lambda target: _copy(file, target), expected=Folders.ANY)
        )
    return Exported(saved.path, rows, saved.size)


async def _chunks(stream: Stream) -> AsyncIterator[list[Sequence[Any]]]:
    """Rows in lots that are worth a thread."""
    lot: list[Sequence[Any]] = []
    async for batch in stream.batches():
        lot += batch
        if len(lot) >= _LOT:
            yield lot
            lot = []
    if lot:
        yield lot


def _copy(file: IO[bytes], target: IO[bytes]) -> None:
    file.seek(0)
    shutil.copyfileobj(file, target)
