"""Docs are held to the code."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from mcp_agent import hookspecs
from mcp_agent.version import VERSION

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
HOOKS = [name for name in vars(hookspecs) if name.startswith("mcp_agent_")]


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_documented_twice(hook: str) -> None:
    text = (DOCS / "hooks.md").read_text()
    assert re.search(rf"^\| `{hook}` \|", text, re.M), "no row in the table"
    assert re.search(rf"^## .*`{hook}`", text, re.M), "no section"
    assert getattr(hookspecs, hook).__doc__


def test_no_hook_is_documented_that_does_not_exist() -> None:
    assert set(re.findall(r"`(mcp_agent_\w+)`", (DOCS / "hooks.md").read_text())) == set(HOOKS)


def test_the_example_of_the_library_runs() -> None:
    [code] = re.findall(r"```python\n(.*?)```", (DOCS / "index.md").read_text(), re.S)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert "under the blue pot" in done.stdout
    assert "2 calls so far" in done.stdout


@pytest.mark.parametrize("page", [*sorted(DOCS.rglob("*.md")), ROOT / "README.md"], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(page.name[:4]) for page in (DOCS / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_version_is_said_once_for_the_code_and_once_for_the_package() -> None:
    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text()


def test_the_readme_names_the_two_commands_and_ci_runs_the_second() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "python3 -m pip install uv && uv run mcp-agent demo" in readme
    assert "python3 -m pip install uv && uv run pytest" in readme
    assert "uv run pytest" in (ROOT / ".ci" / "run").read_text()
