"""The two formats of Valve: what one library writes the other reads, and whatever breaks off is said to."""

from __future__ import annotations

import pytest
import vdf
from hypothesis import example, given
from hypothesis import strategies as st
from mcp_agent_steam.library.binary import parse_binary
from mcp_agent_steam.library.vdf import dumps, number, parse

from plugins.steam.tests.tree import manifest

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"))
NAMES = TEXTS.map(str.lower).filter(lambda name: name == name.lower())
TREES = st.recursive(TEXTS, lambda inner: st.dictionaries(NAMES, inner, max_size=4), max_leaves=20)
TOPS = st.dictionaries(NAMES, TREES, min_size=1, max_size=4)


@given(TOPS)
@example({'c:\\games "x"\n\t\\n': {"{": "}", "//": "[$X]"}})
def test_what_is_written_is_read(tree: dict[str, object]) -> None:
    assert parse(dumps(tree)) == (tree, None)


SIMPLE = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "Zs", "S"], include_characters='\\"/{}[]'), min_size=1
)
SIMPLE_TREES = st.dictionaries(
    SIMPLE.map(str.lower).filter(lambda name: name == name.lower()),
    st.recursive(SIMPLE, lambda inner: st.dictionaries(SIMPLE.map(str.lower), inner, max_size=3), max_leaves=9),
    min_size=1, max_size=3,
)  # fmt: skip


@given(SIMPLE_TREES)
def test_the_usual_library_writes_and_reads_the_same(tree: dict[str, object]) -> None:
    assert parse(vdf.dumps(tree, pretty=True)) == (tree, None)
    assert vdf.loads(dumps(tree)) == tree


def test_every_truncation_of_a_manifest_is_read_as_far_as_it_goes_and_reported() -> None:
    text = manifest(620, "Portal 2")
    whole, problem = parse(text)
    assert problem is None
    end = len(text.rstrip())
    for cut in range(end):
        tree, problem = parse(text[:cut])
        assert problem, f"nothing was said of a file cut at {cut}: {text[max(0, cut - 20) : cut]!r}"
        for name, value in tree.get("appstate", {}).items():
            assert value == whole["appstate"][name] or isinstance(value, dict), "half a value was taken for a whole one"
    assert parse(text[:end]) == (whole, None)


@given(st.text(st.sampled_from('ab"\\{}[]/ \n\t\0é')))
@example('"a" "b" }')
@example('"a" { } }')
@example("{")
def test_no_text_makes_it_raise(text: str) -> None:
    tree, problem = parse(text)
    assert isinstance(tree, dict)
    assert problem is None or problem.startswith(("it ", "'", '"'))


@pytest.mark.parametrize(
    ("text", "tree", "problem"),
    [
        ('// a comment\n"A" { "B" "c" [$WIN32] }', {"a": {"b": "c"}}, None),
        ("a { b c\n d { } }", {"a": {"b": "c", "d": {}}}, None),
        ('"a" { "b" "1" } "a" { "c" "2" }', {"a": {"b": "1", "c": "2"}}, None),
        ('"a" "1" "b"', {"a": "1"}, "it breaks off before its end"),
        ('"a" { "b" }', {"a": {}}, "'b' has no value"),
        ('"a" { { } }', {"a": {}}, "it has a block without a name"),
        ("", {}, "it is empty"),
    ],
)
def test_small_things(text: str, tree: dict[str, object], problem: str | None) -> None:
    assert parse(text) == (tree, problem)


def test_a_long_broken_text_takes_no_longer_than_its_length() -> None:
    """A pattern that tried every way to split it would not end."""
    tree, problem = parse('"' + "a\\b" * 200_000)
    assert (tree, problem) == ({}, "it breaks off in the middle of a text")


@pytest.mark.parametrize(
    ("value", "read"),
    [("12", 12), ("-1", 0), ("", 0), ("1.5", 0), ("9" * 30, 0), ("²", 0), (7, 7), (-7, 0), ({}, 0), (None, 0)],
)
def test_numbers(value: object, read: int) -> None:
    assert number({"n": value}, "n") == read


BINARY_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=10)
BINARY_NAMES = BINARY_TEXTS.map(str.lower).filter(lambda name: name == name.lower())
LEAVES = BINARY_TEXTS | st.integers(-(2**31), 2**31 - 1)
BINARY = st.dictionaries(
    BINARY_NAMES,
    st.recursive(LEAVES, lambda inner: st.dictionaries(BINARY_NAMES, inner, max_size=4), max_leaves=12),
    min_size=1, max_size=4,
)  # fmt: skip


@given(BINARY)
def test_binary_that_the_usual_library_writes_is_read(tree: dict[str, object]) -> None:
    assert parse_binary(vdf.binary_dumps(tree)) == (tree, None)


@given(BINARY, st.data())
def test_binary_that_breaks_off_is_reported(tree: dict[str, object], data: st.DataObject) -> None:
    whole = vdf.binary_dumps(tree)
    _, problem = parse_binary(whole[: data.draw(st.integers(0, len(whole) - 1))])
    assert problem in ("it breaks off before its end", "it is empty")


@given(st.binary(max_size=60), st.none() | st.just(["a", "b"]))
def test_no_bytes_make_it_raise(data: bytes, names: list[str] | None) -> None:
    assert isinstance(parse_binary(data, names)[0], dict)


def test_all_kinds_of_binary_values() -> None:
    tree = {
        "f": 0.5, "p": vdf.POINTER(5), "c": vdf.COLOR(6), "u": vdf.UINT_64(2**63), "i": vdf.INT_64(-(2**40)), "n": -1,
    }  # fmt: skip
    assert parse_binary(vdf.binary_dumps(tree)) == (tree, None)
    assert parse_binary(b"\x09a\0\x08") == ({}, "it has a value of the unknown kind 9")
