"""The file of the official memory server: entities with observations, and relations, one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from mcp_agent_memory.exchange.bundle import Bundle, Entry, Kept, names_of
from mcp_agent_memory.store.drafts import Draft
from mcp_agent_memory.store.entities import Relation

_UNNAMED = "notes"
"""The entity of facts that are about nobody in particular: an observation must have one."""


class _Entity(msgspec.Struct, frozen=True, tag_field="type", tag="entity", rename="camel"):
    name: str
    entity_type: str
    observations: list[str]


class _Relation(msgspec.Struct, frozen=True, tag_field="type", tag="relation", rename="camel"):
    subject: str = msgspec.field(name="from")
    object: str = msgspec.field(name="to")
    relation_type: str


_decode = msgspec.json.Decoder(_Entity | _Relation).decode


def write(kept: Kept) -> Iterator[bytes]:
    """What is true now; its form has no place for history, dates, sources and tags."""
    current = [fact for fact in kept.facts if fact.superseded_by is None]
    by_name: dict[str, list[str]] = {name: [] for name in (*kept.kinds, *names_of(current))}
    for fact in current:
        by_name.setdefault(fact.entities[0] if fact.entities else _UNNAMED, []).append(fact.text)
    for name, texts in by_name.items():
        yield msgspec.json.encode(_Entity(name, kept.kinds.get(name) or "thing", texts)) + b"\n"
    for relation in kept.relations:
        yield msgspec.json.encode(_Relation(relation.subject, relation.object, relation.relation)) + b"\n"


def read(lines: Iterable[bytes]) -> Bundle:
    """Observations become facts about their entity. Lines that are something else are skipped."""
    bundle = Bundle()
    for where, one in bundle.read(lines, _decode):
        if isinstance(one, _Relation):
            bundle.relations.append(Relation(one.subject, one.relation_type, one.object))
            continue
        about = () if one.name == _UNNAMED else (one.name,)
        if about:
            bundle.kinds[one.name] = one.entity_type
        for text in one.observations:
            bundle.add(Entry(Draft(text, entities=about)), where)
    return bundle
