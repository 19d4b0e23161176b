"""What holds whatever comes: lines of logs, differences, hiding, amounts, selectors."""

from __future__ import annotations

import copy
import json
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mcp_agent_kubernetes.diagnosis.workloads import selector_of
from mcp_agent_kubernetes.differences import differences
from mcp_agent_kubernetes.discovery import segment
from mcp_agent_kubernetes.objects import hides, shown, state
from mcp_agent_kubernetes.words import age, cores, quantity, seconds_since, size

from mcp_agent import HIDDEN, ToolError

WORD = "not-to-be-seen"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "a", "b", "env"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=10,
)
THINGS = st.dictionaries(st.sampled_from(["spec", "data", "x"]), JSON, max_size=3)


@given(THINGS, THINGS)
@example({"spec": {"paused": 1, "ready": [0]}}, {"spec": {"paused": True, "ready": [False]}})
def test_there_are_differences_exactly_where_things_differ(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert differences(first, first) == []
    assert bool(differences(first, second)) == (json.dumps(first, sort_keys=True) != json.dumps(second, sort_keys=True))


@given(THINGS, st.sampled_from(["data", "stringData"]))
def test_values_of_secrets_differ_without_being_seen(other: dict[str, Any], part: str) -> None:
    first = {**other, "apiVersion": "v1", "kind": "Secret", part: {"key": f"old-{WORD}", "gone": WORD}}
    second = {**other, "apiVersion": "v1", "kind": "Secret", part: {"key": f"new-{WORD}", "more": f"much-{WORD}"}}
    lines = differences(first, second)
    assert set(lines) == {f"{part}.key: {HIDDEN} -> {HIDDEN}", f"- {part}.gone: {HIDDEN}", f"+ {part}.more: {HIDDEN}"}
    assert WORD not in json.dumps([shown(first), shown(second)])
    assert hides(shown(first))


@given(THINGS, st.sampled_from(["TOKEN", "DB_PASSWORD", "api_key"]), st.lists(st.sampled_from("abc"), max_size=4))
def test_variables_that_sound_secret_are_hidden_wherever_they_are(
    other: dict[str, Any], name: str, path: list[str]
) -> None:
    inner: Any = {"env": [{"name": name, "value": WORD}, {"name": "URL", "value": f"amqp://me:{WORD}@host/x"}]}
    for key in path:
        inner = {key: [inner]}
    whole = {**other, "kind": "Odd", "deep": inner, "metadata": {"managedFields": [WORD], "name": "a"}}
    before = copy.deepcopy(whole)
    seen = json.dumps(shown(whole))
    assert WORD not in seen
    assert f'"name": "{name}"' in seen
    assert "@host/x" in seen
    assert whole == before


@pytest.mark.parametrize(
    "words",
    [
        ["redis-server", "--requirepass", WORD], ["app", f"--db-password={WORD}"], ["app", f"-token={WORD}", "-v"],
        ["sh", "-c", f"API_KEY={WORD} app --secret '{WORD}' --verbose"], ["app", f"postgres://u:a/{WORD}@h/db"],
        ["app", f"postgres://u:a@{WORD}@h/db"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["command", "args"])
def test_what_sounds_secret_in_a_command_is_hidden(key: str, words: list[str]) -> None:
    [name, *_] = seen = shown({"spec": {"containers": [{key: words}]}})["spec"]["containers"][0][key]
    assert WORD not in " ".join(seen)
    assert name == words[0]
    assert len(seen) == len(words)


@pytest.mark.parametrize("text", ["pass" * 50_000, "a://a:" * 30_000, "--pass" * 30_000, "a:" * 100_000])
def test_no_text_of_a_stranger_takes_long_to_look_through(text: str) -> None:
    """Patterns hold up the whole process. A tenth of a second here; two minutes once."""
    began = time.process_time()
    shown({"args": [text], "note": f"{text}://"})
    assert time.process_time() - began < 10


def test_the_rest_of_a_command_is_shown() -> None:
    words = ["app", "--port=80", "--passive", "--url", "http://h:80/x", "-c", "compass north; ./pass_test.py one"]
    assert shown({"spec": {"args": words}})["spec"]["args"] == words


@given(THINGS)
def test_the_state_of_a_thing_is_that_of_the_same_thing_later(thing: dict[str, Any]) -> None:
    revision = "deployment.kubernetes.io/revision"
    now = {**thing, "metadata": {"name": "a", "labels": {"x": "y"}}, "status": {"phase": "one"}}
    noted = {"resourceVersion": "7", "generation": 4, "managedFields": [], "annotations": {revision: "3"}}
    later = {**thing, "metadata": {**now["metadata"], **noted}, "status": {"phase": "two"}}
    assert state(now) == state(later)
    assert state({"metadata": {}, **state(now)}) == state(now)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("100m", 0.1), ("2", 2), ("1.5", 1.5), ("128Mi", 128 * 2**20), ("1G", 1e9), ("1e3", 1000), ("250000n", 0.00025),
        ("", 0), (None, 0), ("much", 0), ("12Qi", 0), (3, 3),
    ],
)  # fmt: skip
def test_amounts(text: Any, value: float) -> None:
    assert quantity(text) == pytest.approx(value)


def test_how_amounts_and_times_are_said() -> None:
    assert (cores(0.25), cores(64)) == ("250m", "64.0")
    assert (size(100 * 2**30), size(1536), size(3)) == ("100 GiB", "1.5 KiB", "3 bytes")
    begun = 1_767_225_600.0
    said = [age("2026-01-01T00:00:00Z", begun + later) for later in (0, 100, 600, 7200 * 5, 86400 * 9)]
    assert said == ["0s", "100s", "10m", "10h", "9d"]
    assert age("soon", begun) == age(None, begun) == ""
    assert seconds_since("2026-01-01T00:00:00Z", begun - 50) == 0


def test_selectors() -> None:
    expressions = [
        {"key": "tier", "operator": "In", "values": ["a", "b"]}, {"key": "x", "operator": "Exists"},
        {"key": "y", "operator": "DoesNotExist"}, {"key": "z", "operator": "NotIn", "values": ["c"]},
    ]  # fmt: skip
    whole = {"spec": {"selector": {"matchLabels": {"app": "web"}, "matchExpressions": expressions}}}
    assert selector_of(whole) == "app=web,tier in (a,b),x,!y,z notin (c)"
    assert selector_of({"spec": {"selector": {"app": "web", "b": "c"}}}) == "app=web,b=c"  # of a service
    assert selector_of({"spec": {}}) is None


@given(st.text(max_size=12))
def test_a_name_is_one_part_of_a_path(name: str) -> None:
    try:
        quoted = segment(name)
    except ToolError:
        assert name in ("", ".", "..") or "/" in name or "%" in name
    else:
        assert not {"/", "?", "#"} & set(quoted)
        assert quoted not in ("", ".", "..")
