"""The wizard as a window: every question, every key, and giving up. Steps and answers are those of the plain one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, SelectionList

from mcp_agent import config_file
from mcp_agent.clients.launch import Launch
from mcp_agent.clients.machine import Machine
from mcp_agent.plugins import discover
from mcp_agent.vault.backend import Key, MemoryBackend
from mcp_agent.wizard import steps
from mcp_agent.wizard.face import Face, Stopped
from mcp_agent.wizard.plugins import subject
from mcp_agent.wizard.questions import Question, Typed
from mcp_agent.wizard.screen import WizardApp

Drive = Callable[[Pilot[Any]], Awaitable[None]]
SIZES = [(80, 24), (160, 50)]


class Run:
    """A wizard for the plugin ``settled`` and one assistant, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.backend = MemoryBackend()
        (folder / ".cursor").mkdir()
        self.cursor = folder / ".cursor" / "mcp.json"
        self.home = steps.Home(
            file=folder / "config.yaml", state=folder, backend=self.backend, machine=Machine("linux", folder, {}),
            launch=Launch("/usr/bin/mcp-agent", ("serve",)), healths=lambda: {"settled": "It is hot."},
        )  # fmt: skip
        modules = ["tests.plugins.settled", "tests.plugins.ailing"]
        self.subjects = [subject(one, {}) for one in discover(modules) if one.module in modules]
        self.app = WizardApp(lambda face: steps.run(face, self.home, self.subjects))

    def drive(self, drive: Drive, size: tuple[int, int] = (80, 24)) -> Any:
        async def work() -> None:
            async with self.app.run_test(size=size) as pilot:
                await drive(pilot)

        asyncio.run(asyncio.wait_for(work(), 60))
        return self.app.return_value

    @property
    def section(self) -> Any:
        return config_file.load(self.home.file).plugins.get("settled")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


async def until(pilot: Pilot[Any], title: str) -> Question[Any]:
    """The question of this title, once it is there and can be answered."""
    for _ in range(2000):
        await pilot.pause(0.01)
        for question in pilot.app.query(Question):
            if question._title.startswith(title) and question.is_mounted and pilot.app.focused is not None:
                return question
    raise AssertionError(f"{title} was not asked; it said {pilot.app.said}")  # type: ignore[attr-defined]


async def fill(pilot: Pilot[Any], title: str, text: str) -> None:
    question = await until(pilot, title)
    question.query_one(Input).value = text
    await pilot.press("enter")


async def all_of_it(pilot: Pilot[Any]) -> None:
    picked = await until(pilot, "Which plugins")
    assert picked.query_one(SelectionList).selected == [0, 1]
    await pilot.press("down", "space", "enter")  # ailing is out
    await until(pilot, "Which of these")
    await pilot.press("down", "enter")
    await fill(pilot, "settled: url", "")
    await fill(pilot, "settled: degrees", "500")
    question = await until(pilot, "settled: degrees")
    assert isinstance(question, Typed)
    await pilot.pause()
    assert "must be" in str(question.query_one(".wrong").render())
    await fill(pilot, "settled: degrees", "70")
    await fill(pilot, "settled: rooms", "a, b")
    await fill(pilot, "settled: manual", "")
    hidden = await until(pilot, "settled: token")
    assert hidden.query_one(Input).password
    await fill(pilot, "settled: token", "planted-secret")
    await fill(pilot, "settled: spare", "")
    await until(pilot, "Write it?")


@pytest.mark.parametrize("size", SIZES)
def test_from_beginning_to_end(run: Run, size: tuple[int, int]) -> None:
    async def drive(pilot: Pilot[Any]) -> None:
        await all_of_it(pilot)
        assert not run.home.file.exists()
        await pilot.press("y")
        await until(pilot, "Into which assistants?")
        await pilot.press("enter")
        await until(pilot, "Write this?")
        await pilot.press("tab", "enter")
        while pilot.app.is_running and pilot.app.return_code is None:
            await pilot.pause(0.01)

    assert run.drive(drive, size) is None
    assert run.section == {"url": "http://127.0.0.1", "degrees": 70, "rooms": ["a", "b"]}
    assert config_file.load(run.home.file).plugins["ailing"] == {"enabled": False}
    assert run.backend.get(Key("settled", "token")) == "planted-secret"
    assert run.backend.get(Key("settled", "spare")) is None
    assert "mcp-agent" in run.cursor.read_text()
    said = "\n".join(run.app.said)
    assert "settled: It is hot." in said
    assert "planted" not in said


@pytest.mark.parametrize("key", ["n", "enter", "escape", "ctrl+c"])
def test_nothing_is_written_without_a_yes(run: Run, key: str) -> None:
    async def drive(pilot: Pilot[Any]) -> None:
        await all_of_it(pilot)
        await pilot.press(key)
        while pilot.app.return_value is None:
            await pilot.pause(0.01)

    assert isinstance(run.drive(drive), Stopped)
    assert not run.home.file.exists()
    assert run.backend.names() == []


@pytest.mark.parametrize("size", [(80, 24), (40, 10), (30, 8)])
def test_the_last_of_many_options_can_be_seen_in_a_small_terminal(size: tuple[int, int]) -> None:
    app = WizardApp(lambda face: face.say(str(face.pick("Which?", [f"plugin {at}" for at in range(20)], []))))

    async def drive() -> None:
        async with app.run_test(size=size) as pilot:
            await until(pilot, "Which?")
            await pilot.press("end", "space")
            await pilot.pause()
            assert "plugin 19" in re.sub(r"<[^>]+>", " ", app.export_screenshot()).replace("&#160;", " ")
            await pilot.press("enter")
            while app.is_running and app.return_code is None:
                await pilot.pause(0.01)

    asyncio.run(asyncio.wait_for(drive(), 30))
    assert app.said == ["[19]"]


def test_a_machine_that_refuses_ends_it_without_a_traceback() -> None:
    def work(face: Face) -> None:
        raise PermissionError(13, "Permission denied", "/there")

    app = WizardApp(work)

    async def drive() -> None:
        async with app.run_test() as pilot:
            while app.is_running and app.return_code is None:
                await pilot.pause(0.01)

    asyncio.run(asyncio.wait_for(drive(), 30))
    assert isinstance(app.return_value, PermissionError)


def test_escape_gives_up_at_any_question(run: Run) -> None:
    async def drive(pilot: Pilot[Any]) -> None:
        await until(pilot, "Which plugins")
        await pilot.press("enter")
        question = await until(pilot, "Which of these")
        assert question.query_one(OptionList).option_count == 4
        await pilot.press("escape")
        while pilot.app.return_value is None:
            await pilot.pause(0.01)

    assert isinstance(run.drive(drive), Stopped)


def test_the_steps_end_when_the_window_does(run: Run) -> None:
    async def drive(pilot: Pilot[Any]) -> None:
        await until(pilot, "Which plugins")
        pilot.app.exit()

    run.drive(drive)
    assert run.app.closed
    assert not run.home.file.exists()


@pytest.mark.parametrize("size", SIZES)
def test_everything_is_in_the_picture(run: Run, size: tuple[int, int]) -> None:
    """Texts of plugins are no markup, and the question and its keys are to be seen at once."""

    async def drive(pilot: Pilot[Any]) -> None:
        await until(pilot, "Which plugins")
        await pilot.pause()
        seen = re.sub(r"<[^>]+>", " ", pilot.app.export_screenshot()).replace("&#160;", " ")
        for words in ("Which plugins do you want?", "settled", "ailing", "Give up", "Enter goes on"):
            assert words in seen, words
        await pilot.press("escape")
        while pilot.app.return_value is None:
            await pilot.pause(0.01)

    run.drive(drive, size)


def test_markup_of_others_is_text(tmp_path: Path) -> None:
    def work(face: Face) -> None:
        face.say("[bold]as it is[/bold] [/")
        assert face.one("[b]Title[/b]", ["[red]one[/red]", "two [/"]) == 1
        assert face.pick("Which?", ["[x] a", "[/] b"], [1]) == [1]

    app = WizardApp(work)

    async def drive() -> None:
        async with app.run_test() as pilot:
            await until(pilot, "[b]Title[/b]")
            await pilot.press("down", "enter")
            await until(pilot, "Which?")
            await pilot.press("enter")
            while app.is_running and app.return_code is None:
                await pilot.pause(0.01)

    asyncio.run(asyncio.wait_for(drive(), 30))
    assert app.return_value is None
    assert app.said == ["[bold]as it is[/bold] [/"]
