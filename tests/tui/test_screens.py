"""Every screen and key against real instances: what is pressed here happens there, and is seen."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from textual.pilot import Pilot
from textual.widgets import HelpPanel, TextArea

from mcp_agent import Host, Paths
from mcp_agent.config import PolicySettings
from mcp_agent.control.desk import Desk
from mcp_agent.control.feed import Feed
from mcp_agent.control.instances import addresses
from mcp_agent.testing import ScriptedCaller
from mcp_agent.tui.app import PAGES, Dashboard
from mcp_agent.vault.secret import Secret
from mcp_agent.vault.vault import vault_of_home
from tests.control.running import ALLOW, a_desk, a_home, an_instance, waiting
from tests.support.process import process
from tests.support.process import until as until_elsewhere
from tests.tui.screens import SMALL, seen, until, until_seen

HOUSE = "tests.tui.house"


class Stage(NamedTuple):
    """A dashboard that is attached to an instance."""

    app: Dashboard
    pilot: Pilot[None]
    host: Host
    desk: Desk
    paths: Paths

    async def see(self, *words: str, gone: str = "") -> str:
        return await until_seen(self.pilot, self.app, *words, gone=gone)


@asynccontextmanager
async def a_dashboard(
    paths: Paths, page: str = "now", size: tuple[int, int] = SMALL
) -> AsyncIterator[tuple[Dashboard, Pilot[None], Desk]]:
    desk = a_desk(paths)
    async with desk:
        feed = Feed(desk)
        await feed.start()
        app = Dashboard(desk, feed, page=page)
        async with app.run_test(size=size, notifications=True) as pilot:
            yield app, pilot, desk


def play(
    work: Callable[[Stage], Awaitable[None]],
    *modules: str,
    page: str = "now",
    size: tuple[int, int] = SMALL,
    policy: PolicySettings = ALLOW,
) -> None:
    async def run() -> None:
        async with (
            a_home() as paths,
            an_instance(paths, *(modules or (HOUSE,)), policy=policy) as host,
            a_dashboard(paths, page, size) as (app, pilot, desk),
        ):
            await work(Stage(app, pilot, host, desk, paths))

    asyncio.run(run())


def test_each_screen_opens_with_its_number_by_name_and_with_the_mouse() -> None:
    async def work(stage: Stage) -> None:
        for number, name in enumerate(PAGES, 1):
            await stage.pilot.press(str(number))
            assert stage.app.page.name == name
            assert stage.app.focused is stage.app.page.first()
        await stage.pilot.click("#tabs", offset=(12, 0))
        assert stage.app.page.name == "calls"
        await stage.pilot.press("ctrl+p")
        await stage.pilot.press(*"open plugins")
        await stage.see("Open plugins")
        await stage.pilot.press("enter")
        await until(lambda: stage.app.page.name == "plugins")

    play(work)


def test_help_stands_beside_every_widget() -> None:
    async def work(stage: Stage) -> None:
        await stage.pilot.press("question_mark")
        for number, words in enumerate(("Instances", "Calls", "Approvals", "Plugins", "Memory", "Secrets", "Logs"), 1):
            await stage.pilot.press(str(number))
            await until(lambda words=words: words in _help(stage.app))
            page = stage.app.page
            for widget in page.query("*").results():
                if widget.focusable:
                    widget.focus()
                    await stage.pilot.pause()
                    await until(lambda: len(_help(stage.app)) > 20)
        await stage.pilot.press("question_mark")
        assert not stage.app.screen.query(HelpPanel)

    play(work, size=(160, 50))


def _help(app: Dashboard) -> str:
    return str(getattr(app.screen.query_one(HelpPanel).query_one("#widget-help"), "source", ""))


def test_now_shows_instances_clients_and_calls_in_flight() -> None:
    async def work(stage: Stage) -> None:
        await stage.see("1 instance", "● runs 1", str(os.getpid()))
        stage.desk.came(stage.desk.instances[0])  # the same again stands for a second assistant
        await stage.see("2 instances", "runs 2")

    play(work)


def test_an_instance_that_is_killed_in_view_is_shown_as_gone_and_history_stays(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path / "data", tmp_path / "state")

    async def work(pid: int) -> None:
        async with a_dashboard(paths) as (app, pilot, _):
            await until_seen(pilot, app, "● runs 1", str(pid))
            os.kill(pid, signal.SIGKILL)
            await until_seen(pilot, app, "✗ gone 1", "✗ 1 gone", "no instance runs", gone="● runs")
            await until(lambda: not addresses(paths))  # the dead socket is cleared away

    with process(HOUSE, env={"MCP_AGENT_HOME": str(tmp_path)}) as server:
        until_elsewhere(lambda: bool(addresses(paths)))
        asyncio.run(work(server.popen.pid))


def test_an_instance_that_comes_later_is_found() -> None:
    async def work() -> None:
        async with a_home() as paths, a_dashboard(paths) as (app, pilot, _):
            await until_seen(pilot, app, "no instance runs")
            async with an_instance(paths, HOUSE):
                await until_seen(pilot, app, "● runs 1")
            await until_seen(pilot, app, "✗ gone 1")

    asyncio.run(work())


def test_without_an_instance_history_is_shown() -> None:
    async def work() -> None:
        async with a_home() as paths:
            async with an_instance(paths, HOUSE) as host:
                await host.call("house_set_lamp", {"room": "kitchen", "state": "on"})
            async with a_dashboard(paths, "calls") as (app, pilot, _):
                await until_seen(pilot, app, "no instance runs", "✓ ok", "house_set_lamp", "audit log")
                await until_seen(pilot, app, "Before (change 1")
                await pilot.press("u", "y")
                await until_seen(pilot, app, "mcp-agent undo 1")
                await pilot.press("4")
                await until_seen(pilot, app, "○ installed", "memory")
                await pilot.press("5")
                await until_seen(pilot, app, "No instance with the memory plugin runs")

    asyncio.run(work())


def test_damaged_files_are_told_and_the_other_screens_go_on() -> None:
    async def work() -> None:
        async with a_home() as paths:
            paths.state.mkdir(parents=True, exist_ok=True)
            for name in ("approvals", "undo"):
                (paths.state / f"{name}.sqlite3").write_bytes(b"this is a letter, not a database" * 99)
            async with a_dashboard(paths, "now", (160, 50)) as (app, pilot, _):
                await until_seen(pilot, app, "Nobody can ask you", "is damaged")
                await pilot.press("4")
                await until_seen(pilot, app, "○ installed", "memory")
                assert app.return_code is None

    asyncio.run(work())


# --- calls ---------------------------------------------------------------------------------------


def test_calls_arrive_live_with_their_details() -> None:
    async def work(stage: Stage) -> None:
        await stage.host.call("house_list_lamps")
        await stage.see("✓ ok", "house_list_lamps", '"hall"')
        await stage.pilot.press("enter")
        assert stage.app.focused is stage.app.query_one("#call")
        await stage.pilot.press("escape")
        assert stage.app.focused is stage.app.query_one("#calls")

    play(work, page="calls")


def test_the_table_follows_until_the_person_moves() -> None:
    async def work(stage: Stage) -> None:
        rows = stage.app.query_one("#calls")
        for city in "abcdefghijklmnopqrstuvwxyz"[:20]:
            await stage.host.batch([("house_set_lamp", {"room": city, "state": "on"})])
        await until(lambda: len(rows._rows) == 20)  # type: ignore[attr-defined]
        assert rows.current.ended.arguments == '{"room":"t","state":"on"}'  # type: ignore[attr-defined]
        await stage.pilot.press("down", "j", "pagedown")
        kept = rows.current  # type: ignore[attr-defined]
        await stage.host.call("house_list_lamps")
        await until(lambda: len(rows._rows) == 21)  # type: ignore[attr-defined]
        assert rows.current is kept  # type: ignore[attr-defined]
        await stage.pilot.press("end")
        assert rows.current.ended.arguments == '{"room":"a","state":"on"}'  # type: ignore[attr-defined]
        await stage.see('"a"')
        await stage.pilot.press("home", "up", "k", "pageup", "G", "g")
        assert rows.current.ended.tool == "house_list_lamps"  # type: ignore[attr-defined]
        await stage.pilot.click("#calls", offset=(10, 4))
        assert rows.current.ended.arguments == '{"room":"s","state":"on"}'  # type: ignore[attr-defined]

    play(work, page="calls")


def test_calls_are_filtered_and_held_still() -> None:
    async def work(stage: Stage) -> None:
        await stage.host.call("house_list_lamps")
        await stage.host.batch([("house_set_lamp", {"room": "cellar", "state": "on"})])
        await stage.see("2 calls")
        await stage.pilot.press("slash", *"lamp error")
        await stage.see("1 call)", "✗ error", "no lamp in the cellar")
        await stage.pilot.press("enter", "1")
        assert stage.app.page.name == "now"
        await stage.pilot.press("2", "slash", "escape")
        await stage.see("2 calls")
        await stage.pilot.press("slash", *"nothing like it", "enter")
        await stage.see("No call fits.")
        await stage.pilot.press("slash", "escape", "space")
        await stage.see("held")
        await stage.host.call("house_list_lamps")
        await until(lambda: stage.app.feed.total == 3)
        await stage.pilot.pause(0.3)
        assert "3 calls" not in seen(stage.app)
        await stage.pilot.press("space")
        await stage.see("3 calls")

    play(work, page="calls")


def test_a_read_is_made_again_and_a_write_is_not() -> None:
    async def work(stage: Stage) -> None:
        await stage.host.call("house_list_lamps")
        await stage.see("house_list_lamps", "✓ ok")
        await stage.pilot.press("r")
        await stage.see("called again")
        await until(lambda: stage.app.feed.total == 2)
        await stage.host.call("house_set_lamp", {"room": "kitchen", "state": "on"})
        await stage.see("house_set_lamp")
        await stage.pilot.press("home", "r")
        await stage.see("only reads are made again")

    play(work, page="calls")


def test_a_write_is_taken_back_after_a_question() -> None:
    async def work(stage: Stage) -> None:
        async def kitchen() -> str:
            return str((await stage.host.call("house_list_lamps")).data["kitchen"])

        await stage.host.call("house_set_lamp", {"room": "kitchen", "state": "off"})
        await stage.host.call("house_set_lamp", {"room": "kitchen", "state": "red"})
        await stage.see("Before (change", '"off"', '"red"')
        await stage.pilot.press("u")
        await stage.see("Take back house_set_lamp", "No (n)")
        await stage.pilot.press("n")
        assert await kitchen() == "red"
        await stage.see("house_list_lamps")
        await stage.pilot.press("down")
        await stage.see("Before (change")
        await stage.pilot.press("u")
        await stage.see("Take back")
        await stage.pilot.press("right", "enter")
        await stage.see("is undone")
        assert await kitchen() == "off"
        await stage.pilot.press("home", "u")
        await stage.see("nothing to take back")

    play(work, page="calls")


# --- approvals -----------------------------------------------------------------------------------


def test_what_waits_arrives_on_every_screen_and_is_allowed() -> None:
    async def work(stage: Stage) -> None:
        calling = asyncio.create_task(
            stage.host.call("house_unlock_door", {"door": "front"}, ScriptedCaller(principal="stdio:mute"))
        )
        await stage.see("Waiting for you", "Approvals (1)", "Press 3")
        await stage.pilot.press("3")
        await stage.see("house_unlock_door", "stdio:mute", '"door":"front"', "The tool cannot tell")
        await stage.pilot.press("a")
        await stage.see("Allow house_unlock_door for stdio:mute, once?")
        await stage.pilot.press("escape")
        assert not calling.done()
        await stage.pilot.press("a", "y")
        await stage.see("allowed, once", "Nothing waits for you.")
        assert "front is open" in (await calling).text

    play(work, policy=PolicySettings())


def test_what_waits_shows_how_it_is_before_and_is_refused() -> None:
    async def work(stage: Stage) -> None:
        arguments = {"room": "hall", "state": "blue"}
        calling = asyncio.create_task(
            stage.host.call("house_set_lamp", arguments, ScriptedCaller(principal="stdio:mute"))
        )
        await waiting(stage.desk)
        await stage.see("Before: how it is now", '"on"', "After", '"state":"blue"')
        await stage.pilot.press("enter")
        assert stage.app.focused is stage.app.query_one("#wish")
        await stage.pilot.press("escape", "x")
        await stage.see("is refused", "Nothing waits for you.")
        outcome = await asyncio.gather(calling, return_exceptions=True)
        assert "refused" in str(outcome[0])
        await stage.pilot.press("a", "x")  # with nothing there, nothing happens
        assert len(stage.app.screen_stack) == 1

    play(work, page="approvals", policy=PolicySettings())


# --- plugins, memory, secrets, logs --------------------------------------------------------------


def test_plugins_are_switched_and_asked_how_they_are() -> None:
    async def work(stage: Stage) -> None:
        for _ in range(6):
            await stage.host.batch([("house_forecast", {"city": "Oulu"})])
        await stage.see("● active", "house", "⊘ left alone", "weather.example")
        await stage.pilot.press("h")
        await stage.see("2 lamps answer.")
        await stage.pilot.press("enter", "escape")

    play(work, page="plugins")


def test_switching_a_plugin_writes_the_configuration_and_reaches_what_runs(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path / "data", tmp_path / "state")

    async def work() -> None:
        async with a_dashboard(paths, "plugins") as (app, pilot, _):
            await until_seen(pilot, app, "memory", "● active")
            rows = app.query_one("#plugins")
            while rows.current.name != "memory":  # type: ignore[attr-defined]
                await pilot.press("down")
            await pilot.press("d")
            await until_seen(pilot, app, "Switch memory off?")
            await pilot.press("y")
            await until_seen(pilot, app, "– off", "memory is off here and in 1 instance")
            assert "enabled: false" in paths.config_file.read_text()
            await pilot.press("e")
            await until_seen(pilot, app, "memory is on", gone="– off")
            assert "enabled: true" in paths.config_file.read_text()

    with process(HOUSE, env={"MCP_AGENT_HOME": str(tmp_path)}):
        until_elsewhere(lambda: bool(addresses(paths)))
        asyncio.run(work())


MEMORY = "mcp_agent_memory"
FACTS = (
    "The spare key is under the blue flower pot.", "The boiler is serviced every October.", "Anna lives in Turku.",
)  # fmt: skip


async def remembered(stage: Stage) -> None:
    """Facts in the real memory, on the screen."""
    for text in FACTS:
        assert not (await stage.host.call("memory_remember", {"text": text, "source": "Ben"})).is_error
    await stage.pilot.press("1", "5")
    await stage.see("3 facts", *FACTS)


async def recalled(stage: Stage, query: str) -> str:
    return (await stage.host.call("memory_recall", {"query": query})).text


def test_memory_shows_what_was_remembered_last_with_its_details() -> None:
    async def work(stage: Stage) -> None:
        await stage.see("Search with /.")
        await remembered(stage)
        assert stage.app.query_one("#facts").current.text == FACTS[-1]  # type: ignore[attr-defined]
        await stage.see("Fact 3", "From", "Ben")

    play(work, MEMORY, page="memory")


def test_memory_is_searched_as_the_assistant_would() -> None:
    async def work(stage: Stage) -> None:
        await remembered(stage)
        await stage.pilot.press("slash", *"when is the boiler serviced", "enter")
        await until(lambda: stage.app.query_one("#facts").current.text == FACTS[1])  # type: ignore[attr-defined]
        await stage.pilot.press("slash", *["backspace"] * 40, "enter")
        await stage.see("3 facts", *FACTS)

    play(work, MEMORY, page="memory")


def test_a_fact_is_edited_and_the_old_version_stays_in_its_history() -> None:
    async def work(stage: Stage) -> None:
        await remembered(stage)
        await stage.pilot.press("e")
        await stage.see("Ctrl+S saves", "Fact 3")
        await stage.pilot.press("escape", "e")
        stage.app.screen.query_one(TextArea).text = "Anna lives in Oulu."
        await stage.pilot.press("ctrl+s")
        await stage.see("Anna lives in Oulu.", "Fact 4 took the place of fact 3.", gone="Anna lives in Turku.")
        old = (await stage.host.call("memory_explain", {"query": "Anna", "id": 3})).data["fact"]
        assert (old["text"], old["superseded_by"]) == ("Anna lives in Turku.", 4)
        await stage.pilot.press("e")
        await stage.see("Ctrl+S saves")
        stage.app.screen.query_one(TextArea).text = "The password is hunter2-Tr0ub4dor."
        await stage.pilot.press("ctrl+s")
        await stage.see("It did not work", "no place for secrets", "Anna lives in Oulu.")

    play(work, MEMORY, page="memory")


async def forgets(stage: Stage, key: str, *question: str, no: str, said: str) -> None:
    """It goes when its key is pressed and the question answered with yes, and not before."""
    await remembered(stage)
    await stage.pilot.press(key)
    await stage.see(*question)
    await stage.pilot.press(no)
    assert "Turku" in await recalled(stage, "Anna")
    await stage.pilot.press(key, "y")
    await stage.see(said, "2 facts")
    assert "Turku" not in await recalled(stage, "Anna")


def test_a_fact_is_forgotten_after_a_question_and_undo_brings_it_back() -> None:
    async def work(stage: Stage) -> None:
        await forgets(stage, "f", "Forget fact 3?", "Anna lives in Turku.", no="n", said="Fact 3 is forgotten.")
        await stage.desk.undo((await stage.desk.stored.changes())[0].id)
        assert "Turku" in await recalled(stage, "Anna")

    play(work, MEMORY, page="memory", policy=PolicySettings())


def test_a_fact_is_forgotten_for_good_after_a_question_of_its_own() -> None:
    async def work(stage: Stage) -> None:
        question = ("Wipe fact 3 from every file?", "Nothing can bring it back")
        await forgets(stage, "F", *question, no="escape", said="Fact 3 is forgotten for good.")
        holds = [
            file for file in stage.paths.state.parent.rglob("*") if file.is_file() and b"Turku" in file.read_bytes()
        ]
        assert holds == []

    play(work, MEMORY, page="memory", policy=PolicySettings())


def test_a_memory_plugin_without_editing_is_only_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from mcp_agent.control import memory

    async def work(stage: Stage) -> None:
        await remembered(stage)
        await stage.see("read-only")
        await stage.pilot.press("e")
        await stage.see("can only be read from here")

    monkeypatch.setattr(memory, "UPDATE", "memory_no_such_tool")
    play(work, MEMORY, page="memory")


def test_secrets_are_shown_by_name_only(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(stage: Stage) -> None:
        vault = vault_of_home("file", stage.paths.data, stage.paths.state)
        await vault.set("house", "door_token", Secret("nobody-may-see-this"))
        await stage.pilot.press("6")
        await stage.see("house", "door_token", "never shown")
        assert "nobody-may" not in seen(stage.app)
        assert "nobody-may" not in stage.app.export_screenshot()

    monkeypatch.setenv("MCP_AGENT_VAULT_PASSPHRASE", "x" * 20)
    from mcp_agent.config import Config, VaultSettings

    monkeypatch.setattr(
        "tests.control.running.Config", lambda **given: Config(vault=VaultSettings(store="file"), **given)
    )
    play(work)


def test_logs_are_followed_filtered_and_opened() -> None:
    async def work(stage: Stage) -> None:
        log = stage.paths.log_file
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as file:
            file.write(
                '{"time":"2026-11-21T10:00:00.000Z","level":"info","logger":"mcp_agent.host","message":"hello"}\n'
            )
            file.write('{"time":"2026-11-21T10:00:01.000Z","level":"error","logger":"mcp_agent.x","message":"bang",')
            file.write('"exception":"Traceback: why"}\nnot json\n{"time":"half a')
        await stage.see("2 lines", "✗ error", "hello", "bang", "Traceback: why")
        with log.open("a") as file:
            file.write(' line","message":"whole now"}\n')
        await stage.see("3 lines", "whole now")
        await stage.pilot.press("l", "l")
        await stage.see("1 line,", "from warning on", gone="hello")
        await stage.pilot.press("l", "l", "slash", *"hello", "enter")
        await stage.see("1 line,", gone="bang")
        await stage.pilot.press("enter")
        assert stage.app.focused is stage.app.query_one("#line")
        await stage.pilot.press("escape", "slash", "escape")

    play(work, page="logs")


# --- the whole -----------------------------------------------------------------------------------


def test_texts_from_anywhere_are_never_markup_and_never_break_a_line() -> None:
    async def work(stage: Stage) -> None:
        nasty = "[bold red]x[/] \x1b[31m\n\t漢字 [link=x]"
        await stage.host.batch([("house_set_lamp", {"room": nasty, "state": "on"})])
        text = await stage.see("[bold red]x[/]", "漢字")
        assert "\x1b" not in text

    play(work, page="calls", size=(160, 50))


def test_themes_change_and_every_style_has_words_beside_it() -> None:
    from mcp_agent.tui.words import LEVELS, OUTCOMES, STATUSES

    async def work(stage: Stage) -> None:
        for theme in ("mcp-day", "mcp-night", "textual-light"):
            stage.app.theme = theme
            await stage.see("runs 1")

    play(work)
    for marks in (OUTCOMES, STATUSES):
        shown = [words for words, _ in marks.values()]
        assert len(set(shown)) == len(shown)
        assert all(words[0] not in "abcdefghijklmnopqrstuvwxyz" and words[2:].isalpha() for words in shown)
    assert all(name in words for name, (words, _) in LEVELS.items())


def test_any_size_from_small_to_wide_is_painted() -> None:
    async def work(stage: Stage) -> None:
        for size in ((80, 24), (60, 16), (109, 30), (110, 30), (300, 90)):
            await stage.pilot.resize_terminal(*size)
            for number in range(1, 9):
                await stage.pilot.press(str(number))
                await stage.pilot.pause()
                assert len(stage.app.screen._compositor.render_strips()) == size[1]

    play(work)


def test_q_leaves_and_the_instance_goes_on() -> None:
    async def work(stage: Stage) -> None:
        await stage.pilot.press("q")
        await until(lambda: not stage.app.is_running)
        assert (await stage.host.call("house_list_lamps")).data

    play(work)
