"""The vault for asyncio, and what plugins get of it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from mcp_agent.errors import ToolError, VaultError
from mcp_agent.vault.backend import Key, MemoryBackend
from mcp_agent.vault.file_backend import FileBackend
from mcp_agent.vault.secret import Secret
from mcp_agent.vault.vault import Vault, vault_of_home

VALUE = "hunter2-hunter2"


class Counting(MemoryBackend):
    """Tells what was asked of it, and in which threads."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0
        self.threads: set[threading.Thread] = set()
        self.broken = False

    def get(self, key: Key) -> Secret | None:
        self.reads += 1
        self.threads.add(threading.current_thread())
        if self.broken:
            raise VaultError("/a/path is broken.")
        found = super().get(key)
        return None if found is None else Secret(found.reveal())


def with_vault(work: Callable[[Vault, Counting], Awaitable[None]]) -> None:
    async def main() -> None:
        backend = Counting()
        backend.set(Key("steam", "token"), Secret(VALUE))
        await work(Vault(lambda: backend), backend)

    asyncio.run(main())


def test_a_secret_is_read_once_and_not_on_the_event_loop() -> None:
    async def work(vault: Vault, backend: Counting) -> None:
        first = await vault.get("steam", "token")
        assert first == VALUE
        assert [await vault.get("steam", "token") for _ in range(5)] == [first] * 5
        assert backend.reads == 1
        assert threading.current_thread() not in backend.threads

    with_vault(work)


def test_a_change_is_seen_and_both_values_stay_out_of_texts() -> None:
    async def work(vault: Vault, backend: Counting) -> None:
        before = await vault.get("steam", "token")
        backend.set(Key("steam", "token"), Secret("correct-horse"))
        assert await vault.get("steam", "token") == "correct-horse"
        assert before == VALUE, "whoever has the old one may finish with it"
        assert vault.redactor.redact(f"{VALUE} correct-horse") == "*** ***"
        backend.delete(Key("steam", "token"))
        assert await vault.get("steam", "token") is None
        assert vault.redactor.redact(f"{VALUE} correct-horse") == "*** ***"

    with_vault(work)


def test_a_secret_set_later_is_found() -> None:
    async def work(vault: Vault, backend: Counting) -> None:
        assert await vault.get("steam", "other") is None
        assert await vault.set("steam", "other", Secret("another-value")) == backend.place
        assert vault.redactor.redact("another-value") == "***"
        assert await vault.get("steam", "other") == "another-value"
        assert await vault.names() == [Key("steam", "other"), Key("steam", "token")]
        assert await vault.delete("steam", "other")
        assert not await vault.delete("steam", "other")
        assert await vault.get("steam", "other") is None

    with_vault(work)


def test_closing_wipes_what_was_given_out() -> None:
    async def work(vault: Vault, backend: Counting) -> None:
        secret = await vault.get("steam", "token")
        assert secret is not None
        vault.close()
        with pytest.raises(VaultError, match="wiped"):
            secret.reveal()
        assert vault.redactor.redact(VALUE) == "***"

    with_vault(work)


@pytest.mark.parametrize("name", ["", "a b", "../x", "a/b", "x" * 65, "é", "-a", "a.", "a\nb"])
def test_names_are_names(name: str) -> None:
    async def work(vault: Vault, backend: Counting) -> None:
        for plugin, secret in ((name, "token"), ("steam", name)):
            with pytest.raises(VaultError, match=r"name of a (plugin|secret)"):
                await vault.set(plugin, secret, Secret(VALUE))
        assert backend.names() == [Key("steam", "token")]

    with_vault(work)


def test_a_value_that_could_not_be_taken_out_is_not_kept() -> None:
    async def work(vault: Vault, backend: Counting) -> None:
        with pytest.raises(VaultError, match="6 characters at least"):
            await vault.set("steam", "pin", Secret("1234"))
        assert await vault.get("steam", "pin") is None

    with_vault(work)


# --- ctx.secrets ---------------------------------------------------------------------------------


def test_a_plugin_sees_its_own_secrets_and_no_others() -> None:
    async def work(vault: Vault, backend: Counting) -> None:
        assert await vault.of("steam").get("token") == VALUE
        assert await vault.of("steam").require("token") == VALUE
        assert await vault.of("home").get("token") is None

    with_vault(work)


def test_a_missing_secret_says_the_command_that_sets_it() -> None:
    async def work(vault: Vault, backend: Counting) -> None:
        with pytest.raises(ToolError) as caught:
            await vault.of("home").require("token")
        assert "home needs the secret token, which is not set." in str(caught.value)
        assert "mcp-agent secrets set home token" in str(caught.value)

    with_vault(work)


def test_a_place_that_fails_tells_the_model_no_path_and_the_log_everything(caplog: pytest.LogCaptureFixture) -> None:
    async def work(vault: Vault, backend: Counting) -> None:
        backend.broken = True
        with pytest.raises(ToolError, match="mcp-agent secrets list") as caught:
            await vault.of("steam").get("token")
        assert "/a/path" not in str(caught.value)
        assert "/a/path is broken" in caplog.text
        backend.broken = False
        assert await vault.of("steam").get("token") == VALUE

    with_vault(work)


def test_a_keyring_that_hangs_holds_up_nobody() -> None:
    let_go = threading.Event()

    class Hanging(MemoryBackend):
        def get(self, key: Key) -> Secret | None:
            let_go.wait(30)
            return None

    async def main() -> None:
        vault = Vault(Hanging, wait=0.05)
        with pytest.raises(VaultError, match=r"no answer for 0.05 seconds.*unlock"):
            await vault.get("steam", "token")
        assert await vault.names() == []
        let_go.set()

    asyncio.run(main())


def test_many_at_once_get_the_same_with_one_reading() -> None:
    async def work(vault: Vault, backend: Counting) -> None:
        found = await asyncio.gather(*(vault.get("steam", "token") for _ in range(20)))
        assert found == [VALUE] * 20
        assert len({id(one) for one in found}) == 1
        assert backend.reads == 1

    with_vault(work)


# --- a home --------------------------------------------------------------------------------------


def test_the_vault_of_a_home_is_its_encrypted_file(tmp_path: Path) -> None:
    async def main() -> None:
        vault = vault_of_home("file", tmp_path / "d", tmp_path / "s")
        await vault.set("steam", "token", Secret(VALUE))
        again = vault_of_home("auto", tmp_path / "d", tmp_path / "s")
        assert await again.get("steam", "token") == VALUE
        vault.close()
        again.close()

    asyncio.run(main())
    assert (tmp_path / "d" / "secrets.vault").exists()
    assert (tmp_path / "s" / "vault.key").exists()


def test_the_passphrase_is_taken_out_of_texts_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcp_agent.vault.keys._taken", None)
    file = FileBackend(tmp_path / "secrets.vault", tmp_path / "vault.key", lambda: Secret("never asked for"))
    file.set(Key("steam", "token"), Secret(VALUE))
    file.rotate(Secret("correct horse battery"))

    async def main() -> None:
        locked = vault_of_home("file", tmp_path, tmp_path)
        with pytest.raises(VaultError, match="MCP_AGENT_PASSPHRASE"):
            await locked.get("steam", "token")
        monkeypatch.setenv("MCP_AGENT_PASSPHRASE", "correct horse battery")
        assert await locked.get("steam", "token") == VALUE
        assert locked.redactor.redact("correct+horse%20battery") == "***"

    asyncio.run(main())


def test_a_vault_that_is_not_used_imports_nothing_heavy() -> None:
    code = (
        "import asyncio, pathlib, sys\nfrom mcp_agent.vault.vault import vault_of_home\n"
        "vault = vault_of_home('auto', pathlib.Path('d'), pathlib.Path('s'))\n"
        "assert vault.redactor.redact('x') == 'x'\nvault.close()\n"
        "heavy = {'keyring', 'cryptography', 'ahocorasick_rs', "
        "'mcp_agent.vault.search', 'mcp_agent.vault.file_backend'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
