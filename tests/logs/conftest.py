"""A log that a test may write into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import logs
from mcp_agent.config import LogSettings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "log" / "agent.jsonl"


@pytest.fixture
def configured(file: Path) -> Iterator[Callable[..., None]]:
    closers: list[Callable[[], None]] = []

    def configure(settings: LogSettings = LogSettings(), **options: Any) -> None:  # noqa: B008  frozen
        closers.append(logs.configure(file, settings, **options))

    def close() -> None:
        while closers:
            closers.pop()()

    configure.close = close  # type: ignore[attr-defined]
    yield configure
    close()
