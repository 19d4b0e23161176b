"""Secrets in a real Secret Service (gnome-keyring), as on a Linux desktop."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.real.installing import or_skip
from tests.real.keyring import in_desktop_session, set_up

pytestmark = pytest.mark.real

SECRETS = [sys.executable, "-m", "mcp_agent", "secrets"]
VALUE = "hunter2-hunter2-ü%"
READ = (
    "import asyncio, sys\nfrom mcp_agent.paths import default_paths\nfrom mcp_agent.vault.vault import vault_of_home\n"
    "paths = default_paths()\nvault = vault_of_home('auto', paths.data, paths.state)\n"
    "secret = asyncio.run(vault.of('steam').require('token'))\n"
    "sys.stdout.write('as it was' if secret == sys.argv[1] else 'another')"
)


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    or_skip(set_up)
    monkeypatch.setenv("MCP_AGENT_HOME", str(tmp_path / "agent"))
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
    return tmp_path


def test_a_desktop_keeps_secrets_in_its_keyring(desktop: Path) -> None:
    session = desktop / "session"
    done = in_desktop_session(session, [*SECRETS, "set", "steam", "token"], VALUE + "\n")
    assert done.returncode == 0
    assert VALUE not in done.stderr
    assert done.stdout.startswith("steam token is set, in the OS keyring (SecretService")
    in_desktop_session(session, [*SECRETS, "set", "home", "password"], "another-value")

    assert in_desktop_session(session, [*SECRETS, "list"]).stdout.split()[2:] == ["home", "password", "steam", "token"]
    assert in_desktop_session(session, [sys.executable, "-c", READ, VALUE]).stdout == "as it was"
    assert "keeps its key to itself" in in_desktop_session(session, [*SECRETS, "rotate"]).stderr

    assert in_desktop_session(session, [*SECRETS, "delete", "steam", "token"]).returncode == 0
    gone = in_desktop_session(session, [sys.executable, "-c", READ, VALUE])
    assert "mcp-agent secrets set steam token" in gone.stderr
    assert not list(desktop.rglob("secrets.vault"))
    for path in desktop.rglob("*"):
        assert not path.is_file() or VALUE.encode() not in path.read_bytes(), path


def test_outside_of_the_desktop_it_says_where_the_secrets_are(desktop: Path) -> None:
    in_desktop_session(desktop / "session", [*SECRETS, "set", "steam", "token"], VALUE)
    command = ["env", "PYTHON_KEYRING_BACKEND=keyring.backends.fail.Keyring", *SECRETS, "list"]
    done = in_desktop_session(desktop / "session", command)
    assert done.returncode == 1
    assert "in the OS keyring, which cannot be reached from here" in done.stderr
