"""What stores tell: accounts, buckets, objects."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Identity(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A store. ``problem`` says why it does not answer; ``kind`` is ``s3`` or ``folders``."""

    store: str
    kind: str
    endpoint: str
    writable: bool
    region: str = ""
    access_key_id: str = ""
    owner: str = ""
    problem: str = ""


class Bucket(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``place`` is the region, or the folder. ``versions``: what is replaced or deleted can be brought back."""

    name: str
    place: str = ""
    created: datetime | None = None
    writable: bool = False
    versions: bool | None = None


class Object(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``size`` in bytes, ``modified`` in UTC. ``etag`` differs when the content does."""

    key: str
    size: int
    modified: datetime | None = None
    etag: str = ""
    content_type: str = ""


class Page(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``folders`` are beginnings of keys, up to the next '/'. ``next`` asks for the next page; without it, the end."""

    objects: list[Object]
    folders: list[str] = []
    next: str = ""
