"""What the OpenAPI description of PostgREST says of tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mcp_agent_database.engine import Field, Reference, Relation, Table

_KEY = re.compile(r"<fk table='(?P<table>[^']+)' column='(?P<column>[^']+)'/>")


def relations(description: Mapping[str, Any], schema: str = "") -> list[Relation]:
    """All tables and views: the description does not tell them apart, so what cannot be written to is a view."""
    paths = description.get("paths") or {}
    found = []
    for name, one in (description.get("definitions") or {}).items():
        writable = "post" in (paths.get(f"/{name}") or {})
        found.append(Relation(name, "table" if writable else "view", schema, comment=one.get("description")))
    return sorted(found, key=lambda one: one.name)


def table(description: Mapping[str, Any], name: str, schema: str = "") -> Table | None:
    """One of them, None where it is not described."""
    definitions = description.get("definitions") or {}
    if name not in definitions:
        return None
    [relation] = [one for one in relations(description, schema) if one.name == name]
    own = _references(name, definitions[name])
    others = [key for other, one in definitions.items() if other != name for key in _references(other, one)]
    required = set(definitions[name].get("required") or ())
    columns = [
        _column(key, one, key not in required) for key, one in (definitions[name].get("properties") or {}).items()
    ]
    return Table(relation, columns, own, [key for key in others if key.to_table == name])


def _column(name: str, said: Mapping[str, Any], nullable: bool) -> Field:
    comment = said.get("description") or ""
    default = said.get("default")
    return Field(
        name,
        said.get("format") or said.get("type") or "any",
        nullable and "<pk/>" not in comment,
        None if default is None else str(default),
        "<pk/>" in comment,
        comment.partition("Note:\n")[0].strip() or None,
    )


def _references(name: str, definition: Mapping[str, Any]) -> list[Reference]:
    return [
        Reference(name, [column], key["table"], [key["column"]])
        for column, said in (definition.get("properties") or {}).items()
        if (key := _KEY.search(said.get("description") or ""))
    ]
