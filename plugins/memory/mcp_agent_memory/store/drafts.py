"""A fact before it has a number."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from msgspec import Struct


class Draft(Struct, frozen=True):
    """What somebody wants remembered. Times are seconds since 1970, UTC; ``since`` None means from now on."""

    text: str
    source: str | None = None
    tags: Sequence[str] = ()
    entities: Sequence[str] = ()
    conversation: str | None = None
    since: float | None = None
    until: float | None = None

    @property
    def digest(self) -> bytes:
        return digest_of(self.text, self.conversation, self.since)


def digest_of(text: str, conversation: str | None, since: float | None) -> bytes:
    """What makes two facts the same: the words, the conversation, and the time that was said to be theirs."""
    whole = "\0".join((text, conversation or "", "" if since is None else repr(since)))
    return hashlib.blake2b(whole.encode(errors="replace"), digest_size=16).digest()
