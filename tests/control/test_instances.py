"""Who is found, who is not, and what a dead instance leaves behind."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import stat
from pathlib import Path

import pytest

from mcp_agent import Paths
from mcp_agent.control import api
from mcp_agent.control.client import InstanceGone, attach
from mcp_agent.control.endpoint import Kind, socket_folder
from mcp_agent.control.instances import addresses
from mcp_agent.errors import ToolError
from tests.control.running import a_desk, a_home, an_instance, until
from tests.support.process import process
from tests.support.process import until as until_elsewhere

KINDS: tuple[Kind, ...] = ("unix", "loopback")


async def _found_and_private(kind: Kind) -> None:
    async with a_home() as paths:
        async with an_instance(paths, kind=kind), an_instance(paths, kind=kind), a_desk(paths) as desk:
            assert len(desk.instances) == 2
            folder = socket_folder(paths)
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            for path in addresses(paths):
                assert stat.S_IMODE(path.stat().st_mode) == 0o600
            for instance in desk.instances:
                assert (instance.hello.pid, instance.hello.serves) == (os.getpid(), "stdio")
        assert addresses(paths) == [], "a socket outlived its instance"


@pytest.mark.parametrize("kind", KINDS)
def test_instances_are_found_and_their_sockets_are_their_owners_alone(kind: Kind) -> None:
    asyncio.run(_found_and_private(kind))


def test_a_killed_instance_is_gone_and_its_socket_is_cleared_away(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path / "data", tmp_path / "state")

    async def work(server_pid: int) -> None:
        gone: list[bool] = []
        async with a_desk(paths) as desk:
            [instance] = desk.instances
            instance.on_gone = lambda: gone.append(True)
            asking = asyncio.create_task(instance.ask(api.GetState()))
            assert (await asking).tools > 0
            os.kill(server_pid, signal.SIGKILL)
            await until(lambda: gone)
            with pytest.raises(InstanceGone):
                await instance.ask(api.GetState())
            assert len(addresses(paths)) == 1, "kill -9 leaves the socket, or this proves nothing"
            await desk.refresh()
            assert desk.instances == []
        assert addresses(paths) == []

    with process("tests.plugins.shelf", env={"MCP_AGENT_HOME": str(tmp_path)}) as server:
        until_elsewhere(lambda: bool(addresses(paths)))
        asyncio.run(work(server.popen.pid))


def test_a_folder_that_others_can_write_to_is_not_trusted_and_is_closed_by_the_next_start() -> None:
    async def work() -> None:
        async with a_home() as paths:
            folder = socket_folder(paths)
            folder.mkdir(parents=True)
            folder.chmod(0o777)
            (folder / "1-00000000.sock").touch()
            assert addresses(paths) == []
            async with an_instance(paths):
                assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    asyncio.run(work())


def test_a_folder_that_leads_elsewhere_is_refused_and_serving_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        async with a_home() as paths:
            elsewhere = paths.config / "elsewhere"
            elsewhere.mkdir(parents=True)
            elsewhere.chmod(0o755)
            paths.state.mkdir()
            socket_folder(paths).symlink_to(elsewhere)
            async with an_instance(paths) as host:
                assert (await host.call("shelf_list")).data == {}
                assert list(elsewhere.iterdir()) == []
                assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o755, "it was closed to others by way of the link"

    asyncio.run(work())
    assert "no dashboard can watch this instance" in caplog.text


def test_a_long_path_gets_a_short_folder_of_its_own(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 90)
    paths, other = (Paths(deep / name, deep / name, deep / name) for name in "ab")
    assert len(str(socket_folder(paths))) < 60
    assert socket_folder(paths) != socket_folder(other)
    assert socket_folder(Paths(Path("/h"), Path("/h"), Path("/h"))) == Path("/h/run")

    async def work() -> None:
        async with an_instance(paths), a_desk(paths) as desk:
            assert len(desk.instances) == 1

    asyncio.run(work())
    assert not socket_folder(paths).exists(), "it left a folder among the temporary files"


def test_on_loopback_nobody_gets_in_without_the_token() -> None:
    async def work() -> None:
        async with a_home() as paths, an_instance(paths, kind="loopback"):
            [path] = addresses(paths)
            port, _, token = path.read_text().partition(" ")
            assert len(token) == 32
            path.write_text(f"{port} {'0' * 32}")
            with pytest.raises(ToolError, match="token"):
                await attach(path)
            path.write_text(f"{port} {token}")
            instance = await attach(path)
            assert (await instance.ask(api.GetState())).tools
            instance.close()

    asyncio.run(work())


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b'{"jsonrpc":"2.0","id":1,"method":"state"}', b"Say hello first"),
        (b'{"jsonrpc":"2.0","id":1,"method":"hello","params":{"version":99}}', b"another release"),
        (b'{"jsonrpc":"2.0","id":1,"method":"hello","params":{"version":"one"}}', b"Invalid params"),
    ],
)
def test_a_connection_that_begins_wrong_is_told_and_closed(line: bytes, says: bytes) -> None:
    async def work() -> None:
        async with a_home() as paths, an_instance(paths):
            [path] = addresses(paths)
            reader, writer = await asyncio.open_unix_connection(path)
            writer.write(line + b"\n")
            assert says in await reader.read()
            writer.close()

    asyncio.run(work())


def test_broken_frames_and_unknown_methods_cost_nobody_anything() -> None:
    async def work() -> None:
        async with a_home() as paths, an_instance(paths):
            [path] = addresses(paths)
            reader, writer = await asyncio.open_unix_connection(path)
            hello = b'{"jsonrpc":"2.0","id":1,"method":"hello","params":{"version":1}}\n'
            writer.write(hello + b'{nonsense\n\n{"jsonrpc":"2.0","id":2,"method":"tools/list"}\n' + b"x" * (2 << 20))
            writer.write(b'\n{"jsonrpc":"2.0","id":3,"method":"calls/look","params":{"id":7}}\n' + hello)
            said = [await reader.readline() for _ in range(6)]
            for words in (b"malformed", b"-32601", b"longer than", b"not kept any more"):
                assert sum(words in line for line in said) == 1, (words, said)
            assert sum(b"host_version" in line for line in said) == 2
            writer.close()

    asyncio.run(work())


def test_a_crowd_of_connections_is_bounded() -> None:
    async def work() -> None:
        async with a_home() as paths, an_instance(paths):
            [path] = addresses(paths)
            crowd = []
            for _ in range(40):
                one = socket.socket(socket.AF_UNIX)
                one.setblocking(False)
                await asyncio.get_running_loop().sock_connect(one, str(path))
                crowd.append(one)
            with pytest.raises((InstanceGone, ConnectionError)):
                await attach(path)
            for one in crowd:
                one.close()
            await asyncio.sleep(0.05)
            instance = await attach(path)
            instance.close()

    asyncio.run(work())
