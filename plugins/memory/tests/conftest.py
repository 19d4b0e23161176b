"""Rules that hold for every test of the memory."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the files of whoever runs it."""
    monkeypatch.setenv("MCP_AGENT_HOME", str(tmp_path_factory.mktemp("home")))
