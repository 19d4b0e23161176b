"""Laws of the editors: what goes in comes out, and nothing else is touched."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_agent.clients.json_editor import JsonEditor
from mcp_agent.clients.text import BrokenFile, Editor, Spot, check, entry_at
from mcp_agent.clients.toml_editor import TomlEditor
from mcp_agent.clients.yaml_editor import YamlEditor

ENTRY = {"command": "/opt/mcp agent", "args": ["serve", "#no comment", "a: b"]}
SPOT = Spot("servers", "mcp-agent")
LISTED = Spot("servers", "mcp-agent", True)

blanks = st.lists(st.sampled_from([" ", "\n", "\t", "\r\n", "// c }\n", '/* " , */', "\n\n"]), max_size=3).map("".join)
atoms = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text())


@st.composite
def jsonc(draw: st.DrawFn, depth: int = 0, *, table: bool = False) -> str:
    """A text with space and comments wherever they may stand."""
    kind = "table" if table else draw(st.sampled_from(["atom", "table", "list"] if depth < 3 else ["atom"]))
    if kind == "atom":
        return json.dumps(draw(atoms), ensure_ascii=draw(st.booleans()))
    gap = lambda: draw(blanks)  # noqa: E731
    names = st.sampled_from(["a", "b", "servers", "mcp-agent", 'q"\\', "é"])
    parts = []
    for name in draw(st.lists(names, max_size=4, unique=True)) if kind == "table" else range(draw(st.integers(0, 3))):
        inner = draw(jsonc(depth + 1, table=name == "servers" and depth == 0))
        lead = f"{gap()}{json.dumps(name)}{gap()}:" if kind == "table" else ""
        parts.append(f"{lead}{gap()}{inner}{gap()}")
    end = "," + gap() if parts and draw(st.booleans()) else ""
    first, last = "{}" if kind == "table" else "[]"
    return f"{first}{gap()}{','.join(parts)}{end}{last}"


@given(blanks, jsonc(table=True), blanks)
def test_json_with_comments_anywhere(before: str, body: str, after: str) -> None:
    text, editor = before + body + after, JsonEditor(strict=False)
    put = editor.put(text, SPOT, ENTRY)
    check(editor, text, put, SPOT, ENTRY)
    assert editor.put(put, SPOT, ENTRY) == put
    assert comments(put) == comments(text) or entry_at(editor.parse(text), SPOT) is not None
    dropped = editor.drop(put, SPOT)
    check(editor, put, dropped, SPOT, None)


@given(st.dictionaries(st.text(), st.recursive(atoms, lambda inner: st.lists(inner, max_size=3)), max_size=4),
       st.sampled_from([None, 1, "\t"]))  # fmt: skip
def test_strict_json_stays_strict(tree: dict[str, Any], indent: Any) -> None:
    if not isinstance(tree.get("servers", {}), dict):
        return
    text, editor = json.dumps(tree, indent=indent), JsonEditor(strict=True)
    put = editor.put(text, SPOT, ENTRY)
    assert json.loads(put) == {**tree, "servers": {**tree.get("servers", {}), "mcp-agent": ENTRY}}
    assert json.loads(editor.drop(put, SPOT)) == {**tree, "servers": tree.get("servers", {})}


@given(st.text(alphabet='{}[]",:/*\\ \n01truefalsn"ab', max_size=40))
def test_what_json_takes_is_taken_and_nothing_more(text: str) -> None:
    def ours() -> Any:
        try:
            return JsonEditor(strict=True).parse(text)
        except BrokenFile:
            return BrokenFile

    def pythons() -> Any:
        try:
            return json.loads(text)
        except ValueError:
            return BrokenFile if text.strip(" \n") else None

    assert ours() == pythons()


def comments(text: str) -> int:
    return text.count("// c }") + text.count('/* " , */')


keys = st.sampled_from(["a", "model", "servers", "Ümlaut", "x y"])


@given(st.dictionaries(keys, st.recursive(st.one_of(st.integers(), st.text("ab: #-\n'é"), st.booleans()),
       lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)), max_leaves=6),
       max_size=4), st.sampled_from([None, False, True]), st.sampled_from([SPOT, LISTED]))  # fmt: skip
def test_yaml_of_any_style(tree: dict[str, Any], flow: bool | None, spot: Spot) -> None:
    import yaml

    if not isinstance(tree.get("servers", [] if spot.listed else {}), list if spot.listed else dict):
        return
    editor = YamlEditor()
    text = "# first\n" + (yaml.safe_dump(tree, default_flow_style=flow, allow_unicode=True) if tree else "")
    entry = {"name": "mcp-agent", **ENTRY}
    try:
        put = editor.put(text, spot, entry)
        check(editor, text, put, spot, entry)
        dropped = editor.drop(put, spot)
        check(editor, put, dropped, spot, None)
    except BrokenFile:
        assert flow, "only what is written on one line as a whole may be refused"
    else:
        assert put.startswith("# first\n")


@pytest.mark.parametrize("editor", [JsonEditor(strict=False), YamlEditor(), TomlEditor()], ids=["json", "yaml", "toml"])
def test_nothing_is_still_something_to_write_to(editor: Editor) -> None:
    for text in ("", "\n", "  \n\n"):
        put = editor.put(text, SPOT, ENTRY)
        check(editor, text, put, SPOT, ENTRY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        'model = "x" # c',
        "[servers]\na.command = 'x'\n\n[z]\nb = 1\n",
        "servers = {a = {command = 'x'}}\n",
        "[servers.a]\nargs = [\n  '[servers.mcp-agent]', # not a table\n]\n\n# about z\n[z]\n",
        "text = '''\n[servers.mcp-agent]\ncommand = 1\n'''\n",
        "[[lists]]\na = 1\n[[lists]]\na = 2\n[servers.a.env]\nB = 'c'\n",
        "a = 1\r\n\r\n[servers.a]\r\ncommand = 'x'\r\n",
    ],
)
def test_toml_of_any_style(text: str) -> None:
    editor = TomlEditor()
    for entry in (ENTRY, {**ENTRY, "env": {"A": "b"}}):
        put = editor.put(text, SPOT, entry)
        check(editor, text, put, SPOT, entry)
        again = editor.put(put, SPOT, {**entry, "command": "other"})
        check(editor, put, again, SPOT, {**entry, "command": "other"})
        dropped = editor.drop(again, SPOT)
        check(editor, again, dropped, SPOT, None)
        assert dropped.strip() == text.strip()


def test_comments_behind_a_table_stay_with_what_follows() -> None:
    text = "[servers.mcp-agent]\ncommand = 'x'\n[servers.mcp-agent.env]\nA = 'b'\n\n# about z\n[z]\n"
    assert TomlEditor().drop(text, SPOT) == "\n# about z\n[z]\n"
