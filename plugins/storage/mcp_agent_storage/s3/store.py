"""Buckets of an S3 service, through aiobotocore."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mcp_agent import Context, ToolError
from mcp_agent_storage.s3 import multipart
from mcp_agent_storage.s3.connection import Connection
from mcp_agent_storage.s3.failures import code_of, told
from mcp_agent_storage.s3.objects import head_of, object_of
from mcp_agent_storage.s3.versions import bring_back
from mcp_agent_storage.settings import Account
from mcp_agent_storage.sources import Source, etag_of, read_part, type_of
from mcp_agent_storage.store import Progress
from mcp_agent_storage.values import Bucket, Identity, Object, Page

_BLOCK = 2**20


class S3Store:
    """An account of the configuration. Made for each call; the connection is shared."""

    def __init__(self, ctx: Context, name: str, account: Account) -> None:
        self.name = name
        self._ctx = ctx
        self._account = account
        self._connection: Connection = ctx.state[name]

    @property
    def _shown(self) -> str:
        key = self._account.access_key_id
        endpoint = self._account.endpoint or f"Amazon S3, {self._account.region}"
        return f"the store {self.name} (account {key}, {endpoint})"

    def where(self, bucket: str) -> str:
        return f"bucket {bucket} of {self._shown}"

    async def whoami(self) -> Identity:
        async with self._asking() as s3:
            owner = (await s3.list_buckets()).get("Owner", {})
        return Identity(
            store=self.name, kind="s3", endpoint=self._account.endpoint or "Amazon S3", region=self._account.region,
            access_key_id=self._account.access_key_id, writable=self._account.writable,
            owner=owner.get("DisplayName") or owner.get("ID", ""),
        )  # fmt: skip

    async def buckets(self) -> list[Bucket]:
        async with self._asking() as s3:
            found = (await s3.list_buckets())["Buckets"]
        gate = asyncio.Semaphore(4)

        async def one(bucket: dict[str, Any]) -> Bucket:
            async with gate:
                return Bucket(
                    name=bucket["Name"], place=bucket.get("BucketRegion", ""), created=bucket.get("CreationDate"),
                    writable=self._account.writable, versions=await self.keeps(bucket["Name"]),
                )  # fmt: skip

        return list(await asyncio.gather(*map(one, found)))

    async def page(self, bucket: str, prefix: str, *, deep: bool, token: str, limit: int) -> Page:
        options = {} if deep else {"Delimiter": "/"}
        if token:
            options["ContinuationToken"] = token
        async with self._asking(bucket) as s3:
            found = await s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=limit, **options)
        return Page(
            objects=[
                object_of(one["Key"], one["Size"], one)
                for one in found.get("Contents", ())
                if one["Key"] != prefix or not prefix.endswith("/")
            ],
            folders=[one["Prefix"] for one in found.get("CommonPrefixes", ())],
            next=found.get("NextContinuationToken", ""),
        )

    async def find(self, bucket: str, key: str) -> Object | None:
        async with self._asking(bucket) as s3:
            found = await head_of(s3, bucket, key)
        return None if found is None else object_of(key, found["ContentLength"], found)

    async def read(self, bucket: str, key: str, start: int, length: int) -> bytes:
        async with self._asking(bucket) as s3:
            span = f"bytes={start}-{start + length - 1}"
            found = await s3.get_object(Bucket=bucket, Key=key, Range=span)
            async with found["Body"] as body:
                data: bytes = await body.read(length)
        return data

    async def stream(self, bucket: str, found: Object) -> AsyncIterator[bytes]:
        async with self._asking(bucket) as s3:
            answer = await s3.get_object(Bucket=bucket, Key=found.key, IfMatch=f'"{found.etag}"')
            async with answer["Body"] as body:
                async for data in body.iter_chunks(_BLOCK):
                    yield data

    async def must_be_writable(self, bucket: str) -> None:
        if not self._account.writable:
            raise ToolError(
                f"{self._shown} is not to be changed.",
                hint=f"'writable: true' at plugins.storage.stores.{self.name} in the configuration allows it.",
            )

    async def keeps(self, bucket: str) -> bool:
        from botocore.exceptions import ClientError

        async with self._asking(bucket) as s3:
            try:
                found = await s3.get_bucket_versioning(Bucket=bucket)
            except ClientError as error:
                if code_of(error.response) in ("AccessDenied", "NotImplemented", "MethodNotAllowed"):
                    return False  # not known, so nothing is promised
                raise
        return bool(found.get("Status") == "Enabled")

    async def put(self, bucket: str, key: str, source: Source, *, new: bool, progress: Progress) -> Object:
        extra = {"IfNoneMatch": "*"} if new else {}
        async with self._asking(bucket) as s3:
            if source.size >= multipart.LARGE:
                await multipart.send(self._ctx, s3, (self.name, bucket, key), source, extra, progress)
            else:
                data = await self._ctx.in_thread(lambda: read_part(source, 0, source.size))
                await self._ctx.in_thread(source.check)
                body = {"Body": data} if data else {}  # an empty one is announced, and some services then wait for it
                await s3.put_object(Bucket=bucket, Key=key, ContentType=type_of(key), **body, **extra)
        return await self._there(bucket, key)

    async def copy(self, bucket: str, found: Object, target_bucket: str, target_key: str, *, new: bool) -> Object:
        extra = {"IfNoneMatch": "*"} if new else {}
        origin = {"Bucket": bucket, "Key": found.key}
        target = {"Bucket": target_bucket, "Key": target_key}
        async with self._asking(target_bucket) as s3:
            if found.size > multipart.COPY_LARGE:
                size = multipart.part_size(found.size)
                whole = {**target, "ContentType": found.content_type}
                await multipart.copy(s3, origin, found.size, size, whole, extra)
            else:
                await s3.copy_object(CopySource=origin, CopySourceIfMatch=f'"{found.etag}"', **target, **extra)
        return await self._there(target_bucket, target_key)

    async def delete(self, bucket: str, key: str) -> None:
        async with self._asking(bucket) as s3:
            await s3.delete_object(Bucket=bucket, Key=key)

    async def same(self, bucket: str, found: Object, source: Source) -> bool:
        if found.size != source.size:
            return False
        part = None
        if "-" in found.etag:
            async with self._asking(bucket) as s3:
                part = (await s3.head_object(Bucket=bucket, Key=found.key, PartNumber=1))["ContentLength"]
        return bool(await self._ctx.in_thread(lambda: etag_of(source, part)) == found.etag)

    async def link(self, bucket: str, key: str, *, upload: bool, seconds: int) -> str:
        async with self._asking(bucket) as s3:
            url: str = await s3.generate_presigned_url(
                "put_object" if upload else "get_object", {"Bucket": bucket, "Key": key}, ExpiresIn=seconds
            )
        return url

    async def unfinished(self, bucket: str, prefix: str) -> int:
        async with self._asking(bucket) as s3:
            found = await s3.list_multipart_uploads(Bucket=bucket, Prefix=prefix)
        return len(found.get("Uploads", ()))

    async def state(self, bucket: str, key: str) -> Any:
        found = await self.find(bucket, key)
        return None if found is None else {"etag": found.etag, "size": found.size}

    async def restore(self, bucket: str, key: str, state: Any) -> None:
        if state is None:
            await self.delete(bucket, key)
            return
        async with self._asking(bucket) as s3:
            if not await bring_back(s3, bucket, key, state):
                raise ToolError(f"{self.where(bucket)} keeps no version of {key!r} as it was.")

    async def _there(self, bucket: str, key: str) -> Object:
        found = await self.find(bucket, key)
        if found is None:
            raise ToolError(f"{key!r} was put into {self.where(bucket)}, and somebody has taken it away since.")
        return found

    @asynccontextmanager
    async def _asking(self, bucket: str = "") -> AsyncIterator[Any]:
        """The client; what it raises is told in words."""
        async with self._connection.use(self._ctx, self.name) as s3:
            with told(self.name, self.where(bucket) if bucket else self._shown):
                yield s3
