"""A Secret shows its value to ``reveal()`` and to nothing else."""

from __future__ import annotations

import copy
import gc
import json
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from mcp_agent import jsonio
from mcp_agent.errors import VaultError
from mcp_agent.vault.secret import Secret

VALUE = "open-sesame-4711-ü"


def raised(work: Callable[[], Any]) -> str:
    with pytest.raises(TypeError) as caught:
        work()
    return str(caught.value)


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        ascii,
        pprint.pformat,
        lambda s: f"{s}{s!r:>40}{s:>40}",
        lambda s: "%s %r" % (s, s),  # noqa: UP031  both ways of formatting are meant
        lambda s: "{0} {0!s} {0:x}".format(s),  # noqa: UP032
        lambda s: str([s, {"token": s}, (s,)]),
        lambda s: json.dumps({"token": s}, default=str),
        lambda s: jsonio.encode({"token": s}).decode(),
        lambda s: repr(copy.deepcopy({"token": s})) + repr(copy.copy(s)),
        lambda s: str(KeyError(s)) + repr(ValueError("wrong", s)),
        lambda s: "".join(dir(s)),
    ],
)
def test_what_prints_it_gives_stars(show: Callable[[Secret], str]) -> None:
    text = show(Secret(VALUE))
    assert "***" in text or "reveal" in text
    assert "sesame" not in text


@pytest.mark.parametrize(
    "work",
    [
        lambda s: json.dumps(s),
        lambda s: msgspec.json.encode(s),
        lambda s: msgspec.msgpack.encode(s),
        lambda s: msgspec.to_builtins(s),
        lambda s: pickle.dumps(s),
        lambda s: pickle.dumps(s, 0),
        lambda s: vars(s),
        lambda s: s.__getstate__(),
        lambda s: "Bearer " + s,
        lambda s: list(s),
        lambda s: len(s),
        lambda s: s[0],
        lambda s: "s" in s,
        lambda s: bytes(s),
        lambda s: hash(s),
        lambda s: s < VALUE,
    ],
)
def test_what_would_take_it_apart_is_refused(work: Callable[[Any], Any]) -> None:
    assert "sesame" not in raised(lambda: work(Secret(VALUE)))


def test_a_log_and_a_traceback_with_its_variables_show_stars(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(VALUE)
    try:
        raise RuntimeError("no entry", secret)
    except RuntimeError as error:
        logging.getLogger("door").exception("tried %s and %r", secret, {"with": secret})
        told = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "sesame" not in caplog.text + told
    assert "tried ***" in caplog.text
    assert "secret = ***" in told


def test_it_is_equal_to_the_same_secret_and_the_same_text_only() -> None:
    secret = Secret(VALUE)
    assert secret == Secret(VALUE) == secret
    assert secret == VALUE
    assert secret != VALUE[:-1]
    assert secret != Secret(VALUE + "!")
    assert secret != VALUE.encode()
    assert secret != "\ud800"
    assert secret.reveal() == VALUE


def test_closing_overwrites_the_bytes() -> None:
    secret, twin = Secret(VALUE), Secret(VALUE)
    held = next(one for one in gc.get_referents(secret) if isinstance(one, bytearray))
    secret.close()
    assert held == bytes(len(VALUE.encode()))
    assert secret not in (VALUE, twin, Secret(""), "")
    with pytest.raises(VaultError, match="wiped"):
        secret.reveal()


def test_the_end_of_the_object_overwrites_the_bytes() -> None:
    secret = Secret(VALUE)
    held = next(one for one in gc.get_referents(secret) if isinstance(one, bytearray))
    del secret
    assert held == bytes(len(VALUE.encode()))


def test_what_is_no_text_is_refused_without_showing_it() -> None:
    text = "".join(["sesa", "me\ud800"])
    with pytest.raises(VaultError, match="must be text") as caught:
        Secret(text)
    assert "sesame" not in "".join(traceback.format_exception(caught.value))
