"""To-do lists."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, Undo, tool
from mcp_agent_smart_home.examples import EXAMPLES
from mcp_agent_smart_home.home import Home, Json, home_of
from mcp_agent_smart_home.things import named

ListId = Annotated[str, Field("The list, such as todo.shopping.", pattern=r"^todo\.[a-z0-9_]+$", max_length=255)]
Item = Annotated[str, Field("What is to be done.", min_length=1, max_length=500)]


class Entry(Struct, frozen=True, omit_defaults=True):
    summary: str
    status: str
    due: str | None = None
    description: str | None = None


class List(Struct, frozen=True, omit_defaults=True):
    """``items`` are there when one list was asked for."""

    entity_id: str
    name: str
    open: str
    items: list[Entry] = []


class Changed(Struct, frozen=True):
    """The item before and after; null where it is not on the list."""

    before: Entry | None
    after: Entry | None


async def _items(home: Home, list_id: str) -> list[Entry]:
    named(await home.entities(), [list_id], "todo")
    answer = await home.call("todo", "get_items", [list_id], {}, response=True)
    return [
        Entry(one["summary"], one["status"], one.get("due"), one.get("description") or None)
        for one in answer[list_id]["items"]
    ]


@tool(effect="read", examples=EXAMPLES["home_todo"])
async def home_todo(
    ctx: Context,
    list: Annotated[str | None, Field("One list with its items; left out: all lists.", max_length=255)] = None,
    done: Annotated[bool, Field("Items that are done, too.")] = False,
) -> list[List]:
    """To-do and shopping lists, or the items of one."""
    home = home_of(ctx)
    entities = await home.entities()
    if list is None:
        return [List(one.entity_id, one.name, one.state) for one in entities.values() if one.domain == "todo"]
    [found] = named(entities, [list], "todo")
    items = [one for one in await _items(home, list) if done or one.status == "needs_action"]
    return [List(found.entity_id, found.name, found.state, items)]


async def _item(home: Home, list_id: str, item: str) -> Entry | None:
    return next((one for one in await _items(home, list_id) if one.summary == item), None)


async def _as_is(ctx: Context, arguments: Any, result: Any) -> Any:
    found = await _item(home_of(ctx), arguments.list, arguments.item)
    return None if found is None else {"status": found.status, "due": found.due, "description": found.description}


async def _put_back(ctx: Context, arguments: Any, result: Any, wanted: Any) -> None:
    home, list_id, item = home_of(ctx), arguments.list, arguments.item
    if wanted is None:
        await home.call("todo", "remove_item", [list_id], {"item": item})
        return
    if await _item(home, list_id, item) is None:
        await home.call("todo", "add_item", [list_id], _new(item, wanted["due"], wanted.get("description")))
    await home.call("todo", "update_item", [list_id], {"item": item, "status": wanted["status"]})


def _new(item: str, due: str | None, description: str | None = None) -> dict[str, Json]:
    """``due`` is a day, or a time of a day, which has a field of its own."""
    new: dict[str, Json] = {"item": item}
    if due:
        new["due_datetime" if "T" in due else "due_date"] = due
    if description:
        new["description"] = description
    return new


@tool(
    effect="write",
    undo=Undo(_as_is, _put_back),
    examples=EXAMPLES["home_change_todo"],
)
async def home_change_todo(
    ctx: Context,
    list: ListId,
    item: Item,
    do: Annotated[Literal["add", "complete", "reopen", "remove"], Field("What to do with it.")] = "add",
    due: Annotated[str | None, Field("For add: the day, YYYY-MM-DD.", pattern=r"^\d{4}-\d\d-\d\d$")] = None,
) -> Changed:
    """Add an item to a to-do or shopping list, complete it, open it again, or remove it."""
    home = home_of(ctx)
    before = await _item(home, list, item)
    if do == "add":
        if before is not None:
            raise ToolError(f"{item!r} is on the list already ({before.status}).", hint="reopen opens it again.")
        await home.call("todo", "add_item", [list], _new(item, due))
    elif before is None:
        raise ToolError(f"{item!r} is not on the list.", hint="home_todo shows what is, to the letter.")
    elif do == "remove":
        await home.call("todo", "remove_item", [list], {"item": item})
    else:
        status = "completed" if do == "complete" else "needs_action"
        await home.call("todo", "update_item", [list], {"item": item, "status": status})
    return Changed(before, await _item(home, list, item))
