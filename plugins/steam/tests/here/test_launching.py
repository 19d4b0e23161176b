"""Starting a game: by Steam's own client, after the person was asked."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from mcp_agent_steam.library.reader import LibraryReader
from mcp_agent_steam.tools.launch import command_for

from mcp_agent import Config, Host, ToolError
from mcp_agent.testing import ScriptedCaller
from plugins.steam.tests.here.asking import MODULE, ask, fails
from plugins.steam.tests.tree import anna, program


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH beside the system's own tools."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return folder


@pytest.mark.parametrize(
    ("below", "command", "given"),
    [
        ("Steam", "steam", "steam://rungameid/620"),
        (".var/app/com.valvesoftware.Steam/data/Steam", "flatpak", "run com.valvesoftware.Steam steam://rungameid/620"),
        ("snap/steam/common/.local/share/Steam", "snap", "run steam steam://rungameid/620"),
    ],
)
def test_launch(below: str, command: str, given: str, tmp_path: Path, bin_folder: Path) -> None:
    root = anna(tmp_path / below).root
    program(bin_folder, command, f'echo "$@" > {tmp_path}/started; echo noise; exit 0')
    for game in ("portal 2", "620"):
        said = ask(root, lambda host, game=game: host.call("steam_launch_game", {"game": game})).text
        assert said == "Steam was told to start Portal 2."
        assert (tmp_path / "started").read_text().strip() == given
        (tmp_path / "started").unlink()


def test_launch_of_a_shortcut_and_of_one_to_update(root: Path, tmp_path: Path, bin_folder: Path) -> None:
    program(bin_folder, "steam", f'echo "$@" > {tmp_path}/started')
    ask(root, lambda host: host.call("steam_launch_game", {"game": "minecraft"}))
    assert (
        tmp_path / "started"
    ).read_text().strip() == f"steam://rungameid/{3_000_000_000 + 4096 - 4096 << 32 | 0x2000000}"
    said = ask(root, lambda host: host.call("steam_launch_game", {"game": "Half-Life"})).text
    assert said.endswith("Steam will first finish this: update needed.")


def test_a_client_that_stays_is_left_running(
    root: Path, tmp_path: Path, bin_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It outlives the call and the host; the test ends it through the file that it waits for."""
    monkeypatch.setattr("mcp_agent_steam.tools.launch.GRACE", 0.2)
    os.mkfifo(tmp_path / "end")
    program(
        bin_folder, "steam", f"echo up > {tmp_path}/up; cat {tmp_path}/end > /dev/null; echo over > {tmp_path}/over"
    )
    said = ask(root, lambda host: host.call("steam_launch_game", {"game": "620"})).text
    assert said == "Steam was told to start Portal 2."
    assert not (tmp_path / "over").exists()
    with (tmp_path / "end").open("w") as pipe:  # waits for the reader: it is alive
        pipe.write("now\n")


def test_launch_that_fails(root: Path, tmp_path: Path, bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(bin_folder, "steam", "exit 3")
    assert "/steam ended with 3" in fails(root, "steam_launch_game", game="620")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert "'steam', which starts this Steam, is not on the PATH" in fails(root, "steam_launch_game", game="620")


@pytest.mark.parametrize(
    ("game", "said"),
    [
        ("civilization", "may be more than one installed game: Sid Meier's Civilization"),
        ("zzzzqq", "There is no installed game 'zzzzqq'"),
        ("Proton Experimental", "There is no installed game"),
        ("999999", "There is no installed game"),
        ("440; rm -rf /", "There is no installed game"),
    ],
)
def test_launch_of_what_is_not_clear_starts_nothing(
    game: str, said: str, root: Path, tmp_path: Path, bin_folder: Path
) -> None:
    program(bin_folder, "steam", f"touch {tmp_path}/started")
    assert said in fails(root, "steam_launch_game", game=game)
    assert not (tmp_path / "started").exists()


def test_a_game_whose_files_are_gone_is_not_started(root: Path, tmp_path: Path, bin_folder: Path) -> None:
    program(bin_folder, "steam", f"touch {tmp_path}/started")
    (root / "steamapps" / "common" / "Portal 2").rmdir()
    assert "Portal 2 cannot be started: its folder is not there." in fails(root, "steam_launch_game", game="620")
    assert not (tmp_path / "started").exists()


def test_the_person_is_asked_first(root: Path, tmp_path: Path, bin_folder: Path) -> None:
    program(bin_folder, "steam", f"touch {tmp_path}/started")

    async def work() -> list[str]:
        config = Config(plugins={"steam": {"folders": [str(root)]}})
        async with Host(config, on_disk=False, installed=False, modules=[MODULE]) as host:
            await host.started()
            person = ScriptedCaller(elicit=[{"decision": "refuse"}, {"decision": "allow once"}], principal="stdio:test")
            with pytest.raises(ToolError):
                await host.call("steam_launch_game", {"game": "portal 2"}, person)
            assert not (tmp_path / "started").exists()
            await host.call("steam_launch_game", {"game": "portal 2"}, person)
            return [params["message"] for _, params in person.asked]

    asked = asyncio.run(work())
    assert (tmp_path / "started").exists()
    assert len(asked) == 2
    assert all("Start Portal 2 (620) with Steam on this machine." in message for message in asked)


@pytest.mark.parametrize(("platform", "command"), [("darwin", "open"), ("win32", "explorer"), ("freebsd14", "steam")])
def test_commands_of_other_platforms(platform: str, command: str, root: Path, bin_folder: Path) -> None:
    program(bin_folder, command, "exit 0")
    [game] = [game for game in LibraryReader([str(root)]).read().games if game.app_id == 620]
    assert command_for(game, platform) == [str(bin_folder / command), "steam://rungameid/620"]


def test_without_steam_on_the_path_its_own_script_is_used(root: Path, tmp_path: Path, bin_folder: Path) -> None:
    program(root, "steam.sh", f'echo "$@" > {tmp_path}/started')
    ask(root, lambda host: host.call("steam_launch_game", {"game": "620"}))
    assert (tmp_path / "started").read_text() == "steam://rungameid/620\n"
