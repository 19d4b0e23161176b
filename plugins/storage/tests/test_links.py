"""Links for others: what they open, for how long, and that nothing in them can be changed."""

from __future__ import annotations

import asyncio
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from plugins.storage.tests.conftest import desk_for
from plugins.storage.tests.signature import is_allowed, signature_of
from tests.real.s3 import S3

_EXAMPLE = (
    "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
    "AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400"
    "&X-Amz-SignedHeaders=host"
)


def test_the_measure_is_right() -> None:
    """The example in Amazon's own description."""
    right = "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    assert signature_of(_EXAMPLE, "GET", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY") == right


@pytest.mark.real
def test_a_link_works_for_anybody_until_it_does_not(s3: S3, tmp_path: Path) -> None:
    async def work() -> None:
        async with desk_for(tmp_path, s3) as desk:
            await desk.call("storage_put", key="ä b.txt", text="one")
            link = (await desk.call("storage_presign", key="ä b.txt", minutes=5))["url"]
            assert s3.anna[1] not in link
            assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in link
            assert "X-Amz-Expires=300" in link
            s3.let_in(2)  # moto takes no signature out of an address: what it is worth is looked at below
            assert await asyncio.to_thread(lambda: urllib.request.urlopen(link, timeout=20).read()) == b"one"
            up = (await desk.call("storage_presign", key="up.txt", method="put"))["url"]
            request = urllib.request.Request(up, b"sent", {"Content-Type": ""}, method="PUT")
            await asyncio.to_thread(lambda: urllib.request.urlopen(request, timeout=20).read())
            assert (await desk.call("storage_get", key="up.txt"))["text"] == "sent"
            assert "There is no" in await desk.refused("storage_presign", key="nope")

    asyncio.run(work())


@pytest.mark.real
def test_a_link_is_signed_for_one_object_one_use_and_a_time(s3: S3, tmp_path: Path) -> None:
    """Every change of it, and its time being over, makes it worthless to a service that checks."""
    key, secret = s3.anna

    async def links() -> tuple[str, str]:
        async with desk_for(tmp_path, s3) as desk:
            await desk.call("storage_put", key="ä b/c+d.txt", text="one")
            read = await desk.call("storage_presign", key="ä b/c+d.txt", minutes=5)
            write = await desk.call("storage_presign", key="ä b/c+d.txt", method="put", minutes=5)
            soon = datetime.now(UTC) + timedelta(minutes=5)
            assert abs(datetime.fromisoformat(read["expires"]) - soon) < timedelta(minutes=2)
            return read["url"], write["url"]

    read, write = asyncio.run(links())
    now = datetime.now(UTC)
    assert key in read
    assert secret not in read + write
    assert is_allowed(read, "GET", secret, now)
    assert is_allowed(write, "PUT", secret, now)
    assert not is_allowed(read, "GET", secret, now + timedelta(minutes=6)), "it does not expire"
    assert not is_allowed(read, "GET", s3.bo[1], now)
    for link, right in ((read, "GET"), (write, "PUT")):
        for method in {"GET", "PUT", "DELETE", "HEAD"} - {right}:
            assert not is_allowed(link, method, secret, now), f"a link for {right} serves for {method}"
    for old, new in (
        ("c%2Bd.txt", "other.txt"), ("/bucket-", "/bucket-1"), ("X-Amz-Expires=300", "X-Amz-Expires=3000"),
        ("us-east-1", "us-west-1"), (key, s3.bo[0]), ("127.0.0.1", "127.0.0.2"),
    ):  # fmt: skip
        assert old in read
        assert not is_allowed(read.replace(old, new), "GET", secret, now), f"{old} -> {new}"
