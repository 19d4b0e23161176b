"""What only an S3 service has: keys that are wrong, servers that go away, uploads that are gone on with."""

from __future__ import annotations

import asyncio
import os
import sys
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil
import pytest
from aiohttp import web

from mcp_agent import ToolError
from mcp_agent.testing import ScriptedCaller, host_for
from mcp_agent.vault.secret import Secret
from plugins.storage.tests.conftest import MODULE, desk_for, new_bucket, raw
from tests.real.s3 import S3

pytestmark = pytest.mark.real
_MIB = 2**20


def test_a_wrong_secret_is_said_and_a_right_one_works_at_once(s3: S3, tmp_path: Path) -> None:
    async def work() -> None:
        async with desk_for(tmp_path, s3, secret="x" * 40) as desk:
            said = await desk.refused("storage_list")
            assert "does not accept the secret key" in said
            assert "mcp-agent secrets set storage cloud" in said
            assert "x" * 40 not in said
            [cloud, local] = (await desk.host.call("storage_whoami", {})).data["result"]
            assert "does not accept" in cloud["problem"]
            assert "problem" not in local
            await desk.host.vault.set("storage", "cloud", Secret(s3.anna[1]))
            assert (await desk.call("storage_list"))["objects"] == []

    asyncio.run(work())


def test_a_missing_secret_and_an_unknown_key_are_said(s3: S3, tmp_path: Path) -> None:
    async def work() -> None:
        async with desk_for(tmp_path, s3, access_key_id="AKIAUNKNOWN") as desk:
            assert "does not know the access key id" in await desk.refused("storage_list")
            await desk.host.vault.delete("storage", "cloud")
            assert "mcp-agent secrets set storage cloud" in await desk.refused("storage_list")

    asyncio.run(work())


def test_rights_of_the_account_count(s3: S3, tmp_path: Path) -> None:
    async def work() -> None:
        async with desk_for(tmp_path, s3, access_key_id=s3.bo[0], secret=s3.bo[1]) as desk:
            assert (await desk.call("storage_list"))["objects"] == []
            assert "does not allow" in await desk.refused("storage_put", key="a", text="x")

    asyncio.run(work())


def test_nothing_is_changed_where_it_is_not_switched_on(s3: S3, tmp_path: Path) -> None:
    async def work() -> None:
        async with desk_for(tmp_path, s3, writable=False) as desk:
            async with raw(s3) as client:
                await client.put_object(Bucket=desk.bucket, Key="a.txt", Body=b"one")
            for tool, arguments in (
                ("storage_put", {"key": "b.txt", "text": "x"}),
                ("storage_copy", {"key": "a.txt", "target_key": "b.txt"}),
                ("storage_delete", {"keys": ["a.txt"]}),
                ("storage_delete_forever", {"keys": ["a.txt"]}),
                ("storage_presign", {"key": "b.txt", "method": "put"}),
            ):
                assert "writable: true" in await desk.refused(tool, **arguments)
            assert await desk.keys() == ["a.txt"]
            assert (await desk.call("storage_get", key="a.txt"))["text"] == "one"

    asyncio.run(work())


def test_whoever_is_asked_sees_account_endpoint_and_bucket(s3: S3, tmp_path: Path) -> None:
    async def work() -> None:
        async with desk_for(tmp_path, s3) as desk:
            (desk.files / "a.txt").write_text("one")
            tools = {tool.name: tool for tool in desk.host.tools()}
            changing = [tool for tool in tools.values() if tool.effect != "read"]
            assert changing
            assert all(tool.preview is not None for tool in changing)
            person = ScriptedCaller(elicit=[{"decision": "refuse"}] * 9, principal="careful")
            await desk.call_as(person, "storage_list")  # from now on the bucket's name is text from outside
            async with raw(s3) as client:
                await client.put_object(Bucket=desk.bucket, Key="outside.txt", Body=b"text from outside")
            await desk.call_as(person, "storage_list")
            with pytest.raises(ToolError):
                await desk.call_as(person, "storage_copy", key="outside.txt", target_key="b.txt")
            asked = person.asked[0][1]["message"]
            assert s3.anna[0] in asked
            assert s3.url in asked
            assert desk.bucket in asked

    asyncio.run(work())


def test_a_bucket_elsewhere_is_reached_or_its_region_is_named(tmp_path: Path, s3: S3) -> None:
    """moto serves every region at one address; what Amazon answers to a wrong one comes from a small server here."""

    async def elsewhere(request: web.Request) -> web.Response:
        body = "<Error><Code>AuthorizationHeaderMalformed</Code><Message>no</Message><Region>eu-west-1</Region></Error>"
        return web.Response(status=400, body=body, content_type="application/xml")

    async def work() -> None:
        async with desk_for(tmp_path, s3) as desk:
            bucket = await new_bucket(s3, region="eu-west-1")
            await desk.call("storage_put", bucket=bucket, key="a", text="x")
        app = web.Application()
        app.router.add_route("*", "/{any:.*}", elsewhere)
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            async with desk_for(tmp_path, s3, endpoint=url) as desk:
                said = await desk.refused("storage_list")
                assert "another region, eu-west-1" in said
                assert "Set region of plugins.storage.stores.cloud" in said
        finally:
            await runner.cleanup()

    asyncio.run(work())


def test_a_link_works_for_anybody_until_it_does_not(s3: S3, tmp_path: Path) -> None:
    async def work() -> None:
        async with desk_for(tmp_path, s3) as desk:
            await desk.call("storage_put", key="ä b.txt", text="one")
            link = (await desk.call("storage_presign", key="ä b.txt", minutes=5))["url"]
            assert s3.anna[1] not in link
            assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in link
            assert "X-Amz-Expires=300" in link
            s3.let_in(2)  # moto takes no signature out of an address
            assert await asyncio.to_thread(lambda: urllib.request.urlopen(link, timeout=20).read()) == b"one"
            up = (await desk.call("storage_presign", key="up.txt", method="put"))["url"]
            request = urllib.request.Request(up, b"sent", {"Content-Type": ""}, method="PUT")
            await asyncio.to_thread(lambda: urllib.request.urlopen(request, timeout=20).read())
            assert (await desk.call("storage_get", key="up.txt"))["text"] == "sent"
            assert "There is no" in await desk.refused("storage_presign", key="nope")

    asyncio.run(work())


class Gate:
    """A way to the server that counts what goes up and can be shut."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.up = 0
        self.shut_after: int | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._shut:
            writer.close()
            return
        there, server = await asyncio.open_connection("127.0.0.1", self._port)
        self._open |= {writer, server}
        try:
            await asyncio.gather(self._pass(reader, server, counted=True), self._pass(there, writer, counted=False))
        finally:
            self._open -= {writer, server}

    @property
    def _shut(self) -> bool:
        return self.shut_after is not None and self.up > self.shut_after

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool) -> None:
        with suppress(OSError):
            while data := await reader.read(2**16):
                self.up += len(data) if counted else 0
                if self._shut:
                    for one in self._open:
                        one.transport.abort()
                    return
                writer.write(data)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def gate_to(port: int) -> AsyncIterator[tuple[Gate, str]]:
    gate = Gate(port)
    server = await asyncio.start_server(gate.serve, "127.0.0.1", 0)
    async with server:
        yield gate, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def test_an_upload_that_broke_off_goes_on_where_it_was(s3: S3, tmp_path: Path) -> None:
    async def work() -> None:
        async with gate_to(s3.port) as (gate, url), desk_for(tmp_path, s3, endpoint=url) as desk:
            data = os.urandom(60 * _MIB)
            (desk.files / "big.bin").write_bytes(data)
            gate.shut_after = 45 * _MIB
            said = await desk.refused("storage_put", key="big", path=str(desk.files / "big.bin"))
            assert "does not answer" in said
            gate.shut_after, first = None, gate.up
            assert await desk.keys() == []
            assert (await desk.call("storage_usage"))["unfinished_uploads"] == 1
            person = ScriptedCaller(principal="again")
            put = await desk.call_as(person, "storage_put", key="big", path=str(desk.files / "big.bin"))
            assert put["object"]["size"] == len(data)
            sys.stdout.write(f"first {first / _MIB:.0f} MiB, then {(gate.up - first) / _MIB:.0f} of 60\n")
            assert gate.up - first < len(data) * 0.75, "what was there already was sent again"
            assert [done for done, _, _ in person.progressed] == sorted(done for done, _, _ in person.progressed)
            assert person.progressed[-1][:2] == (len(data), len(data))
            usage = await desk.call("storage_usage")
            assert (usage["bytes"], usage.get("unfinished_uploads", 0)) == (len(data), 0)
            await desk.call("storage_download", key="big", path=str(desk.files / "back.bin"))
            assert (desk.files / "back.bin").read_bytes() == data

    asyncio.run(work())


def test_parts_of_another_file_are_not_taken_for_this_one(s3: S3, tmp_path: Path) -> None:
    """The file changed between two tries, and its size did not."""

    async def work() -> None:
        async with gate_to(s3.port) as (gate, url), desk_for(tmp_path, s3, endpoint=url) as desk:
            (desk.files / "big.bin").write_bytes(os.urandom(40 * _MIB))
            gate.shut_after = 30 * _MIB
            await desk.refused("storage_put", key="big", path=str(desk.files / "big.bin"))
            gate.shut_after = None
            data = os.urandom(40 * _MIB)
            (desk.files / "big.bin").write_bytes(data)
            await desk.call("storage_put", key="big", path=str(desk.files / "big.bin"))
            await desk.call("storage_download", key="big", path=str(desk.files / "back.bin"))
            assert (desk.files / "back.bin").read_bytes() == data

    asyncio.run(work())


def test_a_download_that_breaks_off_leaves_the_old_file(s3: S3, tmp_path: Path) -> None:
    async def work() -> None:
        async with gate_to(s3.port) as (gate, url), desk_for(tmp_path, s3, endpoint=url) as desk:
            async with raw(s3) as client:
                await client.put_object(Bucket=desk.bucket, Key="a", Body=os.urandom(8 * _MIB))
            (desk.files / "a.bin").write_text("old")
            gate.shut_after = 0
            await desk.refused("storage_download", key="a", path=str(desk.files / "a.bin"))
            assert (desk.files / "a.bin").read_text() == "old"
            assert [one.name for one in desk.files.iterdir()] == ["a.bin"]
            gate.shut_after = None
            await desk.call("storage_download", key="a", path=str(desk.files / "a.bin"))
            assert (desk.files / "a.bin").stat().st_size == 8 * _MIB

    asyncio.run(work())


def test_a_large_replaced_object_comes_back_as_it_was(s3: S3, tmp_path: Path) -> None:
    """Made in parts, so its ETag is that of its parts."""

    async def work() -> None:
        async with desk_for(tmp_path, s3, versions=True) as desk:
            (desk.files / "big.bin").write_bytes(os.urandom(20 * _MIB))
            put = await desk.call("storage_put", key="big", path=str(desk.files / "big.bin"))
            await desk.call("storage_put", key="big", text="small")
            undone = await desk.host.undo()
            assert undone.stopped is None
            found = await desk.call("storage_list")
            assert found["objects"][0]["etag"] == put["object"]["etag"]

    asyncio.run(work())


def _connections(port: int) -> int:
    return sum(one.raddr != () and one.raddr.port == port for one in psutil.Process().net_connections("tcp"))


def test_a_thousand_calls_leak_no_connection_and_an_idle_one_is_closed(s3: S3, tmp_path: Path) -> None:
    async def work() -> None:
        async with desk_for(tmp_path, s3, more={"idle_seconds": 0.3}) as desk:
            assert _connections(s3.port) == 0
            await desk.call("storage_put", key="a.txt", text="one")
            most = 0
            for _ in range(50):
                calls = [desk.call("storage_get", key="a.txt") for _ in range(10)]
                calls += [desk.call("storage_list") for _ in range(9)]
                for said in await asyncio.gather(*calls, desk.refused("storage_get", key="nope")):
                    assert said
                most = max(most, _connections(s3.port))
            assert most <= 10
            async with asyncio.timeout(20):
                while _connections(s3.port):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            assert (await desk.call("storage_get", key="a.txt"))["text"] == "one"  # and opened again
        assert _connections(s3.port) == 0

    asyncio.run(work())


def test_a_server_that_was_away_is_found_again(s3: S3, tmp_path: Path) -> None:
    async def work() -> None:
        async with gate_to(s3.port) as (gate, url), desk_for(tmp_path, s3, endpoint=url) as desk:
            assert await desk.keys() == []
            gate.shut_after = 0
            assert "does not answer" in await desk.refused("storage_put", key="a", text="x")
            gate.shut_after = None
            await desk.call("storage_put", key="a", text="x")
            assert await desk.keys() == ["a"]

    asyncio.run(work())


def test_several_stores_have_to_be_named(s3: S3, tmp_path: Path) -> None:
    async def work() -> None:
        account = {"access_key_id": "a", "endpoint": s3.url}
        async with host_for(MODULE, {"stores": {"one": account, "two": account}}, folder=tmp_path) as host:
            with pytest.raises(ToolError, match="one, two, local"):
                await host.call("storage_buckets", {})
            with pytest.raises(ToolError, match="no store 'three'"):
                await host.call("storage_buckets", {"store": "three"})

    asyncio.run(work())
