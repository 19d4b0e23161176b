"""Supabase through its REST layer. Shown against a look-alike (tests/real/supabase_lookalike.py): no registry has the
real one. Where the look-alike cannot show something, a small server answers as PostgREST's documentation says.
"""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp_agent_database.supabase.filters import parameters

from mcp_agent import ToolError, UpstreamError
from mcp_agent.testing import host_for
from mcp_agent.vault.secret import Secret
from tests.real.supabase_lookalike import SupabaseLookalike
from tests.support.loopback import Quiet, serving

MODULE = "mcp_agent_database"
# Not here: the look-alike takes "{a}" for an array, "null" for nothing, and cuts spaces at ends. PostgREST does not.
STRANGE = ('a,b "c" (d)', "eq.1", "50%", "x&y=z+1", "a{b}", "ü ß", "a  b")
_SCHEMA = """
create table customers (id bigint primary key, name text not null, city text, vip boolean default false);
create table orders (id bigint primary key, customer_id bigint not null references customers (id), total numeric,
                     placed timestamptz, tags jsonb, "limit" bigint);
create table secrets (id bigint primary key, word text);
alter table secrets enable row level security;
create table texts (id bigint primary key, text text);
"""


def _rows() -> str:
    quoted = [one.replace("'", "''") for one in STRANGE]
    return "\n".join([
        "insert into customers (id, name, city, vip) values (1, 'Ada', 'Lisbon', true), (2, 'Bruno', 'Graz', false), "
        "(3, 'Chiara', null, false);",
        *(f"insert into orders (id, customer_id, total, placed, tags, \"limit\") values ({n}, {n % 3 + 1}, {n / 2}, "
          f"'2026-01-{n % 27 + 1:02}T00:00:00Z', '{{\"k\": {n % 5}}}', {n});" for n in range(1, 251)),
        "insert into secrets (id, word) values (1, 'hush');",
        *(f"insert into texts (id, text) values ({n}, '{one}');" for n, one in enumerate(quoted)),
    ])  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SupabaseLookalike]:
    with SupabaseLookalike(tmp_path_factory.mktemp("supabase"), _SCHEMA, _rows()) as running:
        yield running


Ask = Callable[..., Awaitable[Any]]


@asynccontextmanager
async def asking(url: str, key: str | None) -> AsyncIterator[Ask]:
    async with host_for(MODULE, {"connections": {"shop": {"url": url}}, "seconds": 5}) as host:
        if key is not None:
            await host.vault.set("database", "shop", Secret(key))

        async def ask(tool: str, **arguments: Any) -> Any:
            return (await host.call(tool, {"connection": "shop", **arguments})).data

        yield ask


@pytest.mark.real
def test_filters_pages_and_fields(project: SupabaseLookalike) -> None:
    """Look-alike."""

    async def work() -> None:
        async with asking(project.url, project.secret) as ask:
            find = functools.partial(ask, "db_find", collection="orders")

            async def ids(filter: dict[str, Any]) -> list[int]:
                return [one["id"] for one in (await find(filter=filter, sort={"id": 1}, limit=100))["documents"]]

            seen: list[int] = []
            skip: int | None = 0
            while skip is not None:
                page = await find(sort={"id": 1}, limit=100, skip=skip)
                seen += [one["id"] for one in page["documents"]]
                skip = page.get("next_skip")
            assert seen == list(range(1, 251))
            assert await ids({"total": {"$gt": 1, "$lte": 2.5}}) == [3, 4, 5]
            assert await ids({"id": {"$in": [7, 9, 999]}}) == [7, 9]
            assert await ids({"id": {"$nin": [3, 4], "$lt": 5}}) == [1, 2]
            assert await ids({"$or": [{"id": 3}, {"id": {"$gt": 248}, "customer_id": {"$ne": 1}}]}) == [3, 250]
            assert await ids({"$nor": [{"id": {"$gt": 2}}, {"id": 1}]}) == [2]
            assert await ids({"id": {"$not": {"$gt": 3}}}) == [1, 2, 3]
            assert await ids({"limit": 5}) == [5]
            assert await ids({"tags->>k": "4", "id": {"$lt": 10}}) == [4, 9]
            assert await ids({"placed": {"$gte": "2026-01-27T00:00:00Z"}, "id": {"$lt": 30}}) == [26]
            customers = functools.partial(ask, "db_find", collection="customers")
            assert [one["id"] for one in (await customers(filter={"city": None}))["documents"]] == [3]
            assert (await customers(filter={"city": {"$exists": True}}))["count"] == 2
            assert [one["id"] for one in (await customers(filter={"vip": True}))["documents"]] == [1]
            assert [one["id"] for one in (await customers(filter={"name": {"$regex": "^B"}}))["documents"]] == [2]
            joined = await customers(fields=["name", "orders(id)"], filter={"id": 1, "orders.id": {"$lt": 7}})
            assert joined["documents"] == [{"name": "Ada", "orders": [{"id": 3}, {"id": 6}]}]
            for number, text in enumerate(STRANGE):
                found = (await ask("db_find", collection="texts", filter={"text": text}))["documents"]
                assert found == [{"id": number, "text": text}], text

    asyncio.run(work())


@pytest.mark.real
def test_what_there_is_and_what_a_key_may_read(project: SupabaseLookalike) -> None:
    """Look-alike: its description names no tables, so fields are those of rows."""

    async def work() -> None:
        async with asking(project.url, project.secret) as ask:
            assert (await ask("db_schemas"))["where"] == f"Supabase project at {project.url}"
            found = await ask("db_describe", table="customers")
            assert found["relation"]["rows"] == 3
            assert [(one["name"], one["type"]) for one in found["columns"]][:2] == [("id", "int"), ("name", "string")]
            assert (await ask("db_sample", table="orders", rows=4))["count"] == 4
            assert (await ask("db_sample", table="secrets"))["count"] == 1
            with pytest.raises(ToolError, match="nowhere"):
                await ask("db_sample", table="nowhere")
            with pytest.raises(ToolError, match="no pipelines"):
                await ask("db_aggregate", collection="orders", pipeline=[])
            for tool in ("db_query", "db_execute", "db_migrate"):
                more = {"steps": ["select 1"]} if tool == "db_migrate" else {"statement": "select 1"}
                with pytest.raises(ToolError, match="not asked in SQL"):
                    await ask(tool, **more, **({"expect_rows": 1} if tool == "db_execute" else {}))
        async with asking(project.url, project.publishable) as ask:
            assert (await ask("db_sample", table="secrets"))["count"] == 0  # row level security
            assert (await ask("db_sample", table="orders"))["count"] == 5
            assert len((await ask("db_describe", table="orders"))["columns"]) >= 6
            with pytest.raises(ToolError, match="does not describe its tables"):
                await ask("db_schemas")
        async with asking(project.url, "sb_secret_" + "x" * 32) as ask:
            with pytest.raises(ToolError, match="does not let us in"):
                await ask("db_sample", table="orders")
        async with asking(project.url, None) as ask:
            with pytest.raises(ToolError, match="key of shop is not known"):
                await ask("db_sample", table="orders")

    asyncio.run(work())


class Answering(Quiet):
    """As PostgREST describes tables; and it notes what it was asked."""

    asked: list[tuple[str, str, dict[str, str]]]
    answer: tuple[int, dict[str, str], Any]

    def do_GET(self) -> None:
        self.asked.append((self.command, unquote(self.path), dict(self.headers)))
        status, headers, body = self.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET


@contextmanager
def answering(status: int, body: Any, **headers: str) -> Iterator[tuple[str, list[tuple[str, str, dict[str, str]]]]]:
    kind = type("Kind", (Answering,), {"asked": [], "answer": (status, headers, body)})
    with serving(kind) as port:
        yield f"http://127.0.0.1:{port}", kind.asked  # type: ignore[attr-defined]


_DESCRIBED = {
    "swagger": "2.0", "info": {"version": "12.2"},
    "paths": {"/orders": {"get": {}, "post": {}}, "/customers": {"get": {}, "post": {}}, "/totals": {"get": {}}},
    "definitions": {
        "customers": {"required": ["id"], "type": "object", "description": "Who buys.", "properties": {
            "id": {"format": "bigint", "type": "integer", "description": "Note:\nThis is a Primary Key.<pk/>"}}},
        "orders": {"required": ["id", "customer_id"], "properties": {
            "id": {"format": "bigint", "type": "integer", "description": "Note:\nThis is a Primary Key.<pk/>"},
            "customer_id": {"format": "bigint", "type": "integer", "description":
                "Who.\n\nNote:\nThis is a Foreign Key to `customers.id`.<fk table='customers' column='id'/>"},
            "state": {"format": "text", "type": "string", "default": "open"}}},
        "totals": {"properties": {"sum": {"format": "numeric", "type": "number"}}},
    },
}  # fmt: skip


def test_a_description_of_postgrest_becomes_tables() -> None:
    """Not the real thing: a description in its form."""

    async def work(url: str) -> None:
        async with asking(url, "eyJsomething") as ask:
            found = (await ask("db_schemas"))["relations"]
            assert [(one["name"], one["kind"]) for one in found] == [
                ("customers", "table"), ("orders", "table"), ("totals", "view"),
            ]  # fmt: skip
            diagram = (await ask("db_erd"))["mermaid"]
            assert "customers ||--o{ orders : customer_id" in diagram
            assert "bigint customer_id FK" in diagram
            assert (await ask("db_health"))["tables"] == 3

    with answering(200, _DESCRIBED) as (url, asked):
        asyncio.run(work(url))
    assert {command for command, _, _ in asked} == {"GET"}
    assert all(headers["apikey"] == "eyJsomething" for _, _, headers in asked)
    assert all(headers["Authorization"] == "Bearer eyJsomething" for _, _, headers in asked)


def test_the_key_goes_to_its_project_alone(home: Path) -> None:
    async def refused(url: str, error: type[ToolError], match: str, **arguments: Any) -> None:
        async with asking(url, "sb_secret_word") as ask:
            with pytest.raises(error, match=match) as caught:
                await ask("db_find", **{"collection": "orders", **arguments})
            assert "sb_secret_word" not in repr(caught.value) + str(caught.value.hint)

    with (
        answering(200, []) as (elsewhere, never),
        answering(307, {}, Location=f"{elsewhere}/rest/v1/orders") as (url, _),
    ):
        asyncio.run(refused(url, ToolError, "307"))
        assert never == []
    asyncio.run(refused("http://db.example.org", ToolError, "without encryption"))
    for more in ("https://a.supabase.co/rest/v1", "https://a.supabase.co?x=1", "https://anna@a.supabase.co"):
        asyncio.run(refused(more, ToolError, "more than a project"))
    with answering(500, "sb_secret_word") as (url, _):
        asyncio.run(refused(url, UpstreamError, "answers 500"))
    with answering(400, {"code": "1", "message": "Key sb_secret_word is odd"}) as (url, asked):
        asyncio.run(refused(url, ToolError, "refuses"))
        for name in ("../../auth/v1/admin/users", "a/../../auth", ".", "rpc/wipe", "a\r\nX: y.b"):
            asyncio.run(refused(url, ToolError, "no name of a table", collection=name))
        assert [path.partition("?")[0] for _, path, _ in asked] == ["/rest/v1/orders"]


@pytest.mark.parametrize(
    "filter",
    [{"$where": "1"}, {"a": {"$where": "1"}}, {"$or": []}, {"$or": {"a": 1}}, {"a": {"$in": "x"}}, {"": 1},
     {"a": {"$text": {"$search": "x"}}}, {"$expr": {}}],
)  # fmt: skip
def test_what_postgrest_has_no_word_for_is_refused(filter: dict[str, Any]) -> None:
    with pytest.raises(ToolError):
        parameters(filter)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(min_size=1), st.text(min_size=1, alphabet=st.characters(exclude_characters="$.")))
def test_a_value_in_a_group_stays_one_value(value: str, column: str) -> None:
    """Read back as PostgREST reads it: up to a comma or parenthesis, unless it is in quotes."""
    [(name, text)] = parameters({"$or": [{column: {"$like": value}}, {"b": 1}]})
    assert name == "and"
    assert text.startswith("(or(")
    rest = text.removeprefix("(or(")
    found, rest = _read(rest, ".")
    assert found == column
    assert rest.startswith(".like.")
    assert _read(rest.removeprefix(".like."), ",)") == (value, ",b.eq.1))")


def _read(text: str, ends: str) -> tuple[str, str]:
    if not text.startswith('"'):
        length = next((n for n, one in enumerate(text) if one in ends), len(text))
        return text[:length], text[length:]
    read, position = "", 1
    while text[position] != '"':
        position += text[position] == "\\"
        read += text[position]
        position += 1
    return read, text[position + 1 :]
