"""The benchmark runs, and its ratios hold. No bare time: machines differ, a peer in the same run does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import dashboard, report, servers
from tests.bench.measure import MANY, SHORT, Outcome, run
from tests.real.python_env import python_env


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    for package, override in servers.PEERS.values():
        python_env(package, override=override)
    return run(SHORT, Path(tmp_path_factory.mktemp("bench")))


@pytest.mark.real
def test_many_times_the_calls_of_the_official_sdk_in_both_eras(outcome: Outcome) -> None:
    sdk = outcome.rows[servers.SDK].rate_32
    assert outcome.rows[servers.OURS].rate_32 >= 15 * sdk, report.text(outcome)
    assert outcome.rows[servers.MODERN].rate_32 >= 15 * sdk, report.text(outcome)


@pytest.mark.real
def test_starts_faster_and_stays_smaller_than_the_official_sdk(outcome: Outcome) -> None:
    ours, sdk = outcome.rows[servers.OURS], outcome.rows[servers.SDK]
    assert ours.start < sdk.start, report.text(outcome)
    if ours.memory is not None and sdk.memory is not None:
        assert ours.memory < sdk.memory, report.text(outcome)


@pytest.mark.real
def test_ten_thousand_tools_are_paged_and_cost_a_call_nothing(outcome: Outcome) -> None:
    assert outcome.many.listed >= MANY
    assert outcome.many.pages > 1
    assert outcome.many.ratio > 0.75, report.text(outcome)  # the budget is 0.9; caches are shared with other work


@pytest.mark.real
def test_the_report_has_a_row_for_everybody_and_a_line_for_every_budget(outcome: Outcome) -> None:
    text = report.text(outcome)
    rows = [line.partition("  ")[0] for line in text.splitlines()[2:7]]
    assert rows == [servers.OURS, servers.MODERN, servers.SDK, servers.FAST, servers.BARE]
    promises = report.budgets(outcome)
    assert len(promises) >= 7
    assert all(budget.what in text for budget in promises)


@pytest.mark.real
def test_a_dashboard_costs_little(tmp_path: Path) -> None:
    """The bars are many times the budgets, for machines that are busy; the report has the figures."""
    found = dashboard.run(dashboard.Plan(rounds=1, seconds=1.5, keys=8, attaches=2), tmp_path)
    said = dashboard.text(found)
    assert found.rate > 100, said
    assert max(found.cores.values()) < 0.9, said
    assert found.latency[1] < 3 * found.latency[0], said
    assert min(found.key_idle) < 500, said
    assert min(found.attach) < 2000, said
