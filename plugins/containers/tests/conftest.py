"""A real engine of each kind for all tests; each test finds it empty."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import _home as _home
from tests.conftest import pytest_runtest_makereport as pytest_runtest_makereport
from tests.real.docker import docker
from tests.real.engine import Engine
from tests.real.podman import podman

_KINDS = {"docker": docker, "podman": podman}


@pytest.fixture(scope="session", params=_KINDS)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    kind: str = request.param
    with tempfile.TemporaryDirectory(prefix=f"{kind}-") as folder, _KINDS[kind](Path(folder)) as running:
        yield running


@pytest.fixture
def fresh(engine: Engine) -> Iterator[Engine]:
    yield engine
    engine.clear()


@pytest.fixture
def no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Docker and Podman, whatever this one has."""
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr("mcp_agent_containers.finding.usual_sockets", lambda: (tmp_path / "none.sock",))
