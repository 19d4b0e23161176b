"""What the tools share: the library, Steam's answers, and what was looked up before."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from pathlib import Path
from threading import Lock

from mcp_agent import Context, ToolError
from mcp_agent_steam import pages
from mcp_agent_steam.library.appinfo import Catalogue
from mcp_agent_steam.library.reader import LibraryReader
from mcp_agent_steam.library.values import Facts, Library
from mcp_agent_steam.web.answers import Owned, Private
from mcp_agent_steam.web.client import SteamAccount, SteamStore
from mcp_agent_steam.web.fetch import Fetcher

_REQUESTS_AT_ONCE = 4
NO_KEY = (
    "Without a Web API key only this machine's games are known: 'mcp-agent secrets set steam key' adds your account."
)


class Desk:
    """Kept as ``ctx.state`` while the plugin runs."""

    def __init__(self, reader: LibraryReader) -> None:
        self.reader = reader
        self.catalogues: dict[Path, Catalogue] = {}
        self.gate = asyncio.Semaphore(_REQUESTS_AT_ONCE)
        self._lock = Lock()

    def facts(self, library: Library, app_ids: Collection[int]) -> dict[int, Facts]:
        """What the catalogues of the clients here say of these apps. Blocks."""
        found: dict[int, Facts] = {}
        with self._lock:
            for install in library.installs:
                catalogue = self.catalogues.setdefault(install.root, Catalogue())
                found.update(catalogue.facts(install.root, [app_id for app_id in app_ids if app_id not in found]))
        return found

    def catalogue_problems(self) -> list[str]:
        """What is wrong with catalogues that were asked, for the person."""
        return [
            f"Genres are not known for every game: {root / 'appcache' / 'appinfo.vdf'}: {catalogue.problem}."
            for root, catalogue in self.catalogues.items()
            if catalogue.problem
        ]


def desk(ctx: Context) -> Desk:
    state: Desk = ctx.state
    return state


async def look(ctx: Context) -> Library:
    """The library of this machine, possibly an empty one."""
    library: Library = await ctx.in_thread(desk(ctx).reader.read)
    return library


async def look_here(ctx: Context) -> Library:
    """The library, for tools that need one. Raises ToolError where there is no Steam."""
    library = await look(ctx)
    if not library.installs:
        raise ToolError(
            "There is no Steam on this machine, or not where it usually is.",
            hint="Set plugins.steam.folders in the configuration to the folder that holds 'steamapps'.",
        )
    return library


async def account(ctx: Context) -> SteamAccount | None:
    """The account over the network, None without a key."""
    key = await ctx.secrets.get("key")
    if key is None:
        return None
    from mcp_agent_steam.web.account import LiveAccount

    return LiveAccount(_fetcher(ctx), key.reveal(), ctx.threads)


async def account_needed(ctx: Context) -> SteamAccount:
    """The same, for tools that are nothing without it."""
    await ctx.secrets.require("key")
    found = await account(ctx)
    assert found is not None
    return found


def store(ctx: Context) -> SteamStore:
    from mcp_agent_steam.web.store import LiveStore

    return LiveStore(_fetcher(ctx), ctx.config.country)


def own_id(ctx: Context, library: Library) -> int:
    """The 64 bit id of the person. Raises ToolError where nothing says it."""
    if ctx.config.steam_id:
        return int(ctx.config.steam_id)
    if library.account is None:
        raise ToolError(
            "Nobody has signed in to Steam on this machine, so it is not known whose account to ask about.",
            hint="Set plugins.steam.steam_id in the configuration to your 64 bit Steam id.",
        )
    return library.account.steam_id


async def owned(ctx: Context, library: Library) -> tuple[list[Owned] | None, str | None]:
    """All games of the account. None where they cannot be known, and then why, for the person."""
    web = await account(ctx)
    if web is None:
        return None, NO_KEY
    try:
        return await web.owned(own_id(ctx, library)), None
    except Private as error:
        return None, f"Only what is on this machine is known. {error}"
    except ToolError as error:
        return None, f"Only what is on this machine is known: {error}"


async def facts(ctx: Context, library: Library, app_ids: Sequence[int]) -> dict[int, Facts]:
    """Genres and features: from Steam's catalogue on this machine, else from pages of the store read before."""
    found: dict[int, Facts] = await ctx.in_thread(lambda: desk(ctx).facts(library, app_ids))
    for app_id, page in (await pages.kept(ctx, [app_id for app_id in app_ids if app_id not in found])).items():
        found[app_id] = Facts(page.name, page.kind, page.genres, page.features)
    return found


def _fetcher(ctx: Context) -> Fetcher:
    return Fetcher(ctx.http, desk(ctx).gate)
