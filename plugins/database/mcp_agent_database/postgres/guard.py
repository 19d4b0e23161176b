"""Whether a statement is a query that changes nothing, found by PostgreSQL's own parser over the whole tree.

The server's read-only transaction stands behind this. It stops most writes, but not ``COPY ... TO PROGRAM``,
``pg_read_file`` or ``pg_terminate_backend``, and in older versions not large objects.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from mcp_agent import ToolError
from mcp_agent_database.postgres import rules

Tree: TypeAlias = Any
LONGEST = 50_000
_KEPT = 64
"""Statements that are known to be fine: the pages of a result come with the same one."""
_HINT = "Queries only read: SELECT, VALUES, TABLE, WITH, EXPLAIN or SHOW, one statement at a time."


class Known(Struct, frozen=True):
    """What the server says: functions with effects, as ``schema.name`` and, where that finds them, as ``name``;
    those of them that ``x.name`` can call; operators with effects."""

    unsafe: frozenset[str] = frozenset()
    dotted: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()


class Checked(Struct, frozen=True):
    """A statement that may run: its kind in the parser's words, and its text without a semicolon."""

    kind: str
    text: str


@functools.lru_cache(maxsize=_KEPT)
def check_query(sql: str, known: Known) -> Checked:
    """The statement, when it only reads. Raises ToolError, saying what in it does not."""
    kind, statement, text = parse_one(sql)
    if kind not in rules.STATEMENTS:
        raise ToolError(f"This is no query: {_in_words(kind)}.", hint=_HINT)
    if kind == "ExplainStmt":
        _check_explain(statement)
    if kind != "VariableShowStmt":
        _check(statement, known, rules.NODES)
    return Checked(kind, text)


def check_change(sql: str, known: Known, *, schema: bool) -> Checked:
    """A statement that changes rows, or with ``schema`` also tables. Raises ToolError for all others."""
    kind, statement, text = parse_one(sql)
    if schema and kind in rules.CHANGES:
        if kind == "IndexStmt" and statement.get("concurrent"):
            raise ToolError(
                "CREATE INDEX CONCURRENTLY cannot be part of a transaction.", hint="Leave CONCURRENTLY out."
            )
        _check_names(statement, known)
        return Checked(kind, text)
    if kind not in rules.WRITES and not (kind == "SelectStmt" and _writes_inside(statement)):
        allowed = "INSERT, UPDATE, DELETE or MERGE" + (", or a change of tables" if schema else "")
        raise ToolError(f"{_in_words(kind)} is not for this tool.", hint=f"It runs {allowed}, one statement at a time.")
    _check(statement, known, rules.WRITE_NODES)
    return Checked(kind, text)


def parse_one(sql: str) -> tuple[str, Tree, str]:
    """Kind and tree of the one statement in a text, and its text without what stands around it."""
    try:
        from pglast.parser import ParseError, parse_sql_json
    except ModuleNotFoundError:
        raise missing_extra() from None
    if len(sql) > LONGEST:
        raise ToolError(f"The statement has {len(sql):,} characters; {LONGEST:,} are taken at most.")
    if "\0" in sql:
        raise ToolError("The statement has a NUL character in it.")
    try:
        statements = msgspec.json.decode(parse_sql_json(sql)).get("stmts", [])
    except ParseError as error:
        raise ToolError(f"PostgreSQL cannot read this: {error}.") from None
    except RecursionError:
        raise ToolError("The statement is nested too deeply.") from None
    if len(statements) != 1:
        raise ToolError(f"There are {len(statements)} statements in this; one is taken.", hint=_HINT)
    [one] = statements
    start = one.get("stmt_location", 0)
    text = sql.encode()[start : start + one["stmt_len"] if "stmt_len" in one else None].decode()
    [(kind, statement)] = one["stmt"].items()
    return kind, statement, text


def missing_extra() -> ToolError:
    return ToolError(
        "PostgreSQL needs libraries that are not installed.", hint="Install the extra: mcp-agent-database[postgres]."
    )


def _check_explain(statement: Tree) -> None:
    inner = next(iter(statement.get("query", {})), "")
    if inner != "SelectStmt":
        raise ToolError(f"EXPLAIN is for queries, not for {_in_words(inner)}.", hint=_HINT)
    for option in statement.get("options", ()):
        name = option["DefElem"]["defname"].lower()
        if name not in rules.EXPLAIN_OPTIONS:
            raise ToolError(f"EXPLAIN ({name}) is not known here.")
    used = {names[-1] for _, node in _nodes(statement["query"]) for names in _function_names(node)}
    growing = used & rules.GROWING
    if growing:
        raise ToolError(
            f"A plan would show all that {', '.join(sorted(growing))} makes.", hint="Leave it out to explain."
        )
    statement.pop("options", None)  # checked: the walk need not know them


def _check(statement: Tree, known: Known, allowed: frozenset[str]) -> None:
    for kind, _ in _nodes(statement):
        if kind[0].isupper() and kind not in allowed:
            raise ToolError(f"This is more than a query: it holds {_in_words(kind)}.", hint=_HINT)
        if kind in rules.FIELDS:
            raise ToolError(f"This is more than a query: {_in_words(kind)} writes or locks.", hint=_HINT)
    _check_names(statement, known)


def _check_names(statement: Tree, known: Known) -> None:
    """Functions, operators and relations, wherever they stand."""
    for kind, node in _nodes(statement):
        for names in _function_names(node):
            _check_function(names, known)
        for name in _dotted_names(kind, node):
            if name in known.dotted or name in rules.REFUSED:
                raise ToolError(f"{name} may have effects, and x.{name} would call it.", hint=_HINT)
        if isinstance(node, Mapping):
            relation = node.get("relname", "")
            if relation in rules.RELATIONS:
                raise ToolError(f"{relation} holds what no query should show.")
            operator = _strings(node.get("useOp", ())) + _strings(node.get("operName", ()))
            operator += _strings(node.get("name", ())) if kind == "A_Expr" else []
            if operator and operator[-1] in known.operators:
                raise ToolError(f"The operator {operator[-1]} may have effects here.")


def _check_function(names: list[str], known: Known) -> None:
    name = names[-1]
    if name in rules.REFUSED or name.startswith(("dblink", "pg_ls_", "pg_advisory", "pg_try_advisory", "lo_")):
        raise ToolError(f"{name} writes, reads files, waits or runs other statements.", hint="Leave it out.")
    if ".".join(names[-2:]) in known.unsafe:
        raise ToolError(
            f"{name} may have effects: PostgreSQL knows it as volatile.",
            hint="If it only reads, declare it STABLE or name it in the connection's setting functions.",
        )


def _function_names(node: Tree) -> Iterator[list[str]]:
    if isinstance(node, Mapping):
        for field in ("funcname", "method"):
            names = _strings(node.get(field, ()))
            if names:
                yield names


def _dotted_names(kind: str, node: Tree) -> list[str]:
    """``(x).name`` and ``x.name`` call a function of one argument when there is no such column."""
    if kind == "A_Indirection":
        return _strings(node.get("indirection", ()))
    if kind == "ColumnRef":
        return _strings(node["fields"])[1:]
    return []


def _strings(nodes: Tree) -> list[str]:
    if not isinstance(nodes, list):
        return []
    return [one["String"]["sval"] for one in nodes if isinstance(one, dict) and "sval" in one.get("String", {})]


def _nodes(tree: Tree) -> Iterator[tuple[str, Tree]]:
    """Every named part of the tree: nodes begin with a capital letter, fields do not."""
    stack: list[Tree] = [tree]
    while stack:
        top = stack.pop()
        if isinstance(top, dict):
            yield from top.items()
            stack.extend(top.values())
        elif isinstance(top, list):
            stack.extend(top)


def _writes_inside(statement: Tree) -> bool:
    return any(kind in rules.WRITES for kind, _ in _nodes(statement))


def _in_words(kind: str) -> str:
    """``DeleteStmt`` as ``DELETE``, ``intoClause`` as ``INTO``."""
    name = kind.removesuffix("Stmt").removesuffix("Clause")
    return "".join(f" {letter}" if letter.isupper() else letter for letter in name).strip().upper() or "this"
