"""One S3 server for all tests, and a host on either kind of store."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from mcp_agent.testing import host_for
from mcp_agent.vault.secret import Secret
from tests.conftest import _home as _home
from tests.real.s3 import S3, s3_server
from tests.support.desk import AnyDesk

MODULE = "mcp_agent_storage"
_numbers = itertools.count(1)


class Desk(AnyDesk):
    """With the names of its store and a bucket, and the folder for files."""

    store: str
    bucket: str
    files: Path

    async def keys(self, prefix: str = "") -> list[str]:
        page = await self.call("storage_list", prefix=prefix, deep=True, limit=1000)
        return [one["key"] for one in page["objects"]]


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@asynccontextmanager
async def raw(s3: S3) -> AsyncIterator[Any]:
    """The library itself, to prepare and to look with."""
    from aiobotocore.session import AioSession

    key, secret = s3.anna
    async with AioSession().create_client(
        "s3", endpoint_url=s3.url, region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key=secret
    ) as client:
        yield client


async def new_bucket(s3: S3, *, versions: bool = False, region: str = "") -> str:
    name = f"bucket-{next(_numbers)}"
    async with raw(s3) as client:
        where = {"CreateBucketConfiguration": {"LocationConstraint": region}} if region else {}
        await client.create_bucket(Bucket=name, **where)
        if versions:
            await client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def settings_for(s3: S3 | None, files: Path, **account: Any) -> dict[str, Any]:
    files.mkdir(exist_ok=True)
    stores = {}
    if s3 is not None:
        stores["cloud"] = {"endpoint": s3.url, "access_key_id": s3.anna[0], "writable": True, **account}
    return {"stores": stores, "folders": [{"path": str(files), "writable": True}]}


@asynccontextmanager
async def desk_for(
    tmp_path: Path,
    s3: S3 | None = None,
    *,
    versions: bool = False,
    secret: str | None = None,
    more: Mapping[str, Any] | None = None,
    **account: Any,
) -> AsyncIterator[Desk]:
    """On the S3 server with a new bucket, or on the folder ``bucket`` of this machine."""
    files = tmp_path / "files"
    settings = {**settings_for(s3, files, **account), **(more or {})}
    bucket = "bucket"
    if s3 is None:
        (tmp_path / bucket).mkdir(exist_ok=True)
        settings["folders"].append({"path": str(tmp_path / bucket), "writable": True})
    else:
        bucket = await new_bucket(s3, versions=versions)
    async with host_for(MODULE, settings, folder=tmp_path / "home") as host:
        if s3 is not None:
            await host.vault.set("storage", "cloud", Secret(secret or s3.anna[1]))
        store = "local" if s3 is None else "cloud"
        yield Desk(host, {"store": store, "bucket": bucket}, store, bucket, files)


KINDS = ("local", "kept", "plain")
"""Folders of this machine, a bucket with versions, a bucket without."""


@pytest.fixture(params=[pytest.param(kind, marks=[] if kind == "local" else [pytest.mark.real]) for kind in KINDS])
def on(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Callable[[Desk], Awaitable[None]]], None]:
    """Runs a test on each kind of store: ``on(work)``."""
    kind: str = request.param
    server = None if kind == "local" else request.getfixturevalue("s3")

    def run(work: Callable[[Desk], Awaitable[None]]) -> None:
        async def within() -> None:
            async with desk_for(tmp_path, server, versions=kind == "kept") as desk:
                await work(desk)

        asyncio.run(within())

    return run
