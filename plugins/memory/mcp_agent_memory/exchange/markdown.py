"""A vault of notes, one for each entity, as basic-memory and Obsidian have them.

A note has its title and kind at the top, then facts as ``- [fact] text #tag`` and relations as ``- is near [[Other]]``.
Facts about nobody in particular stand in notes of their month.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from mcp_agent_memory.exchange.bundle import Bundle, Entry, Kept
from mcp_agent_memory.store.drafts import Draft
from mcp_agent_memory.store.entities import Relation
from mcp_agent_memory.store.facts import Fact

_UNSAFE = re.compile(r"[^\w. -]+")
_OBSERVATION = re.compile(r"- (?:\[[^\]\[]*\] )?(?P<text>.+)")
_RELATION = re.compile(r"- (?P<relation>[^\[\]]+?) \[\[(?P<object>[^\]]+)\]\]\s*")
_END = re.compile(r"(?<!\s)\s+(?:#(?P<tag>(?!\d+$)[\w/-]+)|\[\[(?P<name>[^\]]+)\]\])$")
"""A number is no tag, as in Obsidian: "the flat is #42"."""
_FIELD = re.compile(r"(?P<key>title|type): *(?P<value>.+?)\s*")
_NOTES = "notes"
_PLAIN = re.compile(r"\w(?:[\w .'-]*[\w.])?")
"""What can stand in the head of a note as it is; everything else is quoted."""
_LONGEST = 200
"""Bytes of the name of a file, which most systems limit to 255."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""Names that Windows keeps for itself."""


def write(kept: Kept) -> Iterator[tuple[str, str]]:
    """Names of files and what is in them: what is true now."""
    by_note: dict[str, list[Fact]] = {name: [] for name in kept.kinds}
    for fact in kept.facts:
        if fact.superseded_by is None:
            note = fact.entities[0] if fact.entities else f"{_NOTES} {fact.created:%Y-%m}"
            by_note.setdefault(note, []).append(fact)
    taken: set[str] = set()
    for name, facts in by_note.items():
        relations = [relation for relation in kept.relations if relation.subject == name]
        kind = kept.kinds.get(name) or (_NOTES if name.startswith(f"{_NOTES} ") else "thing")
        yield _file_name(name, taken), _note(name, kind, facts, relations)


def _note(name: str, kind: str, facts: list[Fact], relations: list[Relation]) -> str:
    lines = ["---", f"title: {_quoted(name)}", f"type: {_quoted(kind)}", "---", "", f"# {' '.join(name.split())}", ""]
    for fact in facts:
        ends = [f"#{tag.replace(' ', '-')}" for tag in fact.tags] + [f"[[{other}]]" for other in fact.entities[1:]]
        lines.append(" ".join(["- [fact]", fact.text.strip().replace("\n", "\n  "), *ends]))
    if relations:
        lines += ["", "## Relations"]
        lines += [f"- {relation.relation} [[{relation.object}]]" for relation in relations]
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _unquoted(value: str) -> str:
    try:
        found = json.loads(value) if value.startswith('"') else None
    except ValueError:
        found = None
    return found if isinstance(found, str) else value.strip("\"'")


def _file_name(name: str, taken: set[str]) -> str:
    """Safe on every system, and not twice, whatever the case."""
    safe = _UNSAFE.sub("_", name).encode()[:_LONGEST].decode(errors="ignore").strip(" .") or "_"
    if _RESERVED.fullmatch(safe):
        safe = f"_{safe}"
    unique, number = safe, 1
    while unique.lower() in taken:
        number += 1
        unique = f"{safe} {number}"
    taken.add(unique.lower())
    return f"{unique}.md"


def read(notes: Iterable[tuple[str, str]]) -> Bundle:
    """Names of files and what is in them. Only list items count; prose is left out."""
    bundle = Bundle()
    for file, text in notes:
        title, kind, body = _top(file, text)
        about = () if kind == _NOTES else (title,)
        if about:
            bundle.kinds[title] = kind
        for item in _items(body):
            relation = _RELATION.fullmatch(item)
            if relation is not None and about and not item.startswith("- [fact]"):
                bundle.relations.append(Relation(title, relation["relation"], relation["object"]))
            else:
                bundle.add(_entry(item, about), file)
    return bundle


def _top(file: str, text: str) -> tuple[str, str | None, str]:
    """Title, kind, and what comes after."""
    found = {"title": file.removesuffix(".md")}
    lines = text.replace("\r\n", "\n").split("\n")  # not at the other line ends of Unicode, which a fact may hold
    if lines and lines[0].strip() == "---" and "---" in lines[1:]:
        end = lines.index("---", 1)
        fields = (_FIELD.fullmatch(line) for line in lines[1:end])
        found |= {one["key"]: _unquoted(one["value"]) for one in fields if one}
        lines = lines[end + 1 :]
    return found["title"], found.get("type"), "\n".join(lines)


def _items(body: str) -> list[str]:
    """List items, with the lines that go on with them."""
    items: list[str] = []
    for line in body.split("\n"):
        if line.startswith("- "):
            items.append(line.rstrip())
        elif items and line.startswith("  "):
            items[-1] += f"\n{line[2:].rstrip()}"
    return items


def _entry(item: str, about: tuple[str, ...]) -> Entry:
    first, _, more = item.partition("\n")
    found = _OBSERVATION.fullmatch(first)
    text = (found["text"] if found else first[2:]) + (f"\n{more}" if more else "")
    tags: list[str] = []
    names: list[str] = []
    while end := _END.search(text):
        (tags if end["tag"] else names).insert(0, end["tag"] or end["name"])
        text = text[: end.start()]
    return Entry(Draft(text, tags=tags, entities=[*about, *names]))
