"""What only an S3 service has: keys that are wrong, servers that go away, uploads that are gone on with."""

from __future__ import annotations

import asyncio
from pathlib import Path

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


def test_several_stores_have_to_be_named(s3: S3, tmp_path: Path) -> None:
    async def work() -> None:
        account = {"access_key_id": "a", "endpoint": s3.url}
        async with host_for(MODULE, {"stores": {"one": account, "two": account}}, folder=tmp_path) as host:
            with pytest.raises(ToolError, match="one, two, local"):
                await host.call("storage_buckets", {})
            with pytest.raises(ToolError, match="no store 'three'"):
                await host.call("storage_buckets", {"store": "three"})

    asyncio.run(work())
