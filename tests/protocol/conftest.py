"""Gates are shut and forgotten before each test."""

from __future__ import annotations

import pytest

from tests.plugins.kinds import waiting


@pytest.fixture(autouse=True)
def _fresh_gates() -> None:
    for table in (waiting.gates, waiting.running, waiting.stopped):
        table.clear()
