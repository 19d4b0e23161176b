"""The section ``plugins: smart_home:`` of the configuration."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from mcp_agent import Field


class Settings(Struct, frozen=True):
    """Every field has a default: without a URL there is a simulated home."""

    url: Annotated[
        str,
        Field(
            "Where Home Assistant is, such as http://homeassistant.local:8123, or 'discover' to look for it in the "
            "network. Empty for the simulated home.",
            pattern=r"^(|discover|https?://[^\s/]+(/[^\s]*)?)$",
        ),
    ] = ""
    guarded: Annotated[
        tuple[str, ...],
        Field("Patterns of further entity ids to treat like locks: 'switch.garage_*'.", max_length=200),
    ] = ()
