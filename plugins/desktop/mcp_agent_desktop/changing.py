"""Tools that change files. Each can be taken back; nothing is deleted for good."""

from __future__ import annotations

import codecs
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, FileInfo, ToolError, Undo, tool, undo_files, undo_move
from mcp_agent_desktop.examples import EXAMPLES
from mcp_agent_desktop.looking import PathText
from mcp_agent_desktop.texts import encoding_of

_MOST_BYTES = 10 * 2**20
_SHOWN = 4000
_HEAD = 8192

NewText = Annotated[str, Field("The whole text of the file.", max_length=500_000, private=True)]
OldPart = Annotated[str, Field("The text to replace, exactly as it stands in the file.", min_length=1, private=True)]
NewPart = Annotated[str, Field("What to put there.", private=True)]


class Written(Struct, frozen=True):
    """``size`` in bytes; ``version`` changes with the file."""

    path: str
    size: int
    version: str


class Edited(Struct, frozen=True):
    """``diff`` shows what was changed, cut where it is long."""

    path: str
    replaced: int
    version: str
    diff: str


@tool(effect="write", idempotent=True, undo=undo_files("path"), examples=EXAMPLES["desktop_write_file"])
def desktop_write_file(
    ctx: Context,
    path: PathText,
    text: NewText,
    overwrite: Annotated[bool, Field("Replace the file if there is one.")] = False,
    version: Annotated[
        str | None, Field("Replace it only while it has this version, as desktop_read_file gave it.")
    ] = None,
) -> Written:
    """Write a text file as UTF-8; folders on the way are made. To change a part of one there is desktop_edit_file."""
    expected = version or (ctx.folders.ANY if overwrite else None)
    return _written(ctx.folders.save(path, text.encode(), expected=expected))


def preview_edit(ctx: Context, path: PathText, old: OldPart, new: NewPart, every: bool = False) -> str:
    """What the person is shown who is asked."""
    edit = _Edit(ctx, path, old, new, every)
    return f"Change {edit.found.path}:\n{edit.diff}"


@tool(effect="write", undo=undo_files("path"), preview=preview_edit, examples=EXAMPLES["desktop_edit_file"])
def desktop_edit_file(
    ctx: Context,
    path: PathText,
    old: OldPart,
    new: NewPart,
    every: Annotated[bool, Field("Replace it wherever it stands; otherwise it must stand there once.")] = False,
) -> Edited:
    """Replace an exact piece of text in a text file; gives the difference. Encoding and line ends stay as they are."""
    edit = _Edit(ctx, path, old, new, every)
    saved = ctx.folders.save(path, edit.data, expected=edit.found.sha256)
    return Edited(saved.path, edit.count, saved.version, edit.diff)


@tool(effect="write", undo=undo_move("source", "target"), examples=EXAMPLES["desktop_move"])
def desktop_move(ctx: Context, source: PathText, target: PathText) -> Written:
    """Move or rename a file or folder, within the writable folders. Never overwrites; folders on the way are made."""
    return _written(ctx.folders.move(source, target))


async def _trashed(ctx: Context, arguments: Any, result: Any) -> Any:
    """What is there, None once it is in the trash."""
    from mcp_agent_desktop import trash

    return await ctx.in_thread(lambda: trash.chosen().state(ctx.folders, arguments.path))


async def _untrash(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
    from mcp_agent_desktop import trash

    def work() -> None:
        if snapshot is None:
            trash.chosen().put(ctx.folders, arguments.path)
        else:
            trash.chosen().put_back(ctx.folders, arguments.path, snapshot)

    await ctx.in_thread(work)


@tool(effect="write", undo=Undo(_trashed, _untrash), examples=EXAMPLES["desktop_trash"])
def desktop_trash(ctx: Context, path: PathText) -> str:
    """Put a file or folder into the trash of the desktop. Undo brings it back; nothing is deleted for good."""
    from mcp_agent_desktop import trash

    shown = ctx.folders.resolve(path, write=True)
    trash.chosen().put(ctx.folders, path)
    return f"{shown} is in the trash."


class _Edit:
    """An edit worked out, not yet written. Raises ToolError when the old text is not there, or not only once."""

    def __init__(self, ctx: Context, path: str, old: str, new: str, every: bool) -> None:
        raw, self.found = ctx.folders.read(path, at_most=_MOST_BYTES)
        encoding = encoding_of(raw[:_HEAD], whole=len(raw) <= _HEAD)
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            raise ToolError(f"{self.found.path} has bytes that are no text in {encoding}.") from None
        if "\r\n" in text and "\n" not in text.replace("\r\n", ""):
            old, new = (part.replace("\r\n", "\n").replace("\n", "\r\n") for part in (old, new))
        self.count = text.count(old)
        if self.count == 0:
            raise ToolError(f"The old text is not in {self.found.path}.", hint=_nearest(text, old))
        if self.count > 1 and not every:
            raise ToolError(
                f"The old text stands in {self.found.path} {self.count} times.",
                hint="Give more of what is around it, or set 'every'.",
            )
        changed = text.replace(old, new)
        big_endian = raw.startswith(codecs.BOM_UTF16_BE)  # "utf-16" would write the other order
        try:
            self.data = codecs.BOM_UTF16_BE + changed.encode("utf-16-be") if big_endian else changed.encode(encoding)
        except UnicodeEncodeError as error:
            raise ToolError(
                f"{self.found.path} is in {encoding}, which has no {error.object[error.start]!r}."
            ) from None
        self.diff = _diff(text, changed)


def _diff(old: str, new: str) -> str:
    import difflib

    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), "before", "after", lineterm="", n=2)
    shown = "\n".join(lines)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}\n..."


def _nearest(text: str, old: str) -> str:
    import difflib

    first = next((line.strip() for line in old.splitlines() if line.strip()), "")
    near = difflib.get_close_matches(first, {line.strip() for line in text.splitlines()[:5000]}, 1)
    return f"The nearest line is: {near[0][:200]}" if near else "Read the file again with desktop_read_file."


def _written(found: FileInfo) -> Written:
    return Written(found.path, found.size, found.version)
