"""A server that answers as Steam does."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.steam.tests.account import Steam
from plugins.steam.tests.tree import anna


@pytest.fixture
def steam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steam:
    return Steam(anna(tmp_path / "Steam").root, monkeypatch)
