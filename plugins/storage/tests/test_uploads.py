"""Large objects: sent in parts, gone on with after a break or a death, brought back as they were."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from mcp_agent.testing import ScriptedCaller
from plugins.storage.tests.conftest import desk_for, raw, settings_for
from plugins.storage.tests.gate import gate_to
from tests.real.s3 import S3

pytestmark = pytest.mark.real
_MIB = 2**20


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


_UPLOADS = """
import asyncio, sys
from pathlib import Path
from mcp_agent.testing import host_for
from mcp_agent.vault.secret import Secret
home, secret, bucket, path, *settings = sys.argv[1:]

async def work():
    async with host_for("mcp_agent_storage", eval(settings[0]), folder=Path(home)) as host:
        await host.vault.set("storage", "cloud", Secret(secret))
        await host.call("storage_put", {"bucket": bucket, "key": "big", "path": path})

asyncio.run(work())
"""


def test_an_upload_whose_process_was_killed_goes_on_in_the_next_one(s3: S3, tmp_path: Path) -> None:
    """kill -9 in the middle of it, twice."""

    async def work() -> None:
        data = os.urandom(60 * _MIB)
        async with gate_to(s3.port) as (gate, url), desk_for(tmp_path, s3) as desk:
            path = desk.files / "big.bin"
            path.write_bytes(data)
            settings = repr(settings_for(s3, desk.files, endpoint=url))
            command = [
                sys.executable,
                "-c",
                _UPLOADS,
                str(tmp_path / "k"),
                s3.anna[1],
                desk.bucket,
                str(path),
                settings,
            ]
            sent = []
            for _ in range(2):
                before = gate.up
                process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
                async with asyncio.timeout(120):
                    while gate.up - before < 20 * _MIB and process.returncode is None:  # noqa: ASYNC110
                        await asyncio.sleep(0.002)
                assert process.returncode is None, (await process.stderr.read()).decode() if process.stderr else ""
                process.kill()
                await process.wait()
                sent.append(gate.up - before)
                assert await desk.keys() == []
                assert (await desk.call("storage_usage"))["unfinished_uploads"] == 1
            before = gate.up
            process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
            _, errors = await asyncio.wait_for(process.communicate(), 120)
            assert process.returncode == 0, errors.decode()
            sent.append(gate.up - before)
            sys.stdout.write(f"{' + '.join(f'{one / _MIB:.0f}' for one in sent)} MiB sent of {len(data) >> 20}\n")
            assert sent[-1] < 45 * _MIB, "what was there already was sent again"
            assert await desk.keys() == ["big"]
            await desk.call("storage_download", key="big", path=str(desk.files / "back.bin"))
            assert (desk.files / "back.bin").read_bytes() == data
            assert (await desk.call("storage_usage")).get("unfinished_uploads", 0) == 0

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
