"""What commands show: text for a person, aligned and fit for 80 columns, or JSON for a program."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import Any

import msgspec

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def say(text: str = "") -> None:
    """One or more lines on stdout. A terminal gets no control characters, wherever the text comes from."""
    _write(sys.stdout, text + "\n")


def prompt(text: str) -> None:
    """The beginning of a line on stdout, shown at once."""
    _write(sys.stdout, text)
    sys.stdout.flush()


def complain(text: str, end: str = "\n") -> None:
    """One or more lines on stderr, likewise; with another ``end``, the answer is typed behind it."""
    _write(sys.stderr, text + end)
    sys.stderr.flush()


def say_json(value: Any) -> None:
    """Indented JSON on stdout; what JSON has no form for becomes its text."""
    say(msgspec.json.format(msgspec.json.encode(value, enc_hook=_as_text), indent=2).decode())


def width() -> int:
    """Columns of the terminal, 80 where there is none."""
    return max(40, min(120, shutil.get_terminal_size((80, 24)).columns))


def say_table(rows: Sequence[Sequence[str]], head: Sequence[str] | None = None) -> None:
    """Columns, the last one wrapped."""
    lines_of = [head, *rows] if head else rows
    columns = [max(map(len, column)) for column in zip(*lines_of, strict=True)][:-1]
    indent = sum(columns) + 2 * len(columns)
    for row in lines_of:
        lead = "".join(f"{cell:<{size}}  " for cell, size in zip(row, columns, strict=False))
        lines = textwrap.wrap(row[-1], max(20, width() - indent), break_on_hyphens=False) or [""]
        say((lead + lines[0]).rstrip())
        for line in lines[1:]:
            say(" " * indent + line)


def say_wrapped(text: str, indent: str = "") -> None:
    """Paragraphs, wrapped; lines that are indented stay as they are."""
    for line in text.splitlines():
        if line[:1].isspace() or not line:
            say(indent + line if line else "")
        else:
            say(textwrap.fill(line, width(), initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False))


def first_line(text: str) -> str:
    """The first sentence or line of a description."""
    line = text.strip().partition("\n")[0]
    return line.partition(". ")[0].removesuffix(".")


def _as_text(value: Any) -> str:
    """Names of files may hold bytes that are no text."""
    return str(value).encode(errors="backslashreplace").decode()


def _write(stream: Any, text: str) -> None:
    if stream.isatty():
        text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
    try:
        stream.write(text)
    except UnicodeEncodeError:  # a terminal that is not UTF-8, or a lone surrogate
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
