"""Your Steam library: what is installed, what to play, with whom. Local files first; more with a Web API key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mcp_agent import Context, PluginInfo, Scene, Setup, hookimpl
from mcp_agent_steam import desk
from mcp_agent_steam.demo import looks
from mcp_agent_steam.library.reader import LibraryReader
from mcp_agent_steam.settings import Settings
from mcp_agent_steam.tools.achievements import steam_achievements
from mcp_agent_steam.tools.deals import steam_wishlist_deals
from mcp_agent_steam.tools.details import steam_game_details
from mcp_agent_steam.tools.discover import steam_recommend, steam_what_fits
from mcp_agent_steam.tools.disk import steam_disk_usage
from mcp_agent_steam.tools.installed import (
    steam_find_game,
    steam_library_stats,
    steam_list_installed,
)
from mcp_agent_steam.tools.launch import steam_launch_game
from mcp_agent_steam.tools.played import steam_backlog, steam_recently_played
from mcp_agent_steam.tools.social import steam_coop_night, steam_friends


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(title="Steam", description="Your games: what is installed, what to play, with whom.")


@hookimpl
def mcp_agent_config() -> type[Settings]:
    return Settings


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return [
        steam_list_installed, steam_library_stats, steam_disk_usage, steam_find_game, steam_launch_game,
        steam_recently_played, steam_backlog, steam_what_fits, steam_game_details, steam_recommend,
        steam_coop_night, steam_wishlist_deals, steam_achievements, steam_friends,
    ]  # fmt: skip


@hookimpl
def mcp_agent_setup() -> Setup:
    return Setup(
        ask=("country",),
        secrets={
            "key": "A Steam Web API key, for all that you own, friends and achievements: steamcommunity.com/dev/apikey."
        },
    )


@hookimpl
async def mcp_agent_startup(ctx: Context) -> None:
    settings: Settings = ctx.config
    ctx.state = desk.Desk(LibraryReader(settings.folders, int(settings.steam_id) if settings.steam_id else None))


@hookimpl
async def mcp_agent_health(ctx: Context) -> str:
    library = await desk.look(ctx)
    key = "a Web API key is set" if await ctx.secrets.get("key") else "no Web API key"
    if not library.installs:
        return f"No Steam on this machine; {key}."
    games = sum(game.kind == "game" for game in library.games)
    broken = f"; files that could not be read whole: {len(library.problems)}" if library.problems else ""
    return f"Games: {games}; library folders: {len(library.folders)}{broken}; {key}."


@hookimpl
def mcp_agent_demo() -> Sequence[Scene]:
    return [Scene("It knows your games", looks)]
