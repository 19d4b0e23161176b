"""The desk: files in the folders of the person, the trash, and, where there is a screen, what is on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from mcp_agent import Context, PluginInfo, Scene, Stage, hookimpl
from mcp_agent_desktop import changing, looking, machine, notifying, search, session, watch_tools
from mcp_agent_desktop.settings import Settings
from mcp_agent_desktop.state import state

_ANYWHERE: Sequence[Callable[..., Any]] = (
    looking.desktop_list_folders, looking.desktop_list_files, looking.desktop_tree, looking.desktop_read_file,
    search.desktop_search_files, changing.desktop_write_file, changing.desktop_edit_file, changing.desktop_move,
    changing.desktop_trash, watch_tools.desktop_watch, watch_tools.desktop_unwatch, machine.desktop_processes,
    machine.desktop_system_info,
)  # fmt: skip
_AT_A_SCREEN: Sequence[Callable[..., Any]] = (
    notifying.desktop_notify, session.desktop_open, session.desktop_clipboard, session.desktop_copy,
    session.desktop_screenshot,
)  # fmt: skip


async def _tidies_up(stage: Stage) -> None:
    written = await stage.call("desktop_write_file", path="garden/plan.txt", text="Tomatoes: 4\nBeans: 12\n")
    stage.check(not written.is_error, f"the file was not written: {written.text}")
    edited = await stage.call("desktop_edit_file", path="garden/plan.txt", old="Beans: 12", new="Beans: 20")
    stage.check(not edited.is_error and "+Beans: 20" in edited.data["diff"], f"the edit went wrong: {edited.text}")
    found = (await stage.call("desktop_search_files", query="beans")).data["hits"]
    stage.check(len(found) == 1 and found[0]["lines"] == ["2: Beans: 20"], f"the file was not found: {found}")
    stage.say(f"It wrote a file, changed a line, and found it again by its words: {found[0]['lines'][0]}")
    out = await stage.call("desktop_read_file", path="../../../etc/passwd")
    stage.check(out.is_error, f"it read a file outside of its folders: {out.text}")
    stage.say(f"Asked for a file outside of its folders, it says: {out.text}")
    moved = await stage.call("desktop_move", source="garden", target="archive/garden")
    stage.check(not moved.is_error, f"it could not be moved: {moved.text}")
    stage.say("And whatever it changes, moves or throws away can be brought back.")


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(
        title="Desktop", description="Files in your folders, the trash, search, and what is on the screen."
    )


@hookimpl
def mcp_agent_config() -> type[Struct]:
    return Settings


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return [*_ANYWHERE, *(_AT_A_SCREEN if session.has_desktop() else ())]


@hookimpl
def mcp_agent_resources() -> Sequence[Callable[..., Any]]:
    return [watch_tools.desktop_changes]


@hookimpl
async def mcp_agent_health(ctx: Context) -> str:
    folders = ctx.folders.configured
    writable = sum(folder.writable for folder in folders)
    screen = "" if session.has_desktop() else " No desktop here, so no notifications, clipboard or screenshots."
    return f"Folders: {len(folders)}, writable of them: {writable}.{screen}"


@hookimpl
async def mcp_agent_shutdown(ctx: Context) -> None:
    if ctx.state is not None:
        await state(ctx).close()


@hookimpl
def mcp_agent_demo() -> Sequence[Scene]:
    return [Scene("It tidies up a folder, and only there", _tidies_up)]
