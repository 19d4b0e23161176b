"""Arguments that several tools take, and what they become."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, ToolError
from mcp_agent_memory.guard import find_secrets
from mcp_agent_memory.moments import period_of
from mcp_agent_memory.store.drafts import Draft
from mcp_agent_memory.store.facts import Fact

RECENT = "memory://recent"
TODAY = "memory://today"

FactId = Annotated[int, Field("The number of the fact.", ge=1, le=2**63 - 1)]
FactIds = Annotated[list[FactId], Field("Numbers of facts.", min_length=1, max_length=100)]
Words = Annotated[str, Field(pattern=r"\S", max_length=8000)]
Name = Annotated[str, Field(pattern=r"\S", max_length=200)]
Names = Annotated[list[Name], Field(max_length=20)]
Source = Annotated[str, Field(max_length=1000)]
When = Annotated[str, Field(max_length=40)]


class NewFact(Struct, frozen=True, omit_defaults=True):
    """One fact of many; what is left out is taken from the call."""

    text: Words
    source: Source | None = None
    since: When | None = None
    until: When | None = None
    tags: Names = []
    entities: Names = []


def draft_of(
    text: str,
    source: str | None = None,
    tags: Sequence[str] = (),
    entities: Sequence[str] = (),
    conversation: str | None = None,
    since: str | None = None,
    until: str | None = None,
) -> Draft:
    """Raises ToolError for dates that are none, or that end before they begin."""
    begin = None if since is None else period_of(since)[0]
    end = None if until is None else period_of(until)[1]
    if begin is not None and end is not None and end <= begin and since != until:
        raise ToolError(f"A fact cannot be true since {since} until {until}: that ends before it begins.")
    return Draft(text, source, list(tags), list(entities), conversation, begin, end)


def refuse_secrets(texts: Sequence[str]) -> None:
    """Raises ToolError where one holds a secret. Called before anything is written, the undo journal included."""
    for number, text in enumerate(texts, 1):
        found = find_secrets(text)
        if found:
            which = "It" if len(texts) == 1 else f"Fact {number} of {len(texts)}"
            raise ToolError(
                f"{which} holds what looks like {found[0].kind}, so nothing was stored: this is no place for secrets.",
                hint="Tell the person to put it into the vault: 'mcp-agent secrets set PLUGIN NAME'. Remember where it "
                "is kept instead, without the secret itself.",
            )


def not_current(fact_id: int, fact: Fact | None) -> ToolError:
    """Why a fact cannot be changed: it is not there, or something newer is."""
    if fact is None:
        return ToolError(f"There is no fact {fact_id}.", hint="memory_recall gives the numbers of facts.")
    return ToolError(
        f"Fact {fact_id} was superseded by fact {fact.superseded_by}.", hint=f"Use {fact.superseded_by} instead."
    )


def tell(ctx: Context, *ids: int) -> None:
    """Tell whoever watches that facts came, changed or went."""
    for uri in (RECENT, TODAY, *(f"memory://facts/{number}" for number in ids)):
        ctx.resource_updated(uri)
