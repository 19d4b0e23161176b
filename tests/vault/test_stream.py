"""What is printed is clean, also when it is printed in pieces."""

from __future__ import annotations

import io
import sys

import pytest

from mcp_agent.vault.redact import Redactor
from mcp_agent.vault.secret import Secret
from mcp_agent.vault.stream import RedactingStream

VALUE = "hunter2-hunter2"


@pytest.fixture
def redactor() -> Redactor:
    made = Redactor()
    made.add(Secret(VALUE))
    return made


def test_a_value_printed_in_pieces_is_one_value(redactor: Redactor, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = io.StringIO()
    monkeypatch.setattr(sys, "stderr", RedactingStream(inside, redactor))
    print("with", VALUE[:5], VALUE[5:], sep="", file=sys.stderr)  # noqa: T201
    print(VALUE, "and more", file=sys.stderr, end="")  # noqa: T201
    assert inside.getvalue() == "with***\n"
    sys.stderr.flush()
    assert inside.getvalue() == "with***\n*** and more"


def test_a_line_without_end_is_not_held_for_ever(redactor: Redactor) -> None:
    inside = io.StringIO()
    stream = RedactingStream(inside, redactor)
    for _ in range(100):
        stream.write("x" * 1000)
    assert len(inside.getvalue()) > 60_000


def test_it_passes_for_the_stream_it_stands_in_for(redactor: Redactor) -> None:
    stream = RedactingStream(sys.__stderr__ or sys.stderr, redactor)
    assert stream.writable()
    assert not stream.closed
    assert stream.encoding
    assert isinstance(stream.isatty(), bool)
