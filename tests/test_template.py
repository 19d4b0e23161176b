"""``mcp-agent plugins new``: what it writes works as it is."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Host, PluginError
from mcp_agent.cli.scaffold import write_plugin

ROOT = Path(__file__).parent.parent


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A plugin named tea_kettle, as if it was installed: beside it lies what an installer writes down of it."""
    project = write_plugin("tea_kettle", tmp_path)
    described = tomllib.loads((project / "pyproject.toml").read_text())["project"]
    noted = project / "mcp_agent_tea_kettle-0.1.0.dist-info"
    noted.mkdir()
    (noted / "METADATA").write_text(f"Name: {described['name']}\nVersion: {described['version']}\n")
    points = [f"[{group}]\n{name} = {module}\n" for group, entries in described["entry-points"].items()
              for name, module in entries.items()]  # fmt: skip
    (noted / "entry_points.txt").write_text("".join(points))
    return project


def run(project: Path, *command: str) -> str:
    env = {**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *command], cwd=project, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_its_own_tests_pass(project: Path) -> None:
    told = run(project, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider")
    assert "15 passed" in told


def test_it_is_typed_and_tidy(project: Path) -> None:
    run(project, "-m", "ruff", "check", "--isolated", "--no-cache", "--line-length", "120", ".")
    run(project, "-m", "ruff", "format", "--isolated", "--no-cache", "--line-length", "120", "--check", ".")
    run(project, "-m", "mypy", "--strict", "--cache-dir", os.devnull, "mcp_agent_tea_kettle")


def test_it_is_found_by_its_entry_point(project: Path) -> None:
    script = (
        "import asyncio, mcp_agent\n"
        "async def main():\n"
        "    async with mcp_agent.Host(on_disk=False) as host:\n"
        "        await host.call('tea_kettle_add_item', {'text': 'boil'})\n"
        "        print((await host.call('tea_kettle_list_items')).text)\n"
        "        print([(one.name, one.version) for one in host.plugins() if one.status == 'active'])\n"
        "asyncio.run(main())"
    )
    listed, plugins = run(project, "-c", script).splitlines()
    assert listed == '["boil"]'
    assert "('tea_kettle', '0.1.0')" in plugins
    assert "'memory'" in plugins


def test_it_is_loaded_by_its_module_path(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(project)

    async def work() -> None:
        async with Host(on_disk=False, installed=False, modules=["mcp_agent_tea_kettle"]) as host:
            assert [tool.name for tool in host.tools()] == ["tea_kettle_list_items", "tea_kettle_add_item"]
            assert (await host.call("tea_kettle_add_item", {"text": "boil"})).text == "Added. The list has 1 things."

    asyncio.run(work())


def test_no_word_of_the_template_is_left(project: Path) -> None:
    assert project.name == "mcp-agent-tea-kettle"
    for path in project.rglob("*"):
        assert "sprout" not in path.name
        if path.is_file():
            assert "sprout" not in path.read_text().lower(), path


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("Tea-Kettle", "How about tea_kettle?"),
        ("teaKettle", "How about tea_kettle?"),
        ("mcp-agent-kettle", "How about kettle?"),
        ("3d printer", "How about d_printer?"),
        ("../kettle", "How about kettle?"),
        ("a" * 25, f"How about {'a' * 24}?"),
        ("kettle_", "How about kettle?"),
        ("", "beginning with a letter, 24 at most."),
        ("ünïcode", "cannot name a plugin"),
    ],
)
def test_a_bad_name_is_refused_with_a_better_one(tmp_path: Path, name: str, suggestion: str) -> None:
    with pytest.raises(PluginError) as caught:
        write_plugin(name, tmp_path)
    assert suggestion in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    project = write_plugin("kettle", tmp_path)
    (project / "README.md").write_text("mine")
    with pytest.raises(PluginError, match="exists already"):
        write_plugin("kettle", tmp_path)
    assert (project / "README.md").read_text() == "mine"


def test_the_template_ships_inside_the_wheel() -> None:
    build: Any = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]
    assert "plugins/_template" in build["wheel"]["only-include"]
    assert build["wheel"]["sources"] == {"plugins/_template": "mcp_agent/_template"}
    assert "plugins/_template" in build["sdist"]["include"]


def test_from_the_repository_it_takes_the_host_from_there(project: Path) -> None:
    """As its README says, ``uv run pytest`` works, although that host may be in no registry."""
    sources = tomllib.loads((project / "pyproject.toml").read_text())["tool"]["uv"]["sources"]
    host = Path(sources["mcp-agent-host"]["path"])
    assert host == ROOT
    assert tomllib.loads((host / "pyproject.toml").read_text())["project"]["name"] == "mcp-agent-host"
