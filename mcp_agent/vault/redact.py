"""Takes secrets out of everything that leaves."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, AnyStr

import msgspec

from mcp_agent.errors import VaultError
from mcp_agent.jsonio import encode
from mcp_agent.model import Json
from mcp_agent.vault.secret import MARK, Secret

if TYPE_CHECKING:
    from mcp_agent.vault.search import Search

SHORTEST = 6
LONGEST = 64 * 1024

_MARK = MARK.encode()


def check_value(value: Secret) -> None:
    """Raises VaultError for what could not be taken out again."""
    text = value.reveal()
    if len("".join(text.split()).replace("\\", "")) < SHORTEST:
        raise VaultError(
            f"A secret has {SHORTEST} characters at least, not counting blanks and backslashes: a shorter one would be "
            "struck out of ordinary words and numbers too. Use a longer one."
        )
    if len(text.encode()) > LONGEST:
        raise VaultError(f"A secret has {LONGEST} bytes at most. Keep larger things in a file that only you may read.")


class Redactor:
    """The live secrets of this process. With none, everything passes through untouched.

    What it finds: a value as it is, in hex, in base64 of either alphabet wherever in the coded bytes it stands, and
    all that inside JSON strings, URL encoding and XML, up to four levels deep. Not what a program computes from a
    value: reversed, hashed, encrypted, compressed, or cut into pieces.
    """

    def __init__(self) -> None:
        self._values: frozenset[bytes] = frozenset()
        self._search: Search | None = None
        self._lock = threading.Lock()

    @property
    def active(self) -> bool:
        """Whether there is any secret to look for."""
        return self._search is not None

    def add(self, secret: Secret) -> None:
        """Take this value out of everything from now on. Raises VaultError for one that is too short or too long."""
        from mcp_agent.vault.search import Search

        check_value(secret)
        value = secret.reveal().encode()
        with self._lock:
            if value not in self._values:
                values = self._values | {value}
                self._search = Search(values)
                self._values = values

    def clear(self) -> None:
        """Forget all values."""
        with self._lock:
            self._values, self._search = frozenset(), None

    def redact(self, text: AnyStr) -> AnyStr:
        """The text with ``***`` for every secret in it. One without any comes back as it is."""
        search = self._search
        if search is None:
            return text
        data = text.encode(errors="surrogatepass") if isinstance(text, str) else text
        if not search.suspects(data):
            return text
        clean = search.replaced(data, _MARK)
        if clean == data:
            return text
        return clean.decode(errors="surrogatepass") if isinstance(text, str) else clean

    def redact_json(self, value: Json) -> Json:
        """The same for every text, key and number in a JSON value."""
        if self._search is None:
            return value
        if isinstance(value, str):
            return self.redact(value)
        if isinstance(value, dict):
            return {self.redact_json(key): self.redact_json(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.redact_json(item) for item in value]
        if value is None or isinstance(value, bool):
            return value
        text = str(value)  # numbers, and what JSON has no form for and would write as text
        clean = self.redact(text)
        return value if clean == text else clean

    def redact_frame(self, frame: bytes) -> bytes:
        """The same for a JSON message, which stays JSON whatever is taken out of it."""
        search = self._search
        if search is None or not search.suspects(frame):
            return frame
        try:
            message: Any = msgspec.json.decode(frame)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return self.redact(frame)
        clean = self.redact_json(message)
        return frame if clean == message else encode(clean)
