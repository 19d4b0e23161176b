"""Signatures in addresses (AWS Signature 4), by their published description and nothing but hashes."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, unquote, urlsplit


def is_allowed(url: str, method: str, secret: str, now: datetime) -> bool:
    """What a service decides about an address that it was given: signed by who has this key, and not expired."""
    said = dict(parse_qsl(urlsplit(url).query))
    signed = datetime.strptime(said["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if not signed - timedelta(minutes=15) <= now <= signed + timedelta(seconds=int(said["X-Amz-Expires"])):
        return False
    return hmac.compare_digest(said["X-Amz-Signature"], signature_of(url, method, secret))


def signature_of(url: str, method: str, secret: str) -> str:
    """For an address that is signed with the host alone."""
    parts = urlsplit(url)
    said = dict(parse_qsl(parts.query))
    assert said["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert said["X-Amz-SignedHeaders"] == "host"
    scope = said["X-Amz-Credential"].partition("/")[2]
    query = sorted((quote(key, safe="-_.~"), quote(value, safe="-_.~")) for key, value in said.items())
    request = "\n".join([
        method, quote(unquote(parts.path), safe="/-_.~"),
        "&".join(f"{key}={value}" for key, value in query if key != "X-Amz-Signature"),
        f"host:{parts.netloc}\n", "host", "UNSIGNED-PAYLOAD",
    ])  # fmt: skip
    to_sign = "\n".join(["AWS4-HMAC-SHA256", said["X-Amz-Date"], scope, hashlib.sha256(request.encode()).hexdigest()])
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
