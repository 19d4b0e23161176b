"""The tools with an account, when Steam refuses, fails, hangs or shows nothing."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import pytest

from mcp_agent import Host
from plugins.steam.tests.account import Steam, names, private, put
from plugins.steam.tests.tree import STEAM_ID, Tree
from plugins.steam.tests.valve import KEY, Valve

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
