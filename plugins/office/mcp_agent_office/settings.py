"""The section ``plugins: office:`` of the configuration."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from mcp_agent import Field, Folder


class Settings(Struct, frozen=True):
    """Every field has a default."""

    folders: Annotated[tuple[Folder, ...], Field("Folders; empty for the usual ones.")] = ()
    author: Annotated[str, Field("Who tracked changes and comments are from.", min_length=1)] = "Assistant"
    libreoffice: Annotated[str, Field("The program soffice; empty to look for it.")] = ""
    libreoffice_seconds: Annotated[float, Field("How long LibreOffice may take for one file.", gt=0, le=600)] = 120.0
