"""The scene for ``mcp-agent demo``: the library of this machine, or a made-up one where there is no Steam."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from mcp_agent import Stage


async def looks(stage: Stage) -> None:
    installed = await stage.call("steam_list_installed", limit=5, sort="hours")
    if not installed.is_error and installed.data["total"]:
        fits = await stage.call("steam_what_fits", minutes=60, limit=1)
        stage.check(not fits.is_error, f"nothing could be suggested: {fits.text}")
        _tell(stage, installed.data, fits.data)
        return
    stage.say(f"{installed.text if installed.is_error else 'No game is installed.'}")
    from mcp_agent_steam.example import write_example

    stage.say("So this is a library made up for the demo, read by the same tools:")
    with tempfile.TemporaryDirectory(prefix="mcp-agent-steam-") as folder:
        write_example(Path(folder))
        await _look_at(stage, folder)


async def _look_at(stage: Stage, folder: str) -> None:
    from mcp_agent import Config, Host

    config = Config(plugins={"steam": {"folders": [folder]}})
    async with Host(config, on_disk=False, installed=False, modules=["mcp_agent_steam"]) as host:
        await host.started()
        installed = (await host.call("steam_list_installed", {"sort": "hours"})).data
        fits = (await host.call("steam_what_fits", {"minutes": 60, "limit": 1})).data
    stage.check(installed["total"] == 5, f"not all games were read: {installed}")
    stage.check(len(installed["problems"]) == 1, f"the half-written file was not reported: {installed}")
    _tell(stage, installed, fits)
    stage.say(f"A file that breaks off is named, not guessed at: {Path(installed['problems'][0]).name}")


def _tell(stage: Stage, installed: dict[str, Any], fits: dict[str, Any]) -> None:
    names = ", ".join(f"{game['name']} ({game.get('hours', 0)} h)" for game in installed["games"][:5])
    stage.say(f"{installed['total']} games are installed, the most played: {names}.")
    for game in fits["games"]:
        stage.say(f"For one free hour it suggests {game['name']}: {'; '.join(game['why'])}.")
