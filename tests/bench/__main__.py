"""``python -m tests.bench stdio|stages|dashboard [--short] [--json FILE]``. Exit code 1 when a budget is broken."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from tests.bench import measure, report, stages
from tests.real.installing import Unavailable


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("what", choices=list(_KINDS), help="beside other servers, each stage, or the dashboard")
    parser.add_argument("--short", action="store_true", help="under a minute, with more noise")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured there too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mcp-agent-bench-") as scratch:
        measured, said, holds = _KINDS[options.what](options, parser, Path(scratch))
    sys.stdout.write(said)
    if options.json is not None:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(measured)) + b"\n")
    return 0 if holds else 1


_Measured = tuple[Any, str, bool]
"""What was measured, in words, and whether every budget holds."""


def _stdio(options: argparse.Namespace, parser: argparse.ArgumentParser, scratch: Path) -> _Measured:
    try:
        outcome = measure.run(measure.SHORT if options.short else measure.FULL, scratch)
    except Unavailable as reason:
        parser.exit(2, f"The servers to compare with cannot be installed here. {reason}\n")
    promises = report.budgets(outcome)
    return [outcome, promises], report.text(outcome), all(budget.holds for budget in promises)


def _stages(options: argparse.Namespace, parser: argparse.ArgumentParser, scratch: Path) -> _Measured:
    found = stages.run(stages.SHORT if options.short else stages.FULL, scratch)
    return found, stages.text(found), found.decision < stages.DECISION_BUDGET


def _dashboard(options: argparse.Namespace, parser: argparse.ArgumentParser, scratch: Path) -> _Measured:
    from tests.bench import dashboard

    found = dashboard.run(dashboard.SHORT if options.short else dashboard.FULL, scratch)
    return found, dashboard.text(found), all(budget.holds for budget in dashboard.budgets(found))


_KINDS = {"stdio": _stdio, "stages": _stages, "dashboard": _dashboard}


if __name__ == "__main__":
    sys.exit(main())
