"""The official conformance suite against ``mcp-agent serve --http``, each requirement set whole, with no baseline.

The suite's own requirement files say which scenarios there are. Each must have left its results, and every check in
them must have passed: a scenario that did not run is a failure, and so is a warning.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.real.node import node, npm_packages

SUITE = "@modelcontextprotocol/conformance"
VERSION = "0.2.0-alpha.12"
ROOT = Path(__file__).parent.parent.parent
_SECONDS = 240
_START_SECONDS = 30
_PASSED = frozenset({"SUCCESS", "INFO"})
_NEVER_TESTED = frozenset({"tasks-status-notifications"})
"""The suite has this scenario, and skips it whatever the server does: tests/transports/test_http.py tests the thing."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server with an empty home, started as a person would start it."""
    home = tmp_path_factory.mktemp("conformance")
    port = _free_port()
    command = [sys.executable, "-m", "mcp_agent", "serve", "--http", f"127.0.0.1:{port}", "--no-token"]
    command += ["--plugin", "tests.plugins.everything"]
    environment = {**os.environ, "MCP_AGENT_HOME": str(home)}
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            _wait_until_it_listens(process, port, home / "server.log")
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            process.terminate()
            assert process.wait(_START_SECONDS) == 0, (home / "server.log").read_text()


@pytest.mark.real
@pytest.mark.parametrize("revision", ["2025-11-25", "2026-07-28"])
def test_every_required_scenario_passes(server: str, revision: str, tmp_path: Path) -> None:
    suite = npm_packages(f"{SUITE}@{VERSION}") / SUITE
    assert json.loads((suite / "package.json").read_text())["version"] == VERSION
    command = [str(node()), str(suite / "dist" / "index.js"), "server", "--url", server]
    command += ["--requirements", revision, "--output-dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, stdin=subprocess.DEVNULL)
    expected = _scenarios(suite / "requirements" / f"{revision}.yaml")
    results = {name: _checks(tmp_path, name) for name in expected}
    problems = [problem for name in expected for problem in _problems(name, results[name])]
    assert not problems, "\n".join(problems) + f"\n\n{done.stdout[-20_000:]}{done.stderr[-2_000:]}"
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]


def _scenarios(requirements: Path) -> list[str]:
    """All that the suite runs against a server: what counts, and what it only reports, the tasks extension say."""
    wanted: dict[str, Any] = yaml.safe_load(requirements.read_text())
    reported = [entry["scenario"] for entry in wanted["not_scored"] if entry["leg"] == "server"]
    assert len(wanted["server"]) >= 30
    return [*wanted["server"], *reported]


def _checks(folder: Path, scenario: str) -> list[dict[str, Any]]:
    """What the suite wrote down of one scenario: its folder is named after it and the time."""
    named = re.compile(rf"server-{re.escape(scenario)}-\d{{4}}-\d\d-\d\dT[\d-]+Z")
    found = [path for path in folder.iterdir() if named.fullmatch(path.name)]
    return [check for path in found for check in json.loads((path / "checks.json").read_text())]


def _problems(scenario: str, checks: list[dict[str, Any]]) -> Iterator[str]:
    if not checks:
        yield f"{scenario}: did not run"
    for check in checks:
        if check["status"] not in _PASSED and not (check["status"] == "SKIPPED" and scenario in _NEVER_TESTED):
            yield f"{scenario}: {check['id']}: {check['status']}: {check.get('errorMessage')}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"The server does not listen: {log.read_text(errors='replace')}")
