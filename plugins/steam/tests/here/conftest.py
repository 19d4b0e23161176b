"""A machine with Steam and without an account. Nothing listens where Steam would."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.steam.tests.here.asking import NOWHERE
from plugins.steam.tests.tree import anna


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("web.account.API", "web.store.API", "web.store.STORE"):
        monkeypatch.setattr(f"mcp_agent_steam.{place}", NOWHERE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return anna(tmp_path / "Steam").root
