"""The folders of the person as buckets: the same tools with no account."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import AsyncIterator
from typing import Any, BinaryIO

from mcp_agent import Context, FileInfo, Folder, ToolError, undo_files
from mcp_agent_storage.sources import Source, copy_to, digest_of, open_source, parts_of, type_of
from mcp_agent_storage.values import Bucket, Identity, Object, Page

_MOST = 100_000
"""So many files are looked at for one listing."""
_BLOCK = 2**20
_FILES = undo_files(lambda paths: paths)
"""Undo of files by a list of paths."""


class LocalStore:
    """A bucket is a configured folder, by its name; an object is a file in it. Changes may be made where the folder
    is writable, and can all be taken back."""

    name = "local"

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._folders = ctx.folders
        self._by_name = by_name(self._folders.configured)

    def where(self, bucket: str) -> str:
        return f"the folder {self._folder(bucket).path} (bucket {bucket} of the store local, this machine)"

    async def whoami(self) -> Identity:
        writable = any(folder.writable for folder in self._by_name.values())
        return Identity(store=self.name, kind="folders", endpoint="this machine", writable=writable)

    async def buckets(self) -> list[Bucket]:
        return [
            Bucket(name=name, place=folder.path, writable=folder.writable, versions=True)
            for name, folder in sorted(self._by_name.items())
        ]

    async def page(self, bucket: str, prefix: str, *, deep: bool, token: str, limit: int) -> Page:
        folder = self._folder(bucket)
        found: list[FileInfo] = await self._ctx.in_thread(lambda: self._below(folder, prefix, deep))
        if len(found) > _MOST:
            raise ToolError(
                f"There are more than {_MOST:,} files below {prefix!r} in {self.where(bucket)}.",
                hint="Look at a part of it: give a longer prefix, or list one folder at a time.",
            )
        start = len(folder.path.rstrip(os.sep)) + 1
        kinds = ("file",) if deep else ("file", "folder")
        named = sorted((_key(one, start), one) for one in found if one.kind in kinds)
        named = [(key, one) for key, one in named if key.startswith(prefix) and key > token]
        shown = named[:limit]
        return Page(
            objects=[_object(key, one) for key, one in shown if one.kind == "file"],
            folders=[key for key, one in shown if one.kind == "folder"],
            next=shown[-1][0] if len(named) > limit else "",
        )

    async def find(self, bucket: str, key: str) -> Object | None:
        path = self._path(bucket, key)
        found: FileInfo | None = await self._ctx.in_thread(lambda: self._folders.find(path))
        return _object(key, found) if found is not None and found.kind == "file" else None

    async def read(self, bucket: str, key: str, start: int, length: int) -> bytes:
        path = self._path(bucket, key)

        def work() -> bytes:
            with self._folders.open(path) as file:
                file.seek(start)
                return file.read(length)

        data: bytes = await self._ctx.in_thread(work)
        return data

    async def stream(self, bucket: str, found: Object) -> AsyncIterator[bytes]:
        path = self._path(bucket, found.key)
        with self._folders.open(path) as file:
            while data := await self._ctx.in_thread(lambda: file.read(_BLOCK)):
                yield data
        if await self.find(bucket, found.key) != found:
            raise ToolError(f"{path} was changed while it was being read.", hint="Call again.")

    async def must_be_writable(self, bucket: str) -> None:
        if not self._folder(bucket).writable:
            raise ToolError(
                f"{self.where(bucket)} is not to be changed.",
                hint="'writable: true' at that folder in plugins.storage.folders of the configuration allows it.",
            )

    async def keeps(self, bucket: str) -> bool:
        return True

    async def put(self, bucket: str, key: str, source: Source, *, new: bool, progress: Any) -> Object:
        def write(file: BinaryIO) -> None:
            copy_to(source, file)

        return await self._save(bucket, key, write, new)

    async def copy(self, bucket: str, found: Object, target_bucket: str, target_key: str, *, new: bool) -> Object:
        path = self._path(bucket, found.key)

        def write(file: BinaryIO) -> None:
            with self._folders.open(path) as old:
                shutil.copyfileobj(old, file, _BLOCK)

        return await self._save(target_bucket, target_key, write, new)

    async def delete(self, bucket: str, key: str) -> None:
        path = self._path(bucket, key)
        await self._ctx.in_thread(lambda: self._folders.remove(path))

    async def same(self, bucket: str, found: Object, source: Source) -> bool:
        if found.size != source.size:
            return False
        path = self._path(bucket, found.key)

        def work() -> bool:
            with self._folders.open(path) as one, open_source(source) as other:
                return digest_of(one, hashlib.sha256()) == digest_of(other, hashlib.sha256())

        return bool(await self._ctx.in_thread(work))

    async def link(self, bucket: str, key: str, *, upload: bool, seconds: int) -> str:
        raise ToolError(
            f"{self.where(bucket)} has no links that others could open.",
            hint="Put the file into a bucket of an S3 account first.",
        )

    async def unfinished(self, bucket: str, prefix: str) -> int:
        return 0

    async def state(self, bucket: str, key: str) -> Any:
        return await _FILES.snapshot(self._ctx, [self._path(bucket, key)], None)

    async def restore(self, bucket: str, key: str, state: Any) -> None:
        await _FILES.restore(self._ctx, [self._path(bucket, key)], None, state)

    async def _save(self, bucket: str, key: str, write: Any, new: bool) -> Object:
        path = self._path(bucket, key)
        expected = None if new else self._folders.ANY
        saved: FileInfo = await self._ctx.in_thread(lambda: self._folders.save(path, write, expected=expected))
        return _object(key, saved)

    def _below(self, folder: Folder, prefix: str, deep: bool) -> list[FileInfo]:
        top = prefix.rpartition("/")[0]
        path = self._path_of(folder, top) if top else folder.path
        found = self._folders.find(path)
        if found is None or found.kind != "folder":
            return []
        return list(self._folders.walk(path, depth=64 if deep else 1, most=_MOST + 1))

    def _folder(self, bucket: str) -> Folder:
        if bucket not in self._by_name:
            raise ToolError(f"There is no bucket {bucket!r} in the store local.", hint="storage_buckets names them.")
        return self._by_name[bucket]

    def _path(self, bucket: str, key: str) -> str:
        return self._path_of(self._folder(bucket), key)

    def _path_of(self, folder: Folder, key: str) -> str:
        return os.path.join(folder.path, *parts_of(key))


def by_name(folders: tuple[Folder, ...]) -> dict[str, Folder]:
    """By the last part of their paths; those of the same name get a number."""
    found: dict[str, Folder] = {}
    for folder in folders:
        name = base = os.path.basename(folder.path.rstrip(os.sep)) or "root"
        number = 1
        while name in found:
            number += 1
            name = f"{base}-{number}"
        found[name] = folder
    return found


def _key(found: FileInfo, start: int) -> str:
    return found.path[start:].replace(os.sep, "/") + ("/" if found.kind == "folder" else "")


def _object(key: str, found: FileInfo) -> Object:
    return Object(
        key=key, size=found.size, modified=found.modified, etag=found.version, content_type=type_of(key)
    )  # fmt: skip
