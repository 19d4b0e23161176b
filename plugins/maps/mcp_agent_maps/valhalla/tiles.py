"""Valhalla's tiles: whether there are any of an extract, and making them out of its ``.osm.pbf``."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from mcp_agent import ToolError

Tell = Callable[[float, str], None]
"""``(share, what)``: how far it is, from 0 to 1."""


class Threads(Protocol):
    """As much of a Context as is needed here."""

    async def in_thread(self, work: Callable[[], Any]) -> Any:
        """Run something that blocks."""


WORKER = Path(__file__).with_name("worker.py")
VERSION = 3
"""Valhalla's own: tiles of one major release are read by all of it."""

_STAGES = (
    "Parsing ways", "Parsing relations", "Parsing nodes", "Creating graph edges", "Building edge shapes", "Building",
    "Enhancing", "HierarchyBuilder", "Creating shortcuts on level 1", "Validating",
)  # fmt: skip
"""What the builder says when it comes to them, in this order."""
_STALE = 24 * 3600.0
_EXE = ".exe" if sys.platform == "win32" else ""
_SCRATCH, _TILES = ".making-", "tiles"
_THREADS = max(1, (os.cpu_count() or 1) // 2)


def builder() -> Path | None:
    """The program that makes tiles, None where Valhalla is not installed. Imports nothing."""
    spec = importlib.util.find_spec("valhalla")
    if spec is None or not spec.submodule_search_locations:
        return None
    program = Path(spec.submodule_search_locations[0]) / "bin" / f"valhalla_build_tiles{_EXE}"
    return program if program.exists() else None


def tiles_of(shelf_folder: Path, mark: str) -> Path:
    """Where the tiles of the extract with this mark are, or would be."""
    return shelf_folder / "tiles" / f"{mark}.{VERSION}"


async def make_tiles(ctx: Threads, program: Path, source: Path, made: Path, tell: Tell) -> None:
    """All of them, in a folder beside ``made`` that is moved there when they are whole. Raises ToolError."""
    try:
        scratch: Path = await ctx.in_thread(partial(_new_scratch, made.parent))
        try:
            await _build(program, source, scratch, tell)
            await ctx.in_thread(partial(_put, scratch / _TILES, made))
        finally:
            await ctx.in_thread(partial(shutil.rmtree, scratch, ignore_errors=True))
    except OSError as error:
        raise ToolError(f"Valhalla's tiles could not be written: {error.strerror}.") from None


async def _build(program: Path, source: Path, scratch: Path, tell: Tell) -> None:
    tiles, config = scratch / _TILES, scratch / "valhalla.json"
    tiles.mkdir()
    config.write_text("".join([line async for line in _lines(scratch, sys.executable, "-P", WORKER, "config", tiles)]))
    reached = 0
    async for line in _lines(scratch, *_command(program, config, source)):
        found = next((at for at, stage in enumerate(_STAGES[reached:], reached) if stage in line), None)
        if found is not None:
            reached = found + 1
            tell(found / len(_STAGES), f"Valhalla's tiles: {_STAGES[found].lower()}")


def forget_others(shelf_folder: Path, marks: Collection[str]) -> None:
    """Take away the tiles of extracts that are neither there nor kept for undo, and what a dead builder left."""
    for folder in (shelf_folder / "tiles").glob("*"):
        left = folder.name.startswith(_SCRATCH) and folder.stat().st_mtime < time.time() - _STALE
        known = folder.name.startswith(_SCRATCH) or folder.name.partition(".")[0] in marks
        if left or not known:
            shutil.rmtree(folder, ignore_errors=True)


async def _lines(folder: Path, *command: str | Path) -> AsyncIterator[str]:
    """What a program prints, line by line; it ends with this. Raises ToolError where it fails.

    It runs in ``folder``: Valhalla's builder leaves lists of what it found odd wherever it is started.
    """
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        limit=1 << 20, cwd=folder, env=_environment(),
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async for line in process.stdout:
            yield line.decode(errors="replace")
        if await process.wait():
            raise ToolError(
                f"Valhalla's tiles could not be made: its builder ended with {process.returncode}.",
                hint="It needs room on the disk, and memory: several times the size of the extract.",
            )
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _command(program: Path, config: Path, source: Path) -> list[str | Path]:
    return [program, "-c", config, "-j", str(_THREADS), source.absolute()]


def _new_scratch(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=folder.absolute(), prefix=_SCRATCH))


def _put(tiles: Path, made: Path) -> None:
    """In one step. Another process may have been faster: its tiles are as good."""
    if not made.exists():
        os.replace(tiles, made)


def _environment() -> Mapping[str, str] | None:
    """Windows finds the libraries of a wheel only where the path says."""
    if sys.platform != "win32":
        return None
    spec = importlib.util.find_spec("valhalla")
    libraries = Path(spec.origin).parent.parent / "pyvalhalla.libs" if spec and spec.origin else Path()
    return {**os.environ, "PATH": f"{libraries}{os.pathsep}{os.environ.get('PATH', '')}"}
