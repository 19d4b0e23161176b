"""What the tools need of Steam over the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from mcp_agent_steam.web.answers import Achievement, Details, Owned, Person, Price


class SteamAccount(Protocol):
    """Needs a key. Raises Private for what a profile does not show, UpstreamError when Steam fails."""

    async def owned(self, steam_id: int) -> list[Owned]: ...
    async def recent(self, steam_id: int) -> list[Owned]: ...
    async def friends(self, steam_id: int) -> list[int]: ...
    async def people(self, steam_ids: Sequence[int]) -> list[Person]: ...
    async def achievements(self, steam_id: int, app_id: int) -> list[Achievement]:
        """All of a game's, unlocked or not. Empty for a game without any."""
        ...


class SteamStore(Protocol):
    """Needs nothing. Raises UpstreamError when Steam fails."""

    async def details(self, app_id: int) -> Details | None:
        """None for an app that the store does not have, or has no more."""
        ...

    async def prices(self, app_ids: Sequence[int]) -> Mapping[int, Price]:
        """Those that can be bought for money now."""
        ...

    async def wishlist(self, steam_id: int) -> list[int]:
        """The most wanted first. Empty also for one that is private: Steam does not say which."""
        ...

    async def rarity(self, app_id: int) -> Mapping[str, float]:
        """For each achievement, by its key, how many per cent of all players have it."""
        ...
