"""Nobody else on the machine can read or drive the control socket: tried as another user."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Paths
from mcp_agent.control.endpoint import socket_folder
from mcp_agent.control.instances import addresses
from tests.real.installing import Unavailable, or_skip
from tests.support.process import process, until

pytestmark = pytest.mark.real

STRANGER = f"mcp-stranger-{os.getpid()}"
HELLO = b'{"jsonrpc":"2.0","id":1,"method":"hello","params":{"version":1}}\n'


def _add_user() -> int:
    if os.name != "posix" or os.geteuid() != 0:
        raise Unavailable("Only root can make a second user.")
    command = shutil.which("useradd", path=f"{os.environ['PATH']}:/usr/sbin")
    if command is None:
        raise Unavailable("There is no useradd here.")
    subprocess.run([command, "--no-create-home", "--shell", "/bin/false", STRANGER], check=True, capture_output=True)
    return pwd.getpwnam(STRANGER).pw_uid


@pytest.fixture(scope="module")
def stranger() -> Iterator[int]:
    uid = or_skip(_add_user)
    yield uid
    command = shutil.which("userdel", path=f"{os.environ['PATH']}:/usr/sbin")
    assert command is not None
    subprocess.run([command, STRANGER], check=True, capture_output=True)


@pytest.fixture
def home() -> Iterator[Path]:
    """Where everybody may go: what keeps the stranger out is the socket's own doing."""
    with tempfile.TemporaryDirectory(prefix="mcp-") as name:
        os.chmod(name, 0o755)
        (Path(name) / "state").mkdir(mode=0o755)
        yield Path(name)


def as_user(uid: int, work: Callable[[], Any]) -> Any:
    """What ``work`` gives in a child process of that user."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
            try:
                answer = work()
            except OSError as error:
                answer = type(error).__name__
            os.write(writing, json.dumps(answer).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        data = file.read()
    os.waitpid(child, 0)
    return json.loads(data)


def said(path: Path) -> str:
    """What a program gets that says hello there."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(path))
        try:
            connection.sendall(HELLO)
            return connection.recv(4096).decode()
        except ConnectionError:
            return ""


def test_another_user_finds_no_socket_and_cannot_open_one(stranger: int, home: Path) -> None:
    paths = Paths(home, home / "data", home / "state")
    with process("tests.plugins.shelf", env={"MCP_AGENT_HOME": str(home)}):
        until(lambda: bool(addresses(paths)))
        [path] = addresses(paths)
        assert "host_version" in said(path), "the owner gets no answer, so this proves nothing"
        assert as_user(stranger, lambda: os.getuid()) == stranger
        assert as_user(stranger, lambda: os.listdir(socket_folder(paths))) == "PermissionError"
        assert as_user(stranger, lambda: said(path)) == "PermissionError"


def test_another_user_gets_no_word_even_where_the_files_let_them_in(stranger: int, home: Path) -> None:
    """The other lock: who is at the other end of the socket, as the system says it."""
    paths = Paths(home, home / "data", home / "state")
    with process("tests.plugins.shelf", env={"MCP_AGENT_HOME": str(home)}):
        until(lambda: bool(addresses(paths)))
        [path] = addresses(paths)
        for folder in (paths.state, socket_folder(paths)):
            folder.chmod(0o755)
        path.chmod(0o666)
        assert as_user(stranger, lambda: said(path)) == ""
        assert "host_version" in said(path)
