"""The tools without an account: this machine's files are all there is. Nothing listens where Steam would."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from mcp_agent_steam.library.reader import LibraryReader
from mcp_agent_steam.tools.launch import command_for

from mcp_agent import Config, Host, ToolError
from mcp_agent.testing import FakeClock, PluginContract, ScriptedCaller, host_for
from plugins.steam.tests.tree import ACCOUNT, NOW, Tree, anna, program

MODULE = "mcp_agent_steam"
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody answers


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("web.account.API", "web.store.API", "web.store.STORE"):
        monkeypatch.setattr(f"mcp_agent_steam.{place}", NOWHERE)


_FOLDER = tempfile.TemporaryDirectory(prefix="mcp-agent-steam-tests-")


class TestContract(PluginContract):
    module = MODULE
    settings: ClassVar = {"folders": [str(anna(Path(_FOLDER.name) / "Steam").root)]}
    examples: ClassVar = {
        "steam_list_installed": {"sort": "size", "limit": 3},
        "steam_library_stats": {},
        "steam_disk_usage": {},
        "steam_find_game": {"query": "civ 6"},
        "steam_recently_played": {},
        "steam_backlog": {},
        "steam_what_fits": {"minutes": 30, "mood": "thinking"},
        "steam_game_details": {"game": "portal 2"},
        "steam_recommend": {},
        "steam_friends": {},
    }


class TestContractWithoutSteam(PluginContract):
    """On a machine that has none: the demo, health and everything else holds there too."""

    module = MODULE
    settings: ClassVar = {"folders": [str(Path(_FOLDER.name) / "nothing")]}


def ask(root: Path, work: Callable[[Host], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with host_for(MODULE, {"folders": [str(root)]}, clock=FakeClock(NOW)) as host:
            return await work(host)

    return asyncio.run(run())


def call(root: Path, tool: str, **arguments: Any) -> Any:
    async def work(host: Host) -> Any:
        return (await host.call(tool, arguments)).data

    return ask(root, work)


def fails(root: Path, tool: str, **arguments: Any) -> str:
    with pytest.raises(ToolError) as caught:
        call(root, tool, **arguments)
    return str(caught.value)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return anna(tmp_path / "Steam").root


def names(answer: Any) -> list[str]:
    return [game["name"] for game in answer["games"]]


def test_list_installed_sorts_and_pages(root: Path) -> None:
    first = call(root, "steam_list_installed", sort="size", limit=3)
    assert names(first) == ["Team Fortress 2", "Sid Meier's Civilization VI", "Portal 2"]
    assert (first["total"], first["next_offset"]) == (8, 3)
    assert first["games"][2] == {
        "app_id": 620, "name": "Portal 2", "size_gb": 12.6, "hours": 20.8, "last_played": "2025-12-29T00:00:00Z",
    }  # fmt: skip
    rest = call(root, "steam_list_installed", sort="size", limit=50, offset=3)
    assert "next_offset" not in rest
    assert len(rest["games"]) == 5
    assert names(call(root, "steam_list_installed", sort="last_played", limit=2)) == ["Minecraft", "Portal 2"]
    assert "Proton Experimental" in names(call(root, "steam_list_installed", tools=True))


def test_library_stats(root: Path) -> None:
    stats = call(root, "steam_library_stats")
    assert (stats["account"], stats["installed"], stats["ready"], stats["shortcuts"]) == ("Anna", 7, 6, 1)
    assert (stats["never_played"], stats["hours"]) == (1, 80.6)
    assert stats["by_library"] == {str(root): 7}
    assert "secrets set steam key" in stats["note"]
    assert "owned" not in stats


def test_disk_usage(root: Path) -> None:
    (root / "steamapps" / "common" / "Left behind").mkdir()
    usage = call(root, "steam_disk_usage", unplayed_days=180, limit=2)
    assert [game["name"] for game in usage["largest"]] == ["Team Fortress 2", "Sid Meier's Civilization VI"]
    assert usage["libraries"][0]["games"] == 8
    assert usage["libraries"][0]["size_gb"] == 77.1
    assert usage["stale_gb"] == 33.0  # Civilization V and VI, Portal, Stardew Valley and Half-Life
    assert usage["leftovers"] == [str(root / "steamapps" / "common" / "Left behind")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("portal 2", "Portal 2"), ("PORTAL", "Portal"), ("portl 2", "Portal 2"), ("tf2", "Team Fortress 2"),
        ("stardew", "Stardew Valley"), ("civilisation vi", "Sid Meier's Civilization VI"), ("minecraft", "Minecraft"),
    ],
)  # fmt: skip
def test_find_game(query: str, found: str, root: Path) -> None:
    assert names(call(root, "steam_find_game", query=query))[0] == found


@pytest.mark.parametrize("query", ["zzzzqq", "!!!"])
def test_find_game_finds_nothing(query: str, root: Path) -> None:
    answer = call(root, "steam_find_game", query=query)
    assert answer["games"] == []
    assert "key" in answer["note"]


def test_recently_played(root: Path) -> None:
    recent = call(root, "steam_recently_played")
    assert names(recent) == ["Minecraft", "Portal 2", "App 10 (not installed any more)"]
    assert recent["source"] == "this machine"


def test_backlog(root: Path) -> None:
    backlog = call(root, "steam_backlog", below_minutes=60)
    assert names(backlog) == ["Sid Meier's Civilization V", "Half-Life", "Stardew Valley"]
    assert (backlog["total"], backlog["of"]) == (3, 7)
    assert "key" in backlog["note"]


def why(answer: Any, name: str) -> str:
    [game] = [game for game in answer["games"] if game["name"] == name]
    return "; ".join(game["why"])


def test_what_fits_a_short_while(root: Path) -> None:
    answer = call(root, "steam_what_fits", minutes=30)
    assert names(answer)[0] == "Portal 2"  # known, and played three days ago
    assert "Half-Life" not in names(answer)  # needs an update
    assert "you know it (21 h played)" in why(answer, "Portal 2")
    assert "last played 3 days ago" in why(answer, "Portal 2")
    assert any("How long a game takes is not known" in note for note in answer["notes"])


def test_what_fits_a_mood_and_people(root: Path) -> None:
    thinking = call(root, "steam_what_fits", mood="thinking", minutes=180)
    assert set(names(thinking)[:3]) == {"Sid Meier's Civilization VI", "Sid Meier's Civilization V", "Stardew Valley"}
    assert "Strategy: thinking" in why(thinking, "Sid Meier's Civilization V")
    together = call(root, "steam_what_fits", players=2)
    assert "Portal" not in names(together)
    assert "for several people: Co-op, Online Co-op" in why(together, "Portal 2")
    assert names(call(root, "steam_what_fits", mood="competitive", limit=1)) == ["Team Fortress 2"]


def test_what_fits_without_a_catalogue_says_what_is_not_known(root: Path) -> None:
    (root / "appcache" / "appinfo.vdf").unlink()
    answer = call(root, "steam_what_fits", mood="relaxed")
    assert len(answer["games"]) == 5
    assert any("Neither genre nor players are known" in note for note in answer["notes"])
    assert not any("relaxed" in reason for game in answer["games"] for reason in game["why"])


def test_recommend(root: Path) -> None:
    answer = call(root, "steam_recommend")
    assert names(answer)[0] == "Sid Meier's Civilization V"
    assert "you played Sid Meier's Civilization VI for 50 h" in why(answer, "Sid Meier's Civilization V")
    assert "you play much Strategy" in why(answer, "Sid Meier's Civilization V")
    assert "96 % of reviews are positive" in why(answer, "Sid Meier's Civilization V")
    assert not {"Portal 2", "Portal", "Sid Meier's Civilization VI"} & set(names(answer))
    (root / "appcache" / "appinfo.vdf").unlink()
    answer = call(root, "steam_recommend")
    assert names(answer)[0] == "Sid Meier's Civilization V"  # by its series
    assert any("Genres are not known" in note for note in answer["notes"])


def test_a_broken_catalogue_is_mentioned(root: Path) -> None:
    path = root / "appcache" / "appinfo.vdf"
    path.write_bytes(path.read_bytes()[:400])
    assert any("appinfo.vdf: it breaks off" in note for note in call(root, "steam_recommend")["notes"])


def test_game_details_when_the_store_does_not_answer(root: Path) -> None:
    details = call(root, "steam_game_details", game="portal 2")
    assert (details["app_id"], details["hours"], details["size_gb"]) == (620, 20.8, 12.6)
    assert details["genres"] == ["Action", "Adventure"]
    assert "Steam did not answer" in details["store"]
    assert "Steam did not answer" in fails(root, "steam_game_details", game="999999")


def test_friends(root: Path) -> None:
    friends = call(root, "steam_friends")
    assert friends["friends"] == [{"steam_id": str(76561197960265728 + 33), "name": "Björn"}]
    assert (friends["source"], "key" in friends["note"]) == ("this machine", True)


@pytest.mark.parametrize(
    ("tool", "arguments"), [("steam_coop_night", {"friends": ["Bo"]}), ("steam_achievements", {"game": "Portal"})]
)
def test_tools_that_need_a_key_say_how_to_set_it(tool: str, arguments: Any, root: Path) -> None:
    assert "mcp-agent secrets set steam key" in fails(root, tool, **arguments)


LOCAL = ["steam_list_installed", "steam_library_stats", "steam_disk_usage", "steam_recently_played", "steam_backlog"]


@pytest.mark.parametrize("tool", [*LOCAL, "steam_what_fits", "steam_recommend", "steam_friends"])
def test_without_steam_each_says_so_and_what_to_do(tool: str, tmp_path: Path) -> None:
    said = fails(tmp_path, tool)
    assert "There is no Steam on this machine" in said
    assert "plugins.steam.folders" in said


def test_an_empty_library(tmp_path: Path) -> None:
    Tree(tmp_path)
    assert call(tmp_path, "steam_list_installed") == {"total": 0, "games": []}
    assert "No game is installed." in call(tmp_path, "steam_what_fits")["notes"]
    assert "No game is installed." in call(tmp_path, "steam_recommend")["notes"]
    assert call(tmp_path, "steam_library_stats")["account"] == "nobody signed in"
    assert "no installed game" in fails(tmp_path, "steam_launch_game", game="Portal")


def test_problems_are_few_and_counted(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    for number in range(15):
        tree.game(100 + number, f"Game {number}").write_bytes(b"")
    problems = call(tmp_path, "steam_list_installed")["problems"]
    assert len(problems) == 11
    assert problems[-1] == "and 5 more"


def test_health(root: Path) -> None:
    (root / "userdata" / str(ACCOUNT) / "config" / "localconfig.vdf").write_text('"UserLocalConfigStore" {')

    async def work(host: Host) -> str:
        return (await host.checks())["steam"]

    assert ask(root, work) == "Games: 7; library folders: 1; files that could not be read whole: 1; no Web API key."


def test_a_game_that_would_be_found_by_nobody_else_is_no_leftover(root: Path) -> None:
    """Where a manifest cannot be read, its folder must not be offered for deletion."""
    (root / "steamapps" / "common" / "Left behind").mkdir()
    whole = (root / "steamapps" / "appmanifest_620.acf").read_bytes()
    for cut in (b"", whole[: whole.index(b'"installdir"')]):
        (root / "steamapps" / "appmanifest_620.acf").write_bytes(cut)
        assert "leftovers" not in call(root, "steam_disk_usage")


# --- starting a game ------------------------------------------------------------------------------


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
