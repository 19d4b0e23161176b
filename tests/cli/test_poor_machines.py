"""Machines that refuse: closed folders, a full disk, streams that are not there. Each says why, with no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from mcp_agent import paths
from mcp_agent.errors import InternalFailure
from mcp_agent.schema.kept import KeptShapes
from tests.cli.conftest import Ran

Run = Callable[..., Ran]
ROOT = Path(__file__).parents[2]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full, or a root without its rights")
AS_ANYBODY = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
"""Root without the right to pass by permissions."""


def started(*argv: str, shell: str = "") -> Ran:
    """A process of its own, behind ``shell`` where streams are closed or led elsewhere."""
    command = [*AS_ANYBODY, sys.executable, "-m", "mcp_agent", *argv]
    if shell:
        command = ["sh", "-c", f'exec "$@" {shell}', "sh", *command]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, cwd=ROOT, timeout=60)
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@LINUX
@pytest.mark.parametrize("closed", ["data", "state"])
def test_doctor_goes_on_past_a_folder_that_is_closed(home: Path, closed: str) -> None:
    (home / closed).mkdir(mode=0)
    try:
        ran = started("doctor")
    finally:
        (home / closed).chmod(0o700)
    assert ran.code == 1
    assert f'chmod u+rwx "{home / closed}"' in ran.out
    assert "plugins: system: " in ran.out, "the checks after it were made"
    assert "Traceback" not in ran.err


@LINUX
@pytest.mark.parametrize("argv", [["calls"], ["audit", "tail"], ["audit", "verify"], ["secrets", "list"]])
def test_a_closed_folder_is_named(home: Path, argv: list[str]) -> None:
    (home / "data").mkdir(mode=0)
    try:
        ran = started(*argv)
    finally:
        (home / "data").chmod(0o700)
    assert ran.code == 1
    assert ran.err.startswith(f"mcp-agent: {home / 'data'}")
    assert "Permission denied. 'mcp-agent doctor'" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("argv", [["plugins"], ["tools", "call", "system_version"], ["serve"]])
def test_a_file_where_the_state_should_be_is_named(home: Path, argv: list[str]) -> None:
    (home / "state").write_text("not a folder")
    ran = started(*argv)
    assert ran.code == 1
    assert str(home / "state") in ran.err.splitlines()[-1]
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(("file", "argv"), [
    ("state/undo.sqlite3", ["undo", "--list"]),
    ("state/undo.sqlite3", ["tools", "call", "memory_remember", "text=key"]),
    ("state/approvals.sqlite3", ["approve"]),
    ("state/approvals.sqlite3", ["status"]),
    ("data/plugins/memory/memory.sqlite3", ["tools", "call", "memory_recall", "query=key"]),
])  # fmt: skip
def test_a_damaged_database_is_named_and_left_and_found_by_doctor(home: Path, file: str, argv: list[str]) -> None:
    letter = b"this is a letter, not a database" * 200
    (home / file).parent.mkdir(parents=True)
    (home / file).write_bytes(letter)
    ran = started(*argv)
    assert ran.code == 1
    assert f"{home / file} is damaged: file is not a database. Put back a copy" in ran.err
    assert "Traceback" not in ran.err
    ran = started("doctor")
    assert ran.code == 1
    assert f'mv "{home / file}" "{home / file}.damaged"' in ran.out
    assert (home / file).read_bytes() == letter


@LINUX
def test_a_tool_on_a_closed_folder_has_no_bug(home: Path) -> None:
    (home / "data").mkdir(mode=0)
    try:
        ran = started("tools", "call", "memory_recall", "query=key")
    finally:
        (home / "data").chmod(0o700)
    assert ran.code == 1
    assert "memory_recall failed because this machine did not let it: Permission denied" in ran.err
    assert str(home) not in ran.err.splitlines()[-1], "the text goes to models too"


def test_other_errors_are_still_bugs() -> None:
    assert "because of a bug in it" in str(InternalFailure("steam_launch", "1", FileNotFoundError(2, "gone", "/x")))
    assert "because of a bug in it" in str(InternalFailure("steam_launch", "1", ValueError("x")))


@LINUX
@pytest.mark.parametrize("argv", [["--help"], ["version"], ["tools", "--json"]])
def test_output_to_a_full_disk(home: Path, argv: list[str]) -> None:
    ran = started(*argv, shell=">/dev/full")
    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "No space left on device" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell that closes streams")
@pytest.mark.parametrize(
    ("argv", "shell", "code"),
    [
        (["version"], ">&-", 0),
        (["tools"], ">&- 2>&-", 0),
        (["serve"], "<&-", 0),
        (["serve"], ">&-", 0),
        (["tools", "call", "system_version"], "<&-", 0),
        (["secrets", "set", "smart_home", "token"], "<&-", 1),
        (["setup"], "<&-", 1),
        (["tui"], ">&-", 2),
    ],
)
def test_streams_that_are_not_there(home: Path, argv: list[str], shell: str, code: int) -> None:
    ran = started(*argv, shell=shell)
    assert "Traceback" not in ran.err
    assert ran.code == code


def test_a_terminal_that_is_not_utf8_gets_the_demo_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    ran = started("demo")
    assert (ran.code, ran.err) == (0, "")
    assert r"\xb5s each" in ran.out, "the sign for micro"


@LINUX
def test_a_home_whose_name_is_no_text_in_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCP_AGENT_HOME", str(tmp_path / "caf\udce9"))
    ran = started("config", "path", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.json["path"] == str(tmp_path / r"caf\udce9" / "config.yaml")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="those have a folder for it in every profile")
def test_without_a_session_nothing_warns_and_sockets_lie_beside_the_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MCP_AGENT_HOME", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "gone"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = paths.default_paths()
        assert found.sockets == found.state / "run"
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        assert paths.default_paths().sockets == tmp_path / "mcp-agent"


def test_a_new_configuration_is_written_whole_or_not_at_all(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "config.yaml").write_text("log:\n  level: debug\n")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    ran = run("config", "init", "--force")
    assert (ran.code, ran.out) == (1, "")
    assert "No space left on device" in ran.err
    assert (home / "config.yaml").read_text() == "log:\n  level: debug\n"
    assert os.listdir(home) == ["config.yaml"]


def test_shapes_that_cannot_be_kept_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("not a folder")
    kept = KeptShapes(tmp_path / "state" / "schemas", "1")
    kept.keep("tests.cli.sample", {})
    kept.save()
