"""Keys of the encrypted file: from a file that only its owner may read, or from a passphrase."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import unicodedata
from pathlib import Path

from mcp_agent.errors import VaultError
from mcp_agent.vault.files import read_file, replace_file
from mcp_agent.vault.redact import check_value
from mcp_agent.vault.sealed import FromPassphrase
from mcp_agent.vault.secret import Secret

PASSPHRASE_VARIABLE = "MCP_AGENT_PASSPHRASE"
_SHORTEST = 8
_KEYS = re.compile(rb"(?:[0-9a-f]{64}\n){1,2}")
_taken: Secret | None = None


def read_keys(path: Path) -> list[bytes]:
    """The keys in a key file, the present one first; a second one stands there while a rotation is under way.

    Raises VaultError for one that others may read, or that is none.
    """
    data = read_file(path)
    if data is None:
        return []
    if sys.platform != "win32":
        found = path.stat()
        if found.st_mode & 0o077:
            raise VaultError(
                f"The key file {path} may be read by others (mode {found.st_mode & 0o777:o}), so it is not used. "
                f"Run: chmod 600 '{path}'"
            )
        if found.st_uid != os.geteuid():
            raise VaultError(f"The key file {path} belongs to another user, so it is not used. Run this as its owner.")
    if not _KEYS.fullmatch(data):
        raise VaultError(f"The key file {path} holds no key: it was changed or damaged. Restore it from a backup.")
    return [bytes.fromhex(line.decode()) for line in data.split()]


def write_keys(path: Path, keys: list[bytes]) -> None:
    """Hold the lock. Raises OSError."""
    replace_file(path, b"".join(key.hex().encode() + b"\n" for key in keys))


def derive(passphrase: Secret, how: FromPassphrase) -> bytes:
    """The key that a passphrase gives. It takes tenths of a second, on purpose. Raises ValueError for odd settings."""
    text = unicodedata.normalize("NFC", passphrase.reveal()).encode()
    memory = 128 * how.r * (how.n + how.p + 2)
    return hashlib.scrypt(text, salt=bytes.fromhex(how.salt), n=how.n, r=how.r, p=how.p, maxmem=memory * 2, dklen=32)


def fresh_passphrase() -> FromPassphrase:
    return FromPassphrase(salt=os.urandom(16).hex())


def check_passphrase(passphrase: Secret) -> None:
    """Raises VaultError for one that is too short to be worth anything."""
    if len(passphrase.reveal()) < _SHORTEST:
        raise VaultError(f"A passphrase has {_SHORTEST} characters at least; several words make a good one.")
    check_value(passphrase)  # it is taken out of texts as secrets are


def passphrase_from_environment() -> Secret:
    """``MCP_AGENT_PASSPHRASE``, taken out of the environment so that no child inherits it. Raises VaultError."""
    global _taken
    text = os.environ.pop(PASSPHRASE_VARIABLE, "")
    if text:
        _taken = Secret(text)
    if _taken is None:
        raise VaultError(
            f"The secrets of this home are locked with a passphrase. Give it in {PASSPHRASE_VARIABLE}, or run "
            "'mcp-agent secrets rotate --key-file' once to do without one."
        )
    return _taken
