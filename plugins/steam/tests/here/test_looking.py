"""The tools without an account: this machine's files are all there is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Host
from plugins.steam.tests.here.asking import ask, call, fails
from plugins.steam.tests.tree import ACCOUNT, Tree


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
