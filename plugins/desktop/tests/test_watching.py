"""Watching a folder: a real client subscribes, a real file changes, and it is told."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from mcp_agent_desktop import watching

from mcp_agent import Host, ToolError
from mcp_agent.callers import NoCaller
from mcp_agent.errors import ResourceNotFound
from mcp_agent.testing import host_for
from mcp_agent.transports.memory import MemoryConnection
from tests.support.wire import Client

MODULE = "mcp_agent_desktop"
_PATIENCE = 20.0


async def report(host: Host, uri: str) -> Any:
    [contents] = (await host.backend.read(uri, NoCaller("test"))).contents
    return json.loads(contents.text or "")


async def changes(host: Host, uri: str, count: int) -> list[tuple[str, str]]:
    """So many changes, oldest first, as soon as they are there."""
    async with asyncio.timeout(_PATIENCE):
        while (found := await report(host, uri))["total"] < count:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert found["total"] == count, found
    return [(change["what"], change["path"]) for change in reversed(found["changes"])]


@pytest.mark.parametrize("revision", ["2025-06-18", "2026-07-28"])
def test_a_client_is_told_and_reads_what_changed(revision: str, files: Path) -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            client = await connected(host, revision)
            watch = (await client.tool("desktop_watch", path="."))["structuredContent"]
            if revision == "2025-06-18":
                await client.call("resources/subscribe", {"uri": watch["uri"]})
            else:
                client.request(
                    "subscriptions/listen", {"notifications": {"resourceSubscriptions": [watch["uri"]]}}, request_id="s"
                )
                assert (await client.read())["method"].endswith("acknowledged")
                client.notes.clear()
            (files / "new.txt").write_text("x")
            async with asyncio.timeout(_PATIENCE):
                note = await client.read()
            assert note["method"] == "notifications/resources/updated"
            assert note["params"]["uri"] == watch["uri"]
            assert await changes(host, watch["uri"], 1) == [("added", str(files / "new.txt"))]

    asyncio.run(work())


async def connected(host: Host, revision: str) -> Client:
    return await Client(MemoryConnection(host.server), revision, name="tester", capabilities={}).open()


def test_everything_in_it_is_seen_and_nothing_behind_links(files: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (files / "old" / "deep").mkdir(parents=True)
    (files / "old" / "a.txt").write_text("a")
    (files / "out").symlink_to(outside)

    async def work() -> None:
        async with host_for(MODULE) as host:
            uri = (await host.call("desktop_watch")).data["uri"]
            (outside / "secret.txt").write_text("nobody is told")
            (files / "old" / "a.txt").write_text("longer")
            assert await changes(host, uri, 1) == [("changed", str(files / "old" / "a.txt"))]
            (files / "new" / "inner").mkdir(parents=True)
            (files / "new" / "inner" / "b.txt").write_text("b")
            added = [files / "new", files / "new" / "inner", files / "new" / "inner" / "b.txt"]
            seen = await changes(host, uri, 4)
            assert sorted(seen[1:]) == [("added", str(path)) for path in added]
            (files / "new" / "inner" / "b.txt").write_text("in a folder that was not there at the start")
            assert (await changes(host, uri, 5))[-1] == ("changed", str(files / "new" / "inner" / "b.txt"))
            (files / "old" / "a.txt").unlink()
            assert (await changes(host, uri, 6))[-1] == ("removed", str(files / "old" / "a.txt"))
            again = (await host.call("desktop_watch")).data
            assert again["uri"] == uri
            assert (await host.call("desktop_unwatch", {"id": again["id"]})).text.endswith("there were 6 changes.")
            with pytest.raises(ResourceNotFound):
                await report(host, uri)

    asyncio.run(work())


def test_a_watch_whose_folder_goes_says_so(files: Path) -> None:
    (files / "d").mkdir()

    async def work() -> None:
        async with host_for(MODULE) as host:
            uri = (await host.call("desktop_watch", {"path": "d"})).data["uri"]
            (files / "d").rmdir()
            async with asyncio.timeout(_PATIENCE):
                while (found := await report(host, uri)).get("stopped") is None:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            assert "There is no" in found["stopped"]

    asyncio.run(work())


def test_watches_are_bounded(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_MOST_ENTRIES", 10)
    for number in range(9):
        (files / f"{number}").mkdir()
    for number in range(11):
        (files / "0" / f"{number}").touch()

    async def work() -> None:
        async with host_for(MODULE) as host:
            for path in (".", "0"):
                with pytest.raises(ToolError, match="holds more than 10"):
                    await host.call("desktop_watch", {"path": path})
            for number in range(1, 9):
                await host.call("desktop_watch", {"path": f"{number}"})
            (files / "9").mkdir()
            with pytest.raises(ToolError, match="8 folders are watched already"):
                await host.call("desktop_watch", {"path": "9"})

    asyncio.run(work())
