"""Valhalla as if its extra were installed, the city with its tiles, and the streets of the raw data."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mcp_agent import Host
from plugins.maps.tests.valhalla.city import load, run
from plugins.maps.tests.valhalla.streets import Streets, read_streets
from tests.real.osm import helsinki
from tests.real.valhalla import valhalla_folder


@contextmanager
def valhalla() -> Iterator[None]:
    """As if the extra were there: the host looks for it, and only the processes that it starts import it."""
    folder = str(valhalla_folder())
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [folder, os.environ.get("PYTHONPATH")])))
        yield
    assert "valhalla" not in sys.modules


@pytest.fixture(scope="module", autouse=True)
def _installed() -> Iterator[None]:
    with valhalla():
        yield


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The city, loaded with its tiles."""
    folder = tmp_path_factory.mktemp("home")

    async def work(host: Host) -> None:
        loaded = await load(host, helsinki())
        assert loaded["engine"] == "Valhalla"
        assert "note" not in loaded

    with valhalla():
        run(folder, work)
    return folder


@pytest.fixture
def own_home(home: Path, tmp_path: Path) -> Path:
    """A copy, to break."""
    return Path(shutil.copytree(home, tmp_path / "home"))


@pytest.fixture(scope="session")
def streets() -> Streets:
    return read_streets(helsinki())
