"""Templates: ``{{name}}`` anywhere, Word's merge fields, and rows of tables that repeat for each item of a list."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from mcp_agent_office.text.parts import W, make, set_text
from mcp_agent_office.text.runs import Wanted, replace_in, text_of

_FIELD = re.compile(r"\{\{\s*([\w.\- ]+?)\s*\}\}")
_MERGE = re.compile(r'\s*MERGEFIELD\s+(?:"([^"]+)"|(\S+))', re.IGNORECASE)
Values = dict[str, Any]


def fields_of(trees: list[Any]) -> list[str]:
    """The names that a template asks for, in their order."""
    names: list[str] = []
    for tree in trees:
        for paragraph in tree.iter(f"{W}p"):
            names += _FIELD.findall(text_of(paragraph))
        for node in tree.iter(f"{W}instrText", f"{W}fldSimple"):
            if found := _MERGE.match(node.text or node.get(f"{W}instr") or ""):
                names.append(found[1] or found[2])
    return list(dict.fromkeys(names))


def fill(trees: list[Any], values: Values) -> None:
    """Put values into their places. Names that there is no value for stay as they are."""
    for tree in trees:
        for row in list(tree.iter(f"{W}tr")):
            _repeat(row, values)
        for paragraph in list(tree.iter(f"{W}p")):
            _fill_paragraph(paragraph, values)
        _merge_fields(tree, values)


def shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _repeat(row: Any, values: Values) -> None:
    """A row that asks for ``{{items.name}}`` is there once for each of the items."""
    asked = {name.partition(".")[0] for paragraph in row.iter(f"{W}p") for name in _FIELD.findall(text_of(paragraph))}
    lists = [name for name in asked if isinstance(values.get(name), list)]
    if not lists:
        return
    for item in values[lists[0]]:
        made = deepcopy(row)
        for paragraph in made.iter(f"{W}p"):
            _fill_paragraph(paragraph, {f"{lists[0]}.{key}": value for key, value in item.items()})
        row.addprevious(made)
    row.getparent().remove(row)


def _fill_paragraph(paragraph: Any, values: Values) -> None:
    for name in dict.fromkeys(_FIELD.findall(text_of(paragraph))):
        if name in values and not isinstance(values[name], list):
            mark = re.compile(r"\{\{\s*" + re.escape(name) + r"\s*\}\}")
            replace_in(paragraph, Wanted(mark, shown(values[name])))


def _merge_fields(tree: Any, values: Values) -> None:
    for node in list(tree.iter(f"{W}fldSimple")):
        found = _MERGE.match(node.get(f"{W}instr") or "")
        if found and (found[1] or found[2]) in values:
            run = next(node.iter(f"{W}r"), None)
            run = make("r") if run is None else run
            _only_text(run, shown(values[found[1] or found[2]]))
            node.addprevious(run)
            node.getparent().remove(node)
    for node in list(tree.iter(f"{W}instrText")):
        found = _MERGE.match(node.text or "")
        if found and (found[1] or found[2]) in values:
            _merge_complex(node.getparent(), shown(values[found[1] or found[2]]))


def _merge_complex(run: Any, text: str) -> None:
    """From the mark where the field begins to the one where it ends, one run stays, with the text."""
    parent = run.getparent()
    runs = list(parent)
    here = runs.index(run)
    first = next((i for i in range(here, -1, -1) if _mark_of(runs[i]) == "begin"), None)
    last = next((i for i in range(here, len(runs)) if _mark_of(runs[i]) == "end"), None)
    if first is None or last is None:
        return
    _only_text(run, text)
    for other in runs[first : last + 1]:
        if other is not run:
            parent.remove(other)


def _mark_of(run: Any) -> str | None:
    node = run.find(f"{W}fldChar")
    return None if node is None else node.get(f"{W}fldCharType")


def _only_text(run: Any, text: str) -> None:
    for child in list(run):
        if child.tag != f"{W}rPr":
            run.remove(child)
    node = make("t")
    set_text(node, text)
    run.append(node)
