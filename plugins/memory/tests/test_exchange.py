"""Memory to files and back, without loss and without harm."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcp_agent_memory.exchange import markdown
from mcp_agent_memory.exchange.bundle import Kept
from mcp_agent_memory.moments import moment
from mcp_agent_memory.store.facts import Fact

from mcp_agent import Host, ToolError
from mcp_agent.testing import FakeClock, host_for
from tests.support.memory import BOILER, CAR, KEY, MODULE, call, on_host, recall, remember

OFFICIAL = [
    {"type": "entity", "name": "John_Smith", "entityType": "person",
     "observations": ["Speaks fluent Spanish", "Prefers morning meetings"]},
    {"type": "entity", "name": "Acme", "entityType": "organization", "observations": []},
    {"type": "relation", "from": "John_Smith", "to": "Acme", "relationType": "works_at"},
]  # fmt: skip


async def fill(host: Host) -> None:
    await remember(host, KEY, source="Anna", tags=["home"], entities=["Anna"], conversation="monday")
    await remember(host, "Tom moved\nto Oulu.", since="2025-05", until="2026-01", entities=["Tom", "Oulu"])
    await call(host, "update", id=1, text="The spare key is with Mr Korhonen.")
    await remember(host, BOILER)
    await call(host, "relate", subject="Anna", relation="is the sister of", object="Tom", since="2001")


async def everything(host: Host) -> list[dict[str, Any]]:
    page = await call(host, "timeline", date="2026-01-20", limit=100)
    facts = page["facts"] + (await call(host, "recent", limit=100))["facts"]
    return sorted(facts, key=lambda fact: (fact["id"], json.dumps(fact)))


def test_what_comes_in_is_what_went_out(tmp_path: Path) -> None:
    file = tmp_path / "memory.jsonl"
    seen: list[Any] = []
    clock = FakeClock()

    async def out(host: Host) -> None:
        await fill(host)
        done = await call(host, "export", path=str(file))
        assert (done["facts"], done["relations"]) == (4, 1)
        assert file.stat().st_mode & 0o077 == 0
        seen.append((await everything(host), await call(host, "get_entity", name="anna")))
        again = await call(host, "import", path=str(file))
        assert (again["new"], again["known"]) == (0, 4)  # it knows all of it
        assert await everything(host) == seen[0][0]

    async def back(host: Host) -> None:
        assert (await call(host, "import", path=str(file)))["new"] == 4
        assert (await everything(host), await call(host, "get_entity", name="anna")) == seen[0]
        assert (await recall(host, "where is the spare key"))[0] == "The spare key is with Mr Korhonen."
        undone = await host.undo()
        assert undone.stopped is None
        assert await everything(host) == []
        with pytest.raises(ToolError, match="Nothing is remembered about Tom"):
            await call(host, "get_entity", name="Tom")
        [number] = undone.undoings
        assert (await host.undo(change=number)).stopped is None
        assert await everything(host) == seen[0][0]

    on_host(out, clock=clock, files=tmp_path)
    on_host(back, clock=clock, files=tmp_path)


def test_the_file_of_the_official_server(tmp_path: Path) -> None:
    file = tmp_path / "memory.json"
    file.write_text("\n".join(json.dumps(one) for one in OFFICIAL))

    async def work(host: Host) -> None:
        assert await call(host, "import", path=str(file), form="official") == {"new": 2, "known": 0, "relations": 1}
        john = await call(host, "get_entity", name="john_smith")
        assert john["kind"] == "person"
        assert john["relations"][0]["object"] == "Acme"
        assert (await recall(host, "which languages does John_Smith know"))[0] == "Speaks fluent Spanish"
        copy = tmp_path / "copy.jsonl"
        await call(host, "export", path=str(copy), form="official")
        assert [json.loads(line) for line in copy.read_text().splitlines()] == OFFICIAL

    on_host(work, files=tmp_path)


def test_a_vault_of_notes(tmp_path: Path) -> None:
    vault = tmp_path / "vault"

    async def out(host: Host) -> None:
        await fill(host)
        await call(host, "export", path=str(vault), form="markdown")
        assert sorted(note.name for note in vault.iterdir()) == ["Anna.md", "Oulu.md", "Tom.md", "notes 2026-01.md"]
        assert (vault / "Anna.md").read_text() == (
            "---\ntitle: Anna\ntype: thing\n---\n\n# Anna\n\n- [fact] The spare key is with Mr Korhonen. #home\n"
            "\n## Relations\n- is the sister of [[Tom]]\n"
        )

    async def back(host: Host) -> None:
        (vault / "Acme.md").write_text(
            "# Acme\nProse.\n- [tech] Uses SQLite #db (since 2020)\n- part_of [[Industry]]\n"
        )
        assert (await call(host, "import", path=str(vault), form="markdown"))["new"] == 4
        assert (await call(host, "get_entity", name="Tom"))["facts"][0]["text"] == "Tom moved\nto Oulu."
        assert (await call(host, "get_entity", name="oulu"))["facts"][0]["entities"] == ["Tom", "Oulu"]
        assert (await call(host, "get_entity", name="Acme"))["relations"][0]["relation"] == "part_of"

    on_host(out, clock=FakeClock(), files=tmp_path)
    on_host(back, files=tmp_path)


NAMES = st.lists(st.from_regex(r"[A-Za-z][A-Za-z ]{0,10}[a-z]", fullmatch=True), max_size=3, unique=True)
LINES = st.lists(st.from_regex(r"[A-Za-z][\w ,'-]{0,30}\.", fullmatch=True), min_size=1, max_size=3)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(LINES, NAMES, NAMES), max_size=6))
def test_any_notes_come_back(facts: list[tuple[list[str], list[str], list[str]]]) -> None:
    kept = [
        Fact(number, "\n".join(lines), moment(0), tags=[tag.replace(" ", "-") for tag in tags], entities=names)
        for number, (lines, tags, names) in enumerate(facts)
    ]
    bundle = markdown.read(markdown.write(Kept(kept, [], {})))
    back = [(entry.draft.text, list(entry.draft.tags), list(entry.draft.entities)) for entry in bundle.entries]
    assert sorted(back) == sorted((one.text, one.tags, one.entities) for one in kept)


def test_bad_files_and_places_are_explained_and_nothing_is_lost(tmp_path: Path) -> None:
    file = tmp_path / "memory.jsonl"
    stamp = '"created":"2026-01-01T00:00:00Z"}'
    secret, good = (f'{{"type":"fact","id":{n},"text":"{text}",{stamp}' for n, text in ((1, "PIN: 4921"), (2, CAR)))
    file.write_bytes(b"\n".join([b'{"type": "fact"}', b"nonsense", b"\xff", secret.encode(), good.encode()]))

    async def work(host: Host) -> None:
        done = await call(host, "import", path=str(file))
        assert (done["new"], done["skips"]) == (1, 4)
        assert "line 4: it holds what looks like a PIN" in done["skipped"]
        await call(host, "import", path=str(file), form="official")  # all of it is skipped
        assert (await host.checks())["memory"] == "1 fact."
        for path, form, why in (
            (file, "jsonl", "is there already"),
            (tmp_path, "markdown", "is there already"),
            (tmp_path.parent / "memory.jsonl", "jsonl", "in none of the configured folders"),
            (tmp_path / ".." / "memory.jsonl", "jsonl", r"\.\."),
        ):
            with pytest.raises(ToolError, match=why):
                await call(host, "export", path=str(path), form=form)
        for path, form in ((tmp_path / "none", "jsonl"), (tmp_path, "official"), (file, "markdown")):
            with pytest.raises(ToolError, match=r"There is no|is a folder|no folder of notes"):
                await call(host, "import", path=str(path), form=form)
        assert file.read_bytes().startswith(b'{"type": "fact"}')

    on_host(work, files=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["memory.jsonl"]


def test_a_large_file_goes_in_one_piece(tmp_path: Path) -> None:
    file = tmp_path / "memory.jsonl"
    lines = [
        {"type": "fact", "id": n, "text": f"Note number {n} of the ship's log.", "created": "2026-01-01T00:00:00Z"}
        for n in range(1, 3001)
    ]
    file.write_text("\n".join(map(json.dumps, lines)))

    async def work() -> None:
        settings = {"folders": [{"path": str(tmp_path)}]}
        async with host_for(MODULE, settings, folder=tmp_path / "home") as host:
            assert (await call(host, "import", path=str(file)))["new"] == 3000
            assert (await recall(host, "note 2718 of the log"))[0].startswith("Note number 2718")
            assert (await host.undo()).stopped is None
            assert (await host.checks())["memory"] == "0 facts."

    asyncio.run(work())


def test_a_vault_holds_names_and_texts_of_every_kind(tmp_path: Path) -> None:
    """Names too long for a file, kept by a system or with signs of their own; line ends that are no newline."""
    texts = ["one\u2028two\x85three\x0cfour", "first\n\n- second\n---\nthird"]
    names = ["漢" * 120, "漢" * 121, "CON", 'Bob: "the builder"', "a\nb", "---", "'quoted'"]

    async def out(host: Host) -> None:
        for number, name in enumerate(names):
            await remember(host, f"{texts[number % 2]} #{number}", entities=[name])
        await call(host, "export", path=str(tmp_path / "vault"), form="markdown")

    async def back(host: Host) -> None:
        assert (await call(host, "import", path=str(tmp_path / "vault"), form="markdown"))["new"] == len(names)
        found = {fact["text"]: fact["entities"] for fact in (await call(host, "recent", limit=100))["facts"]}
        assert found == {f"{texts[number % 2]} #{number}": [name] for number, name in enumerate(names)}

    on_host(out, files=tmp_path)
    on_host(back, files=tmp_path)
    assert not (tmp_path / "vault" / "CON.md").exists()
