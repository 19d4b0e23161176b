"""One real engine for all tests; each finds it empty."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import pytest_runtest_makereport as pytest_runtest_makereport
from tests.real.docker import Docker, docker


@pytest.fixture(scope="session")
def engine() -> Iterator[Docker]:
    with tempfile.TemporaryDirectory(prefix="docker-") as folder, docker(Path(folder)) as running:
        yield running


@pytest.fixture(autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the files of whoever runs it."""
    monkeypatch.setenv("MCP_AGENT_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def fresh(engine: Docker) -> Iterator[Docker]:
    yield engine
    engine.clear()


@pytest.fixture
def no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Docker and Podman, whatever this one has."""
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr("mcp_agent_containers.finding.usual_sockets", lambda: (tmp_path / "none.sock",))
