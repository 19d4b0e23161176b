"""MongoDB: what reads passes, what writes or runs code is refused before anything is sent.

Pages, types, restarts and connections are shown against a look-alike (tests/real/mongo_lookalike.py): no registry has a
real server.
"""

# ruff: noqa: T201, ASYNC110
from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pymongo
import pytest
from mcp_agent_database.mongo import engine
from mcp_agent_database.mongo.guard import check_filter, check_pipeline
from mcp_agent_database.shapes import fields
from pymongo import monitoring

from mcp_agent import Host, ToolError, UpstreamError
from mcp_agent.testing import host_for
from plugins.database.tests.corpus import mongo_attacks
from tests.real.mongo_lookalike import MongoLookalike, mongo_lookalike

MODULE = "mcp_agent_database"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MongoLookalike]:
    with mongo_lookalike(tmp_path_factory.mktemp("mongo")) as running:
        with pymongo.MongoClient(running.url(), tz_aware=True) as client:
            database = client["shop"]
            database["orders"].insert_many([_order(number) for number in range(250)])
            database["orders"].create_index("city")
            database["cities"].insert_many([{"_id": "a", "name": "Aix"}, {"_id": "b", "name": "Bern"}])
        yield running


def _order(number: int) -> dict[str, Any]:
    from datetime import UTC, datetime

    return {
        "n": number,
        "city": "ab"[number % 2],
        "at": datetime(2026, 1, 1 + number % 27, tzinfo=UTC),
        "lines": [{"p": number % 3, "q": number % 5}],
        **({"note": "x" * 9000} if number == 0 else {}),
    }


def settings(server: MongoLookalike, **more: Any) -> dict[str, Any]:
    return {"connections": {"mongo": {"url": server.url()}}, "seconds": 2, **more}


async def ask(host: Host, tool: str, **arguments: Any) -> Any:
    return (await host.call(tool, {"connection": "mongo", **arguments})).data


def test_nothing_that_writes_or_runs_code_is_sent() -> None:
    """All of it is asked of a port where somebody counts who comes: nobody does, until an honest question is asked."""
    came: list[socket.socket] = []
    pipelines = list(mongo_attacks.pipelines())

    def count(listening: socket.socket) -> None:
        while True:
            try:
                came.append(listening.accept()[0])
            except OSError:
                return

    async def refused(host: Host, tool: str, **arguments: Any) -> bool:
        try:
            await ask(host, tool, **arguments)
        except UpstreamError:
            return False
        except ToolError:
            return True
        return False

    async def work(port: int) -> None:
        url = f"mongodb://127.0.0.1:{port}/shop"
        async with host_for(MODULE, {"connections": {"mongo": {"url": url}}, "seconds": 0.5}) as host:
            for pipeline in pipelines:
                assert await refused(host, "db_aggregate", collection="orders", pipeline=pipeline), pipeline
            for one in mongo_attacks.FILTERS:
                assert await refused(host, "db_find", collection="orders", filter=one), one
            for name in mongo_attacks.COLLECTIONS:
                assert await refused(host, "db_find", collection=name), name
                assert await refused(host, "db_aggregate", collection=name, pipeline=[]), name
                assert await refused(host, "db_sample", table=name), name
            for name in mongo_attacks.FIELDS:
                assert await refused(host, "db_find", collection="orders", fields=[name]), name
                assert await refused(host, "db_find", collection="orders", sort={name: 1}), name
            assert came == []
            with pytest.raises(UpstreamError):
                await ask(host, "db_find", collection="orders")
            assert came

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=count, args=(listening,), daemon=True)
        thread.start()
        asyncio.run(work(listening.getsockname()[1]))
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)
    for one in came:
        one.close()
    count_of_all = len(pipelines) + len(mongo_attacks.FILTERS)
    assert count_of_all >= 60
    print(f"{count_of_all} pipelines and filters refused, nothing sent")


def test_what_analysts_ask_passes() -> None:
    for pipeline in mongo_attacks.QUERIES:
        check_pipeline(pipeline)
        for stage in pipeline:
            if "$match" in stage:
                check_filter(stage["$match"])
    print(f"{len(mongo_attacks.QUERIES)} pipelines pass")


@pytest.mark.real
def test_pages_types_and_sums(server: MongoLookalike) -> None:
    """Look-alike."""

    async def work() -> None:
        async with host_for(MODULE, settings(server)) as host:
            seen: list[int] = []
            skip: int | None = 0
            while skip is not None:
                found = await ask(host, "db_find", collection="orders", sort={"n": 1}, limit=100, skip=skip)
                assert found["count"] <= 100
                seen += [one["n"] for one in found["documents"]]
                skip = found.get("next_skip")
            assert seen == list(range(250))
            with pytest.raises(ToolError):
                await ask(host, "db_find", collection="orders", limit=101)
            [first] = (await ask(host, "db_find", collection="orders", filter={"n": 0}))["documents"]
            assert first["at"] == "2026-01-01T00:00:00+00:00"
            assert len(first["note"]) < 8100
            by_id = {"_id": {"$oid": first["_id"]}}
            again = await ask(host, "db_find", collection="orders", filter=by_id, fields=["city"])
            assert again["documents"] == [{"_id": first["_id"], "city": "a"}]
            with pytest.raises(ToolError, match=r"no \$oid"):
                await ask(host, "db_find", collection="orders", filter={"_id": {"$oid": "x"}})
            since = {"at": {"$gte": {"$date": "2026-01-27T00:00:00Z"}}}
            assert (await ask(host, "db_find", collection="orders", filter=since))["count"] == 9
            sums = [{"$match": {"n": {"$lt": 50}}}, {"$group": {"_id": "$city", "n": {"$sum": "$n"}}}]
            found = await ask(host, "db_aggregate", collection="orders", pipeline=sums)
            assert sorted((one["_id"], one["n"]) for one in found["documents"]) == [("a", 600), ("b", 625)]
            everything = await ask(host, "db_aggregate", collection="orders", pipeline=[], limit=60, skip=200)
            assert (everything["count"], everything.get("next_skip")) == (50, None)

    asyncio.run(work())


@pytest.mark.real
def test_what_there_is(server: MongoLookalike) -> None:
    """Look-alike."""

    async def work() -> None:
        async with host_for(MODULE, settings(server)) as host:
            [listed] = [one for one in (await host.call("db_connections", {})).data["result"] if one["name"] == "mongo"]
            assert listed == {"name": "mongo", "kind": "mongodb", "writable": False}
            found = await ask(host, "db_schemas")
            assert found["where"] == f"MongoDB database shop at 127.0.0.1:{server.port} as nobody"
            assert [(one["name"], one["kind"], one["rows"]) for one in found["relations"]] == [
                ("cities", "collection", 2), ("orders", "collection", 250),
            ]  # fmt: skip
            table = await ask(host, "db_describe", table="orders")
            types = {one["name"]: (one["type"], one.get("nullable", True)) for one in table["columns"]}
            assert types["n"] == ("int", False)
            assert types["lines.q"] == ("int", False)
            assert types["note"] == ("string", True)
            assert ["city"] in [one["columns"] for one in table["indexes"]]
            assert (await ask(host, "db_sample", table="orders", rows=3))["count"] == 3
            assert (await ask(host, "db_health"))["collections"] == 2
            assert "orders {" in (await ask(host, "db_erd"))["mermaid"]
            for tool, more in (("db_query", {"statement": "select 1"}), ("db_suggest_indexes", {})):
                with pytest.raises(ToolError, match="not asked in SQL"):
                    await ask(host, tool, **more)
            with pytest.raises(ToolError, match="no collection nowhere"):
                await ask(host, "db_describe", table="nowhere")
            with pytest.raises(ToolError, match="holds no documents"):
                await host.call("db_find", {"connection": "example", "collection": "orders"})

    asyncio.run(work())


class Sent(monitoring.CommandListener):
    """Notes what the driver sends."""

    def __init__(self) -> None:
        self.commands: list[Any] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.commands.append(dict(event.command))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...
    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


@pytest.mark.real
def test_every_question_has_a_limit_of_time_and_of_documents(
    server: MongoLookalike, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Look-alike, which keeps to no limit: what is sent to it counts."""
    sent = Sent()
    monkeypatch.setattr(monitoring, "_LISTENERS", monitoring._LISTENERS._replace(command_listeners=[sent]))

    async def work() -> None:
        async with host_for(MODULE, settings(server)) as host:
            await ask(host, "db_find", collection="orders", limit=100)
            await ask(host, "db_aggregate", collection="orders", pipeline=[{"$sort": {"n": 1}}], limit=100)
            await ask(host, "db_sample", table="orders")

    asyncio.run(work())
    asked = [one for one in sent.commands if "find" in one or "aggregate" in one]
    assert [one["maxTimeMS"] for one in asked] == [2000] * 3
    assert [one.get("limit") or one["pipeline"][-1]["$limit"] for one in asked] == [101, 101, 5]


def connections_to(server: MongoLookalike) -> int:
    """Of this process."""
    return sum(
        one.status == psutil.CONN_ESTABLISHED and bool(one.raddr) and one.raddr.port == server.port
        for one in psutil.Process().net_connections()
    )


@pytest.mark.real
def test_a_thousand_calls_leave_no_connection(server: MongoLookalike) -> None:
    """Look-alike. Failing, cancelled and working ones, eight at a time; none when idle, none at the end."""
    calls: tuple[tuple[str, dict[str, Any]], ...] = (
        ("db_find", {"collection": "orders", "limit": 5}),
        ("db_find", {"collection": "orders", "filter": {"$where": "1"}}),
        ("db_aggregate", {"collection": "orders", "pipeline": [{"$sortByCount": "$city"}]}),  # unknown to it
        ("db_aggregate", {"collection": "orders", "pipeline": [{"$count": "n"}]}),
    )

    async def one(host: Host, number: int) -> None:
        tool, arguments = calls[number % 4]
        task = asyncio.create_task(ask(host, tool, **arguments))
        if number % 7 == 0:
            await asyncio.sleep(0.001 * (number % 3))
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def work() -> int:
        most = 0
        async with host_for(MODULE, settings(server, idle_seconds=1)) as host:
            for start in range(0, 1000, 8):
                await asyncio.gather(*(one(host, start + step) for step in range(8)))
                most = max(most, connections_to(server))
            assert (await ask(host, "db_find", collection="orders", limit=1))["count"] == 1
            async with asyncio.timeout(20):
                while connections_to(server):
                    await asyncio.sleep(0.05)
            assert (await ask(host, "db_find", collection="orders", limit=1))["count"] == 1
            assert connections_to(server)
        return most

    most = asyncio.run(work())
    assert most <= 4 + 2  # two of them with which the driver watches the server
    assert connections_to(server) == 0
    print(f"1,000 calls, {most} connections at most")


@pytest.mark.real
def test_it_recovers_when_the_server_comes_back(server: MongoLookalike) -> None:
    """Look-alike."""

    async def work() -> None:
        async with host_for(MODULE, settings(server)) as host:
            assert (await ask(host, "db_find", collection="orders", limit=1))["count"] == 1
            await asyncio.to_thread(server.stop)
            with pytest.raises(UpstreamError, match="not reached"):
                await ask(host, "db_find", collection="orders", limit=1)
            await asyncio.to_thread(server.start)
            assert (await ask(host, "db_find", collection="orders", limit=1))["count"] == 1
            await asyncio.to_thread(server.stop)  # and back before anybody notices
            await asyncio.to_thread(server.start)
            assert (await ask(host, "db_find", collection="orders", limit=2))["count"] == 2

    asyncio.run(work())


def test_a_server_that_never_answers_is_given_up(home: Path) -> None:
    async def work() -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"mongodb://127.0.0.1:{silent.getsockname()[1]}/shop"
            async with host_for(MODULE, {"connections": {"mongo": {"url": url}}, "seconds": 0.5}) as host:
                async with asyncio.timeout(10):
                    with pytest.raises(UpstreamError, match="not reached"):
                        await ask(host, "db_find", collection="orders")
        async with host_for(MODULE, {"connections": {"mongo": {"url": "mongodb://127.0.0.1:1"}}}) as host:
            with pytest.raises(ToolError, match="not complete"):
                await ask(host, "db_find", collection="orders")

    asyncio.run(work())


@pytest.mark.real
def test_who_may_not_ask_for_sizes_still_sees_what_there_is(
    server: MongoLookalike, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Look-alike, which has no roles: it is asked for what it refuses."""
    monkeypatch.setattr(engine, "_STATISTICS", [{"$planCacheStats": {}}])

    async def work() -> None:
        async with host_for(MODULE, settings(server)) as host:
            found = (await ask(host, "db_schemas"))["relations"]
            assert found == [{"name": name, "kind": "collection"} for name in ("cities", "orders")]
            assert len((await ask(host, "db_describe", table="cities"))["columns"]) == 2

    asyncio.run(work())


def test_fields_are_told_from_documents() -> None:
    found = {one.name: one for one in fields([{"_id": 1, "a": {"b": "x"}}, {"_id": 2, "a": {"b": None}, "c": [1]}])}
    assert list(found) == ["_id", "a", "a.b", "c"]
    assert found["_id"].primary_key
    assert (found["a.b"].type, found["a.b"].nullable) == ("string | null", True)
    assert (found["c"].type, found["c"].nullable) == ("array", True)
