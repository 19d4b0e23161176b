"""Two homes for the same tests: the simulated one, and the demo home of a real Home Assistant."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mcp_agent.testing import host_for
from tests.conftest import pytest_runtest_makereport as pytest_runtest_makereport
from tests.real.home_assistant import HomeAssistant, home_assistant
from tests.support.homes import DEMO, MODULE, SIMULATED, Home, connected


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HomeAssistant]:
    with home_assistant(tmp_path_factory.mktemp("home_assistant")) as running:
        yield running


@pytest.fixture(params=["simulated", pytest.param("home_assistant", marks=pytest.mark.real)])
def home(request: pytest.FixtureRequest) -> Home:
    if request.param == "simulated":
        return Home(SIMULATED, lambda: host_for(MODULE))
    server: HomeAssistant = request.getfixturevalue("server")
    return Home(DEMO, lambda: connected(server.url, server.token))
