"""The form of the encrypted file: one line of JSON that says how to get the key, then everything under AES-256-GCM.

    {"format":"mcp-agent-vault","version":1,"key":{"from":"key-file"},"check":"..."}\\n
    12 bytes of nonce, then the sealed JSON {plugin: {name: value}} with its tag

The line is authenticated with the rest, so that no byte of the file can change unnoticed. ``check`` tells a wrong key
from a damaged file; it is made one-way from the key.
"""

from __future__ import annotations

import hmac
import os
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from mcp_agent.errors import VaultError

VERSION = 1
_NONCE = 12

Entries: TypeAlias = dict[str, dict[str, str]]
_Hex = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]


class FromKeyFile(Struct, frozen=True, forbid_unknown_fields=True, tag_field="from", tag="key-file"):
    """The key stands in a file of its own."""


class FromPassphrase(Struct, frozen=True, forbid_unknown_fields=True, tag_field="from", tag="passphrase"):
    """The key comes from a passphrase through scrypt: ``n`` * ``r`` * 128 bytes of memory, ``p`` times."""

    salt: _Hex
    n: Annotated[int, Meta(ge=2**14, le=2**18)] = 2**16
    r: Annotated[int, Meta(ge=1, le=16)] = 8
    p: Annotated[int, Meta(ge=1, le=16)] = 2


KeyOrigin: TypeAlias = FromKeyFile | FromPassphrase


class _Head(Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal["mcp-agent-vault"]
    version: int
    key: KeyOrigin
    check: _Hex


class Sealed(Struct, frozen=True):
    """A file as it was read. ``origin`` says where its key comes from."""

    origin: KeyOrigin
    _check: str
    _line: bytes
    _rest: bytes

    def fits(self, key: bytes) -> bool:
        """Whether this is the key it was written under."""
        return hmac.compare_digest(self._check, _check(key))

    def open(self, key: bytes) -> Entries:
        """Raises ValueError where any byte is not as it was written."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            plain = AESGCM(key).decrypt(self._rest[:_NONCE], self._rest[_NONCE:], self._line)
        except InvalidTag:
            raise ValueError("the sealed part does not carry its seal") from None
        return msgspec.json.decode(plain, type=Entries)


def seal(entries: Entries, origin: KeyOrigin, key: bytes) -> bytes:
    """The content of a file. ``key`` has 32 bytes."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    line = msgspec.json.encode(_Head("mcp-agent-vault", VERSION, origin, _check(key))) + b"\n"
    nonce = os.urandom(_NONCE)
    return line + nonce + AESGCM(key).encrypt(nonce, msgspec.json.encode(entries), line)


def parse(data: bytes) -> Sealed:
    """What a file holds, still sealed. Raises ValueError for what is no such file, VaultError for a newer one."""
    line, newline, rest = data.partition(b"\n")
    try:
        head = msgspec.json.decode(line, type=_Head)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        if _version(line) > VERSION:
            raise VaultError("It was written by a newer version of this program: update it.") from None
        raise ValueError("its first line is not what this program writes") from None
    if head.version != VERSION:
        raise VaultError("It was written by a newer version of this program: update it.")
    if len(rest) < _NONCE:
        raise ValueError("it is cut short")
    return Sealed(head.key, head.check, line + newline, rest)


def _check(key: bytes) -> str:
    return hmac.digest(key, b"mcp-agent-vault key check", "sha256")[:16].hex()


def _version(line: bytes) -> int:
    try:
        head: Any = msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return 0
    version = head.get("version") if isinstance(head, dict) and head.get("format") == "mcp-agent-vault" else 0
    return version if isinstance(version, int) else 0
