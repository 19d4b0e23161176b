"""The section ``plugins: steam:`` of the configuration."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from mcp_agent import Field


class Settings(Struct, frozen=True):
    """Nothing needs to be set: Steam is looked for where it usually is."""

    folders: Annotated[list[str], Field("Folders of Steam to read instead of the usual places.")] = []
    steam_id: Annotated[
        str, Field("Your 64 bit Steam id, where Steam is not on this machine.", pattern=r"^(\d{17})?$")
    ] = ""
    country: Annotated[str, Field("Two letters: prices are asked for there.", pattern=r"^[A-Z]{2}$")] = "US"
