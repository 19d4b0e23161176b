"""The contract that every plugin keeps, on the example that is there without a configuration; and the page about it."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from mcp_agent_database import TOOLS
from mcp_agent_database.settings import Settings
from msgspec import ValidationError, convert

from mcp_agent.testing import PluginContract, host_for

MODULE = "mcp_agent_database"
PAGE = (Path(__file__).parents[3] / "docs" / "plugins" / "database.md").read_text()


class TestContract(PluginContract):
    module = MODULE
    examples: ClassVar = {
        "db_connections": {},
        "db_schemas": {"connection": "example"},
        "db_describe": {"connection": "example", "table": "orders"},
        "db_health": {"connection": "example"},
        "db_query": {"connection": "example", "statement": "select * from orders where id = ?", "parameters": [3]},
        "db_sample": {"connection": "example", "table": "customers"},
        "db_export": {
            "connection": "example",
            "statement": "select * from orders",
            "path": "orders.csv",
            "format": "csv",
        },
        "db_suggest_indexes": {"connection": "example"},
        "db_erd": {"connection": "example"},
        "db_explain": {"connection": "example", "statement": "select * from orders", "run": True},
    }


def test_every_tool_says_what_a_person_would_say() -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            assert [tool.name for tool in host.tools() if len(tool.examples) < 4] == []

    asyncio.run(work())


def test_the_conversation_of_the_page_happens() -> None:
    [block] = re.findall(r"```json\n(.*?)```", PAGE, re.S)

    async def work() -> None:
        async with host_for(MODULE) as host:
            found: list[Any] = []
            for line in block.splitlines():
                call = json.loads(line)
                found.append((await host.call(call.pop("tool"), call)).data)
            tables, orders, rows, plan = found
            assert [one["name"] for one in tables["relations"]] == ["customers", "order_items", "orders", "products"]
            assert orders["references"][0]["to_table"] == "customers"
            assert [row["city"] for row in rows["rows"]] == ["Graz", "Lisbon", "Tartu"]
            assert any("read from its start" in note for note in plan["notes"])

    asyncio.run(work())


def test_the_settings_are_real_and_every_tool_is_named() -> None:
    [block] = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
    settings = convert(yaml.safe_load(block)["plugins"]["database"], Settings, strict=False)
    assert settings.connections["shop"].writable is False
    assert [tool.__name__ for tool in TOOLS if f"`{tool.__name__}`" not in PAGE] == []


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://anna:secret@db/shop",
        "postgresql://anna:sec/ret@db/shop",
        "postgresql://db/shop?password=secret",
        "postgresql://db/shop?sslmode=require&sslpassword=secret",
        "mongodb://db/shop?tlsCertificateKeyFilePassword=secret",
        "mongodb://db/shop?authMechanismProperties=AWS_SESSION_TOKEN:secret",
    ],
)
def test_a_password_in_the_configuration_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        convert({"connections": {"shop": {"url": url}}}, Settings)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://anna@db:5432/shop?sslmode=require&passfile=/home/anna/.pgpass",
        "mongodb://anna@one:27017,two:27017/shop?replicaSet=a",
        "https://project.supabase.co",
        "C:/Users/Anna/shop.sqlite",
        "/srv/shop@home.db",
    ],
)
def test_an_address_without_one_is_taken(url: str) -> None:
    assert convert({"connections": {"shop": {"url": url}}}, Settings).connections["shop"].url == url
