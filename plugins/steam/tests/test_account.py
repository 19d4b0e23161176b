"""The tools with an account, against a server that answers as Steam does."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_agent import Host
from plugins.steam.tests.account import Steam, names, put
from plugins.steam.tests.valve import CLEO, HIDDEN, Valve


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


def test_what_is_for_several_is_not_said_to_be_for_four(steam: Steam) -> None:
    """Steam says that a game can be played together, and not by how many."""
    for players, told in ((1, False), (2, False), (4, True)):
        found = steam.call("steam_what_fits", minutes=60, players=players)
        assert any("How many can play at once" in note for note in found["notes"]) == told


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
