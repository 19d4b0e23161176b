"""Write, edit, move, trash: exact, never over what somebody else did, and undone byte by byte."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mcp_agent_desktop import trash
from mcp_agent_desktop.freedesktop_trash import Freedesktop

from mcp_agent import Host, ToolError
from mcp_agent.testing import ScriptedCaller, host_for

MODULE = "mcp_agent_desktop"


def with_host(work: Callable[[Host], Awaitable[None]], config: dict[str, Any] | None = None) -> None:
    async def main() -> None:
        async with host_for(MODULE, config) as host:
            await work(host)

    asyncio.run(main())


async def do(host: Host, tool: str, **arguments: Any) -> Any:
    return (await host.call(f"desktop_{tool}", arguments)).data


def contents(folder: Path) -> dict[str, tuple[bytes | None, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes() if path.is_file() else None, path.stat().st_mode)
        for path in folder.rglob("*")
    }


PATHS = st.sampled_from(["a.txt", "b.txt", "d/a.txt", "d/e/a.txt", "d", "d/e", "f"])
STEPS = st.one_of(
    st.tuples(st.just("write_file"), st.fixed_dictionaries({"path": PATHS, "text": st.text(max_size=6)})),
    st.tuples(
        st.just("write_file"),
        st.fixed_dictionaries({"path": PATHS, "text": st.text(max_size=6), "overwrite": st.just(True)}),
    ),
    st.tuples(
        st.just("edit_file"),
        st.fixed_dictionaries(
            {"path": PATHS, "old": st.sampled_from("abc\n"), "new": st.text(max_size=4), "every": st.booleans()}
        ),
    ),
    st.tuples(st.just("move"), st.fixed_dictionaries({"source": PATHS, "target": PATHS})),
    st.tuples(st.just("trash"), st.fixed_dictionaries({"path": PATHS})),
)


@settings(max_examples=600 if os.environ.get("MCP_AGENT_FULL") else 40, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=10), st.sampled_from(["freedesktop", "library"]))
@example([("trash", {"path": "d"}), ("write_file", {"path": "d/new", "text": "x"})], "freedesktop")
@example([("move", {"source": "d", "target": "f/g"}), ("trash", {"path": "f"})], "library")
def test_undo_after_any_sequence_brings_every_byte_back(steps: list[tuple[str, dict[str, Any]]], kind: str) -> None:
    """Every change by itself, newest first; and then each undoing is undone, which gives the end again."""

    async def work(base: Path) -> None:
        files = base / "files"
        (files / "d" / "e").mkdir(parents=True)
        (files / "a.txt").write_bytes(b"abc\r\nabc\r\n")
        (files / "d" / "e" / "a.txt").write_bytes(b"caf\xe9 a b c")
        (files / "a.txt").chmod(0o600)
        before = contents(files)
        opened = {"folders": [{"path": str(files), "writable": True}]}
        async with host_for(MODULE, opened, folder=base / "home") as host:
            done = 0
            for tool, arguments in steps:
                with contextlib.suppress(ToolError):
                    state = contents(files)
                    await host.call(f"desktop_{tool}", arguments)
                    done += contents(files) != state or tool == "trash"
            after = contents(files)
            if not done:
                return
            undone = await host.undo(last=len(steps))
            assert undone.stopped is None, undone.stopped
            assert contents(files) == before
            for number in reversed([number for number in undone.undoings if number is not None]):
                again = await host.undo(change=number)
                assert again.stopped is None, again.stopped
            assert contents(files) == after

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", f"{folder}/share")
        patch.setattr(trash, "chosen", Freedesktop if kind == "freedesktop" else lambda: Gone(Path(folder)))
        asyncio.run(work(Path(folder)))


class Gone(trash.ByLibrary):
    """The trash of another system: things go where nobody finds them. send2trash itself is in test_trash.py."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "somewhere"
        self._folder.mkdir(exist_ok=True)

    def put(self, folders: Any, path: str) -> None:
        os.rename(folders.real_path(path), self._folder / os.urandom(8).hex())


def test_writing_and_what_stands_in_its_way(files: Path) -> None:
    async def work(host: Host) -> None:
        written = await do(host, "write_file", path="a/b.txt", text="Grüße")
        assert (files / "a" / "b.txt").read_bytes() == "Grüße".encode()
        with pytest.raises(ToolError, match="There is a file"):
            await do(host, "write_file", path="a/b.txt", text="x")
        newer = await do(host, "write_file", path="a/b.txt", text="x", version=written["version"])
        with pytest.raises(ToolError, match="changed by somebody else"):
            await do(host, "write_file", path="a/b.txt", text="y", version=written["version"])
        await do(host, "write_file", path="a/b.txt", text="y", overwrite=True)
        assert newer["size"] == 1
        with pytest.raises(ToolError, match="in none of the configured folders"):
            await do(host, "write_file", path="/etc/cron.d/x", text="y")

    with_host(work)


def test_editing_keeps_encoding_and_line_ends(files: Path) -> None:
    (files / "old.txt").write_bytes("Brötchen: 2\r\nMilch: 1\r\n".encode("cp1252"))
    (files / "wide.txt").write_bytes("one\ntwo\n".encode("utf-16"))

    async def work(host: Host) -> None:
        edited = await do(host, "edit_file", path="old.txt", old="chen: 2\nMilch", new="chen: 3\nTee")
        assert (files / "old.txt").read_bytes() == "Brötchen: 3\r\nTee: 1\r\n".encode("cp1252")
        assert "-Brötchen: 2" in edited["diff"]
        assert "+Tee: 1" in edited["diff"]
        await do(host, "edit_file", path="wide.txt", old="two", new="zwei")
        assert (files / "wide.txt").read_bytes().decode("utf-16") == "one\nzwei\n"
        with pytest.raises(ToolError, match="which has no '漢'"):
            await do(host, "edit_file", path="old.txt", old="Tee", new="漢字")

    with_host(work)


def test_an_edit_must_be_exact(files: Path) -> None:
    (files / "a.txt").write_text("one two\none three\n")

    async def work(host: Host) -> None:
        with pytest.raises(ToolError, match=r"stands in .* 2 times"):
            await do(host, "edit_file", path="a.txt", old="one", new="1")
        with pytest.raises(ToolError, match="The nearest line is: one two"):
            await do(host, "edit_file", path="a.txt", old="one  two", new="1")
        assert (files / "a.txt").read_text() == "one two\none three\n"
        edited = await do(host, "edit_file", path="a.txt", old="one", new="1", every=True)
        assert edited["replaced"] == 2
        assert (files / "a.txt").read_text() == "1 two\n1 three\n"

    with_host(work)


def test_the_person_who_is_asked_sees_the_difference(files: Path) -> None:
    (files / "a.txt").write_text("one\ntwo\n")

    async def work() -> None:
        from mcp_agent import Config

        asked = Config(plugins={"desktop": {}})
        async with Host(asked, on_disk=False, modules=[MODULE], installed=False) as host:
            person = ScriptedCaller(elicit=["decline"])
            with pytest.raises(ToolError):
                await host.call("desktop_edit_file", {"path": "a.txt", "old": "two", "new": "zwei"}, person)
            [(_, question)] = person.asked
            assert "-two\n+zwei" in question["message"]
            assert (files / "a.txt").read_text() == "one\ntwo\n"

    asyncio.run(work())


def test_moving_never_overwrites(files: Path) -> None:
    (files / "a.txt").write_text("a")
    (files / "b.txt").write_text("b")

    async def work(host: Host) -> None:
        with pytest.raises(ToolError, match=r"something at .*b.txt already"):
            await do(host, "move", source="a.txt", target="b.txt")
        await do(host, "move", source="a.txt", target="x/y/c.txt")
        assert contents(files).keys() == {"b.txt", "x", "x/y", "x/y/c.txt"}
        (files / "x" / "y" / "c.txt").write_text("changed since")
        stopped = (await host.undo()).stopped
        assert stopped is not None
        assert "changed again since" in stopped
        assert (files / "x" / "y" / "c.txt").read_text() == "changed since"

    with_host(work)


def test_what_is_written_stays_out_of_the_audit_log(tmp_path: Path) -> None:
    async def work() -> None:
        async with host_for(MODULE, folder=tmp_path / "home") as host:
            await do(host, "write_file", path="a.txt", text="dear diary, a zebra")
            await do(host, "edit_file", path="a.txt", old="zebra", new="zebra crossing")

    asyncio.run(work())
    logged = b"".join(path.read_bytes() for path in (tmp_path / "home" / "data" / "audit").rglob("*") if path.is_file())
    assert b"desktop_write_file" in logged
    assert b"zebra" not in logged


def test_an_edit_keeps_the_order_of_bytes(tmp_path: Path) -> None:
    file = tmp_path / "work" / "be.txt"
    file.parent.mkdir()
    file.write_bytes("\ufeffhällo\n".encode("utf-16-be"))

    async def work(host: Host) -> None:
        await do(host, "edit_file", path="be.txt", old="hällo", new="hi")
        assert file.read_bytes() == "\ufeffhi\n".encode("utf-16-be")

    with_host(work, {"folders": [{"path": str(file.parent), "writable": True}]})
