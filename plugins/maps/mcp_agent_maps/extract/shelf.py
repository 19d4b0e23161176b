"""The extracts of this home: which there are, putting one in place of another, and back."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import tempfile
import threading
from pathlib import Path

from mcp_agent import Context, ToolError
from mcp_agent_maps.extract.reader import Extract
from mcp_agent_maps.extract.tables import VERSION

_MOST = 16
_KEPT = 3
"""Indexes that were replaced and are kept, so that it can be undone."""
_NAME = re.compile(r"[\w-]{1,40}")


class Shelf:
    """Opened extracts by name. The files are ``<name>.<version>.sqlite3``; another process may change them.

    Without a folder there is a temporary one, from the first extract until ``close``.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._open: dict[str, tuple[tuple[int, int], Extract]] = {}
        self._lock = threading.RLock()
        self.damaged: set[str] = set()
        """Names of indexes that cannot be read: as if they were not there, until they are loaded again."""

    @property
    def folder(self) -> Path:
        with self._lock:
            if self._folder is None:
                self._temporary = tempfile.TemporaryDirectory(prefix="mcp-agent-maps-")
                self._folder = Path(self._temporary.name)
            return self._folder

    def extracts(self) -> list[Extract]:
        """All that can be read, by name."""
        with self._lock:
            if self._folder is None:
                return []
            found = [self.get(path.name.partition(".")[0]) for path in sorted(self.folder.glob(f"*{_ENDING}"))]
            return [extract for extract in found if extract is not None]

    def get(self, name: str) -> Extract | None:
        """The one of this name, None where there is none that can be read."""
        with self._lock:
            path = self.path(name)
            try:
                status = path.stat()
            except FileNotFoundError:
                self._close(name)
                return None
            stamp = (status.st_ino, status.st_mtime_ns)
            if name not in self._open or self._open[name][0] != stamp:
                self._close(name)
                try:
                    self._open[name] = (stamp, Extract(name, path))
                except (sqlite3.Error, KeyError, ValueError):
                    self.damaged.add(name)
                    return None
                self.damaged.discard(name)
            return self._open[name][1]

    def path(self, name: str) -> Path:
        """Where the index of this name is, or would be. Raises ToolError for what is no name."""
        if not _NAME.fullmatch(name):
            raise ToolError(
                f"{name!r} is no name for an extract.",
                hint="Use up to 40 letters, digits, '-' and '_', such as 'home'.",
            )
        return self.folder / f"{name}{_ENDING}"

    def fresh(self, name: str) -> Path:
        """Where a new index is to be made, before it is put in place."""
        if self.get(name) is None and len(self.extracts()) >= _MOST:
            raise ToolError(f"There are {_MOST} extracts already.", hint="Load it under the name of one of them.")
        kept = self.folder / "kept"
        kept.mkdir(parents=True, exist_ok=True)
        return kept / f"{name}.new"

    def put(self, name: str, made: Path) -> None:
        """Put an index that is whole in place; the one that was there is kept for a while."""
        with self._lock:
            self._keep_present(name)
            os.replace(made, self.path(name))

    def mark(self, name: str) -> str | None:
        """What is there now, None for nothing."""
        extract = self.get(name)
        return None if extract is None else extract.mark

    def marks(self) -> set[str]:
        """Of all indexes that are there, or would be after an undo."""
        kept = (self.folder / "kept").glob(f"*{_ENDING}")
        known = {path.name.removesuffix(_ENDING).rpartition("-")[2] for path in kept}
        return known | {extract.mark for extract in self.extracts()}

    def restore(self, name: str, mark: str | None) -> None:
        """Make it as it was: the index with this mark, or none. Raises ToolError when that one is not kept any more."""
        with self._lock:
            if mark == self.mark(name):
                return
            kept = self._kept(name, mark)
            if mark is not None and not kept.exists():
                raise ToolError(
                    f"The extract '{name}' as it was is not kept any more.", hint="Load its .osm.pbf file again."
                )
            self._keep_present(name)
            if mark is None:
                self.path(name).unlink(missing_ok=True)
            else:
                os.replace(kept, self.path(name))

    def close(self) -> None:
        with self._lock:
            for name in list(self._open):
                self._close(name)
            if self._temporary is not None:
                self._temporary.cleanup()

    def _keep_present(self, name: str) -> None:
        """A second name for the index that is there: it goes on answering until it is replaced in one step."""
        present = self.mark(name)
        self._close(name)
        if present is None:
            return
        second = self._kept(name, present)
        second.unlink(missing_ok=True)
        try:
            os.link(self.path(name), second)
        except OSError:  # a disk without links
            shutil.copyfile(self.path(name), second)
        os.utime(second)  # the last to be thrown away
        kept = sorted((self.folder / "kept").glob(f"*{_ENDING}"), key=lambda path: path.stat().st_mtime_ns)
        for old in kept[:-_KEPT]:
            old.unlink(missing_ok=True)

    def _kept(self, name: str, mark: str | None) -> Path:
        return self.folder / "kept" / f"{name}-{mark}{_ENDING}"

    def _close(self, name: str) -> None:
        opened = self._open.pop(name, None)
        if opened is not None:
            opened[1].close()


_ENDING = f".{VERSION}.sqlite3"


def open_shelf(ctx: Context) -> Shelf:
    """In the plugin's folder; in a host that keeps nothing on disk, in a temporary one that goes with it."""
    try:
        return Shelf(ctx.data_dir / "extracts")
    except ToolError:
        return Shelf(None)
