"""The OS keyring: which one counts, and that names and values never part ways."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import keyring
import pytest
from keyring.backends import chainer, fail, null
from keyring.errors import KeyringLocked, PasswordDeleteError

from mcp_agent.errors import VaultError
from mcp_agent.vault.backend import Key
from mcp_agent.vault.choose import choose
from mcp_agent.vault.file_backend import FileBackend
from mcp_agent.vault.keyring_backend import KeyringBackend, find_keyring
from mcp_agent.vault.secret import Secret

KEY, OTHER = Key("steam", "token"), Key("home", "password")
VALUE = "hunter2-hunter2"


class Real:
    """As good as one of a desktop. No subclass of keyring's own: it would find that one by itself in other tests."""

    name = "of a test"
    priority = 5.0

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("Failed to unlock the collection!")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked("Failed to unlock the collection!")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError("No such password!")
        del self.kept[service, username]


class PlainFile(Real):
    priority = 0.5


class Alternative(Real):
    __module__ = "keyrings.alt.file"


class Chain:
    name = "chain"
    priority = 10.0

    def __init__(self, *backends: Any) -> None:
        self.backends = list(backends)


Chain.__module__ = chainer.__name__


def choose_with(monkeypatch: pytest.MonkeyPatch, found: Any, home: Path, store: Any = "auto") -> Any:
    monkeypatch.setattr(keyring, "get_keyring", lambda: found)
    return choose(store, home / "d", home / "s", lambda: Secret("never-needed"))


def test_values_are_kept_there_and_names_in_a_list(tmp_path: Path) -> None:
    real = Real()
    backend = KeyringBackend(cast(Any, real), "mcp-agent", tmp_path / "names.json")
    stamps = {backend.stamp()}
    for key, value in ((KEY, VALUE), (OTHER, "another-value"), (KEY, VALUE + "!")):
        backend.set(key, Secret(value))
        stamps.add(backend.stamp())
    assert len(stamps) == 4
    assert backend.get(KEY) == VALUE + "!"
    assert backend.names() == [OTHER, KEY]
    assert real.kept[("mcp-agent", "home/password")] == "another-value"
    assert backend.delete(OTHER)
    assert not backend.delete(OTHER)
    assert backend.names() == [KEY]
    assert list(real.kept) == [("mcp-agent", "steam/token")]
    assert VALUE not in (tmp_path / "names.json").read_text()


def test_a_value_is_never_there_without_its_name(tmp_path: Path) -> None:
    real = Real()
    backend = KeyringBackend(cast(Any, real), "mcp-agent", tmp_path / "names.json")
    real.locked = True
    with pytest.raises(VaultError, match=r"refused \(KeyringLocked.*Unlock it"):
        backend.set(KEY, Secret(VALUE))
    assert backend.names() == [KEY]
    with pytest.raises(VaultError, match="refused"):
        backend.get(KEY)
    real.locked = False
    assert backend.get(KEY) is None
    assert not backend.delete(KEY)
    assert backend.names() == []


def test_a_list_that_was_damaged_is_said_to_be(tmp_path: Path) -> None:
    backend = KeyringBackend(cast(Any, Real()), "mcp-agent", tmp_path / "names.json")
    backend.set(KEY, Secret(VALUE))
    (tmp_path / "names.json").write_text(json.dumps({"names": "?"}))
    with pytest.raises(VaultError, match="changed or damaged"):
        backend.names()
    assert backend.get(KEY) == VALUE


@pytest.mark.parametrize(
    "found",
    [fail.Keyring(), null.Keyring(), PlainFile(), Alternative(), Chain(PlainFile(), fail.Keyring()), Chain()],
    ids=lambda found: type(found).__name__,
)
def test_what_is_no_real_keyring_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, found: Any) -> None:
    assert isinstance(choose_with(monkeypatch, found, tmp_path), FileBackend)
    with pytest.raises(VaultError, match="cannot be reached from here"):
        choose_with(monkeypatch, found, tmp_path, "keyring")


def test_a_real_one_is_used_also_out_of_a_chain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = Real()
    for found in (real, Chain(PlainFile(), real)):
        backend = choose_with(monkeypatch, found, tmp_path)
        assert isinstance(backend, KeyringBackend)
        backend.set(KEY, Secret(VALUE))
    assert len(real.kept) == 1
    assert isinstance(choose_with(monkeypatch, real, tmp_path / "other", "file"), FileBackend)


def test_a_home_stays_with_the_place_that_holds_its_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    choose_with(monkeypatch, fail.Keyring(), tmp_path / "file").set(KEY, Secret(VALUE))
    assert choose_with(monkeypatch, Real(), tmp_path / "file").get(KEY) == VALUE
    choose_with(monkeypatch, Real(), tmp_path / "ring").set(KEY, Secret(VALUE))
    with pytest.raises(VaultError, match=r"in the OS keyring, which cannot be reached.*vault\.store"):
        choose_with(monkeypatch, fail.Keyring(), tmp_path / "ring")


def test_two_homes_do_not_share(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = Real()
    choose_with(monkeypatch, real, tmp_path / "one").set(KEY, Secret(VALUE))
    assert choose_with(monkeypatch, real, tmp_path / "two").get(KEY) is None


def test_a_keyring_whose_settings_are_broken_is_none(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Any:
        raise ModuleNotFoundError("No module named 'my_keyring'")

    monkeypatch.setattr(keyring, "get_keyring", broken)
    assert find_keyring() is None
    assert "my_keyring" in caplog.text
