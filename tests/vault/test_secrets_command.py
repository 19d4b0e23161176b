"""``mcp-agent secrets``: nothing typed is shown, nothing given is kept anywhere but in the vault."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import Struct

from tests.vault.encodings import shows

if sys.platform != "win32":
    import pty

VALUE = "hunter2-hunter2-ü%"
PASSPHRASE = "correct horse battery"


class Ran(Struct, frozen=True):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MCP_AGENT_HOME", str(tmp_path))
    monkeypatch.setenv("MCP_AGENT__VAULT__STORE", "file")
    monkeypatch.setattr("mcp_agent.vault.keys._taken", None)
    return tmp_path


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A command in this process, with something in its pipe."""
    from mcp_agent.cli import main

    def run(*argv: str, piped: bytes | str = b"") -> Ran:
        data = piped.encode() if isinstance(piped, str) else piped
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        code = main(["secrets", *argv])
        return Ran(code, *capsys.readouterr())

    return run


def value_in(home: Path) -> str | None:
    """What a plugin gets in a host on this home."""
    code = (
        "import asyncio, sys\nfrom mcp_agent.paths import default_paths\n"
        "from mcp_agent.vault.vault import vault_of_home\npaths = default_paths()\n"
        "secret = asyncio.run(vault_of_home('auto', paths.data, paths.state).of('steam').get('token'))\n"
        "sys.stdout.buffer.write((secret.reveal() if secret else '').encode())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    return done.stdout.decode() or None


def test_a_secret_of_no_plugin_is_kept_and_said_so(run: Run) -> None:
    ran = run("set", "steem", "token", piped=VALUE)
    assert (ran.code, ran.err) == (0, "There is no plugin steem yet. Did you mean steam?\n")
    assert run("list").out == "PLUGIN  NAME\nsteem   token\n"


def test_a_secret_comes_from_a_pipe_and_goes_to_the_plugin(home: Path, run: Run) -> None:
    assert run("set", "steam", "token", piped=VALUE + "\n") == Ran(
        0, f"steam token is set, in the encrypted file {home}/data/secrets.vault.\n", ""
    )
    assert value_in(home) == VALUE
    assert run("list").out == "PLUGIN  NAME\nsteam   token\n"
    assert json.loads(run("list", "--json").out) == [{"plugin": "steam", "name": "token"}]
    assert run().out == run("list").out
    assert run("delete", "steam", "token") == Ran(0, "steam token is deleted.\n", "")
    assert value_in(home) is None
    assert "There are no secrets. 'mcp-agent secrets set" in run("list").out


@pytest.mark.parametrize(
    ("piped", "kept"),
    [("line one\r\n", "line one"), ("line one\nline two\n", "line one\nline two"), (" blank-at-both-ends ", None)],
)
def test_a_pipe_loses_its_last_line_break_and_nothing_else(home: Path, run: Run, piped: str, kept: str | None) -> None:
    assert run("set", "steam", "token", piped=piped).code == 0
    assert value_in(home) == (kept or piped)


def test_a_value_on_the_command_line_is_refused_and_not_shown(home: Path, run: Run) -> None:
    ran = run("set", "steam", "token", VALUE, piped="something-else")
    assert ran.code == 2
    assert "never part of a command" in ran.err
    assert "hunter2" not in ran.out + ran.err
    assert value_in(home) is None


@pytest.mark.parametrize(
    ("argv", "piped", "code", "words"),
    [
        (("set", "steam", "token"), b"", 1, "Nothing was entered"),
        (("set", "steam", "token"), b"12345", 1, "6 characters at least"),
        (("set", "steam", "token"), b"x" * 70_000, 1, "65536 bytes at most"),
        (("set", "steam", "token"), b"\xff" * 20, 1, "no UTF-8 text"),
        (("set", "ste am", "token"), b"long-enough", 1, "name of a plugin"),
        (("set", "steam", "a/b"), b"long-enough", 1, "name of a secret"),
        (("set", "steam"), b"", 2, "NAME"),
        (("delete", "steam", "nope"), b"", 1, "'mcp-agent secrets list' shows all names"),
        (("lst",), b"", 2, "list"),
        (("rotate", "--passphrase"), b"short\n", 1, "8 characters at least"),
        (("rotate", "--passphrase", "--key-file"), b"", 2, "not allowed"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(
    home: Path, run: Run, argv: tuple[str, ...], piped: bytes, code: int, words: str
) -> None:
    ran = run(*argv, piped=piped)
    assert (ran.code, ran.out) == (code, "")
    assert words in ran.err
    assert not (home / "data" / "secrets.vault").exists()


def test_rotation_to_a_passphrase_and_back(home: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("set", "steam", "token", piped=VALUE)
    first = (home / "state" / "vault.key").read_bytes()
    assert run("rotate").out == "The secrets are encrypted under a new key in a file.\n"
    assert (home / "state" / "vault.key").read_bytes() != first
    assert "a new passphrase" in run("rotate", "--passphrase", piped=PASSPHRASE + "\n").out
    locked = run("list")
    assert locked.code == 1
    assert "MCP_AGENT_PASSPHRASE" in locked.err
    monkeypatch.setenv("MCP_AGENT_PASSPHRASE", "another passphrase")
    assert "passphrase is wrong" in run("list").err
    monkeypatch.setenv("MCP_AGENT_PASSPHRASE", PASSPHRASE)
    assert "a new key in a file" in run("rotate", "--key-file").out
    assert value_in(home) == VALUE


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
def test_at_a_terminal_what_is_typed_is_not_shown(home: Path) -> None:
    shown = typed(["set", "steam", "token"], [("steam token: ", VALUE)])
    assert "steam token is set" in shown
    assert not shows(shown.encode(), VALUE)
    assert value_in(home) == VALUE


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
def test_at_a_terminal_a_passphrase_is_asked_for(home: Path) -> None:
    typed(["set", "steam", "token"], [("steam token: ", VALUE)])
    again = [("New passphrase: ", PASSPHRASE), ("The same again: ", "another passphrase")]
    assert "The two are not the same" in typed(["rotate", "--passphrase"], again)
    again = [("New passphrase: ", PASSPHRASE), ("The same again: ", PASSPHRASE)]
    shown = typed(["rotate", "--passphrase"], again)
    shown += typed(["list"], [("Passphrase of the secrets: ", PASSPHRASE)])
    assert "under a new passphrase" in shown
    assert "steam   token" in shown
    assert PASSPHRASE not in shown


def typed(argv: list[str], dialogue: list[tuple[str, str]]) -> str:
    """All that a terminal shows while a person answers each question."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "mcp_agent", "secrets", *argv]
    with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True) as process:
        os.close(slave)
        shown, seen = "", 0
        for question, answer in dialogue:
            while question not in shown[seen:]:
                shown += os.read(master, 1000).decode()
            seen = len(shown)
            os.write(master, answer.encode() + b"\n")
        try:
            while more := os.read(master, 1000):
                shown += more.decode()
        except OSError:  # the other end is closed
            pass
        process.wait(30)
    os.close(master)
    return shown


def test_no_byte_of_a_secret_lands_in_any_file_or_output(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outputs = []

    def command(*argv: str, piped: str = "", **more: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "mcp_agent", "--log-level", "debug", *argv],
            input=piped.encode(), capture_output=True, timeout=60, check=False, env={**os.environ, **more},
        )  # fmt: skip
        outputs.append(done.stdout + done.stderr)

    for number in range(10):
        command("secrets", "set", "steam", f"token{number}", piped=f"{VALUE}-{number}\n")
    command("secrets", "set", "steam", "token", f"{VALUE}-11")
    command("secrets", "list", "--json")
    command("secrets", "rotate")
    command("secrets", "rotate", "--passphrase", piped=PASSPHRASE)
    command("secrets", "list", MCP_AGENT_PASSPHRASE=PASSPHRASE)
    command("secrets", "list", MCP_AGENT_PASSPHRASE=PASSPHRASE + "!")
    command("secrets", "set", "steam", "token", piped=f"{VALUE}-12", MCP_AGENT_PASSPHRASE=PASSPHRASE)
    command("secrets", "delete", "steam", "token1", MCP_AGENT_PASSPHRASE=PASSPHRASE)
    command("tools", "list")
    files = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.name == "secrets.vault" for path in files)
    assert b"steam token is set" in b"".join(outputs)
    for data in [*outputs, *(path.read_bytes() for path in files)]:
        assert not shows(data, VALUE[:10], depth=1)
        assert not shows(data, PASSPHRASE, depth=1)
