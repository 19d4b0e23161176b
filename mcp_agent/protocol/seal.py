"""State that travels through the client and comes back: encrypted, authenticated, bound and short-lived."""

from __future__ import annotations

import binascii
import decimal
import functools
import hashlib
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from mcp_agent.errors import InvalidParams
from mcp_agent.model import Clock, Json

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

_NONCE = 12
_decode = msgspec.json.Decoder(float_hook=decimal.Decimal).decode  # all digits count: a tool may take a Decimal
_encode = msgspec.json.Encoder(order="deterministic", decimal_format="number").encode


def binding(principal: str, method: str, subject: str, arguments: bytes) -> bytes:
    """A digest of who asks for what: ``arguments`` is a JSON object, whose spelling does not count.

    Raises InvalidParams for arguments that are not JSON all through.
    """
    try:
        canonical = _encode(_decode(arguments or b"{}"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidParams(f"Invalid params: the arguments cannot be read: {error}") from None
    return hashlib.sha256(msgspec.msgpack.encode((principal, method, subject, canonical))).digest()


class _State(msgspec.Struct, array_like=True):
    expires: float
    answers: dict[str, Json]


class Sealer:
    """Seals the answers gathered so far into a ``requestState`` and opens it again, in any process with the key.

    ``key`` gives 32 bytes and is asked once, on first use. ``ttl`` is in seconds. The cipher is ChaCha20-Poly1305.
    """

    def __init__(self, key: Callable[[], bytes], clock: Clock, ttl: float) -> None:
        self._key = key
        self._clock = clock
        self._ttl = ttl

    def seal(self, answers: dict[str, Json], binding: bytes) -> str:
        """``binding`` says whose and which request this is; the state opens only under the same one."""
        nonce = os.urandom(_NONCE)
        plain = msgspec.msgpack.encode(_State(self._clock.time() + self._ttl, answers))
        return urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, plain, binding)).decode()

    def open(self, state: str, binding: bytes) -> dict[str, Json]:
        """The sealed answers. Raises InvalidParams when the state is not ours, not for this, or too old."""
        from cryptography.exceptions import InvalidTag

        try:
            raw = urlsafe_b64decode(state.encode("ascii"))
            plain = self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], binding)
        except (InvalidTag, binascii.Error, ValueError):
            raise InvalidParams(
                "requestState was changed, or belongs to another request: send the request again without it"
            ) from None
        content = msgspec.msgpack.decode(plain, type=_State)
        if self._clock.time() > content.expires:
            raise InvalidParams("requestState has expired: send the request again without it")
        return content.answers

    @functools.cached_property
    def _cipher(self) -> ChaCha20Poly1305:
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        return ChaCha20Poly1305(self._key())
