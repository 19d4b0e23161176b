"""How much room text takes, without a font at hand: widths of letters as they are in the usual sans-serif fonts.

They are a little wider than those of Calibri, so that what fits here fits there.
"""

from __future__ import annotations

import re

_NARROW = {
    letter: width
    for width, letters in {
        0.24: "ijl.,:;'|! ",
        0.32: 'ftr()[]/-"I',
        0.40: "cszJ",
        0.46: "aegkvxyL?",
        0.80: "mMwW%@&",
    }.items()
    for letter in letters
}
_WORD = re.compile("[\u1100-\U0010ffff]|[^\\s\u1100-\U0010ffff]+")
_LOWER, _UPPER, _OTHER, _WIDE = 0.53, 0.60, 0.52, 1.0
LINE = 1.2
"""The height of a line, in sizes of its font."""


def width(text: str, size: float, bold: bool = False) -> float:
    """In points, of one line."""
    return sum(map(_letter, text)) * size * (1.06 if bold else 1.0)


def lines_of(text: str, size: float, room: float, bold: bool = False) -> int:
    """How many lines a paragraph takes where a line has so many points. A word that is too long is broken."""
    count, used = 1, 0.0
    space = width(" ", size, bold)
    for word in text.split(" "):
        needed = width(word, size, bold)
        if used and used + space + needed > room:
            count, used = count + 1, 0.0
        while needed > room > 0 and not used:
            count, needed = count + 1, needed - room
        used += needed + (space if used else 0)
    return count


def longest_word(text: str, size: float, bold: bool = False) -> float:
    """In points. Scripts with wide letters, such as Chinese, have no spaces: a line may end after each letter."""
    return max((width(word, size, bold) for word in _WORD.findall(text)), default=0.0)


def _letter(letter: str) -> float:
    if letter in _NARROW:
        return _NARROW[letter]
    if letter.isascii():
        return _LOWER if letter.islower() else _UPPER if letter.isupper() else _OTHER
    return _WIDE if ord(letter) >= 0x1100 else _UPPER
