"""Tables as a Mermaid diagram."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mcp_agent_database.engine import Table


def full(schema: str, name: str) -> str:
    """As foreign keys name a table: without the schema that everybody means."""
    return name if schema in ("", "public") else f"{schema}.{name}"


def keys_of(table: Table) -> list[str]:
    """For each column ``PK``, ``FK``, both, or nothing."""
    foreign = {column for key in table.references for column in key.columns}
    return [
        ", ".join(name for name, one in (("PK", column.primary_key), ("FK", column.name in foreign)) if one)
        for column in table.columns
    ]


def mermaid(tables: Sequence[Table]) -> str:
    lines = ["erDiagram"]
    shown = {full(one.relation.schema, one.relation.name) for one in tables}
    for table in tables:
        lines.append(f"    {_word(full(table.relation.schema, table.relation.name))} {{")
        for column, keys in zip(table.columns, keys_of(table), strict=True):
            lines.append(f"        {_word(column.type)} {_word(column.name)} {keys}".rstrip())
        lines.append("    }")
    for table in tables:
        own = full(table.relation.schema, table.relation.name)
        for key in table.references:
            if key.to_table in shown:
                lines.append(f"    {_word(key.to_table)} ||--o{{ {_word(own)} : {_word('_'.join(key.columns))}")
    return "\n".join(lines)


def _word(text: str) -> str:
    """A name as Mermaid takes it."""
    return re.sub(r"\W+", "_", text).strip("_") or "x"
