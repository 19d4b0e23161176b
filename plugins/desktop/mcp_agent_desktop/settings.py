"""The section ``plugins: desktop:`` of the configuration."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from mcp_agent import Field, Folder


class Settings(Struct):
    """Every setting has a default."""

    folders: Annotated[
        tuple[Folder, ...],
        Field(
            "Folders that assistants see. Empty: Documents, Desktop, Downloads, and ~/mcp-agent, which they may change."
        ),
    ] = ()
