"""What programs of others are told on their command lines and in their environments, without what sounds secret."""

from __future__ import annotations

import re
from collections.abc import Sequence

HIDDEN = "(hidden)"
"""Stands in place of what is not shown."""
_NAME = re.compile(r"PASS|SECRET|TOKEN|KEY|CREDENTIAL|AUTH|PRIVATE|DSN|CONNECTION_STRING|COOKIE|SALT", re.I)
_LOGIN = re.compile(r"(\w{1,20}://)(?:[^/\s@:]{0,300}:[^\s\"']{0,300}|[^/\s@]{0,300})@")
"""The name, and a password, which may hold a slash or another @. Bounded, for anybody may have written the text."""
_SOUNDS_SECRET = r"[\w.-]{0,60}(?:pass|secret|token|credential|api[_-]?key|private[_-]?key)[\w.-]{0,60}"
_OPTION = re.compile(rf"-{{1,2}}{_SOUNDS_SECRET}", re.I)
_GIVEN = re.compile(
    rf"""(?<![\w.-])((?:-{{0,2}}{_SOUNDS_SECRET}=|-{{1,2}}{_SOUNDS_SECRET}[ ](?!-))["']?)[^\s"']+""", re.I
)
"""In a command: ``--password=x``, ``TOKEN=x``, and ``--token x`` in one word for a shell."""


def sounds_secret(name: str) -> bool:
    """Whether the value of a variable or field of this name should not be shown: ``DB_PASSWORD``, ``apiKey``."""
    return _NAME.search(name) is not None


def hide_logins(text: str) -> str:
    """A text without the logins in its addresses: ``postgres://(hidden)@db/shop``."""
    return _LOGIN.sub(rf"\1{HIDDEN}@", text)


def hide_in_command(words: Sequence[str]) -> list[str]:
    """A command, word for word, without values that sound secret: of its options, of variables that it sets, in
    addresses. ``["run", "--token", "x"]`` gives ``["run", "--token", "(hidden)"]``."""
    shown = []
    for before, word in zip(("", *words), words, strict=False):
        if _OPTION.fullmatch(before) and word and not word.startswith("-"):
            shown.append(HIDDEN)
        else:
            shown.append(_GIVEN.sub(rf"\1{HIDDEN}", hide_logins(word)))
    return shown
