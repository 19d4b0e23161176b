"""Our own form: one JSON object a line, with everything that is known of a fact. What comes in is what went out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from mcp_agent_memory.exchange.bundle import Bundle, Entry, Kept
from mcp_agent_memory.store.drafts import Draft
from mcp_agent_memory.store.entities import Relation
from mcp_agent_memory.store.facts import Fact


class _Fact(Fact, frozen=True, tag_field="type", tag="fact", omit_defaults=True):
    pass


class _Relation(Relation, frozen=True, tag_field="type", tag="relation", omit_defaults=True):
    pass


class _Entity(msgspec.Struct, frozen=True, tag_field="type", tag="entity", omit_defaults=True):
    name: str
    kind: str | None = None


_decode = msgspec.json.Decoder(_Fact | _Relation | _Entity).decode


def write(kept: Kept) -> Iterator[bytes]:
    """Line by line."""
    for name, kind in kept.kinds.items():
        yield msgspec.json.encode(_Entity(name, kind)) + b"\n"
    for fact in kept.facts:
        yield msgspec.json.encode(_Fact(**msgspec.structs.asdict(fact))) + b"\n"
    for relation in kept.relations:
        yield msgspec.json.encode(_Relation(**msgspec.structs.asdict(relation))) + b"\n"


def read(lines: Iterable[bytes]) -> Bundle:
    """Lines that are something else are skipped."""
    bundle = Bundle()
    for where, one in bundle.read(lines, _decode):
        if isinstance(one, _Fact):
            since, until = (None if moment is None else moment.timestamp() for moment in (one.since, one.until))
            draft = Draft(one.text, one.source, one.tags, one.entities, one.conversation, since, until)
            bundle.add(Entry(draft, one.created.timestamp(), one.id, one.superseded_by), where)
        elif isinstance(one, _Relation):
            bundle.relations.append(one)
        else:
            bundle.kinds[one.name] = one.kind
    return bundle
