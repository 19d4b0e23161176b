"""Steam's catalogue of games on disk, in each of its versions."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.steam.tests.tree import Tree, appinfo


@pytest.mark.parametrize("version", [0x27, 0x28, 0x29])
def test_the_catalogue(version: int, tmp_path: Path) -> None:
    from mcp_agent_steam.library.appinfo import Catalogue

    tree = Tree(tmp_path)
    path = tree.catalogue(
        {
            app_id: {"name": f"Game {app_id}", "genres": [1, 25, 12345], "categories": [2, 9], "review": app_id % 100}
            for app_id in range(10, 2000, 10)
        },
        version,
    )
    catalogue = Catalogue()
    found = catalogue.facts(tmp_path, [1500, 7, 20])
    assert (catalogue.problem, set(found)) == (None, {1500, 20})
    assert (found[20].name, found[20].kind, found[20].review) == ("Game 20", "game", 20)
    assert (found[20].genres, found[20].features) == (("Action", "Adventure"), ("Single-player", "Co-op"))
    path.write_bytes(appinfo({20: {"name": "Renamed"}}, version))
    found = catalogue.facts(tmp_path, [1500, 20])
    assert (catalogue.problem, {app_id: facts.name for app_id, facts in found.items()}) == (None, {20: "Renamed"})


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 10**6), version=st.sampled_from([0x27, 0x28, 0x29]))
def test_a_catalogue_that_breaks_off_never_raises(tmp_path: Path, cut: int, version: int) -> None:
    from mcp_agent_steam.library.appinfo import Catalogue

    whole = appinfo({app_id: {"name": "x", "genres": [1]} for app_id in (10, 20, 30)}, version)
    (tmp_path / "appcache").mkdir(exist_ok=True)
    (tmp_path / "appcache" / "appinfo.vdf").write_bytes(whole[: cut % len(whole)])
    catalogue = Catalogue()
    found = catalogue.facts(tmp_path, [10, 20, 30, 40])
    assert catalogue.problem or (version < 0x29 and len(found) == 3) or found.keys() == {10, 20, 30}


def test_a_catalogue_of_a_later_version_is_said_to_be_unknown(tmp_path: Path) -> None:
    from mcp_agent_steam.library.appinfo import Catalogue

    Tree(tmp_path).catalogue({10: {"name": "x"}}).write_bytes(appinfo({10: {"name": "x"}}, 0x35))
    catalogue = Catalogue()
    assert (catalogue.facts(tmp_path, [10]), catalogue.problem) == (
        {},
        "it is of a version that is not known here (0x7564435)",
    )
