"""Rules that hold for every test, and what tests in several folders start from."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.real.installing import NOT_BUILT
from tests.support.installed import Shelf


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that is skipped because something is missing is a failure in CI: nothing may go unproven unseen.

    The one exception is what takes minutes to build (the marker ``built``): CI skips it where it is not in the cache.
    Run those tests with MCP_AGENT_FULL=1 from time to time, as every night.
    """
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and not _was_not_built(item, report):
        report.outcome = "failed"
        report.longrepr = f"Skipped, which CI does not allow: {report.longrepr}"
    return report


def _was_not_built(item: pytest.Item, report: pytest.TestReport) -> bool:
    return item.get_closest_marker("built") is not None and NOT_BUILT in str(report.longrepr)


@pytest.fixture(scope="session", autouse=True)
def _plain_servers() -> Generator[None]:
    """No server that a test starts waits for a person, hides tools or shortens results, unless that is what the test is
    about."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MCP_AGENT__POLICY__RULES", "[{decide: allow}]")
        patch.setenv("MCP_AGENT__EXPOSE__MODE", "all")
        patch.setenv("MCP_AGENT__RESULTS__BUDGET_TOKENS", "1000000000")
        yield


@pytest.fixture(autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the files of whoever runs it."""
    monkeypatch.setenv("MCP_AGENT_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """An empty one, whose plugins a host finds."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    for name in [name for name in sys.modules if name.startswith("shelf_")]:
        monkeypatch.delitem(sys.modules, name)
    return Shelf(tmp_path)
