"""Starting a game: the one thing here that is not just reading."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from typing import Annotated

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_steam import desk, names
from mcp_agent_steam.examples import EXAMPLES
from mcp_agent_steam.library.places import FLATPAK
from mcp_agent_steam.library.values import Game, Library
from mcp_agent_steam.tools.shapes import once

GameName = Annotated[str, Field("A name, or the app_id.", min_length=1, max_length=200)]

GRACE = 2.0
"""Seconds to watch what was started: a client that cannot start ends within that."""

_COMMANDS = {
    "flatpak": ("flatpak", "run", FLATPAK),
    "snap": ("snap", "run", "steam"),
    "darwin": ("open",),
    "win32": ("explorer",),
    "linux": ("steam",),
}
"""What takes a steam:// address: by the layout of the client, then by platform."""


def installed(library: Library, game: str) -> Game:
    """The installed game that is meant. Raises ToolError."""
    here = once(one for one in library.games if one.kind != "tool")
    if game.isdecimal() and int(game) in here:
        return here[int(game)]
    return names.the_one(
        game,
        [(one.name, one) for one in here.values()],
        "installed game",
        "steam_list_installed lists them; one that you own but have not installed must be installed in Steam first.",
    )


async def _preview(ctx: Context, game: str) -> str:
    found = installed(await desk.look_here(ctx), game)
    return f"Start {found.name} ({found.app_id}) with Steam on this machine."


@tool(effect="write", undo="impossible", timeout=30, preview=_preview, examples=EXAMPLES["steam_launch_game"])
async def steam_launch_game(ctx: Context, game: GameName) -> str:
    """Start an installed game on this machine. The person is asked first. It cannot be stopped from here."""
    library = await desk.look_here(ctx)
    found = installed(library, game)
    if found.state in ("being removed", "its folder is not there", "not fully installed", "files missing or damaged"):
        raise ToolError(
            f"{found.name} cannot be started: {found.state}.",
            hint="Open Steam and install it, or let Steam verify its files (Properties, Installed Files).",
        )
    await ctx.in_thread(lambda: _start(found))
    later = "" if found.ready else f" Steam will first finish this: {found.state}."
    return f"Steam was told to start {found.name}.{later}"


def command_for(game: Game, platform: str = sys.platform) -> list[str]:
    """What starts a game, the program's whole path first. Raises ToolError where that program is not there."""
    command = _COMMANDS.get(game.install.kind) or _COMMANDS.get(platform, _COMMANDS["linux"])
    program = shutil.which(command[0])
    if program is None and command[0] == "steam":  # a desktop client may have a shorter PATH than a terminal
        program = shutil.which(game.install.root / "steam.sh")
    if program is None:
        raise ToolError(
            f"The program {command[0]!r}, which starts this Steam, is not on the PATH.",
            hint="Start mcp-agent from where that program is found, or start the game by hand.",
        )
    return [program, *command[1:], f"steam://rungameid/{game.launch_id}"]


def _start(game: Game) -> None:
    command = command_for(game)
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True)
    try:
        code = process.wait(GRACE)
    except subprocess.TimeoutExpired:  # a client that was not running yet stays; somebody has to take its end
        threading.Thread(target=process.wait, name="steam", daemon=True).start()
        return
    if code and sys.platform != "win32":  # where explorer always says 1
        raise ToolError(
            f"Steam did not start {game.name}: {command[0]} ended with {code}.", hint="Start Steam by hand."
        )
