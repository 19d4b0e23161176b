"""Writing is switched on by a person, for each account and folder; until then nothing that changes leaves."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Config, Host, ToolError
from mcp_agent.testing import ScriptedCaller, host_for
from mcp_agent.vault.secret import Secret
from plugins.storage.tests.conftest import MODULE, new_bucket, raw, settings_for
from plugins.storage.tests.gate import Gate, gate_to
from tests.real.s3 import S3

LARGE = 17 * 2**20
THERE = {"a.txt": b"one", "b/c.txt": b"two", "ä ö.txt": b"three"}


def writes(bucket: str, other: str, files: Path, plans: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every way that the tools have to change something in a bucket."""
    sources: tuple[dict[str, Any], ...] = (
        {"text": ""}, {"text": "x" * 5000}, {"path": str(files / "small.txt")}, {"path": str(files / "large.bin")}
    )  # fmt: skip
    for key in ("new.txt", "deep/er/new.txt", "ö/new.txt", *THERE):
        for source in sources:
            yield "storage_put", {"bucket": bucket, "key": key, **source}
        yield "storage_presign", {"bucket": bucket, "key": key, "method": "put"}
        yield "storage_presign", {"bucket": bucket, "key": key, "method": "put", "minutes": 10}
        for origin in THERE:
            if origin != key:
                yield "storage_copy", {"bucket": bucket, "key": origin, "target_key": key}
            yield "storage_copy", {"bucket": bucket, "key": origin, "target_key": key, "target_bucket": other}
    for keys in (["a.txt"], ["b/c.txt", "ä ö.txt"], list(THERE)):
        for where in (bucket, other):
            yield "storage_delete", {"bucket": where, "keys": keys}
            yield "storage_delete_forever", {"bucket": where, "keys": keys}
    for prefix, plan in plans.items():
        wish = {"bucket": bucket, "folder": str(files), "direction": "up", "prefix": prefix, "delete": True}
        yield "storage_sync_apply", {**wish, "plan": plan}
        yield "storage_sync_apply", {**wish, "plan": "0123456789abcdef"}


async def try_all(host: Host, bucket: str, other: str, files: Path, store: str, gate: Gate | None) -> int:
    plans = {}
    for prefix in ("", "b/"):
        wish = {"bucket": bucket, "folder": str(files), "direction": "up", "prefix": prefix, "delete": True}
        plans[prefix] = (await host.call("storage_sync_plan", {**wish, "store": store})).data["plan"]
    tried = list(writes(bucket, other, files, plans))
    for number, (name, arguments) in enumerate(tried):
        person = ScriptedCaller(principal=f"person-{number}", elicit=["accept"] * 3)
        with pytest.raises(ToolError, match=r"writable: true|not what was planned|keeps (no )?versions"):
            await host.call(name, {**arguments, "store": store}, person)
        if gate is not None:
            assert [one for one in gate.asked if one[0] not in ("GET", "HEAD")] == [], f"{name} {arguments}"
    changing = {tool.name for tool in host.tools() if tool.effect != "read"} - {"storage_download"}
    assert {name for name, _ in tried} == changing, "a tool that changes something is not tried"
    return len(tried)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "small.txt").write_text("small")
    (folder / "large.bin").write_bytes(b"x" * LARGE)
    return folder


@pytest.mark.real
def test_no_write_reaches_an_account_that_is_only_read(s3: S3, tmp_path: Path, files: Path) -> None:
    async def work() -> None:
        bucket, other = await new_bucket(s3), await new_bucket(s3, versions=True)
        async with raw(s3) as client, gate_to(s3.port) as (gate, url):
            for where in (bucket, other):
                for key, data in THERE.items():
                    await client.put_object(Bucket=where, Key=key, Body=data)
            plain = settings_for(s3, files, endpoint=url, writable=False)
            tried = 0
            async with host_for(MODULE, plain, folder=tmp_path / "home") as host:
                await host.vault.set("storage", "cloud", Secret(s3.anna[1]))
                tried += await try_all(host, bucket, other, files, "cloud", gate)
            config = Config(plugins={"storage": plain})
            async with Host(config, on_disk=False, modules=[MODULE], installed=False) as host:  # each is asked about
                await host.started()
                await host.vault.set("storage", "cloud", Secret(s3.anna[1]))
                tried += await try_all(host, bucket, other, files, "cloud", gate)
            for where in (bucket, other):
                found = (await client.list_objects_v2(Bucket=where))["Contents"]
                assert {one["Key"] for one in found} == set(THERE)
                for key, data in THERE.items():
                    assert await (await client.get_object(Bucket=where, Key=key))["Body"].read() == data
                assert "Uploads" not in await client.list_multipart_uploads(Bucket=where)
        sys.stdout.write(
            f"{tried} writes tried, 0 reached the service, {len(gate.asked)} questions that only read did\n"
        )
        assert tried > 150
        assert gate.asked

    asyncio.run(work())


def test_no_write_reaches_a_folder_that_is_only_read(tmp_path: Path, files: Path) -> None:
    async def work() -> None:
        for name in ("shut", "closed"):
            for key, data in THERE.items():
                path = tmp_path / name / key
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        folders: list[dict[str, Any]] = [{"path": str(tmp_path / name)} for name in ("shut", "closed")]
        folders.append({"path": str(files), "writable": True})
        async with host_for(MODULE, {"folders": folders}, folder=tmp_path / "home") as host:
            tried = await try_all(host, "shut", "closed", files, "local", None)
        for name in ("shut", "closed"):
            held = {path.relative_to(tmp_path / name).as_posix() for path in (tmp_path / name).rglob("*.*")}
            assert held == set(THERE)
            assert all((tmp_path / name / key).read_bytes() == data for key, data in THERE.items())
        sys.stdout.write(f"{tried} writes tried on folders, none changed a file\n")

    asyncio.run(work())


@pytest.mark.real
def test_what_was_put_is_not_taken_back_once_writing_is_switched_off(s3: S3, tmp_path: Path, files: Path) -> None:
    async def work() -> None:
        bucket = await new_bucket(s3, versions=True)
        async with gate_to(s3.port) as (gate, url):
            for writable in (True, False):
                settings = settings_for(s3, files, endpoint=url, writable=writable)
                async with host_for(MODULE, settings, folder=tmp_path / "home") as host:
                    await host.vault.set("storage", "cloud", Secret(s3.anna[1]))
                    if writable:
                        await host.call("storage_put", {"bucket": bucket, "key": "a", "text": "x"})
                        assert [one for one in gate.asked if one[0] == "PUT"]
                        gate.asked.clear()
                        continue
                    assert (await host.undo()).stopped is not None
                    assert [one for one in gate.asked if one[0] not in ("GET", "HEAD")] == []
                    assert (await host.call("storage_get", {"bucket": bucket, "key": "a"})).data["text"] == "x"

    asyncio.run(work())


@pytest.mark.real
def test_every_question_names_account_endpoint_and_bucket(s3: S3, tmp_path: Path, files: Path) -> None:
    async def work() -> None:
        kept, plain = await new_bucket(s3, versions=True), await new_bucket(s3)
        async with raw(s3) as client:
            for bucket in (kept, plain):
                await client.put_object(Bucket=bucket, Key="a.txt", Body=b"one")
        config = Config(plugins={"storage": settings_for(s3, files)})
        async with Host(config, on_disk=False, modules=[MODULE], installed=False) as host:
            await host.started()
            await host.vault.set("storage", "cloud", Secret(s3.anna[1]))
            wish = {"bucket": kept, "folder": str(files), "direction": "up"}
            plan = (await host.call("storage_sync_plan", wish)).data["plan"]
            calls: list[tuple[str, dict[str, Any]]] = [
                ("storage_put", {"bucket": kept, "key": "b.txt", "text": "x"}),
                ("storage_copy", {"bucket": plain, "key": "a.txt", "target_key": "b.txt", "target_bucket": kept}),
                ("storage_delete", {"bucket": kept, "keys": ["a.txt"]}),
                ("storage_delete_forever", {"bucket": plain, "keys": ["a.txt"]}),
                ("storage_presign", {"bucket": kept, "key": "a.txt"}),
                ("storage_download", {"bucket": kept, "key": "a.txt", "path": str(files / "a.txt")}),
                ("storage_sync_apply", {**wish, "plan": plan}),
            ]
            assert {name for name, _ in calls} == {tool.name for tool in host.tools() if tool.effect != "read"}
            for name, arguments in calls:
                person = ScriptedCaller(elicit=["decline"], principal=name)
                with pytest.raises(ToolError, match="refused"):
                    await host.call(name, arguments, person)
                said = person.asked[0][1]["message"]
                target = plain if name == "storage_delete_forever" else kept
                for part in (s3.anna[0], s3.url, target):
                    assert part in said, f"{name}: {said}"
            assert not (files / "a.txt").exists()

    asyncio.run(work())
