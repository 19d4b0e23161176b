"""mcp-agent doctor: everything it looks for is broken once, and found."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mcp_agent.config import VaultSettings
from mcp_agent.doctor import machine
from mcp_agent.doctor.finding import Finding
from mcp_agent.doctor.libraries import libraries
from mcp_agent.doctor.settings import secrets
from mcp_agent.errors import VaultError
from mcp_agent.paths import Paths, default_paths
from tests.cli.conftest import Ran
from tests.cli.test_install import person  # noqa: F401
from tests.support.process import process, until

Run = Callable[..., Ran]
pytestmark = pytest.mark.usefixtures("person")


def found(run: Run, check: str, *argv: str) -> tuple[int, list[tuple[str, str, str | None]]]:
    ran = run("doctor", "--json", *argv)
    return ran.code, [
        (one["level"], one["message"], one["fix"]) for one in ran.json["findings"] if one["check"] == check
    ]


def only(findings: Any) -> Finding:
    [finding] = findings
    assert isinstance(finding, Finding)
    return finding


def test_a_fresh_home_is_well(run: Run, home: Path) -> None:
    ran = run("doctor")
    assert ran.code == 0, ran.out
    assert ran.out.endswith("0 broken, 1 worth a look.\n")
    assert (
        "look   clients: No assistant on this machine starts mcp-agent.\n       -> mcp-agent install --all" in ran.out
    )
    run("install", "cursor", "--yes")
    well = run("doctor", "--json").json
    assert (well["ok"], well["errors"], well["warnings"]) == (True, 0, 0)
    looks = "python paths disk databases clock config secrets libraries clients instances plugins"
    assert {one["check"] for one in well["findings"]} == set(looks.split())
    assert "All is well." in run("doctor").out


def test_everything_that_is_broken_has_a_way_to_mend_it(run: Run, home: Path) -> None:
    (home / "config.yaml").write_text("limits: {threads: none}\n")
    for one in run("doctor", "--json").json["findings"]:
        assert (one["fix"] is None) == (one["level"] == "ok"), one


def test_old_python() -> None:
    finding = next(iter(machine.python((3, 10, 4))))
    assert (finding.level, finding.fix) == ("error", "uv tool install --reinstall --python 3.13 mcp-agent-host")


def test_a_folder_that_is_a_file(run: Run, home: Path) -> None:
    (home / "data").write_text("")
    [finding] = [one for one in machine.folders(default_paths()) if one.level == "error"]
    assert finding == Finding("paths", "error", f"{home / 'data'} is no folder, so {home / 'data'} cannot be one.",
                              f"Move {home / 'data'} away.")  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_a_state_folder_that_others_can_write_to(home: Path) -> None:
    (home / "state").mkdir()
    (home / "state").chmod(0o777)
    [finding] = [one for one in machine.folders(default_paths()) if one.level == "warning"]
    assert finding.fix == f'chmod go-w "{home / "state"}"'
    (home / "state").chmod(0o700)
    assert all(one.level == "ok" for one in machine.folders(default_paths()))


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(("free", "level"), [(2**40, "ok"), (2**29, "warning"), (2**20, "error")])
def test_a_full_disk(free: int, level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(2**41, 0, free))
    assert only(machine.disk(default_paths())).level == level


def test_a_clock_that_went_back(home: Path) -> None:
    (home / "state").mkdir()
    written = home / "state" / "seal.key"
    written.write_text("")
    assert only(machine.clock(default_paths())).level == "ok"
    os.utime(written, (time.time() + 3600, time.time() + 3600))
    finding = only(machine.clock(default_paths()))
    assert finding.level == "error"
    assert "60 minutes from now" in finding.message
    assert only(machine.clock(default_paths(), now=86400.0)).message.endswith("before mcp-agent was installed.")


def test_a_configuration_with_mistakes(run: Run, home: Path) -> None:
    (home / "config.yaml").write_text("limits: {threads: 0}\nplugins: {memroy: {}}\n")
    code, config = found(run, "config")
    assert code == 1
    assert [message.partition(": ")[2] for _, message, _ in config] == [
        "limits.threads was 0, but must be a whole number of at least 1.",
        "plugins.memroy belongs to no plugin that is installed. Did you mean memory?",
    ]
    _, plugins = found(run, "plugins")
    assert plugins == [("warning", "Not looked at: the configuration must be right first.", "mcp-agent config check")]


def test_secrets_whose_keyring_is_gone(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcp_agent.vault.keyring_backend.find_keyring", lambda: None)
    (home / "data").mkdir()
    (home / "data" / "secrets.names.json").write_text('{"version": 1, "changes": 1, "names": [["home", "token"]]}')
    code, [(level, message, fix)] = found(run, "secrets")
    assert (code, level, fix) == (1, "error", "mcp-agent secrets list")
    assert "cannot be reached from here" in message


def test_a_keyring_that_does_not_answer(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enough = threading.Event()

    def hangs(*arguments: object) -> None:
        enough.wait()
        raise VaultError("too late")

    monkeypatch.setattr("mcp_agent.doctor.settings.choose", hangs)
    finding = only(secrets(default_paths(), VaultSettings(), patience=0.01))
    enough.set()
    assert finding.level == "error"
    assert "did not answer" in finding.message


def test_libraries_that_are_missing_or_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = tmp_path / "mcp_agent_made_up-1.0.dist-info"
    noted.mkdir()
    (noted / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: mcp-agent-made-up\nVersion: 1.0\nProvides-Extra: pdf\nProvides-Extra: half\n"
        "Requires-Dist: msgspec>=0.1\nRequires-Dist: no-such-library-anywhere>=2\nRequires-Dist: pluggy>=99\n"
        "Requires-Dist: only-on-amiga; sys_platform == 'amiga'\n"
        "Requires-Dist: no-such-pdf; extra == 'pdf'\n"
        "Requires-Dist: msgspec; extra == 'half'\nRequires-Dist: no-such-half; extra == 'half'\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    findings = list(libraries(["mcp-agent-made-up", "mcp-agent-made-up"]))
    said = [(one.level, one.message) for one in findings]
    assert said[0] == ("error", "mcp-agent-made-up needs no-such-library-anywhere>=2, which is not installed.")
    assert said[1][0] == "error"
    assert said[1][1].startswith("mcp-agent-made-up needs pluggy>=99, but 1.")
    assert ("warning", "mcp-agent-made-up[half] lacks no-such-half, which is not installed.") in said
    assert [level for level, message in said if "[pdf]" in message] == ["ok"]
    assert len(said) == 4
    assert findings[0].fix == f'uv pip install --python "{sys.executable}" "no-such-library-anywhere>=2"'


def test_plugins_that_failed_or_are_not_well(run: Run, home: Path) -> None:
    (home / "config.yaml").write_text("plugins: {system: {enabled: false}}\n")
    plugins = ("--plugin", "tests.plugins.ailing", "--plugin", "tests.plugins.no_such_plugin")
    code, said = found(run, "plugins", *plugins)
    assert code == 1
    by_name = {message.partition(":")[0]: (level, message, fix) for level, message, fix in said}
    ailing = ("error", "ailing: Not well: Nobody answers at 127.0.0.1:9. Start it.", "mcp-agent setup ailing")
    assert by_name["ailing"] == ailing
    assert by_name["no_such_plugin"][0] == "error"
    assert by_name["no_such_plugin"][2] == "mcp-agent plugins info no_such_plugin"
    assert by_name["memory"] == ("ok", "memory: 0 facts.", None)
    assert by_name["system"] == ("ok", "system: switched off", None)


def test_clients_that_point_to_nothing(run: Run, person: Path) -> None:  # noqa: F811
    (person / ".cursor" / "mcp.json").write_text('{"mcpServers": {"mcp-agent": {"command": "/gone/mcp-agent"}}}')
    (person / ".codex" / "config.toml").write_text("[mcp_servers\n")
    code, said = found(run, "clients")
    assert code == 1
    assert said[0] == (
        "error", "Cursor starts what is not there: /gone/mcp-agent is not there.", "mcp-agent install cursor",
    )  # fmt: skip
    assert said[1][0] == "error"
    assert said[1][2] == f"Edit {person / '.codex' / 'config.toml'}"
    run("install", "cursor", "--yes")
    assert found(run, "clients")[1][0][0] == "ok"


def test_instances_are_counted(run: Run, home: Path) -> None:
    with process("tests.plugins.shelf") as server:
        until(lambda: "1 running" in str(found(run, "instances")))
        [(level, message, _)] = found(run, "instances")[1]
        assert (level, message) == ("ok", f"1 running: {server.popen.pid}")
        server.end_input()
        server.wait()
    assert found(run, "instances")[1] == [("ok", "None is running.", None)]


def test_paths_of_a_home_elsewhere(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "a", tmp_path / "b" / "c", tmp_path / "d")
    assert [one.message for one in machine.folders(paths)] == [
        f"{name}: {folder} (not there yet)" for name, folder in
        (("config", paths.config), ("data", paths.data), ("state", paths.state))
    ]  # fmt: skip
