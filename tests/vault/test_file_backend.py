"""The encrypted file: nobody reads it without the key, nobody changes it unseen, and no crash loses it."""

from __future__ import annotations

import itertools
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mcp_agent.errors import VaultError
from mcp_agent.vault import sealed
from mcp_agent.vault.backend import Key
from mcp_agent.vault.file_backend import FileBackend
from mcp_agent.vault.keys import PASSPHRASE_VARIABLE, passphrase_from_environment
from mcp_agent.vault.sealed import FromPassphrase
from mcp_agent.vault.secret import Secret

KEY, OTHER = Key("steam", "token"), Key("home", "password")
VALUE = "hunter2-hunter2-ü"
PASSPHRASE = "correct horse battery"
posix = pytest.mark.skipif(sys.platform == "win32", reason="files there have no mode, and processes no fork")


def no_passphrase() -> Secret:
    raise AssertionError("asked for a passphrase")


def open_file(folder: Path, passphrase: Callable[[], Secret] = no_passphrase) -> FileBackend:
    return FileBackend(folder / "data" / "secrets.vault", folder / "state" / "vault.key", passphrase)


def with_value(folder: Path) -> Path:
    open_file(folder).set(KEY, Secret(VALUE))
    return folder / "data" / "secrets.vault"


def value_in(folder: Path, passphrase: str = "") -> str:
    found = open_file(folder, (lambda: Secret(passphrase)) if passphrase else no_passphrase).get(KEY)
    assert found is not None
    return found.reveal()


@pytest.fixture
def quick_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least that is allowed, so that many tries take little time."""
    quick = FromPassphrase(salt="0" * 32, n=2**14, p=1)
    monkeypatch.setattr("mcp_agent.vault.file_backend.fresh_passphrase", lambda: quick)


def test_what_was_set_is_read_by_another_process(tmp_path: Path) -> None:
    first = open_file(tmp_path)
    assert first.names() == []
    assert first.get(KEY) is None
    assert not first.delete(KEY)
    assert not (tmp_path / "data" / "secrets.vault").exists()
    first.set(KEY, Secret(VALUE))
    first.set(OTHER, Secret("another-value"))
    second = open_file(tmp_path)
    assert second.names() == [OTHER, KEY]
    assert value_in(tmp_path) == VALUE
    assert second.delete(OTHER)
    assert not second.delete(OTHER)
    assert first.names() == [KEY]


def test_each_change_has_a_stamp_of_its_own(tmp_path: Path) -> None:
    backend = open_file(tmp_path)
    stamps = [backend.stamp()]
    for number in range(20):
        backend.set(KEY, Secret(f"value-{number:02}"))
        stamps.append(backend.stamp())
    assert all(one != other for one, other in itertools.pairwise(stamps))


def test_neither_values_nor_names_stand_in_the_file(tmp_path: Path) -> None:
    data = with_value(tmp_path).read_bytes()
    for text in (VALUE, VALUE[:7], "steam", "token"):
        assert text.encode() not in data


@posix
def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    with_value(tmp_path)
    open_file(tmp_path).rotate(None)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*") if path.is_file()}
    assert modes == {"secrets.vault": 0o600, "secrets.vault.lock": 0o600, "vault.key": 0o600}
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def assert_refused(folder: Path, *words: str, passphrase: str = "") -> None:
    with pytest.raises(VaultError) as caught:
        value_in(folder, passphrase)
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("change", [1, 0x20, 0x80])
def test_no_byte_can_change_unseen(tmp_path: Path, change: int) -> None:
    path = with_value(tmp_path)
    data = path.read_bytes()
    for at in range(len(data)):
        path.write_bytes(data[:at] + bytes([data[at] ^ change]) + data[at + 1 :])
        assert_refused(tmp_path, str(path))
    path.write_bytes(data)
    assert value_in(tmp_path) == VALUE


def test_no_byte_can_be_cut_off_or_added_unseen(tmp_path: Path) -> None:
    path = with_value(tmp_path)
    data = path.read_bytes()
    for cut in range(len(data)):
        path.write_bytes(data[:cut])
        assert_refused(tmp_path, str(path), "damaged")
        path.write_bytes(data[cut + 1 :])
        assert_refused(tmp_path, str(path), "damaged")
    path.write_bytes(data + b"\n")
    assert_refused(tmp_path, str(path), "damaged", "Restore it from a backup")


def test_no_byte_of_a_file_with_a_passphrase_can_change_unseen(tmp_path: Path, quick_scrypt: None) -> None:
    path = with_value(tmp_path)
    open_file(tmp_path).rotate(Secret(PASSPHRASE))
    data = path.read_bytes()
    line = data.index(b"\n")
    for at in [*range(0, line + 1, 3), *range(line, len(data), 11)]:
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert_refused(tmp_path, str(path), passphrase=PASSPHRASE)
    for wish in (b'"n":4194304', b'"n":16385', b'"n":2'):  # a file must not be able to use up the memory
        path.write_bytes(data.replace(b'"n":16384', wish))
        assert_refused(tmp_path, str(path), "damaged", passphrase=PASSPHRASE)


def test_parts_of_two_files_do_not_go_together(tmp_path: Path) -> None:
    path = with_value(tmp_path)
    old = path.read_bytes()
    open_file(tmp_path).set(KEY, Secret("something-else"))
    line = old.index(b"\n") + 1
    new = path.read_bytes()
    assert new[line : line + 12] != old[line : line + 12], "the same nonce twice under one key"
    path.write_bytes(new[: line + 12] + old[line + 12 :])
    assert_refused(tmp_path, "damaged")


def test_a_file_from_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = with_value(tmp_path)
    path.write_bytes(path.read_bytes().replace(b'"version":1', b'"version":2,"more":true'))
    before = path.read_bytes()
    assert_refused(tmp_path, "newer version", "update")
    with pytest.raises(VaultError, match="newer version"):
        open_file(tmp_path).set(KEY, Secret("other-value"))
    assert path.read_bytes() == before


# --- keys ----------------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o610, 0o622, 0o777])
def test_a_key_file_that_others_may_use_is_refused_with_the_command_that_helps(tmp_path: Path, mode: int) -> None:
    with_value(tmp_path)
    key_file = tmp_path / "state" / "vault.key"
    key_file.chmod(mode)
    assert_refused(tmp_path, f"mode {mode:o}", f"chmod 600 '{key_file}'")
    with pytest.raises(VaultError, match="chmod 600"):
        open_file(tmp_path).set(KEY, Secret("other-value"))
    subprocess.run(["sh", "-c", f"chmod 600 '{key_file}'"], check=True)
    assert value_in(tmp_path) == VALUE


def test_a_key_file_that_is_lost_or_wrong_is_said_to_be(tmp_path: Path) -> None:
    with_value(tmp_path)
    key_file = tmp_path / "state" / "vault.key"
    key = key_file.read_bytes()
    key_file.write_bytes(b"00" * 32 + b"\n")
    assert_refused(tmp_path, "is not the one", "backup")
    key_file.write_bytes(b"no key")
    assert_refused(tmp_path, "holds no key")
    key_file.unlink()
    assert_refused(tmp_path, "key file", "backup")
    with pytest.raises(VaultError, match="key file"):
        open_file(tmp_path).set(KEY, Secret("other-value"))  # it must not make a fresh key and lose all
    key_file.touch(mode=0o600)
    key_file.write_bytes(key)
    assert value_in(tmp_path) == VALUE


def test_a_passphrase_opens_the_file_and_a_wrong_one_does_not(tmp_path: Path) -> None:
    with_value(tmp_path)
    open_file(tmp_path).rotate(Secret("Schlüssel zum Glück"))
    assert not (tmp_path / "state" / "vault.key").exists()
    assert open_file(tmp_path).has_passphrase
    assert value_in(tmp_path, "Schlüssel zum Glück") == VALUE
    assert value_in(tmp_path, "Schlu\u0308ssel zum Glu\u0308ck") == VALUE, "typed on another system"
    assert_refused(tmp_path, "passphrase is wrong", passphrase="schlüssel zum Glück")


def test_one_process_asks_once(tmp_path: Path, quick_scrypt: None) -> None:
    asked = []

    def ask() -> Secret:
        asked.append(1)
        return Secret(PASSPHRASE)

    with_value(tmp_path)
    open_file(tmp_path).rotate(Secret(PASSPHRASE))
    backend = open_file(tmp_path, ask)
    backend.set(OTHER, Secret("another-value"))
    assert backend.names() == [OTHER, KEY]
    assert len(asked) == 1


@pytest.mark.parametrize("passphrase", ["1234567", "          "])
def test_a_passphrase_that_is_worth_nothing_is_refused(tmp_path: Path, passphrase: str) -> None:
    with_value(tmp_path)
    with pytest.raises(VaultError, match="characters at least"):
        open_file(tmp_path).rotate(Secret(passphrase))
    assert value_in(tmp_path) == VALUE


def test_the_passphrase_leaves_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setattr("mcp_agent.vault.keys._taken", None)
    monkeypatch.delenv(PASSPHRASE_VARIABLE, raising=False)
    with pytest.raises(VaultError, match=f"{PASSPHRASE_VARIABLE}.*rotate --key-file"):
        passphrase_from_environment()
    monkeypatch.setenv(PASSPHRASE_VARIABLE, PASSPHRASE)
    assert passphrase_from_environment() == PASSPHRASE
    assert PASSPHRASE_VARIABLE not in os.environ
    assert passphrase_from_environment() == PASSPHRASE


def test_after_a_rotation_the_old_key_opens_nothing(tmp_path: Path, quick_scrypt: None) -> None:
    path = with_value(tmp_path)
    key_file = tmp_path / "state" / "vault.key"
    old = key_file.read_bytes()
    running = open_file(tmp_path)
    assert running.get(KEY) == VALUE
    open_file(tmp_path).rotate(None)
    assert key_file.read_bytes() != old
    assert running.get(KEY) == VALUE, "a process that was running goes on"
    sealed_now = sealed.parse(path.read_bytes())
    assert not sealed_now.fits(bytes.fromhex(old.decode()))
    open_file(tmp_path).rotate(Secret(PASSPHRASE))
    open_file(tmp_path, lambda: Secret(PASSPHRASE)).rotate(None)
    assert value_in(tmp_path) == VALUE
    assert not open_file(tmp_path).has_passphrase


# --- crashes and crowds --------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("what", ["set", "rotate", "to-passphrase"])
def test_killed_at_any_step_the_file_is_as_before_or_as_after(tmp_path: Path, what: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.vault.crashing", str(tmp_path), what],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    *deaths, last = done.stdout.splitlines()
    assert last == "done"
    assert len(deaths) > 4
    latest = "value-0"
    for line in deaths:
        step, value = line.split()
        assert value in (latest, f"value-{step}")
        latest = value
    assert latest == (deaths[-1].split()[1] if what == "set" else "value-0")
    assert not list(tmp_path.rglob("*.new"))


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom tests.vault.crashing import backend, Key, Secret\n"
        "sys.stdin.readline()\n"
        "for n in range(25): backend(Path(sys.argv[1])).set(Key(sys.argv[2], f's{n}'), Secret(f'value-{n}'))\n"
        "backend(Path(sys.argv[1])).rotate(None)\n"
    )
    crowd = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path), f"p{n}"], stdin=subprocess.PIPE)
        for n in range(4)
    ]
    for one in crowd:
        assert one.stdin is not None
        one.stdin.write(b"go\n")
        one.stdin.close()
    assert [one.wait(60) for one in crowd] == [0] * 4
    backend = FileBackend(tmp_path / "secrets.vault", tmp_path / "vault.key", no_passphrase)
    assert backend.names() == sorted(Key(f"p{plugin}", f"s{n}") for plugin in range(4) for n in range(25))
    assert backend.get(Key("p3", "s24")) == "value-24"


def test_a_folder_that_cannot_be_used_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(VaultError, match="cannot be used"):
        open_file(tmp_path).set(KEY, Secret(VALUE))


def test_there_is_a_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcp_agent.vault.file_backend._MOST", 1)
    with_value(tmp_path)
    with pytest.raises(VaultError, match="Delete some"):
        open_file(tmp_path).set(OTHER, Secret("another-value"))
    assert open_file(tmp_path).names() == [KEY]
