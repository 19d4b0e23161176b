"""Whether a passage stands in a text, whatever the whitespace, the kind of quotation marks, and line-end hyphens.

Nothing else is forgiven: not case, not a word, not an ellipsis. Marks of Markdown are not part of a text.
"""

from __future__ import annotations

import re
import unicodedata

_QUOTES = dict.fromkeys(map(ord, "\"'`´‘’‚‛“”„‟«»‹›′″"), "'")
_HYPHENS = dict.fromkeys((0x2010, 0x2011), "-")
_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_CHARACTERS = {**_QUOTES, **_HYPHENS, **_INVISIBLE}

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_PRIVATE = 0xE000
"""Escaped characters wait here, in an area that no text uses, while marks are taken out."""
_HIDDEN = re.compile("[\ue021-\ue07e]")
_CODE = re.compile(r"(?:``([^`\n]+)``|`([^`\n]+)`)")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*\n]+(?:\n[^*\n]+)*)(?<=[^\s*])\1(?![\w*])")
_UNDERLINED = re.compile(r"(?<!\w)(_{1,2})(?=[^\s_])([^_\n]+)(?<=[^\s_])\1(?!\w)")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)")
_BEGIN = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|[-*+][ \t]*(?:\n[ \t]*|[ \t])|>[ \t]?)", re.MULTILINE)
_BROKEN_WORD = re.compile(r"(?<=\w)-[ \t]*\n\s*(?=\w)")

_BROKEN = "\0"
"""A hyphen at the end of a line: part of the word, or made by the setter. Nobody can say, so both are right."""
_HANGING = "- "
"""As in "two- and three-year-olds": a line may end there, too."""
_PIECES = re.compile(f"{_HANGING}|.", re.DOTALL)


def plain(text: str) -> str:
    """The form in which texts are compared."""
    text = unicodedata.normalize("NFC", text).translate(_HYPHENS).replace(_BROKEN, "")
    return " ".join(_BROKEN_WORD.sub(_BROKEN, text).translate(_CHARACTERS).split())


def rendered(text: str) -> str:
    """As plain, of what a reader of Markdown sees: without its marks, and with what it escapes."""
    text = _ESCAPED.sub(lambda found: chr(_PRIVATE + ord(found[1])), text)
    text = _BEGIN.sub("", _LINK.sub(r"\1", text))
    text = _CODE.sub(lambda found: found[1] or found[2], text)
    for mark in (_EMPHASIS, _UNDERLINED):
        text = mark.sub(r"\2", text)
    return plain(_HIDDEN.sub(lambda found: chr(ord(found[0]) - _PRIVATE), text))


class Text:
    """A text that passages are looked for in: as it is, and as a reader of Markdown sees it."""

    def __init__(self, text: str) -> None:
        self._forms = list(dict.fromkeys([rendered(text), plain(text)]))

    def holds(self, passage: str) -> bool:
        """Whether the passage stands in it, beginning and ending with whole words."""
        return any(wanted and self._find(wanted) for wanted in {plain(passage), rendered(passage)})

    def longest_beginning(self, passage: str) -> str:
        """As much of the passage, from its first word on, as does stand in the text."""
        words = plain(passage).split()
        low, high = 0, len(words)
        while low < high:
            middle = (low + high + 1) // 2
            if self._find(" ".join(words[:middle])):
                low = middle
            else:
                high = middle - 1
        return " ".join(words[:low]).replace(_BROKEN, "-")

    def _find(self, wanted: str) -> bool:
        return any(_pattern(wanted, _BROKEN in form).search(form) for form in self._forms)


def _pattern(wanted: str, form_is_broken: bool) -> re.Pattern[str]:
    exact = not form_is_broken and _BROKEN not in wanted
    middle = re.escape(wanted) if exact else "".join(map(_letter, _PIECES.findall(wanted)))
    return re.compile(f"{_edge(wanted[0], '(?<!')}{middle}{_edge(wanted[-1], '(?!')}")


def _edge(letter: str, look: str) -> str:
    return rf"{look}\w)" if letter.isalnum() else ""


def _letter(letter: str) -> str:
    if letter == _BROKEN:
        return f"(?:- ?|{_BROKEN})?"
    if letter == _HANGING:
        return f"(?:- |{_BROKEN})"
    if letter == "-":
        return f"[-{_BROKEN}]"
    return re.escape(letter) + (f"{_BROKEN}?" if letter.isalnum() else "")
