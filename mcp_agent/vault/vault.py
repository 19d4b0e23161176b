"""The secrets of a home, for asyncio: read once, kept as Secret, and taken out of everything that leaves."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from mcp_agent.errors import ToolError, VaultError
from mcp_agent.vault.backend import Backend, Key, check_key
from mcp_agent.vault.redact import Redactor, check_value
from mcp_agent.vault.secret import Secret

T = TypeVar("T")

log = logging.getLogger(__name__)


class _Held(NamedTuple):
    secret: Secret
    stamp: Hashable


class Vault:
    """``open_backend`` is called on first use, in a thread, as is everything that blocks.

    ``wait`` in seconds is how long a place may take: a keyring may be asking the person for its password.
    """

    def __init__(
        self, open_backend: Callable[[], Backend], redactor: Redactor | None = None, *, wait: float = 60.0
    ) -> None:
        self.redactor = redactor or Redactor()
        self._open_backend = open_backend
        self._backend: Backend | None = None
        self._wait = wait
        self._held: dict[Key, _Held] = {}
        self._one_at_a_time = asyncio.Lock()

    async def get(self, plugin: str, name: str) -> Secret | None:
        """A secret, None where it is not set. A change that another process made is seen.

        Raises VaultError where the place cannot be read.
        """
        key = check_key(plugin, name)
        held = self._held.get(key)
        if held is not None and self._backend is not None and held.stamp == self._backend.stamp():
            return held.secret
        return await self._run(lambda backend: self._get(backend, key))

    async def set(self, plugin: str, name: str, value: Secret) -> str:
        """Keep a secret, and give where. Raises VaultError for a name or value that cannot be, or a failing place."""
        key = check_key(plugin, name)
        check_value(value)
        self.redactor.add(value)

        def work(backend: Backend) -> str:
            backend.set(key, value)
            return backend.place

        return await self._run(work)

    async def delete(self, plugin: str, name: str) -> bool:
        """Forget a secret. False when there is none of that name. What it was stays out of all texts."""
        key = check_key(plugin, name)
        self._held.pop(key, None)
        return await self._run(lambda backend: backend.delete(key))

    async def names(self) -> list[Key]:
        """All names, sorted."""
        return await self._run(lambda backend: backend.names())

    def of(self, plugin: str) -> PluginSecrets:
        """What a plugin gets of it: its own."""
        return PluginSecrets(self, plugin)

    def close(self) -> None:
        """Wipe every value that was read. Whoever still holds one cannot reveal it any more.

        What they were stays out of texts until the process ends: something that a plugin began may still speak.
        """
        for held in self._held.values():
            held.secret.close()
        self._held.clear()

    def _get(self, backend: Backend, key: Key) -> Secret | None:
        stamp = backend.stamp()  # before reading: a change in between makes the next call read again
        found = backend.get(key)
        if found is None:
            self._held.pop(key, None)
            return None
        held = self._held.get(key)
        if held is not None and held.secret == found:
            found = held.secret
        self.redactor.add(found)
        self._held[key] = _Held(found, stamp)
        return found

    async def _run(self, work: Callable[[Backend], T]) -> T:
        def in_thread() -> T:
            if self._backend is None:
                self._backend = self._open_backend()
            return work(self._backend)

        try:
            async with asyncio.timeout(self._wait), self._one_at_a_time:
                return await _thread(in_thread)
        except TimeoutError:
            raise VaultError(
                f"The place where secrets are kept gave no answer for {self._wait:g} seconds. If it is a keyring, "
                "unlock it (it may be asking for its password), then try again."
            ) from None


class PluginSecrets:
    """A plugin's own secrets, as ``ctx.secrets``."""

    __slots__ = ("_plugin", "_vault")

    def __init__(self, vault: Vault, plugin: str) -> None:
        self._vault = vault
        self._plugin = plugin

    async def get(self, name: str) -> Secret | None:
        """A secret, None where the person has not set it. Raises ToolError where secrets cannot be read now."""
        try:
            return await self._vault.get(self._plugin, name)
        except VaultError as error:
            log.warning("secret %s of %s: %s", name, self._plugin, error)
            raise ToolError(
                f"The secrets of {self._plugin} cannot be read now.",
                hint="'mcp-agent secrets list', run on this machine, says why and what to do.",
            ) from None

    async def require(self, name: str) -> Secret:
        """A secret. Raises ToolError that says how to set it where it is not set."""
        found = await self.get(name)
        if found is None:
            raise ToolError(
                f"{self._plugin} needs the secret {name}, which is not set.",
                hint=f"Set it on this machine with: mcp-agent secrets set {self._plugin} {name}",
            )
        return found


def vault_of_home(store: Literal["auto", "keyring", "file"], data: Path, state: Path) -> Vault:
    """The vault of a home with these folders. The passphrase of an encrypted file comes from the environment."""
    redactor = Redactor()

    def passphrase() -> Secret:
        from mcp_agent.vault.keys import passphrase_from_environment

        given = passphrase_from_environment()
        redactor.add(given)
        return given

    def open_backend() -> Backend:
        from mcp_agent.vault.choose import choose

        return choose(store, data, state, passphrase)

    return Vault(open_backend, redactor)


async def _thread(work: Callable[[], T]) -> T:
    """Run in a thread of its own that the end of the process does not wait for: a keyring may hang for ever."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(value: T | None, error: Exception | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(value)  # type: ignore[arg-type]

    def run() -> None:
        value, failure = None, None
        try:
            value = work()
        except Exception as error:  # noqa: BLE001  handed to whoever waits
            failure = error
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, value, failure)

    threading.Thread(target=run, name="vault", daemon=True).start()
    return await done
