"""A plugin that writes files, with undo."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, Folder, hookimpl, tool, undo_files


class Settings(Struct):
    folders: Annotated[tuple[Folder, ...], Field("Folders.")] = ()


@tool(effect="write", undo=undo_files("path"))
def filing_write(ctx: Context, path: Annotated[str, "Where."], text: Annotated[str, "What."]) -> str:
    """Write a text into a file."""
    return ctx.folders.save(path, text.encode()).path


@tool(effect="read")
def filing_names(ctx: Context) -> list[str]:
    """The names in the folder."""
    return [os.path.basename(entry.path) for entry in ctx.folders.list()]


@hookimpl
def mcp_agent_config() -> type[Struct]:
    return Settings


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return [filing_write, filing_names]
