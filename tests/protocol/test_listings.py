"""What is offered, per revision: each gets all it knows and nothing it does not."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_agent.protocol.limits import Limits
from tests.plugins import kinds
from tests.support.schema import LEGACY, MODERN, REVISIONS
from tests.support.served import in_loop, serving
from tests.support.wire import Client, failing

every_revision = pytest.mark.parametrize("revision", REVISIONS)
LISTINGS = {
    "tools/list": "tools", "resources/list": "resources", "resources/templates/list": "resourceTemplates",
    "prompts/list": "prompts",
}  # fmt: skip


async def by_name(client: Client, method: str) -> dict[str, Any]:
    return {item["name"]: item for item in (await client.call(method))[LISTINGS[method]]}


@every_revision
def test_tools(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            tools = await by_name(await served.client(revision), "tools/list")
            assert list(tools) == [tool.__name__ for tool in kinds.TOOLS]
            wipe = tools["wipe"]
            assert wipe["description"] == "Pretend to delete something."
            assert wipe["inputSchema"]["properties"]["what"] == {"type": "string", "default": "all"}
            assert ("annotations" in wipe) == (revision >= "2025-03-26")
            assert ("title" in wipe) == (revision >= "2025-06-18")
            assert ("outputSchema" in tools["weather"]) == (revision >= "2025-06-18")
            assert ("icons" in wipe) == (revision >= "2025-11-25")
            if "annotations" in wipe:
                assert wipe["annotations"] == {
                    "readOnlyHint": False, "destructiveHint": True, "idempotentHint": True, "openWorldHint": True,
                }  # fmt: skip
                assert tools["echo"]["annotations"]["readOnlyHint"] is True

    in_loop(work)


@every_revision
def test_resources_templates_and_prompts(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            note = (await by_name(client, "resources/list"))["note"]
            assert (note["uri"], note["mimeType"], note["size"]) == ("kinds://note", "text/plain", 2)
            assert note["annotations"] == {"audience": ["user"], "priority": 0.5}
            city = (await by_name(client, "resources/templates/list"))["city"]
            assert city["uriTemplate"] == "kinds://city/{name}"
            paint = (await by_name(client, "prompts/list"))["paint"]
            assert paint["arguments"] == [{"name": "colour", "required": True}, {"name": "mood"}]
            for item in (note, city, paint):
                assert ("title" in item) == (revision >= "2025-06-18")
                assert ("icons" in item) == (revision >= "2025-11-25")

    in_loop(work)


@every_revision
@pytest.mark.parametrize("method", LISTINGS)
def test_pages(revision: str, method: str) -> None:
    async def work() -> None:
        async with serving(page_size=2) as served:
            client = await served.client(revision)
            names, cursor, sizes = [], None, []
            while True:
                page = await client.call(method, {"cursor": cursor} if cursor else {})
                items = page[LISTINGS[method]]
                sizes.append(len(items))
                names += [item["name"] for item in items]
                cursor = page.get("nextCursor")
                if cursor is None:
                    break
            assert len(names) == len(set(names))
            assert all(size == 2 for size in sizes[:-1])
            backend = served.host.backend
            whole = {
                "tools": backend.tools(), "resources": backend.resources(),
                "resourceTemplates": backend.templates(), "prompts": backend.prompts(),
            }  # fmt: skip
            assert names == [item.name for item in whole[LISTINGS[method]]]

    in_loop(work)


@every_revision
@pytest.mark.parametrize(
    "cursor", ["nonsense", "", "YXQ6LTE=", "YXQ6", "é", "YXQ6MTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"]
)
def test_a_cursor_that_was_not_ours(revision: str, cursor: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            if cursor.startswith("YXQ6MTk"):  # a position far beyond the end: as if the listing had shrunk
                assert (await client.call("tools/list", {"cursor": cursor}))["tools"] == []
                return
            error = await failing(client.call("tools/list", {"cursor": cursor}))
            assert error.code == -32602
            assert "cursor" in error.message

    in_loop(work)


@every_revision
def test_a_listing_that_shrinks_between_two_pages_ends(revision: str) -> None:
    async def work() -> None:
        async with serving("tests.plugins.kinds", "tests.plugins.workshop", page_size=len(kinds.TOOLS) + 1) as served:
            client = await served.client(revision)
            first = await client.call("tools/list")
            await served.host.disable_plugin("kinds")
            rest = await client.call("tools/list", {"cursor": first["nextCursor"]})
            assert rest["tools"] == []
            assert "nextCursor" not in rest

    in_loop(work)


@every_revision
def test_cache_hints_and_who_answers(revision: str) -> None:
    async def work() -> None:
        async with serving(limits=Limits(list_ttl=7)) as served:
            client = await served.client(revision)
            for method in LISTINGS:
                result = await client.call(method)
                if revision == MODERN:
                    assert (result["ttlMs"], result["cacheScope"]) == (7000, "public")
                    assert result["resultType"] == "complete"
                    assert result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"] == "mcp-agent"
                else:
                    assert not {"ttlMs", "cacheScope", "resultType", "_meta"} & set(result)

    in_loop(work)


@pytest.mark.parametrize("revision", LEGACY)
def test_list_changed_reaches_who_initialized(revision: str) -> None:
    async def work() -> None:
        async with serving("tests.plugins.kinds", "tests.plugins.workshop") as served:
            client = await served.client(revision)
            before = await by_name(client, "tools/list")
            await served.host.disable_plugin("workshop")
            await client.note("notifications/tools/list_changed")
            after = await by_name(client, "tools/list")
            assert set(before) - set(after) == {name for name in before if name.startswith("shop_")} != set()
            served.host.enable_plugin("workshop")
            await client.note("notifications/tools/list_changed")
            assert set(await by_name(client, "tools/list")) == set(before)

    in_loop(work)


def test_who_did_not_subscribe_hears_nothing() -> None:
    async def work() -> None:
        async with serving("tests.plugins.kinds", "tests.plugins.workshop") as served:
            client = await served.client(MODERN)
            await served.host.disable_plugin("workshop")
            assert await client.quiet() == []

    in_loop(work)
