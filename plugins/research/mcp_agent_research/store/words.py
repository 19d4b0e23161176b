"""A question as expressions of the full-text index: nothing that anybody writes can be an operator."""

from __future__ import annotations

import re
import unicodedata

from mcp_agent import ToolError

_MOST_WORDS = 24
_SMALL = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be but by can could did do does for from had has have how i if in into is it its may me my"
        " of on or our shall should so than that the their them then there these they this those to us was we were what"
        " when where which while who whom whose why will with would you your",
    )
)


def words_of(text: str) -> list[str]:
    """The words that say something, each once, in lower case; all of them where none does."""
    found = re.findall(r"\w+", unicodedata.normalize("NFC", text).lower().replace("_", " "))
    words = list(dict.fromkeys(found))
    return [word for word in words if word not in _SMALL] or words


def expressions(query: str) -> list[str]:
    """What to look for in turn: all the words, then any. Raises ToolError for a question without a word."""
    words = words_of(query)[:_MOST_WORDS]
    if not words:
        raise ToolError("There is no word in the question to look for.", hint="Ask with a word or two of the answer.")
    terms = [f'"{word}"' for word in words]
    return [" AND ".join(terms), " OR ".join(terms)] if len(terms) > 1 else terms
