"""A command line in this process, with a home of its own."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from mcp_agent.cli import main

SAMPLE = ("--plugin", "tests.cli.sample")


class Ran(Struct, frozen=True):
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MCP_AGENT_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    for name in [name for name in os.environ if name.startswith("MCP_AGENT__")]:
        monkeypatch.delenv(name)  # what is set in these tests is set in their files
    return tmp_path


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Ran]]:
    on_sigterm = signal.getsignal(signal.SIGTERM)

    def run(*argv: str) -> Ran:
        code = main(argv)
        return Ran(code, *capsys.readouterr())

    yield run
    signal.signal(signal.SIGTERM, on_sigterm)  # serve takes it over
