"""Large objects in parts: sent several at once, gone on with after a failure, copied without passing through here."""

from __future__ import annotations

from typing import Any

from mcp_agent import Context
from mcp_agent_storage.at_once import each
from mcp_agent_storage.s3 import uploads
from mcp_agent_storage.s3.failures import code_of
from mcp_agent_storage.sources import Source, md5_of, read_part, type_of
from mcp_agent_storage.store import Progress

LARGE = 16 * 2**20
"""From this size on in parts."""
_PART = 8 * 2**20
_MOST_PARTS = 10_000
COPY_LARGE = 5 * 2**30
"""The most that one request copies."""


def part_size(size: int) -> int:
    """The same for the same size, so that parts sent before still fit."""
    return max(_PART, -(-size // _MOST_PARTS))


async def send(
    ctx: Context, s3: Any, place: tuple[str, str, str], source: Source, extra: dict[str, Any], progress: Progress
) -> None:
    """Upload to store, bucket and key. What is there of an earlier try is compared and not sent again."""
    _, bucket, key = place
    upload, there = await _earlier(ctx, s3, place)
    if upload is None:
        made = await s3.create_multipart_upload(Bucket=bucket, Key=key, ContentType=type_of(key))
        upload = made["UploadId"]
        await uploads.note(ctx, *place, upload)
    whole = {"Bucket": bucket, "Key": key, "UploadId": upload}
    size = part_size(source.size)
    etags: dict[int, str] = {}
    done = 0

    async def part(number: int) -> None:
        nonlocal done
        data = await ctx.in_thread(lambda: read_part(source, (number - 1) * size, size))
        etag = there.get(number)
        if etag is None or etag != await ctx.in_thread(lambda: md5_of(data)):
            sent = await s3.upload_part(**whole, PartNumber=number, Body=data)
            etag = sent["ETag"].strip('"')
        etags[number] = etag
        done += len(data)
        progress(done)

    await each(part, range(1, -(-source.size // size) + 1))
    await ctx.in_thread(source.check)
    await s3.complete_multipart_upload(**whole, MultipartUpload=_parts(etags), **extra)
    await uploads.forget(ctx, *place)


async def copy(s3: Any, origin: dict[str, str], size: int, part: int, whole: dict[str, Any], extra: Any) -> None:
    """Copy in parts of this size: the ETag is then that of an original that was made of such parts."""
    made = await s3.create_multipart_upload(**whole)
    target = {"Bucket": whole["Bucket"], "Key": whole["Key"], "UploadId": made["UploadId"]}
    etags: dict[int, str] = {}

    async def one(number: int) -> None:
        begin = (number - 1) * part
        span = f"bytes={begin}-{min(begin + part, size) - 1}"
        copied = await s3.upload_part_copy(**target, PartNumber=number, CopySource=origin, CopySourceRange=span)
        etags[number] = copied["CopyPartResult"]["ETag"].strip('"')

    try:
        await each(one, range(1, -(-size // part) + 1))
        await s3.complete_multipart_upload(**target, MultipartUpload=_parts(etags), **extra)
    except BaseException:
        await s3.abort_multipart_upload(**target)
        raise


async def _earlier(ctx: Context, s3: Any, place: tuple[str, str, str]) -> tuple[str | None, dict[int, str]]:
    """An upload that was begun here, and the MD5 of each of its parts."""
    from botocore.exceptions import ClientError

    upload = await uploads.begun(ctx, *place)
    if upload is None:
        return None, {}
    _, bucket, key = place
    there: dict[int, str] = {}
    try:
        pages = s3.get_paginator("list_parts").paginate(Bucket=bucket, Key=key, UploadId=upload)
        async for page in pages:
            for part in page.get("Parts", ()):
                there[part["PartNumber"]] = part["ETag"].strip('"')
    except ClientError as error:
        if code_of(error.response) not in ("NoSuchUpload", "NoSuchKey"):
            raise
        return None, {}
    return upload, there


def _parts(etags: dict[int, str]) -> dict[str, Any]:
    return {"Parts": [{"PartNumber": number, "ETag": f'"{etags[number]}"'} for number in sorted(etags)]}
