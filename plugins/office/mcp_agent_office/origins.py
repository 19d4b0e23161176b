"""Where text in a result comes from."""

from __future__ import annotations

from typing import Any

from mcp_agent import Context


def own_or_outside(ctx: Context, arguments: Any) -> str | None:
    """What is in a folder that only is to be read was written by anybody; the writable ones are where the work is."""
    if not arguments.path:  # a search of everything
        return None if all(folder.writable for folder in ctx.folders.configured) else "files"
    paths = (arguments.path, getattr(arguments, "other", arguments.path))
    return None if all(map(ctx.folders.is_writable, paths)) else "files"
