"""What of S3 is on this machine, for ``mcp-agent setup``: profiles of Amazon's own tools, services that listen here.

Names, regions and endpoints are read, never keys: a key is the person's to hand over.
"""

from __future__ import annotations

import configparser
import os
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import Any

from mcp_agent import Finding
from mcp_agent_storage.store import LOCAL

_PORTS = {9000: "MinIO", 4566: "LocalStack", 8333: "SeaweedFS", 3900: "Garage", 7480: "Ceph", 5000: "moto"}
"""Where services listen unless they are told otherwise."""
_SECONDS = 1.0
_MOST = 2**16
_ANSWER = re.compile(rb"<(?:Error|ListAllMyBucketsResult)\b")
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
_REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")


def find() -> list[Finding]:
    """The profile that the environment names comes first."""
    return [*_profiles(), *_environment(), *_services(_PORTS)]


def _profiles() -> Iterator[Finding]:
    """Of ~/.aws/config and ~/.aws/credentials."""
    found: dict[str, dict[str, str]] = {}
    for name, about in _config("AWS_CONFIG_FILE", "config").items():
        kind, _, profile = name.partition(" ")
        if name == "default" or kind == "profile":
            found[profile.strip("\"' ") or name] = about
    for name, about in _config("AWS_SHARED_CREDENTIALS_FILE", "credentials").items():
        found[name] = {**about, **found.get(name, {})}
    wanted = os.environ.get("AWS_PROFILE", "default")
    for name in sorted(found, key=lambda name: (name != wanted, name)):
        about = found[name]
        yield _finding(f"The profile {name} of ~/.aws", name, about.get("endpoint_url", ""), about.get("region", ""))


def _config(variable: str, file: str) -> dict[str, dict[str, str]]:
    """Region and endpoint by section; nothing else leaves here. Empty for what cannot be read."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read(os.environ.get(variable) or Path.home() / ".aws" / file, "utf-8")
    except (configparser.Error, UnicodeDecodeError, OSError):
        return {}
    return {
        name: {key: section[key] for key in ("region", "endpoint_url") if section.get(key)}
        for name, section in parser.items()
        if name != parser.default_section
    }


def _environment() -> Iterator[Finding]:
    """What a shell was set up with."""
    if "AWS_ACCESS_KEY_ID" in os.environ or any(name in os.environ for name in _ENDPOINTS):
        endpoint, region = _first(_ENDPOINTS), _first(_REGIONS)
        yield _finding("The variables AWS_... of this environment", "environment", endpoint, region)


def _services(ports: Mapping[int, str]) -> Iterator[Finding]:
    with ThreadPoolExecutor(len(ports)) as pool:
        here = pool.map(_speaks_s3, ports)
    for (port, name), speaks in zip(ports.items(), here, strict=True):
        if speaks:
            url = f"http://127.0.0.1:{port}"
            yield _finding(f"An S3 service at {url}, where {name} usually is", name.lower(), url, "")


def _speaks_s3(port: int) -> bool:
    """Asked for its buckets without a key, an S3 service says no in XML of its own, or yes."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        connection.request("GET", "/")
        answer: HTTPResponse = connection.getresponse()
        return bool(_ANSWER.search(answer.read(_MOST)))
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _first(names: tuple[str, ...]) -> str:
    return next((os.environ[name] for name in names if os.environ.get(name)), "")


def _finding(what: str, name: str, endpoint: str, region: str) -> Finding:
    """As an account that still has no key."""
    store = _NO_NAME.sub("-", name).strip("-._")[:60].rstrip("-._") or "s3"
    if store == LOCAL:
        store = "local-s3"
    about: dict[str, Any] = {"endpoint": endpoint, "region": region}
    account = {key: value for key, value in about.items() if value}
    keys = f"its key goes in with: mcp-agent secrets set storage {store}"
    return Finding(f"{what} ({keys})", {"stores": {store: account}})
