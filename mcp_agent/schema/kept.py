"""What signatures say, from one start to the next: reading them is most of what it costs to load a plugin."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from mcp_agent.schema.results import Form
from mcp_agent.schema.types import Schema

_MADE_WITH = f"msgspec {msgspec.__version__}, Python {sys.version_info[:3]}"


class Shape(Struct, frozen=True):
    """What the signature of one tool comes to: the schemas of what it takes and gives, and how a result is made of it.

    ``headers`` and ``private`` are arguments, as in Tool. ``numbers``: a result promises some, and is checked for them.
    """

    takes: Schema
    gives: Schema | None
    form: Form
    headers: tuple[tuple[tuple[str, ...], str], ...]
    private: frozenset[str]
    numbers: bool


class _Plugin(Struct):
    files: str
    tools: dict[str, Shape]


class _File(Struct):
    made_by: str
    plugins: dict[str, _Plugin] = {}


class KeptShapes:
    """Kept in a file, None for nowhere. They are good as long as no file of the plugin changes, nor what makes them;
    ``version`` is this program's. A file that cannot be read is made anew: nothing is lost but time.
    """

    def __init__(self, path: Path | None, version: str) -> None:
        self._path = path
        self._file = _read(path, f"{version}, {_MADE_WITH}")
        self._changed = False

    def of(self, module: str) -> dict[str, Shape]:
        """By the name of the tool. Empty where there are none that are still good; ``module`` has been imported."""
        kept = self._file.plugins.get(module)
        return kept.tools if kept is not None and kept.files == _state_of(module) else {}

    def keep(self, module: str, tools: dict[str, Shape]) -> None:
        """Written by ``save``."""
        if self._path is not None:
            self._file.plugins[module] = _Plugin(_state_of(module), tools)
            self._changed = True

    def save(self) -> None:
        """Write what is new. Several processes may: each writes a whole file, and the last one stays."""
        if not self._changed or self._path is None:
            return
        self._changed = False
        unfinished = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(msgspec.msgpack.encode(self._file))
            os.replace(unfinished, self._path)
        except OSError:  # a disk that is full, say: the next start takes a little longer
            with contextlib.suppress(OSError):
                unfinished.unlink()


def _read(path: Path | None, made_by: str) -> _File:
    fresh = _File(made_by)
    try:
        found = msgspec.msgpack.decode(path.read_bytes(), type=_File) if path is not None else fresh
    except (OSError, msgspec.MsgspecError):
        return fresh
    return found if found.made_by == made_by else fresh


def _state_of(module: str) -> str:
    """Changes with any Python file of the package, or of the module alone."""
    file = getattr(sys.modules.get(module.partition(":")[0]), "__file__", None)
    if file is None:
        return ""
    path = Path(file)
    files = _python_files(path.parent) if path.name == "__init__.py" else iter([_stat(str(path))])
    return hashlib.blake2b("\n".join(sorted(files)).encode(), digest_size=16).hexdigest()


def _python_files(folder: Path) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "__pycache__":
                    yield from _python_files(Path(entry.path))
            elif entry.name.endswith(".py"):
                yield _stat(entry.path)


def _stat(path: str) -> str:
    found = os.stat(path)
    return f"{path} {found.st_mtime_ns} {found.st_size}"
