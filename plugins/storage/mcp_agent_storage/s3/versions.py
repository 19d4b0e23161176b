"""Bringing back what a bucket with versions has kept."""

from __future__ import annotations

from typing import Any

from mcp_agent_storage.s3 import multipart

_KEPT = ("CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Metadata")


async def bring_back(s3: Any, bucket: str, key: str, state: Any) -> bool:
    """Make the newest version with this content the current one again. False where there is none."""
    marker, version = await _find(s3, bucket, key, state)
    if version is None:
        return False
    if marker is not None:  # it was only hidden: nothing has to be copied
        await s3.delete_object(Bucket=bucket, Key=key, VersionId=marker)
        return True
    origin = {"Bucket": bucket, "Key": key, "VersionId": version}
    target = {"Bucket": bucket, "Key": key}
    if "-" not in state["etag"]:
        await s3.copy_object(CopySource=origin, **target)
        return True
    head = await s3.head_object(**origin)
    part = (await s3.head_object(**origin, PartNumber=1))["ContentLength"]
    whole = {**target, **{name: head[name] for name in _KEPT if name in head}}
    await multipart.copy(s3, origin, state["size"], part, whole, {})
    return True


async def _find(s3: Any, bucket: str, key: str, state: Any) -> tuple[str | None, str | None]:
    """The mark of deletion that hides just that version, and the version."""
    markers: list[dict[str, Any]] = []
    found: list[dict[str, Any]] = []
    async for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
        markers += [one for one in page.get("DeleteMarkers", ()) if one["Key"] == key]
        found += [one for one in page.get("Versions", ()) if one["Key"] == key]
    right = [one for one in found if one["ETag"].strip('"') == state["etag"] and one["Size"] == state["size"]]
    if not right:
        return None, None
    newest = right[0]  # they come newest first
    hidden = len(markers) and markers[0].get("IsLatest") and newest is found[0]
    below = [one for one in markers if one["LastModified"] >= newest["LastModified"]]
    return (markers[0]["VersionId"] if hidden and len(below) == 1 else None), newest["VersionId"]
