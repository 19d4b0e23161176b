"""Two themes in the colours of Okabe and Ito, which people with any kind of colour vision can tell apart."""

from __future__ import annotations

from textual.theme import Theme

NIGHT = Theme(
    name="mcp-night", dark=True,
    primary="#56B4E9", secondary="#0072B2", accent="#F0E442", success="#2CC295", warning="#E69F00", error="#FF7F50",
    foreground="#D8DEE9", background="#10151C", surface="#161D26", panel="#1F2936",
)  # fmt: skip
DAY = Theme(
    name="mcp-day", dark=False,
    primary="#0072B2", secondary="#56B4E9", accent="#8F5902", success="#00795A", warning="#A65E00", error="#B33A00",
    foreground="#1B2430", background="#F6F7F9", surface="#ECEFF3", panel="#DDE3EA",
)  # fmt: skip
THEMES = (NIGHT, DAY)
