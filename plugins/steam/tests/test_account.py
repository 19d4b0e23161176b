"""The tools with an account, against a server that answers as Steam does: also when it refuses, fails or hangs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Host, ToolError
from mcp_agent.testing import FakeClock, host_for
from mcp_agent.vault.secret import Secret
from plugins.steam.tests.tree import NOW, STEAM_ID, Tree, anna
from plugins.steam.tests.valve import CLEO, HIDDEN, KEY, Valve, valve

MODULE = "mcp_agent_steam"
Work = Callable[[Host, Valve], Awaitable[Any]]


class Steam:
    """Runs one question in a host with a key, beside the other side."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.key: str | None = KEY
        self.settings: dict[str, Any] = {}
        self._monkeypatch = monkeypatch
        self.requests: list[Any] = []

    def run(self, work: Work) -> Any:
        async def go() -> Any:
            settings = {"folders": [str(self.root)], **self.settings}
            async with valve(self._monkeypatch) as other, host_for(MODULE, settings, clock=FakeClock(NOW)) as host:
                if self.key:
                    await host.vault.set("steam", "key", Secret(self.key))
                try:
                    return await work(host, other)
                finally:
                    self.requests = other.requests

        return asyncio.run(go())

    def call(self, tool: str, change: Callable[[Valve], None] = lambda other: None, **arguments: Any) -> Any:
        async def work(host: Host, other: Valve) -> Any:
            change(other)
            return (await host.call(tool, arguments)).data

        return self.run(work)

    def fails(self, tool: str, change: Callable[[Valve], None] = lambda other: None, **arguments: Any) -> str:
        with pytest.raises(ToolError) as caught:
            self.call(tool, change, **arguments)
        return str(caught.value)


@pytest.fixture
def steam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steam:
    return Steam(anna(tmp_path / "Steam").root, monkeypatch)


def names(answer: Any) -> list[str]:
    return [game["name"] for game in answer["games"]]


def put(name: str, value: Any) -> Callable[[Valve], None]:
    return lambda other: setattr(other, name, value)


def private(steam_id: int) -> Callable[[Valve], None]:
    def change(other: Valve) -> None:
        other.games[steam_id] = None

    return change


def test_backlog_knows_what_is_not_installed(steam: Steam) -> None:
    backlog = steam.call("steam_backlog")
    lines = {game["name"]: game["installed"] for game in backlog["games"]}
    assert lines == {
        "Sid Meier's Civilization V": True, "Stardew Valley": True, "Half-Life": True,
        "Cyberpunk 2077": False, "Left 4 Dead 2": False,
    }  # fmt: skip
    assert names(backlog)[-2:] == ["Cyberpunk 2077", "Left 4 Dead 2"]
    assert (backlog["of"], "note" in backlog) == (9, False)


def test_stats_and_search_over_all_that_is_owned(steam: Steam) -> None:
    stats = steam.call("steam_library_stats")
    assert (stats["owned"], stats["owned_never_played"], stats["hours"]) == (8, 3, 80.3)
    [found, *_] = steam.call("steam_find_game", query="cyberpunk")["games"]
    assert (found["app_id"], found["installed"]) == (1091500, False)


def test_recently_played_on_all_machines(steam: Steam) -> None:
    recent = steam.call("steam_recently_played")
    assert recent["source"] == "account"
    [game] = recent["games"]
    assert (game["name"], game["hours_two_weeks"], game["hours"]) == ("Portal 2", 0.8, 21.7)


def test_what_fits_and_recommend_reach_beyond_this_machine(steam: Steam) -> None:
    evening = steam.call("steam_what_fits", minutes=240, limit=20)
    assert "Cyberpunk 2077" in names(evening)
    short = steam.call("steam_what_fits", minutes=60, limit=20)
    assert "Cyberpunk 2077" not in names(short)
    assert any("Left out because they have to be downloaded" in note for note in short["notes"])
    recommended = steam.call("steam_recommend", limit=20)
    assert names(recommended)[0] == "Sid Meier's Civilization V"
    assert "Left 4 Dead 2" in names(recommended)


def test_what_the_store_said_once_is_known_later(steam: Steam) -> None:
    async def work(host: Host, other: Valve) -> Any:
        await host.call("steam_game_details", {"game": "1091500"})
        answer = await host.call("steam_what_fits", {"minutes": 240, "mood": "story", "limit": 20})
        return answer.data

    [game] = [game for game in steam.run(work)["games"] if game["name"] == "Cyberpunk 2077"]
    assert game["why"][0] == "RPG: story"


def test_friends_with_what_they_play(steam: Steam) -> None:
    friends = steam.call("steam_friends")
    assert [friend["name"] for friend in friends["friends"]] == ["Cleopatra", "Bo", "Dan", "Hidden Harry"]
    assert friends["friends"][0] == {
        "steam_id": str(CLEO), "name": "Cleopatra", "status": "online", "playing": "Left 4 Dead 2",
    }  # fmt: skip
    assert (friends["total"], friends["online"], friends["source"]) == (4, 3, "account")


def test_a_coop_night(steam: Steam) -> None:
    night = steam.call("steam_coop_night", friends=["bo", "cleopatr"])
    assert night["people"] == ["you", "Bo", "Cleopatra"]
    assert names(night) == ["Left 4 Dead 2", "Portal 2"]  # Portal cannot be played together
    assert night["total"] == 3
    assert night["games"][1]["together"] == ["Co-op", "Online Co-op"]
    assert night["games"][0]["hours"] == {"you": 0.0, "Bo": 100.0, "Cleopatra": 1.0}


def test_a_coop_night_with_somebody_who_shows_nothing(steam: Steam) -> None:
    night = steam.call("steam_coop_night", friends=["Bo", str(HIDDEN)])
    assert (night["people"], night["unknown"]) == (["you", "Bo"], ["Hidden Harry"])
    assert names(night) == ["Left 4 Dead 2", "Portal 2"]
    assert "Hidden Harry do not show their games" in steam.fails("steam_coop_night", friends=["Hidden Harry"])


def test_a_coop_night_with_an_empty_library_and_with_nobody(steam: Steam) -> None:
    assert steam.call("steam_coop_night", friends=["Dan"])["games"] == []
    assert "There is no friend 'Zebulon'" in steam.fails("steam_coop_night", friends=["Zebulon"])
    assert "There is no Steam account 76561197960000000" in steam.fails(
        "steam_coop_night", friends=["76561197960000000"]
    )


def test_a_coop_night_says_when_the_store_could_not_be_asked(steam: Steam) -> None:
    def no_page(other: Valve) -> None:
        other.pages = {}

    (steam.root / "appcache" / "appinfo.vdf").unlink()
    night = steam.call("steam_coop_night", no_page, friends=["Bo"])
    assert len(night["games"]) == 3
    assert "It is not known whether several can play these, which come last: 3" in night["notes"][0]


def test_achievements(steam: Steam) -> None:
    found = steam.call("steam_achievements", game="portal 2")
    assert (found["unlocked"], found["total"], found["name"]) == (2, 4, "Portal 2")
    assert [(line["name"], line["percent"]) for line in found["rarest"]] == [
        ("You Monster", 54.3),
        ("Wake Up Call", 89.5),
    ]
    assert [line["name"] for line in found["next"]] == ["Professor Portal", "Undiscovered Country"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("Profile is not public", "does not show its achievements"),
        ("Something else", "could not give the achievements"),
    ],
)
def test_achievements_that_are_not_shown(error: str, said: str, steam: Steam) -> None:
    assert said in steam.fails(
        "steam_achievements", put("achievements", {"error": error, "success": False}), game="620"
    )


def test_a_game_without_achievements(steam: Steam) -> None:
    none = {"error": "Requested app has no stats", "success": False}
    found = steam.call("steam_achievements", put("achievements", none), game="620")
    assert (found["total"], found["note"]) == (0, "This game has no achievements.")


def test_wishlist_deals_need_no_key(steam: Steam) -> None:
    steam.key = None
    deals = steam.call("steam_wishlist_deals")
    assert (deals["wished"], deals["reduced"], deals["country"]) == (4, 2, "US")
    assert deals["deals"][0] == {
        "app_id": 1091500, "name": "Cyberpunk 2077", "now": "29.99€", "before": "59.98€", "discount_percent": 50,
        "place": 1,
    }  # fmt: skip
    assert [deal["name"] for deal in deals["deals"]] == ["Cyberpunk 2077", "Hades"]
    assert steam.call("steam_wishlist_deals", min_discount=60)["deals"] == []
    empty = steam.call("steam_wishlist_deals", put("wishlist", []))
    assert empty["note"] == "The wishlist is empty or private: Steam does not say which."


def test_details_of_a_game_from_store_and_disk(steam: Steam) -> None:
    steam.settings = {"country": "FI"}
    details = steam.call("steam_game_details", game="portal 2")
    assert (details["store"], details["installed"], details["description"]) == ("there", True, "Portal 2 & more")
    assert (details["price"], details["discount_percent"], details["review_percent"]) == ("0.97€", 90, 98)
    assert [request.query["cc"] for request in steam.requests if "appdetails" in request.path] == ["FI"]


def test_a_game_that_was_removed_from_the_store(steam: Steam) -> None:
    details = steam.call("steam_game_details", game="400")  # installed, and not in the store
    assert (details["store"], details["name"], details["installed"]) == ("not there", "Portal", True)
    said = steam.fails("steam_game_details", game="31337")
    assert "App 31337 is neither here nor in the store: it was removed" in said


# --- when Steam does not give -----------------------------------------------------------------------

FALL_BACK = {
    "steam_backlog": "note", "steam_library_stats": "note", "steam_recently_played": "note", "steam_friends": "note",
    "steam_what_fits": "notes", "steam_recommend": "notes",
}  # fmt: skip
FAILURES: Mapping[str, tuple[int | str, str]] = {
    "too many": (429, "too many questions"),
    "down": (503, "answered 503"),
    "a page": ("html", "not JSON"),
    "another shape": ("shape", "in a form that is not known here"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_each_tool_goes_on_with_what_is_here_and_says_why(failure: str, steam: Steam) -> None:
    how, said = FAILURES[failure]

    async def work(host: Host, other: Valve) -> None:
        other.fails_with = how
        for tool, field in FALL_BACK.items():
            answer = (await host.call(tool)).data
            assert said in str(answer[field]), (tool, answer[field])
            assert answer.get("games") or answer.get("friends") or answer["installed"]

    steam.run(work)


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize(
    ("tool", "arguments"),
    [("steam_coop_night", {"friends": ["Bo"]}), ("steam_achievements", {"game": "620"}), ("steam_wishlist_deals", {})],
)
def test_tools_that_need_steam_say_what_failed(failure: str, tool: str, arguments: Any, steam: Steam) -> None:
    how, said = FAILURES[failure]
    assert said in steam.fails(tool, put("fails_with", how), **arguments)


def test_a_server_that_never_answers_is_given_up(steam: Steam, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcp_agent_steam.web.fetch.SECONDS", 0.05)
    backlog = steam.call("steam_backlog", put("fails_with", "never"))
    assert "Steam did not answer in time" in backlog["note"]
    assert len(backlog["games"]) == 3
    assert "did not answer in time" in steam.fails("steam_wishlist_deals", put("fails_with", "never"))


def test_a_wrong_key(steam: Steam) -> None:
    steam.key = "F" * 32
    assert "refuses the Web API key" in steam.call("steam_backlog")["note"]
    for tool, arguments in (("steam_coop_night", {"friends": ["Bo"]}), ("steam_achievements", {"game": "620"})):
        said = steam.fails(tool, **arguments)
        assert "refuses the Web API key" in said
        assert "mcp-agent secrets set steam key" in said


def test_a_private_profile_of_ones_own(steam: Steam) -> None:
    backlog = steam.call("steam_backlog", private(STEAM_ID))
    assert f"The profile {STEAM_ID} does not show its games" in backlog["note"]
    assert "Privacy Settings" in backlog["note"]
    friends = steam.call("steam_friends", put("friends", None))
    assert "does not show its friends" in friends["note"]
    assert friends["source"] == "this machine"


def test_an_empty_account(steam: Steam) -> None:
    def empty(other: Valve) -> None:
        other.games[STEAM_ID] = []

    steam.root = Tree(steam.root.parent / "Empty").root
    steam.settings = {"steam_id": str(STEAM_ID)}
    assert steam.call("steam_backlog", empty)["note"] == "The account owns no games."
    notes = steam.call("steam_what_fits", empty)["notes"]
    assert notes == ["There are no games, neither installed nor in the account."]
    assert steam.call("steam_recently_played", empty)["note"] == "Nothing was played in the last two weeks."


def test_without_steam_on_this_machine_the_account_is_enough(steam: Steam) -> None:
    steam.root = steam.root.parent / "nothing"
    assert "it is not known whose account to ask about" in steam.fails("steam_coop_night", friends=["Bo"])
    steam.settings = {"steam_id": str(STEAM_ID)}
    assert len(steam.call("steam_backlog")["games"]) == 4
    assert steam.call("steam_friends")["total"] == 4


def test_the_key_is_in_no_address_and_no_log_and_nothing_is_printed(
    steam: Steam, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)

    async def work(host: Host, other: Valve) -> None:
        for tool in FALL_BACK:
            await host.call(tool)
        await host.call("steam_coop_night", {"friends": ["Bo"]})
        await host.call("steam_achievements", {"game": "620"})
        await host.call("steam_wishlist_deals")
        other.fails_with = 500
        for tool in FALL_BACK:
            assert KEY not in str((await host.call(tool)).data)

    steam.run(work)
    assert len(steam.requests) > 15
    assert all(KEY not in str(request.url) for request in steam.requests)
    keyed = [request.path for request in steam.requests if request.headers.get("x-webapi-key") == KEY]
    assert keyed
    assert not [path for path in keyed if "appdetails" in path or "Wishlist" in path]  # only where it is needed
    assert KEY not in caplog.text
    out, _ = capfd.readouterr()
    assert out == ""


def test_a_large_party_asks_a_few_things_at_a_time(steam: Steam) -> None:
    async def work(host: Host, other: Valve) -> Any:
        everybody = [STEAM_ID + 100 + number for number in range(15)]
        for steam_id in everybody:
            other.names[steam_id] = f"Friend {steam_id}"
            other.games[steam_id] = [(620, "Portal 2", 1, 0)]
        night = (await host.call("steam_coop_night", {"friends": [str(one) for one in everybody]})).data
        return night, other.most_at_once

    night, most_at_once = steam.run(work)
    assert len(night["people"]) == 16
    assert names(night) == ["Portal 2"]
    assert 1 < most_at_once <= 4
