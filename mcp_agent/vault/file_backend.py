"""Secrets in an encrypted file, for machines without a keyring."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable
from pathlib import Path

from mcp_agent.errors import VaultError
from mcp_agent.vault.backend import Key
from mcp_agent.vault.files import locked, read_file, replace_file, stamp_of
from mcp_agent.vault.keys import check_passphrase, derive, fresh_passphrase, read_keys, write_keys
from mcp_agent.vault.sealed import Entries, FromKeyFile, FromPassphrase, KeyOrigin, Sealed, parse, seal
from mcp_agent.vault.secret import Secret

_MOST = 1000
"""Secrets in one file; the whole of it is written anew at each change."""


class FileBackend:
    """``path`` is the encrypted file, ``key_file`` holds its key unless that comes from a passphrase.

    ``passphrase`` is called where one is needed; it may ask a person, and raises VaultError where it has none.
    """

    def __init__(self, path: Path, key_file: Path, passphrase: Callable[[], Secret]) -> None:
        self._path = path
        self._key_file = key_file
        self._passphrase = passphrase
        self._derived: tuple[FromPassphrase, bytes] | None = None

    @property
    def place(self) -> str:
        return f"the encrypted file {self._path}"

    def get(self, key: Key) -> Secret | None:
        with locked(self._path):
            entries, _, _ = self._read()
        value = entries.get(key.plugin, {}).get(key.name)
        return None if value is None else Secret(value)

    def set(self, key: Key, value: Secret) -> None:
        with locked(self._path):
            entries, origin, under = self._read()
            entries.setdefault(key.plugin, {})[key.name] = value.reveal()
            if sum(map(len, entries.values())) > _MOST:
                raise VaultError(f"There are {_MOST} secrets already. Delete some with 'mcp-agent secrets delete'.")
            if under is None:
                under = self._first_key()
            replace_file(self._path, seal(entries, origin, under))

    def delete(self, key: Key) -> bool:
        with locked(self._path):
            entries, origin, under = self._read()
            if under is None or entries.get(key.plugin, {}).pop(key.name, None) is None:
                return False
            kept = {plugin: names for plugin, names in entries.items() if names}
            replace_file(self._path, seal(kept, origin, under))
            return True

    def names(self) -> list[Key]:
        with locked(self._path):
            entries, _, _ = self._read()
        return sorted(Key(plugin, name) for plugin, names in entries.items() for name in names)

    def stamp(self) -> Hashable:
        return stamp_of(self._path)

    @property
    def has_passphrase(self) -> bool:
        """Whether the key comes from a passphrase now."""
        with locked(self._path):
            data = read_file(self._path)
        return data is not None and isinstance(self._parsed(data).origin, FromPassphrase)

    def rotate(self, passphrase: Secret | None) -> None:
        """Encrypt everything under a fresh key: from this passphrase, or in the key file when it is None.

        At any moment of it, what is on disk can be opened: by the old key before the file is replaced, by the new
        one after. The key file holds both in between.
        """
        with locked(self._path):
            entries, before, under = self._read()
            if passphrase is not None:
                check_passphrase(passphrase)
                how = fresh_passphrase()
                key = derive(passphrase, how)
                replace_file(self._path, seal(entries, how, key))
                self._key_file.unlink(missing_ok=True)
                self._derived = how, key
                return
            key = os.urandom(32)
            old = [under] if under is not None and isinstance(before, FromKeyFile) else []
            write_keys(self._key_file, [key, *old])
            replace_file(self._path, seal(entries, FromKeyFile(), key))
            write_keys(self._key_file, [key])

    # --- inside, under the lock ------------------------------------------------------------------

    def _read(self) -> tuple[Entries, KeyOrigin, bytes | None]:
        """What is in the file, where its key comes from, and the key: None when there is no file yet."""
        data = read_file(self._path)
        if data is None:
            return {}, FromKeyFile(), None
        sealed = self._parsed(data)
        for key in self._keys(sealed.origin):
            if sealed.fits(key):
                try:
                    return sealed.open(key), sealed.origin, key
                except ValueError as error:
                    raise self._damaged(error) from None
        if isinstance(sealed.origin, FromPassphrase):
            self._derived = None
            raise VaultError(f"The passphrase is wrong, or the first line of {self._path} was changed. Try again.")
        raise VaultError(
            f"The key in {self._key_file} is not the one {self._path} was written under, or that file was changed. "
            "Restore both from the same backup, or move both away and set the secrets again."
        )

    def _parsed(self, data: bytes) -> Sealed:
        try:
            return parse(data)
        except ValueError as error:
            raise self._damaged(error) from None
        except VaultError as error:
            raise VaultError(f"{self._path}: {error}") from None

    def _keys(self, origin: KeyOrigin) -> list[bytes]:
        if isinstance(origin, FromPassphrase):
            if self._derived is None or self._derived[0] != origin:
                try:
                    self._derived = origin, derive(self._passphrase(), origin)
                except ValueError as error:
                    raise self._damaged(error) from None
            return [self._derived[1]]
        keys = read_keys(self._key_file)
        if not keys:
            raise VaultError(
                f"{self._path} is there but its key file {self._key_file} is not, and without it nothing can be read. "
                "Restore it from a backup, or move the encrypted file away and set the secrets again."
            )
        return keys

    def _first_key(self) -> bytes:
        keys = read_keys(self._key_file)
        if keys:  # left by a process that ended before it wrote the file
            return keys[0]
        key = os.urandom(32)
        write_keys(self._key_file, [key])
        return key

    def _damaged(self, why: Exception) -> VaultError:
        return VaultError(
            f"{self._path} was changed or damaged: {why}. Nothing in it is used. Restore it from a backup, or move it "
            "away and set the secrets again."
        )
