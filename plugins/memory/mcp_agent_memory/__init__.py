"""What the assistant should know next time: facts in SQLite on this machine, found again by their words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, PluginInfo, Scene, Stage, ToolError, Undo, hookimpl, prompt, resource, tool
from mcp_agent_memory import facts
from mcp_agent_memory.facts import Fact

RECENT = "memory://recent"
_RECENT_COUNT = 20

FactId = Annotated[int, Field("The number of the fact.", ge=1, le=2**63 - 1)]


class Remembered(Struct, frozen=True):
    """``id`` is what memory_forget takes."""

    id: int


class Page(Struct, frozen=True, omit_defaults=True):
    """``before`` is what to ask the next page with; without it there is none."""

    facts: list[Fact]
    before: int | None = None


async def _fact_of(ctx: Context, arguments: Any, result: Any) -> Any:
    """The fact that a call made, None before it and once it is gone."""
    found = await facts.get(ctx, result["id"]) if result else None
    return None if found is None else {"id": found.id, "text": found.text}


async def _unremember(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
    """Before remembering there was no fact; after undoing that undoing there is one again."""
    if snapshot is None:
        await facts.delete(ctx, result["id"])
    else:
        await facts.add(ctx, arguments.text, arguments.source, arguments.tags, result["id"])
    ctx.resource_updated(RECENT)


@tool(effect="write", undo=Undo(_fact_of, _unremember))
async def memory_remember(
    ctx: Context,
    text: Annotated[str, Field("One fact, in words that will be searched for.", pattern=r"\S", max_length=8000)],
    source: Annotated[str | None, Field("Where it comes from: a person, a page, a file.", max_length=1000)] = None,
    tags: Annotated[list[Annotated[str, Field(max_length=100)]], Field("Words to find it by.", max_length=20)] = [],  # noqa: B006
) -> Remembered:
    """Keep a fact for later conversations. It stays on this machine until it is forgotten."""
    fact_id = await facts.add(ctx, text, source, tags)
    ctx.resource_updated(RECENT)
    return Remembered(fact_id)


@tool(effect="read")
async def memory_recall(
    ctx: Context,
    query: Annotated[str, Field("What to look for, in plain words.", max_length=1000)],
    limit: Annotated[int, Field("How many at most.", ge=1, le=100)] = 10,
) -> list[Fact]:
    """Find facts by their words, best first. Word endings do not matter, and the beginning of a word is enough.

    Facts with all the words are looked for first; where there are none, those with any of them.
    """
    return await facts.search(ctx, query, limit)


@tool(effect="destructive", idempotent=True)
async def memory_forget(ctx: Context, id: FactId) -> str:
    """Delete a fact for good: it is wiped from the memory's files too, and cannot be brought back."""
    if not await facts.delete(ctx, id):
        raise ToolError(f"There is no fact {id}.", hint="memory_recall and memory_list give the numbers of facts.")
    ctx.resource_updated(RECENT)
    ctx.resource_updated(f"memory://facts/{id}")
    return f"Fact {id} is forgotten."


@tool(effect="read")
async def memory_list(
    ctx: Context,
    limit: Annotated[int, Field("How many in one page.", ge=1, le=100)] = 20,
    before: Annotated[int | None, Field("'before' of the last page, to go on from there.", ge=1, le=2**63 - 1)] = None,
) -> Page:
    """All facts, newest first, page by page."""
    found = await facts.newest(ctx, limit + 1, before)
    shown = found[:limit]
    return Page(shown, shown[-1].id if len(found) > limit else None)


@resource("memory://facts/{id}", title="A fact", mime_type="application/json")
async def memory_fact(ctx: Context, id: int) -> Fact | None:
    """One fact by its number."""
    return await facts.get(ctx, id)


@resource(RECENT, title="Recent facts", mime_type="application/json")
async def memory_recent(ctx: Context) -> list[Fact]:
    """The newest facts, newest first."""
    return await facts.newest(ctx, _RECENT_COUNT)


@prompt(title="Start from what is remembered")
async def memory_start(
    ctx: Context, topic: Annotated[str, Field("What the conversation will be about; empty for the newest facts.")] = ""
) -> str:
    """Begin a conversation with what earlier ones left behind."""
    found = await facts.search(ctx, topic, 10) if topic.strip() else await facts.newest(ctx, 10)
    known = "\n".join(f"- {fact.text}" for fact in found) or "- nothing yet"
    about = f" about {topic}" if topic.strip() else ""
    return f"This is what you remember{about}:\n{known}\n\nKeep what is worth keeping with memory_remember."


async def _remembers(stage: Stage) -> None:
    kept = await stage.call(
        "memory_remember", text="The spare key is under the blue flower pot.", source="Anna", tags=["home"]
    )
    stage.check(not kept.is_error, f"the fact was not kept: {kept.text}")
    await stage.call("memory_remember", text="The boiler is serviced every October.")
    found = (await stage.call("memory_recall", query="where are the spare keys?")).data["result"]
    stage.check(bool(found) and "blue flower pot" in found[0]["text"], f"the wrong fact came back: {found}")
    stage.say(f"Asked in other words, it knows: {found[0]['text']} ({found[0]['source']} said so.)")
    await stage.call("memory_forget", id=kept.data["id"])
    gone = (await stage.call("memory_recall", query="flower pot")).data["result"]
    stage.check(gone == [], f"a forgotten fact came back: {gone}")
    stage.say("And what it is told to forget is gone.")


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(title="Memory", description="Facts that outlive a conversation, on this machine.")


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return [memory_remember, memory_recall, memory_forget, memory_list]


@hookimpl
def mcp_agent_resources() -> Sequence[Callable[..., Any]]:
    return [memory_fact, memory_recent]


@hookimpl
def mcp_agent_prompts() -> Sequence[Callable[..., Any]]:
    return [memory_start]


@hookimpl
async def mcp_agent_health(ctx: Context) -> str:
    count = await facts.count(ctx)
    return "1 fact." if count == 1 else f"{count} facts."


@hookimpl
def mcp_agent_demo() -> Sequence[Scene]:
    return [Scene("It remembers", _remembers)]
