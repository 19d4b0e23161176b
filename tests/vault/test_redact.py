"""Secrets are taken out of texts in every form, and nothing else is."""

from __future__ import annotations

import base64
import json
import logging
import timeit
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mcp_agent.errors import VaultError
from mcp_agent.vault.log_filter import RedactingFilter
from mcp_agent.vault.redact import Redactor
from mcp_agent.vault.secret import Secret
from tests.vault.encodings import embedded, shows


def redactor(*values: str) -> Redactor:
    made = Redactor()
    for value in values:
        made.add(Secret(value))
    return made


def _possible(value: str) -> bool:
    try:
        Redactor().add(Secret(value))
    except VaultError:
        return False
    return True


PLAIN = st.text(st.characters(codec="utf-8"), max_size=40)
TRICKY = st.text(st.sampled_from('ab01u%\\/"+- \n\té=_é😀&<'), min_size=6, max_size=24)
TOKENS = st.text(st.sampled_from("ABCabc0189-_."), min_size=6, max_size=40)
SECRETS = st.one_of(TOKENS, TRICKY, st.text(st.characters(codec="utf-8"), min_size=6, max_size=40)).filter(_possible)


@settings(max_examples=1500, deadline=None)
@given(st.data())
def test_no_form_of_a_secret_stays(data: st.DataObject) -> None:
    value = data.draw(SECRETS, "secret")
    found = data.draw(embedded(value), "embedding")
    before, after = data.draw(PLAIN, "before"), data.draw(PLAIN, "after")
    assume("%" not in before[-2:])  # the end of an escape that eats into the secret makes it another text
    assume("\\" not in before[-6:])
    assume("&" not in before[-9:])
    text = before + found + after
    clean = redactor(value).redact(text)
    assert "***" in clean
    assert not shows(clean.encode(), value)
    assert redactor(value).redact(text.encode()) == clean.encode()


@settings(max_examples=500, deadline=None)
@given(SECRETS, PLAIN, PLAIN)
def test_a_secret_as_it_is_goes_whatever_stands_beside_it(value: str, before: str, after: str) -> None:
    clean = redactor(value).redact(before + value + after)
    assert value not in clean
    assert "***" in clean


@settings(max_examples=700, deadline=None)
@given(SECRETS, st.one_of(PLAIN, TRICKY, TOKENS))
def test_a_text_without_it_stays_the_very_same(value: str, text: str) -> None:
    assume(not shows(text.encode(), value))
    assert redactor(value).redact(text) is text
    data = text.encode()
    assert redactor(value).redact(data) is data
    assert redactor(value).redact_frame(data) is data


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_frame_stays_json_and_keeps_everything_else(data: st.DataObject) -> None:
    value = data.draw(SECRETS)
    inner = json.dumps({"token": data.draw(embedded(value)), "lamp": "on"})
    frame = {"jsonrpc": "2.0", "id": 7, "result": {"content": [{"type": "text", "text": inner}], value: [1.5, None]}}
    assume(
        not shows(json.dumps({"jsonrpc": "2.0", "id": 7, "result": {"content": "type text lamp on"}}).encode(), value)
    )
    ensure_ascii = data.draw(st.booleans())
    raw = json.dumps(frame, ensure_ascii=ensure_ascii).encode()
    clean = redactor(value).redact_frame(raw)
    read = json.loads(clean)
    assert not shows(clean, value)
    assert (read["jsonrpc"], read["id"], read["result"]["***"]) == ("2.0", 7, [1.5, None])
    assert "lamp" in read["result"]["content"][0]["text"]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("token=hunter2-hunter2&x=1", "token=***&x=1"),
        ("hunter2%2Dhunter2", "***"),
        (f"Basic {base64.b64encode(b'you:hunter2-hunter2').decode()}!", "Basic eW91O***!"),
        (base64.b64encode(b"hunter2-hunter2").decode(), "***"),
        (base64.b64encode(b"hunter2-hunter2!").decode(), "***IQ=="),
        (base64.b64encode(b".hunter2-hunter2").decode(), "L***"),
        ("hunter2-hunter2hunter2-hunter2", "******"),
        ("hunter2-hunter1", "hunter2-hunter1"),
        ("HUNTER2-HUNTER2", "HUNTER2-HUNTER2"),
        ("2retnuh-2retnuh", "2retnuh-2retnuh"),
    ],
)
def test_only_the_secret_goes(text: str, clean: str) -> None:
    assert redactor("hunter2-hunter2").redact(text) == clean


def test_secrets_that_overlap_go_whole() -> None:
    clean = redactor("abcdef1234", "1234xyz789", "1234xyz", "a b c d e f").redact("_abcdef1234xyz789_a+b+c+d+e+f_")
    assert clean == "_***_***_"


def test_one_secret_does_not_hide_another_that_looks_alike() -> None:
    both = redactor("one two three", "one+two+three")
    assert both.redact("one two three, one+two+three, one%2Btwo%2Bthree") == "***, ***, ***"


def test_what_the_marks_make_is_taken_out_too() -> None:
    assert "a*****" not in redactor("a*****", "qwertz-1").redact("a**qwertz-1**")


def test_escapes_are_replaced_whole_so_that_a_frame_stays_json() -> None:
    frame = json.dumps({"text": "first line\nabcdef-secret", "number": 12345678, "kept": 12345679}).encode()
    clean = redactor("nabcdef-secret", "abcdef-secret", "12345678").redact_frame(frame)
    assert json.loads(clean) == {"text": "first line\n***", "number": "***", "kept": 12345679}


def test_a_secret_that_looks_like_the_end_of_an_escape_is_found() -> None:
    text = json.dumps("\\" + "u0041-é-secret")
    assert redactor("u0041-é-secret").redact(text) == '"\\\\***"'


def test_what_is_no_json_is_cleaned_all_the_same() -> None:
    assert redactor("hunter2-hunter2").redact_frame(b'{"broken": hunter2-hunter2') == b'{"broken": ***'


def test_values_that_hold_it_in_any_place_are_cleaned() -> None:
    value: Any = {"hunter2-hunter2": ["x hunter2-hunter2", 1, True, None, {"a": ("hunter2-hunter2",)}], "pin": 31415926}
    assert redactor("hunter2-hunter2", "31415926").redact_json(value) == {
        "***": ["x ***", 1, True, None, {"a": ["***"]}],
        "pin": "***",
    }


def test_without_secrets_everything_passes_and_nothing_is_built() -> None:
    empty = Redactor()
    text, value = "x" * 100, {"a": 1}
    assert not empty.active
    assert empty.redact(text) is text
    assert empty.redact_json(value) is value
    full = redactor("hunter2-hunter2")
    full.clear()
    assert not full.active
    assert full.redact("hunter2-hunter2") == "hunter2-hunter2"


@pytest.mark.parametrize("value", ["12345", "      a", "\\\\\\\\\\\\abc", "x" * 65_537])
def test_values_that_could_not_be_taken_out_are_refused(value: str) -> None:
    with pytest.raises(VaultError, match=r"A secret has (6 characters at least|65536 bytes at most)") as caught:
        Redactor().add(Secret(value))
    assert value not in str(caught.value)


def test_lone_surrogates_around_a_secret_survive() -> None:
    assert redactor("hunter2-hunter2").redact("\ud800 hunter2-hunter2 \udfff") == "\ud800 *** \udfff"


def test_two_kilobytes_cost_less_than_looking_for_each_value_as_it_is() -> None:
    values = [f"{number:02}-{base64.b64encode(bytes([number] * 18)).decode()}" for number in range(50)]
    many = redactor(*values)
    inner = json.dumps([{"id": at, "name": f'lamp "{at}"\n', "url": "https://x.org/?a=b&c=d"} for at in range(40)])
    frame = msgspec.json.encode({"jsonrpc": "2.0", "result": {"content": [{"type": "text", "text": inner}]}})[:2048]
    as_bytes = [value.encode() for value in values]
    mine = min(timeit.repeat(lambda: many.redact(frame), number=200, repeat=7))
    peer = min(timeit.repeat(lambda: [value in frame for value in as_bytes], number=200, repeat=7))
    assert many.redact(frame) is frame
    assert mine < peer


# --- logging -------------------------------------------------------------------------------------


def test_a_log_handler_with_the_filter_writes_no_secret() -> None:
    written: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record) + repr(vars(record)))

    handler = Keeping()
    handler.addFilter(RedactingFilter(redactor("hunter2-hunter2")))
    logger = logging.getLogger("tests.vault.filtered")
    logger.propagate = False
    logger.addHandler(handler)
    try:
        logger.warning("in the message hunter2-hunter2")
        logger.warning("as %s in %r", "hunter2-hunter2", {"a": quote("hunter2-hunter2", safe="")})
        logger.warning("extra", extra={"told": ["hunter2-hunter2"], "error": ValueError("hunter2-hunter2")})
        logger.warning("stack hunter2-hunter2", stack_info=True)
        try:
            raise KeyError("hunter2-hunter2")
        except KeyError:
            logger.exception("it failed")
        logger.warning("wrong %d", "hunter2-hunter2".upper())
    except TypeError:
        pass
    finally:
        logger.removeHandler(handler)
    assert len(written) == 5
    assert not [text for text in written if "hunter2-hunter2" in text]
    assert "KeyError: '***'" in written[-1]


def test_the_filter_leaves_records_without_secrets_as_they_are() -> None:
    clean = RedactingFilter(redactor("hunter2-hunter2"))
    record = logging.LogRecord("a", logging.INFO, "p", 1, "%s is %d", ("lamp", 1), None)
    assert clean.filter(record)
    assert (record.msg, record.args) == ("%s is %d", ("lamp", 1))


def test_a_value_whose_text_raises_does_not_end_the_log() -> None:
    class Hostile:
        def __str__(self) -> str:
            raise OSError("no text")

    record = logging.LogRecord("a", logging.INFO, "p", 1, "it", (), None)
    hostile = record.it = Hostile()
    assert RedactingFilter(redactor("hunter2-hunter2")).filter(record)
    assert vars(record)["it"] is hostile
