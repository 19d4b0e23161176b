"""Memory to files and back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Struct

from mcp_agent import Context, Field, Undo, tool
from mcp_agent_memory.examples import EXAMPLES
from mcp_agent_memory.store.schema import database
from mcp_agent_memory.tools.forms import tell

Place = Annotated[str, Field("The file, or for markdown the folder, in one of the person's folders.", min_length=1)]
Form = Annotated[
    Literal["jsonl", "markdown", "official"],
    Field("jsonl keeps everything; markdown is a folder of notes; official is the file of the official memory server."),
]
_SHOWN = 20


class Exported(Struct, frozen=True):
    path: str
    facts: int
    relations: int
    bytes: int


class Imported(Struct, frozen=True, omit_defaults=True):
    """``known``: so many were remembered already. ``skipped`` says what was left out and why, of ``skips`` in all."""

    new: int
    known: int
    relations: int
    skips: int = 0
    skipped: list[str] = []


@tool(effect="write", undo="impossible", examples=EXAMPLES["memory_export"])
async def memory_export(ctx: Context, path: Place, form: Form = "jsonl") -> Exported:
    """Write everything remembered to a new file, to keep or to move. Nothing is overwritten, nothing encrypted."""
    from mcp_agent_memory.exchange import bundle, files

    place: str = await ctx.in_thread(lambda: files.target(ctx.folders, path, form))
    store, now = database(ctx), ctx.clock.time()
    # Noted first: a crash leaves a note too many, never a copy that nobody knows of.
    await store.write(
        lambda connection: connection.execute("insert or replace into exports values (?, ?)", (place, now)) and None
    )
    kept = await store.read(bundle.everything)
    size: int = await ctx.in_thread(lambda: files.write(ctx.folders, kept, place, form))
    return Exported(place, len(kept.facts), len(kept.relations), size)


async def _state(ctx: Context, arguments: Any, result: Any) -> Any:
    from mcp_agent_memory.exchange import bundle, files

    found = await ctx.in_thread(lambda: files.read(ctx.folders, arguments.path, arguments.form))
    return await database(ctx).read(lambda connection: bundle.state(connection, found))


async def _make_as(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
    from mcp_agent_memory.exchange import bundle, files
    from mcp_agent_memory.retrieve import vectors

    found = await ctx.in_thread(lambda: files.read(ctx.folders, arguments.path, arguments.form))
    gone = await database(ctx).write(lambda connection: bundle.make_as(connection, found, snapshot))
    await vectors.wipe(ctx, gone)


@tool(effect="write", idempotent=True, undo=Undo(_state, _make_as), timeout=600, examples=EXAMPLES["memory_import"])
async def memory_import(ctx: Context, path: Place, form: Form = "jsonl") -> Imported:
    """Take in facts and relations from a file. What is remembered already is not taken twice; secrets are left out."""
    from mcp_agent_memory.exchange import bundle, files
    from mcp_agent_memory.retrieve import vectors

    found = await ctx.in_thread(lambda: files.read(ctx.folders, path, form))
    now = ctx.clock.time()
    new, known = await database(ctx).write(lambda connection: bundle.take_in(connection, found, now))
    await vectors.catch_up(ctx)
    tell(ctx)
    return Imported(new, known, len(found.relations), len(found.skipped), found.skipped[:_SHOWN])
