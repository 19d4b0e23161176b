"""Where a database of a test is."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(params=["file", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    """Both twins must do the same."""
    return tmp_path / "notes.sqlite3" if request.param == "file" else None
