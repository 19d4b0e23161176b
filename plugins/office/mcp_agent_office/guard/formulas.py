"""Formulas that reach out of their workbook: to the network, to programs, to other files."""

from __future__ import annotations

import re
import unicodedata

from mcp_agent import ToolError

_CALLS = frozenset(
    [
        "WEBSERVICE",
        "IMAGE",
        "RTD",
        "DDE",
        "CALL",
        "REGISTER",
        "REGISTER.ID",
        "EXEC",
        "SQL.REQUEST",
        "STOCKHISTORY",
        "PY",
        "IMPORTXML",
        "IMPORTDATA",
        "IMPORTHTML",
        "IMPORTFEED",
        "IMPORTRANGE",
        "GOOGLEFINANCE",
        "GOOGLETRANSLATE",
        "CUBEVALUE",
        "CUBEMEMBER",
        "CUBESET",
        "CUBESETCOUNT",
        "CUBERANKEDMEMBER",
        "CUBEKPIMEMBER",
        "CUBEMEMBERPROPERTY",
    ]
)
_TEXT = re.compile(r'"(?:[^"]|"")*"?')
_FUNCTION = re.compile(r"([A-Z_][A-Z0-9_.]*)\s*\(")
_QUOTED = re.compile(r"'((?:[^']|'')*)'\s*([!#.]?)")
_BOOK = re.compile(r"(?<![\w\]])\[[^\[\]@#]*\][^\[\]'!+\-*/^&=<>,;()\s]*!|\.(?:XLS\w{0,2}|ODS|CSV|DBF)!")
_PLACE = re.compile(r"[\\/\[\]|]|^\w+:")
_ADDRESS = re.compile(r"(?:FILE|HTTPS?|FTP|SMB|DAV):|\\\\|\[[^\]]*\]|'#")


def reaches_out(formula: str) -> str | None:
    """Why a formula reaches out of its workbook, in words; None for one that does not.

    Case, prefixes (``_xlfn.``, ``@``, ``of:``), spaces, invisible and full-width characters make no difference.
    """
    plain = unicodedata.normalize("NFKC", formula)
    plain = "".join(letter for letter in plain if unicodedata.category(letter) not in ("Cf", "Cc") or letter.isspace())
    plain = plain.upper()
    code = _TEXT.sub('""', plain)
    for name in _FUNCTION.findall(code):
        called = next((call for call in _CALLS if name == call or name.endswith(f".{call}")), None)
        if called is not None:
            return f"it calls {called}"
        if name.endswith("INDIRECT") and any(_ADDRESS.search(text) for text in _TEXT.findall(plain)):
            return "it builds a reference to another file"
    for quoted, sign in _QUOTED.findall(code):
        if sign and _PLACE.search(quoted):
            return "it refers to another file"
    code = _QUOTED.sub("''", code)
    if "|" in code:
        return "it calls another program (DDE)"
    return "it refers to another file" if _BOOK.search(code) else None


class Plain(str):
    """Text that is no formula, whatever it begins with: what came out of a file of data."""

    __slots__ = ()


def is_formula(value: object) -> bool:
    """Whether a spreadsheet would compute it."""
    return isinstance(value, str) and len(value) > 1 and value.startswith("=") and not isinstance(value, Plain)


def check_formula(value: object, place: str) -> None:
    """Raises ToolError for a formula that must not be written."""
    if is_formula(value) and (why := reaches_out(str(value))):
        raise ToolError(
            f"The formula for {place} was refused: {why}. Such formulas carry data out of a workbook, or code into it.",
            hint="Write the value itself, or a formula over cells of this workbook.",
        )
