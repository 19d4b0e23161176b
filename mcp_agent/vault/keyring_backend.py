"""Secrets in the keyring of the operating system: Secret Service or KWallet, Keychain, Credential Locker."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from mcp_agent.errors import VaultError
from mcp_agent.vault.backend import Key
from mcp_agent.vault.files import locked, read_file, replace_file, stamp_of
from mcp_agent.vault.secret import Secret

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend as Keyring

T = TypeVar("T")

log = logging.getLogger(__name__)

_REAL = 1.0
"""What ``keyring`` itself asks of a backend that it recommends; its stand-ins and plain files are below."""
_NOT_REAL = ("keyring.backends.fail", "keyring.backends.null", "keyring.backends.chainer", "keyrings.alt.")


class _Index(msgspec.Struct, forbid_unknown_fields=True):
    """What the keyring cannot tell: which names there are. ``changes`` counts, so that no two versions are alike."""

    version: int = 1
    changes: int = 0
    names: list[Key] = []


class KeyringBackend:
    """``service`` is the name that the entries stand under; ``index`` is a file of names, without values."""

    def __init__(self, keyring: Keyring, service: str, index: Path) -> None:
        self._keyring = keyring
        self._service = service
        self._index = index

    @property
    def place(self) -> str:
        return f"the OS keyring ({self._keyring.name})"

    def get(self, key: Key) -> Secret | None:
        value = self._ask(lambda: self._keyring.get_password(self._service, _user(key)))
        return Secret(value) if value else None

    def set(self, key: Key, value: Secret) -> None:
        with locked(self._index):
            index = self._read()
            if key not in index.names:
                self._write(index, sorted([*index.names, key]))  # first: a value must never be there unlisted
            self._ask(lambda: self._keyring.set_password(self._service, _user(key), value.reveal()))
            self._write(index, index.names)  # after: who sees the new stamp must find the new value

    def delete(self, key: Key) -> bool:
        with locked(self._index):
            index = self._read()
            there = self._ask(lambda: self._keyring.get_password(self._service, _user(key))) is not None
            if there:
                self._ask(lambda: self._keyring.delete_password(self._service, _user(key)))
            if key in index.names:
                self._write(index, [other for other in index.names if other != key])
        return there

    def names(self) -> list[Key]:
        with locked(self._index):
            return self._read().names

    def stamp(self) -> Hashable:
        return stamp_of(self._index)

    def _ask(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except Exception as error:  # noqa: BLE001  every platform's library raises its own kinds
            raise VaultError(
                f"The keyring {self._keyring.name} refused ({type(error).__name__}: {error}). Unlock it and try again, "
                "or set vault.store to 'file' in the configuration."
            ) from None

    def _read(self) -> _Index:
        data = read_file(self._index)
        if data is None:
            return _Index()
        try:
            return msgspec.json.decode(data, type=_Index)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise VaultError(
                f"The list of names {self._index} was changed or damaged ({error}). Restore it, or move it away: the "
                "values stay in the keyring, and setting a secret again lists it again."
            ) from None

    def _write(self, index: _Index, names: list[Key]) -> None:
        index.names = names
        index.changes += 1
        replace_file(self._index, msgspec.json.encode(index))


def find_keyring() -> Keyring | None:
    """The keyring of this machine, None where there is none that keeps secrets from other users and from thieves."""
    import keyring

    try:
        chosen = keyring.get_keyring()
        candidates = list(getattr(chosen, "backends", [chosen]))  # the chainer would also write into plain files
        real = [one for one in candidates if one.priority >= _REAL and not _module(one).startswith(_NOT_REAL)]
    except Exception as error:  # noqa: BLE001  a broken setting of keyring's own, or a bus that is gone
        log.warning("The OS keyring cannot be used (%s: %s).", type(error).__name__, error)
        return None
    return real[0] if real else None


def _module(keyring: Keyring) -> str:
    return f"{type(keyring).__module__}."


def _user(key: Key) -> str:
    return f"{key.plugin}/{key.name}"
