"""docs/write-a-plugin.md: what it shows is run."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from mcp_agent.callers import NoCaller
from mcp_agent.cli.scaffold import write_plugin
from mcp_agent.testing import host_for

PAGE = (Path(__file__).parent.parent / "docs" / "write-a-plugin.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.S)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files of the page, as a reader would write them: the first line of a block says into which file it goes."""
    for language, code in BLOCKS:
        if language == "sh":
            continue
        path, _, continued = code.partition("\n")[0].removeprefix("# ").partition(", ")
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a" if continued else "x") as written:
            written.write(f"\n\n{code}" if continued else code)
    for name in ("mcp_agent_dice", "mcp_agent_plants"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
    )


def test_every_file_of_the_page_is_here(folder: Path) -> None:
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert files == [
        "mcp_agent_dice/__init__.py", "mcp_agent_plants/__init__.py", "pyproject.toml", "tests/test_plants.py"
    ]  # fmt: skip


def test_the_smallest_plugin_is_small_and_works(folder: Path) -> None:
    assert len((folder / "mcp_agent_dice" / "__init__.py").read_text().splitlines()) <= 30

    async def work() -> None:
        async with host_for("mcp_agent_dice") as host:
            rolled = [(await host.call("dice_roll", {"sides": 4})).data["result"] for _ in range(50)]
            assert set(rolled) == {1, 2, 3, 4}

    asyncio.run(work())


def test_the_commands_of_the_smallest_plugin(folder: Path) -> None:
    [commands] = [code for language, code in BLOCKS if language == "sh"]
    good, bad = [line.partition("#")[0].split()[1:] for line in commands.splitlines()]
    done = run(folder, *good)
    assert done.returncode == 0, done.stderr
    assert 1 <= int(done.stdout) <= 20
    refused = run(folder, *bad)
    assert refused.returncode != 0
    assert "sides was 1, but must be a whole number from 2 to 1000" in refused.stdout + refused.stderr


def test_the_tests_of_the_page_pass(folder: Path) -> None:
    done = run(folder, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "tests")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "15 passed" in done.stdout


def test_the_second_plugin_offers_what_the_page_says(folder: Path) -> None:
    async def work() -> None:
        async with host_for("mcp_agent_plants") as host:
            await host.call("plants_water_plant", {"name": "Fern"})
            for uri in ("plants://all", "plants://plant/Fern"):
                [contents] = (await host.backend.read(uri, NoCaller("test"))).contents
                assert '"name":"Fern"' in (contents.text or "")
            plan = await host.backend.prompt("plants_plan", {"days": "3"}, NoCaller("test"))
            assert "the next 3 days" in plan.messages[0].content.text  # type: ignore[union-attr]
            assert (await host.checks())["plants"] == "0 plants are thirsty."

    asyncio.run(work())


def test_what_is_published_is_what_the_template_publishes(folder: Path) -> None:
    mine = tomllib.loads((folder / "pyproject.toml").read_text())
    template = tomllib.loads((write_plugin("plants", folder) / "pyproject.toml").read_text())
    for key in ("name", "version", "requires-python", "dependencies", "entry-points"):
        assert mine["project"][key] == template["project"][key]
    assert mine["build-system"] == template["build-system"]
