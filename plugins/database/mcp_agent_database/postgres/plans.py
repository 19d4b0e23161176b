"""What a plan of PostgreSQL means, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mcp_agent_database.engine import Plan

_MANY = 10_000
_OFF = 10.0
_CONDITIONS = (
    "Index Cond",
    "Hash Cond",
    "Merge Cond",
    "Join Filter",
    "Recheck Cond",
    "Filter",
    "Sort Key",
    "Group Key",
)


def plan(found: Mapping[str, Any]) -> Plan:
    """From ``EXPLAIN (FORMAT JSON)``."""
    top = found["Plan"]
    notes = [note for node, _ in _walk(top, 0) for note in _notes(node)]
    if "Execution Time" in found:
        notes.insert(0, f"It took {found['Execution Time']:.1f} ms, and {found['Planning Time']:.1f} ms to plan.")
    else:
        notes.insert(0, f"Not run: estimates only. About {top['Plan Rows']:,} rows.")
    return Plan([_step(node, depth) for node, depth in _walk(top, 0)], list(dict.fromkeys(notes)))


def _walk(node: Mapping[str, Any], depth: int) -> Iterator[tuple[Mapping[str, Any], int]]:
    yield node, depth
    for inner in node.get("Plans", ()):
        yield from _walk(inner, depth + 1)


def _step(node: Mapping[str, Any], depth: int) -> str:
    on = node.get("Relation Name") or node.get("CTE Name") or node.get("Function Name")
    what = (
        node["Node Type"] + (f" on {on}" if on else "") + (f" by {node['Index Name']}" if "Index Name" in node else "")
    )
    rows = f"about {node['Plan Rows']:,} rows"
    if "Actual Rows" in node:
        came, loops, took = node["Actual Rows"], node["Actual Loops"], node["Actual Total Time"]
        rows = f"{came:,} rows x {loops} in {took:.1f} ms, expected {node['Plan Rows']:,}"
    conditions = "; ".join(f"{name}: {str(node[name])[:200]}" for name in _CONDITIONS if name in node)
    return f"{'  ' * depth}{what} ({rows}) {conditions}".rstrip()


def _notes(node: Mapping[str, Any]) -> Iterator[str]:
    on = node.get("Relation Name", "")
    read = node.get("Actual Rows", node["Plan Rows"]) + node.get("Rows Removed by Filter", 0)
    if node["Node Type"] == "Seq Scan" and "Filter" in node and read >= _MANY:
        yield f"All {read:,} rows of {on} are read to find those with {node['Filter'][:150]}: an index could help."
    if node.get("Sort Space Type") == "Disk":
        yield f"A sort used {node['Sort Space Used']:,} kB of disk: work_mem is small for it."
    if node.get("Hash Batches", 1) > 1:
        yield f"A hash was cut into {node['Hash Batches']} parts because work_mem is small for it."
    if "Actual Rows" in node and node["Actual Loops"]:
        expected, came = max(node["Plan Rows"], 1), max(node["Actual Rows"], 1)
        if max(expected / came, came / expected) >= _OFF and max(expected, came) >= 1000:
            what = f"{node['Node Type']} on {on}" if on else node["Node Type"]
            yield f"{what}: {came:,} rows came, {expected:,} were expected. ANALYZE may help."
    if node.get("Actual Loops", 1) >= 1000 and node["Node Type"] == "Seq Scan":
        yield f"{on} is read from its start {node['Actual Loops']:,} times."
