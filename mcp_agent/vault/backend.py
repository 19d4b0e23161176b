"""What a place for secrets must do, and the twin that keeps them in memory."""

from __future__ import annotations

import string
from collections.abc import Hashable
from typing import NamedTuple, Protocol

from mcp_agent.errors import VaultError
from mcp_agent.vault.secret import Secret

_ENDS = frozenset(string.ascii_letters + string.digits)
_INSIDE = _ENDS | set("._-")
_LONGEST = 64


class Key(NamedTuple):
    """The name of a secret: names are no secrets, they are listed and logged."""

    plugin: str
    name: str


def check_key(plugin: str, name: str) -> Key:
    """Raises VaultError for what cannot be a name."""
    for what, text in (("plugin", plugin), ("secret", name)):
        if not (0 < len(text) <= _LONGEST and _INSIDE.issuperset(text) and _ENDS.issuperset((text[0], text[-1]))):
            raise VaultError(
                f"The name of a {what} is 1 to {_LONGEST} letters, digits, '.', '_' or '-', and begins and ends "
                "with a letter or digit. This one does not."
            )
    return Key(plugin, name)


class Backend(Protocol):
    """A place for secrets. Every method may block, and raises VaultError where the place cannot be used."""

    @property
    def place(self) -> str:
        """Where that is, for a person."""

    def get(self, key: Key) -> Secret | None: ...
    def set(self, key: Key, value: Secret) -> None: ...
    def delete(self, key: Key) -> bool:
        """False when there is none of that name."""

    def names(self) -> list[Key]:
        """All names, sorted."""

    def stamp(self) -> Hashable:
        """Differs after any process has changed a value. Does not block for longer than looking at a file takes."""


class MemoryBackend:
    """Keeps secrets as long as it lives: for tests, and for hosts that keep nothing on disk."""

    place = "the memory of this process"

    def __init__(self) -> None:
        self._values: dict[Key, Secret] = {}
        self._changes = 0

    def get(self, key: Key) -> Secret | None:
        return self._values.get(key)

    def set(self, key: Key, value: Secret) -> None:
        self._values[key] = value
        self._changes += 1

    def delete(self, key: Key) -> bool:
        self._changes += 1
        return self._values.pop(key, None) is not None

    def names(self) -> list[Key]:
        return sorted(self._values)

    def stamp(self) -> Hashable:
        return self._changes
