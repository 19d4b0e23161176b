"""The text of office files: what is inside Word, PowerPoint, Excel and OpenDocument files is XML in a zip."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, Protocol
from xml.etree.ElementTree import ParseError, XMLParser

from mcp_agent import ToolError

_MOST_BYTES = 64 * 2**20
"""Of all that is unpacked from one file, and of the text made of it: more is a bomb, or nothing to read."""
_BLOCK = 2**16
_BREAKS = {"p": "\n", "h": "\n", "br": "\n", "line-break": "\n", "tab": "\t", "tc": "\t", "table-cell": "\t", "s": " "}
"""What stands for the end of an element."""
_CELL = re.compile(r"([A-Z]{1,3})[0-9]+")
_MOST_COLUMNS = 200


def office_text(file: BinaryIO) -> Iterator[str] | None:
    """The text of an office file in pieces, None for a zip of something else. Raises ToolError for a bad one."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise _broken(error) from None
    names = archive.namelist()
    if "word/document.xml" in names:
        parts = ["word/document.xml", *_numbered(names, r"word/(?:footnotes|endnotes|comments)()\.xml")]
        return _running_text(archive, parts, {"t"})
    if "ppt/presentation.xml" in names:
        return _running_text(archive, _numbered(names, r"ppt/slides/slide([0-9]+)\.xml"), {"t"})
    if "xl/workbook.xml" in names:
        return _sheets(archive, _numbered(names, r"xl/worksheets/sheet([0-9]+)\.xml"))
    if "content.xml" in names:
        return _running_text(archive, ["content.xml"], {"p", "h", "span", "a"})
    return None


def _running_text(archive: zipfile.ZipFile, parts: list[str], holding: set[str]) -> Iterator[str]:
    budget = _Budget()
    for part in parts:
        text = _Text(holding)
        _parse(archive, part, budget, text)
        yield "".join(text.pieces).strip() + "\n\n"


def _sheets(archive: zipfile.ZipFile, parts: list[str]) -> Iterator[str]:
    """Each row a line, cells parted by tabs; values as they were last computed."""
    budget, told, strings = _Budget(), _Budget(), _Strings()
    if "xl/sharedStrings.xml" in archive.namelist():
        _parse(archive, "xl/sharedStrings.xml", budget, strings)
    for number, part in enumerate(parts, 1):
        rows = _Rows(strings.found, told)
        _parse(archive, part, budget, rows)
        yield f"[sheet {number}]\n" + "".join(rows.lines) + "\n"


class _Reader(Protocol):
    """What is told of the elements of a file, by their names without namespace."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def data(self, text: str) -> None: ...


class _Text:
    """The text inside elements of the names ``holding``."""

    def __init__(self, holding: set[str]) -> None:
        self.pieces: list[str] = []
        self._holding = holding
        self._inside = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._inside += name in self._holding

    def end(self, name: str) -> None:
        self._inside -= name in self._holding
        self.pieces.append(_BREAKS.get(name, ""))

    def data(self, text: str) -> None:
        if self._inside:
            self.pieces.append(text)


class _Strings:
    """The strings that cells of a workbook name by number."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._inside = name == "t"
        if name == "si":
            self._pieces = []

    def end(self, name: str) -> None:
        self._inside = False
        if name == "si":
            self.found.append("".join(self._pieces))

    def data(self, text: str) -> None:
        if self._inside:
            self._pieces.append(text)


class _Rows:
    """The rows of a sheet. Many cells may name one long string, so what they make counts, too."""

    def __init__(self, strings: list[str], budget: _Budget) -> None:
        self.lines: list[str] = []
        self._budget = budget
        self._strings = strings
        self._cells: list[str] = []
        self._kind = ""
        self._value: list[str] = []
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._inside = name in ("v", "t")
        if name == "c":
            self._kind, self._value = attributes.get("t", ""), []
            column = min(_column(attributes.get("r", "")), _MOST_COLUMNS)
            self._cells += [""] * (column - len(self._cells))

    def end(self, name: str) -> None:
        self._inside = False
        if name == "c" and len(self._cells) < _MOST_COLUMNS:
            self._cells.append(self._shown("".join(self._value)))
        elif name == "row":
            self._budget.take(sum(map(len, self._cells)) + len(self._cells) + 1)
            self.lines.append("\t".join(self._cells) + "\n")
            self._cells = []

    def data(self, text: str) -> None:
        if self._inside:
            self._value.append(text)

    def _shown(self, value: str) -> str:
        if self._kind == "s":
            return self._strings[int(value)] if value.isdigit() and int(value) < len(self._strings) else "?"
        return {"1": "TRUE", "0": "FALSE"}.get(value, value) if self._kind == "b" else value


class _Budget:
    """How much may still be unpacked of one file."""

    def __init__(self) -> None:
        self._bytes = _MOST_BYTES

    def take(self, size: int) -> None:
        self._bytes -= size
        if self._bytes < 0:
            raise ToolError(f"The file unpacks to more than {_MOST_BYTES:,} bytes, which is more than is read here.")


class _Target:
    """What the parser of the standard library tells."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader
        self.data = reader.data

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._reader.start(tag.rpartition("}")[2], attributes)

    def end(self, tag: str) -> None:
        self._reader.end(tag.rpartition("}")[2])

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise ToolError("The file declares a document type, which office programs never do: it is not read.")

    def close(self) -> None:
        """Nothing is built."""


def _parse(archive: zipfile.ZipFile, part: str, budget: _Budget, reader: _Reader) -> None:
    parser = XMLParser(target=_Target(reader))
    try:
        with archive.open(part) as file:
            while block := file.read(_BLOCK):
                budget.take(len(block))
                parser.feed(block)
        parser.close()
    except (ParseError, zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise _broken(error) from None


def _broken(error: Exception) -> ToolError:
    return ToolError(f"The file is damaged, or protected by a password: {error}.", hint="Open it by hand to see.")


def _numbered(names: list[str], pattern: str) -> list[str]:
    found = [(match[1], name) for name in names if (match := re.fullmatch(pattern, name))]
    return [name for _, name in sorted(found, key=lambda one: int(one[0] or 0))]


def _column(reference: str) -> int:
    """``B7`` is in column 1, counted from 0."""
    match, number = _CELL.fullmatch(reference), 0
    for letter in match[1] if match else "":
        number = number * 26 + ord(letter) - 64
    return max(number - 1, 0)
