"""Which place a home keeps its secrets in. Once it holds some, it stays with that place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from mcp_agent.errors import VaultError
from mcp_agent.vault.backend import Backend
from mcp_agent.vault.file_backend import FileBackend
from mcp_agent.vault.secret import Secret


def choose(
    store: Literal["auto", "keyring", "file"], data: Path, state: Path, passphrase: Callable[[], Secret]
) -> Backend:
    """May block: it looks for a keyring. Raises VaultError where the place that was asked for is not to be had.

    ``data`` and ``state`` are the folders of the home: the key file stands apart from what it opens.
    """
    sealed, names = data / "secrets.vault", data / "secrets.names.json"
    if store == "file" or (store == "auto" and sealed.exists()):
        return FileBackend(sealed, state / "vault.key", passphrase)
    from mcp_agent.vault.keyring_backend import KeyringBackend, find_keyring

    keyring = find_keyring()
    if keyring is not None:
        return KeyringBackend(keyring, f"mcp-agent ({data.resolve()})", names)
    if store == "keyring" or names.exists():
        held = "The secrets of this home are in the OS keyring, which" if names.exists() else "The OS keyring"
        raise VaultError(
            f"{held} cannot be reached from here. Start this in the desktop session that has it, or set vault.store to "
            "'file' in the configuration and set the secrets again."
        )
    return FileBackend(sealed, state / "vault.key", passphrase)
