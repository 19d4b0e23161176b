"""Arguments and results that several tools share."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection
from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, FileInfo, ToolError
from mcp_agent_office.files import read_office

PathText = Annotated[str, Field("The file: a name in the working folder, or an absolute path.", min_length=1)]
Version = Annotated[str | None, Field("'version' of what was read: refuses when the file was changed since.")]
Sheet = Annotated[str | None, Field("The sheet; the first one without it.")]
AcceptLoss = Annotated[bool, Field("The person agreed to lose what the refusal named.")]
Replace = Annotated[bool, Field("Whether a file of that name may be replaced.")]


class Saved(Struct, frozen=True, omit_defaults=True):
    """``version`` is for the next write. ``lost`` is what was given up, with leave."""

    path: str
    version: str
    size: int
    note: str = ""
    lost: list[str] = []


def saved_as(info: FileInfo, note: str = "", lost: list[str] | None = None) -> Saved:
    return Saved(info.path, info.version, info.size, note, lost or [])


def read_to_change(ctx: Context, path: str, allowed: Collection[str], version: str | None) -> tuple[bytes, FileInfo]:
    """Like read_office. Raises ToolError, too, when somebody changed the file since the caller read that version."""
    data, info = read_office(ctx, path, allowed)
    if version is not None and info.version != version:
        raise ToolError(f"{info.path} was changed by somebody else since it was read.", hint="Read it again first.")
    return data, info


def save_over(ctx: Context, info: FileInfo, data: bytes, note: str = "", lost: list[str] | None = None) -> Saved:
    """Replace what was read, unless somebody changed it in the meantime."""
    from mcp_agent_office.guard.contents import is_signed

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        broken = " It was signed; the signature does not hold any more." if is_signed(package) else ""
    return saved_as(ctx.folders.save(info.path, data, expected=info.sha256), (note + broken).strip(), lost)
