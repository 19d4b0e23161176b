"""Text from outside: remembered for the session, so that what it says cannot quietly become what is done."""

from __future__ import annotations

import re
import unicodedata
from collections import OrderedDict
from collections.abc import Iterator

from mcp_agent.model import Json

_WINDOW = 16
_SURE = _WINDOW + _WINDOW // 2 - 1
"""So many characters in a row hold a whole piece, wherever they begin."""
_SHORTEST = 6
_KEPT = 512 * 1024
_OF_ONE = _KEPT // 4
"""Characters of one result at each of its ends."""
_SESSIONS = 200
_CHECKED = 200_000
_SPACES = re.compile(r"\s+")

_HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
"""Zero-width, direction-changing, variation and tag characters: a person does not see them, a model reads them."""


def show_hidden(text: str) -> str:
    """Hidden characters as ``[U+200B]``, so that nothing is said that a person cannot see."""
    return _HIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


class Taint:
    """What untrusted text each session has seen, bounded: the latest half megabyte of each of 200 sessions."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, str] = OrderedDict()

    def mark(self, session: str, *texts: str) -> None:
        """These texts came from outside and were shown to the model. All of a result at once: each call copies what
        was seen before. Of very much at once the beginning and the end are kept: a model is shown how it begins."""
        new = "\n".join(map(_normal, texts))
        if len(new) > 2 * _OF_ONE:
            new = f"{new[:_OF_ONE]}\n{new[-_OF_ONE:]}"
        seen = f"{self._seen.pop(session, '')}\n{new}"
        self._seen[session] = seen[-_KEPT:]
        if len(self._seen) > _SESSIONS:
            self._seen.popitem(last=False)

    def touches(self, session: str, arguments: Json) -> str | None:
        """A piece of untrusted text that stands in the arguments, None where there is none. Their names do not count:
        these are the tool's own."""
        seen = self._seen.get(session)
        if seen is None:
            return None
        left = _CHECKED
        values = list(arguments.values()) if isinstance(arguments, dict) else arguments
        for text in strings(values):
            left -= len(text)
            if left < 0:  # longer than can be looked through in a moment: the careful side
                return "too long to look through"
            found = _common(_normal(text), seen)
            if found is not None:
                return found
        return None


def _common(text: str, seen: str) -> str | None:
    """A piece of the text that was seen: all of it; ``_SURE`` characters in a row wherever they stand; or a word that
    is more than letters, such as an address, a path or a number."""
    if len(text) < _SHORTEST:
        return None
    if len(text) <= _WINDOW:
        pieces = [text]
    else:
        pieces = [text[at : at + _WINDOW] for at in range(0, len(text) - _WINDOW + 1, _WINDOW // 2)]
    pieces += [word for word in map(_bare, text.split()) if len(word) >= _SHORTEST and not word.isalpha()]
    from ahocorasick_rs import AhoCorasick  # one pass over what was seen, however many pieces there are

    matches = AhoCorasick(pieces).find_matches_as_indexes(seen)
    return pieces[matches[0][0]] if matches else None


def _bare(word: str) -> str:
    """Without the punctuation of the sentence around it."""
    return word.strip(".,;:!?\"'()[]{}<>")


def _normal(text: str) -> str:
    if not text.isascii():  # a full-width letter is a letter, and an accent of its own belongs to the one before it
        text = unicodedata.normalize("NFKC", _HIDDEN.sub("", text))
    return _SPACES.sub(" ", text).strip().casefold()


def strings(value: Json) -> Iterator[str]:
    """Every text, key and number in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
