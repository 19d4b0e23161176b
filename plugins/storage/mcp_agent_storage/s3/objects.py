"""One object, as an S3 service tells of it."""

from __future__ import annotations

from typing import Any

from mcp_agent_storage.s3.failures import code_of
from mcp_agent_storage.values import Object


async def head_of(s3: Any, bucket: str, key: str) -> dict[str, Any] | None:
    """None where the bucket has no such object. A bucket that is not there answers the same, so it is asked for."""
    from botocore.exceptions import ClientError

    try:
        found: dict[str, Any] = await s3.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if code_of(error.response) != "NoSuchKey":
            raise
        await s3.list_objects_v2(Bucket=bucket, MaxKeys=1)
        return None
    return found


def object_of(key: str, size: int, found: dict[str, Any]) -> Object:
    return Object(
        key=key, size=size, modified=found.get("LastModified"), etag=found.get("ETag", "").strip('"'),
        content_type=found.get("ContentType", ""),
    )  # fmt: skip
