"""``python -m tests.bench stdio [--short] [--json FILE]``. Exit code 1 when a budget is broken."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import msgspec

from tests.bench import measure, report
from tests.real.python_env import Unavailable


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("transport", choices=["stdio"])
    parser.add_argument("--short", action="store_true", help="under a minute, with more noise")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured there too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mcp-agent-bench-") as scratch:
        try:
            outcome = measure.run(measure.SHORT if options.short else measure.FULL, Path(scratch))
        except Unavailable as reason:
            parser.exit(2, f"The servers to compare with cannot be installed here. {reason}\n")
    promises = report.budgets(outcome)
    sys.stdout.write(report.text(outcome))
    if options.json is not None:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode([outcome, promises])) + b"\n")
    return 0 if all(budget.holds for budget in promises) else 1


if __name__ == "__main__":
    sys.exit(main())
