"""Where the bytes of an upload come from: a file of the person, or a text."""

from __future__ import annotations

import hashlib
import io
import mimetypes
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol

from mcp_agent import Context, ToolError

_BLOCK = 2**20


class Source(Protocol):
    """Bytes to be read, part by part and again. Everything blocks: use a thread."""

    size: int

    def opened(self) -> Iterator[BinaryIO]:
        """For ``with open_source(...)``."""

    def check(self) -> None:
        """Raises ToolError when the bytes are not those any more that they were in the beginning."""


class TextSource:
    """A text as UTF-8."""

    def __init__(self, text: str) -> None:
        self._data = text.encode()
        self.size = len(self._data)

    def opened(self) -> Iterator[BinaryIO]:
        yield io.BytesIO(self._data)

    def check(self) -> None:
        """A text stays as it is."""


class FileSource:
    """A file in the folders of the person. Blocks, also when it is made."""

    def __init__(self, ctx: Context, path: str) -> None:
        self._folders = ctx.folders
        self._info = self._folders.info(path)
        if self._info.kind != "file":
            raise ToolError(f"{self._info.path} is a {self._info.kind}, not a file.")
        self.size = self._info.size
        self.modified = self._info.modified

    def opened(self) -> Iterator[BinaryIO]:
        with self._folders.open(self._info.path) as file:
            yield file

    def check(self) -> None:
        if self._folders.info(self._info.path).version != self._info.version:
            raise ToolError(
                f"{self._info.path} was changed while it was being sent.", hint="Nothing was put there. Call again."
            )


@contextmanager
def open_source(source: Source) -> Iterator[BinaryIO]:
    yield from source.opened()


def read_part(source: Source, offset: int, size: int) -> bytes:
    with open_source(source) as file:
        file.seek(offset)
        return file.read(size)


def copy_to(source: Source, target: BinaryIO) -> None:
    with open_source(source) as file:
        shutil.copyfileobj(file, target, _BLOCK)
    source.check()


def etag_of(source: Source, part: int | None) -> str:
    """What S3 calls these bytes: their MD5, or that of the MD5s of parts of this size."""
    with open_source(source) as file:
        if part is None:
            return digest_of(file, _md5())
        digests = [_md5(data).digest() for data in iter(lambda: file.read(part), b"")]
    return f"{_md5(b''.join(digests)).hexdigest()}-{len(digests)}"


def digest_of(file: BinaryIO, digest: hashlib._Hash) -> str:
    """Of the rest of an open file."""
    while data := file.read(_BLOCK):
        digest.update(data)
    return digest.hexdigest()


def md5_of(data: bytes) -> str:
    return _md5(data).hexdigest()


def parts_of(key: str) -> list[str]:
    """The names that a key is made of. Raises ToolError where no file can have it."""
    parts = key.split("/")
    if not all(part.strip(".") for part in parts):
        raise ToolError(f"{key!r} is no name for a file.", hint="Use names parted by single '/', such as a/b.txt.")
    return parts


def type_of(key: str) -> str:
    """The content type that a name stands for."""
    return mimetypes.guess_type(key)[0] or "application/octet-stream"


def _md5(data: bytes = b"") -> hashlib._Hash:
    return hashlib.md5(data, usedforsecurity=False)
