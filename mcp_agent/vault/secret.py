"""A value that does not print."""

from __future__ import annotations

import hmac
import os
from typing import Any, NoReturn

from mcp_agent.errors import VaultError

MARK = "***"
"""What stands where a secret was."""

_COMPARED_UNDER = os.urandom(32)


class Secret:
    """Text that shows itself only to ``reveal()``. Everything that prints, formats or logs it gives ``***``;
    pickling refuses, and so do JSON and msgspec.

    It compares in constant time, with another Secret or with text, and has no hash, length or parts. ``close()``, or
    the end of the object, overwrites the bytes it holds; the text that ``reveal()`` gave out is Python's own.
    """

    __slots__ = ("__weakref__", "_held")

    def __init__(self, text: str) -> None:
        try:
            self._held = bytearray(text.encode())
        except UnicodeEncodeError:
            self._held = bytearray()
            raise VaultError("A secret must be text; this one holds bytes that are no characters.") from None

    def reveal(self) -> str:
        """The text. Use it where it is needed and keep no copy. Raises VaultError once it was wiped."""
        if not self._held:
            raise VaultError("This secret was wiped: the host that gave it has stopped, or it was empty.")
        return self._held.decode()

    def close(self) -> None:
        """Overwrite the value and forget it."""
        self._held[:] = bytes(len(self._held))
        self._held = bytearray()

    def __del__(self) -> None:
        self.close()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Secret):
            theirs = bytes(other._held)
        elif isinstance(other, str):
            theirs = other.encode(errors="surrogatepass")
        else:
            return NotImplemented
        return bool(self._held) and hmac.compare_digest(_digest(self._held), _digest(theirs))

    def __repr__(self) -> str:
        return MARK

    def __format__(self, spec: str) -> str:
        return MARK

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: Any) -> Secret:
        return self

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("A Secret is not pickled: it must not leave this process.")

    def __getstate__(self) -> NoReturn:
        raise TypeError("A Secret gives no state away; use reveal() where the text is needed.")


def _digest(value: bytes | bytearray) -> bytes:
    """Of one length for all values, so that comparing does not even tell how long they are."""
    return hmac.digest(_COMPARED_UNDER, value, "sha256")
