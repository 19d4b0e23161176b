"""Resources and prompts."""

from __future__ import annotations

from typing import Annotated

from mcp_agent import Context, Field, prompt, resource
from mcp_agent_memory.store import facts
from mcp_agent_memory.store.facts import Fact
from mcp_agent_memory.store.schema import database
from mcp_agent_memory.tools.forms import RECENT, TODAY
from mcp_agent_memory.tools.graph import Entity, about

_COUNT = 20
_MOST = 200
_DAY = 86400


@resource("memory://facts/{id}", title="A fact", mime_type="application/json")
async def memory_fact(ctx: Context, id: int) -> Fact | None:
    """One fact by its number."""
    return await database(ctx).read(lambda connection: facts.get(connection, id))


@resource(RECENT, title="Recent facts", mime_type="application/json")
async def memory_newest(ctx: Context) -> list[Fact]:
    """The newest facts, newest first."""
    return await database(ctx).read(lambda connection: facts.newest(connection, _COUNT))


@resource(TODAY, title="Today's notes", mime_type="application/json")
async def memory_today(ctx: Context) -> list[Fact]:
    """What is from today (UTC), the latest first."""
    start = ctx.clock.time() // _DAY * _DAY
    return await database(ctx).read(lambda connection: facts.between(connection, start, start + _DAY, _MOST))


@resource("memory://entities/{name}", title="A person, place or thing", mime_type="application/json")
async def memory_entity(ctx: Context, name: str) -> Entity | None:
    """What is remembered about one: relations and facts."""
    return await database(ctx).read(lambda connection: about(connection, name, _COUNT))


@prompt(title="Start from what is remembered")
async def memory_start(
    ctx: Context, topic: Annotated[str, Field("What the conversation will be about; empty for the newest facts.")] = ""
) -> str:
    """Begin a conversation with what earlier ones left behind."""
    if topic.strip():
        from mcp_agent_memory.tools.recall import search

        _, found = await search(ctx, topic, limit=10)
    else:
        found = await database(ctx).read(lambda connection: facts.newest(connection, 10))
    known = "\n".join(f"- {fact.text}" for fact in found) or "- nothing yet"
    said = f" about {topic}" if topic.strip() else ""
    return f"This is what you remember{said}:\n{known}\n\nKeep what is worth keeping with memory_remember."


@prompt(title="Keep what was learnt")
async def memory_end(
    ctx: Context, conversation: Annotated[str, Field("A name for this conversation; empty for today's date.")] = ""
) -> str:
    """End a conversation: note down what the next one should know."""
    from datetime import UTC, datetime

    name = conversation.strip() or f"{datetime.fromtimestamp(ctx.clock.time(), UTC):%Y-%m-%d}"
    return (
        "Look back at this conversation. Keep what will matter later with one call of memory_remember (facts=[...], "
        f'conversation="{name}"): decisions, preferences, people and how they are related, dates, what is still open. '
        "One fact a line, in full words that make sense alone, with since where a time was named and entities where "
        "names were. Correct what changed with memory_update, after memory_recall. Keep no secrets, no small talk, and "
        "nothing that is remembered already. Then say in two lines what you kept."
    )
