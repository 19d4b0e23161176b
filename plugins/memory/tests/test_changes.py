"""Facts that change: versions, merging, undo, forgetting for good, and secrets that are never kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from mcp_agent_memory.guard import find_secrets, masked

from mcp_agent import Host, ToolError
from mcp_agent.paths import Paths
from mcp_agent.store.archive import Files
from mcp_agent.store.audit_reader import Query, search
from mcp_agent.testing import FakeClock
from tests.support.memory import BOILER, CAR, KEY, call, files_with, on_host, recall, remember

DAY = 24 * 3600.0


def test_what_changed_is_kept_with_its_dates() -> None:
    clock = FakeClock()

    async def work(host: Host) -> None:
        await remember(host, "Tom lives in Turku.", "Tom works at the harbour.", source="Anna")
        clock.advance(10 * DAY)
        assert await call(host, "update", id=1, text="Tom lives in Oulu.") == {"id": 3, "was": 1}
        assert (await recall(host, "where does Tom live"))[0] == "Tom lives in Oulu."
        new = (await call(host, "recall", query="Oulu"))["facts"][0]
        assert new["source"] == "Anna"
        was = await call(host, "timeline", date="2026-01-05", about="where does Tom live")
        assert was["facts"][0]["text"] == "Tom lives in Turku."
        assert was["facts"][0]["until"] == "2026-01-11T00:00:00Z"
        now = await call(host, "timeline", date="2026-02")
        assert [fact["text"] for fact in now["facts"]] == ["Tom lives in Oulu.", "Tom works at the harbour."]
        assert (await call(host, "timeline", date="2025"))["facts"] == []
        with pytest.raises(ToolError, match="Fact 1 was superseded by fact 3"):
            await call(host, "update", id=1, text="Tom lives in Espoo.")
        with pytest.raises(ToolError, match="There is no fact 9"):
            await call(host, "update", id=9, text="Tom lives in Espoo.")
        summary = await call(host, "summary")
        assert (summary["facts"], summary["superseded"], summary["oldest"]) == (2, 1, "2026-01-01")

    on_host(work, clock=clock)


def test_duplicates_become_one() -> None:
    async def work(host: Host) -> None:
        await remember(host, KEY, tags=["home"])
        await remember(host, KEY.upper(), tags=["key"], entities=["Anna"])
        assert (await call(host, "summary"))["alike"] == [[1, 2]]
        await recall(host, "spare key")
        kept = await call(host, "merge", keep=1, duplicates=[2])
        assert (kept["tags"], kept["entities"]) == (["home", "key"], ["Anna"])
        assert (await call(host, "summary"))["facts"] == 1
        assert (await recall(host, "anna"))[0] == KEY  # the index knows the new names
        assert (await host.undo()).stopped is None
        assert (await call(host, "summary"))["alike"] == [[1, 2]]
        assert (await call(host, "get_entity", name="Anna"))["facts"][0]["id"] == 2
        for wrong in ({"keep": 1, "duplicates": [1]}, {"keep": 1, "duplicates": [9]}, {"keep": 9, "duplicates": [1]}):
            with pytest.raises(ToolError):
                await call(host, "merge", **wrong)
        assert (await call(host, "summary"))["superseded"] == 0  # nothing was half done

    on_host(work)


def test_each_change_is_undone_and_done_again(tmp_path: Path) -> None:
    async def shown(host: Host) -> list[tuple[int, str]]:
        return [(fact["id"], fact["text"]) for fact in (await call(host, "recent"))["facts"]]

    async def work(host: Host) -> None:
        await remember(host, KEY)
        before = await shown(host)
        for tool, arguments in (
            ("remember", {"facts": [{"text": BOILER}, {"text": CAR}], "entities": ["Anna"]}),
            ("update", {"id": 1, "text": "The spare key is with Mr Korhonen."}),
            ("forget", {"ids": [1]}),
        ):
            await call(host, tool, **arguments)
            after = await shown(host)
            assert after != before
            undone = await host.undo()
            assert (undone.stopped, await shown(host)) == (None, before)
            [number] = undone.undoings
            assert (await host.undo(change=number)).stopped is None  # done again
            assert await shown(host) == after
            assert (await host.undo()).stopped is None
            assert await shown(host) == before

    on_host(work, tmp_path)


def test_undo_does_not_overwrite_what_came_later() -> None:
    async def work(host: Host) -> None:
        await remember(host, KEY)
        await call(host, "update", id=1, text="The key is with Mr Korhonen.")
        undone = await host.undo(change=1)
        assert "changed again since" in (undone.stopped or "")
        assert (await recall(host, "key"))[0] == "The key is with Mr Korhonen."

    on_host(work)


# --- forgetting ----------------------------------------------------------------------------------


def test_forgotten_for_good_leaves_no_byte_in_any_file(tmp_path: Path) -> None:
    """In the database, its log, the indexes, the vectors, the undo journal and the audit log."""
    home, files = tmp_path / "home", tmp_path / "files"
    files.mkdir()

    async def work(host: Host) -> None:
        # "marmalad" is what the index keeps of marmalade
        [other, _] = await remember(host, "The zanzibar jar holds marmalade " + "x" * 3000, KEY)
        [secret] = await remember(host, "Zanzibar: marmalade again.", source="Xaver", entities=["Quintus"])
        for number in range(50):  # enough for the index to merge its parts
            await remember(host, f"Filler {number}")
        await recall(host, "where is the zanzibar jar")  # makes the vectors
        await call(host, "update", id=other, text="The zanzibar jar is empty.")
        await host.undo()
        new = (await call(host, "update", id=other, text="The zanzibar jar is gone."))["id"]
        copy = files / "copy.jsonl"
        await call(host, "export", path=str(copy))
        assert files_with(home, "zanzibar", "marmalad")
        rows = home / "data" / "plugins" / "memory" / "vectors.f16"
        assert any(rows.read_bytes()[other * 512 : (other + 1) * 512])
        gone = await call(host, "forget", ids=[other, secret, new], permanent=True)
        assert gone["copies"] == [str(copy)]  # the person is told of what we cannot reach
        assert files_with(home, "zanzibar", "marmalad", "xaver", "quintus") == []
        assert not any(rows.read_bytes()[other * 512 : (other + 1) * 512])
        assert await recall(host, "zanzibar") == []
        assert await recall(host, "spare") == [KEY]
        with pytest.raises(ToolError, match=f"There is no fact {other}"):
            await call(host, "forget", ids=[other])
        undone = await host.undo()
        assert "for good" in (undone.stopped or "") or "changed" in (undone.stopped or "")
        assert await remember(host, "another") == [56]  # a number is never used twice

    on_host(work, home, files=files)
    assert files_with(home, "zanzibar", "marmalad", "xaver", "quintus") == []
    assert not any((tmp_path / "home" / "data" / "plugins" / "memory" / "vectors.f16").read_bytes()[512:1024])


def test_forgetting_says_which_versions_stay() -> None:
    async def work(host: Host) -> None:
        await remember(host, "Tom lives in Turku.")
        await call(host, "update", id=1, text="Tom lives in Oulu.")
        assert (await call(host, "forget", ids=[2]))["versions"] == [1]
        with pytest.raises(ToolError, match="There is no fact 9, so nothing was forgotten"):
            await call(host, "forget", ids=[1, 9])
        assert (await call(host, "forget", ids=[2, 1], permanent=True))["forgotten"] == [2, 1]

    on_host(work)


def test_the_audit_log_never_has_the_text_of_a_fact(tmp_path: Path) -> None:
    async def work(host: Host) -> None:
        await remember(host, "Zanzibar is where we met.", source="Zanzibar post", entities=["Zanzibar"])
        await recall(host, "where is zanzibar")
        await call(host, "relate", subject="Zanzibar", relation="is in", object="Tanzania")
        await call(host, "update", id=1, text="Zanzibar it was.")

    on_host(work, tmp_path)
    paths = Paths(tmp_path, tmp_path / "data", tmp_path / "state")
    entries = [json.loads(one.text) for one in search(Files(paths.audit_folder), Query(tool="memory_*"))]
    assert len(entries) == 7
    assert "anzibar" not in json.dumps(entries)
    assert entries[0]["arguments"]["text"] == "private, 27 bytes"


# --- secrets -------------------------------------------------------------------------------------

SECRETS = {
    "a card number": "My card is 4539 1488 0343 6467, valid until May.",
    "a bank account number": "Pay it to DE89 3704 0044 0532 0130 00 please.",
    "a password": "The password of the router is hunter2-Tr0ub4dor",
    "a PIN": "The PIN of the black card is 4921.",
    "a private key": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----",
    "a token of a code host": "Use ghp_" + "a1B2c3D4e5F6" * 3,
    "a key of a cloud account": "Key id AKIA" + "IOSFODNN7EXAMPLE",
    "a token of a chat service": "Bot: xoxb-" + "123456789012-abcdefGHIJ",
    "a signed token": "It was eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dGhpc2lzYXNpZ25hdHVyZQ",
    "a password in an address": "postgres://anna:s3cr3t@db.home:5432/main",
    "a key": "It says 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c in the file",
}
HARMLESS = (
    "My phone number is +358 40 123 4567.",
    "The order 4539148803436468 was delivered.",  # no card: the check digit is wrong
    "The password manager is on the blue laptop.",
    "Anna forgot her password is what she said.",
    "The meeting is in room 4921 on 2026-01-14.",
    "Read https://example.org/articles/2026/01/how-to-keep-bees-in-the-city-without-trouble",
    "The keyboard is a Model M from 1989.",
    "ISBN 978-3-16-148410-0 is about tokens.",
    "Commit messages are in the imperative, token counts in thousands.",
)


@pytest.mark.parametrize(("kind", "text"), SECRETS.items(), ids=SECRETS)
def test_a_secret_is_recognised(kind: str, text: str) -> None:
    assert [one.kind for one in find_secrets(text)] == [kind]
    assert "***" in masked(text)
    assert find_secrets(masked(text)) == []


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_none_is_not_taken_for_one(text: str) -> None:
    assert find_secrets(text) == []


def test_a_secret_is_nowhere_stored_and_offered_to_the_vault(tmp_path: Path) -> None:
    async def work(host: Host) -> None:
        with pytest.raises(ToolError, match="what looks like a password") as refused:
            await remember(host, "The password of the router is hunter2-Tr0ub4dor")
        assert "mcp-agent secrets set" in str(refused.value)
        with pytest.raises(ToolError, match="Fact 2 of 2 holds"):
            await call(host, "remember", facts=[{"text": KEY}, {"text": "PIN is 4921 hunter2-Tr0ub4dor: PIN: 4921"}])
        assert (await call(host, "recent"))["facts"] == []  # nothing of it, not half
        await remember(host, KEY)
        with pytest.raises(ToolError, match="a password"):
            await call(host, "update", id=1, text="The password is hunter2-Tr0ub4dor now")

    on_host(work, tmp_path)
    assert files_with(tmp_path, "hunter2") == []
