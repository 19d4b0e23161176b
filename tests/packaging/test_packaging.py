"""What is built from ``packaging/``: the bundle, the registry's entry, and the package of everything."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mcp_agent.version import VERSION
from tests.real.node import node, npm_packages

ROOT = Path(__file__).parents[2]
TOOL = "@anthropic-ai/mcpb@2.1.2"
URL = "https://github.com/mcp-agent-host/mcp-agent/releases/download/v0/mcp-agent.mcpb"


def _builder() -> Any:
    spec = importlib.util.spec_from_file_location("packaging_build", ROOT / "packaging" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    built: Path = _builder().build_bundle(tmp_path)
    return built


def test_the_bundle_is_the_same_each_time(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    again: Path = _builder().build_bundle(tmp_path / "again")
    assert bundle.name == f"mcp-agent-{VERSION}.mcpb"
    assert again.read_bytes() == bundle.read_bytes()
    with zipfile.ZipFile(bundle) as archive:
        names = set(archive.namelist())
        assert names == {"manifest.json", "pyproject.toml", "src/server.py", "LICENSE"}
        project = tomllib.loads(archive.read("pyproject.toml").decode())["project"]
    assert project["dependencies"] == [f"mcp-agent-all=={VERSION}"]


@pytest.mark.real
def test_the_official_tool_takes_the_bundle(bundle: Path, tmp_path: Path) -> None:
    modules = npm_packages(TOOL)
    tool = [str(node()), str(modules / "@anthropic-ai" / "mcpb" / "dist" / "cli" / "cli.js")]
    subprocess.run([*tool, "unpack", str(bundle), str(tmp_path / "out")], check=True, capture_output=True, timeout=60)
    manifest = tmp_path / "out" / "manifest.json"
    done = subprocess.run([*tool, "validate", str(manifest)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    schema = modules / "@anthropic-ai" / "mcpb" / "schemas" / "mcpb-manifest-v0.4.schema.json"
    jsonschema.validate(json.loads(manifest.read_text()), json.loads(schema.read_text()))
    broken = {**json.loads(manifest.read_text()), "server": {"type": "uv"}}
    manifest.write_text(json.dumps(broken))
    assert subprocess.run([*tool, "validate", str(manifest)], capture_output=True, timeout=60, check=False).returncode


@pytest.mark.real
def test_the_bundle_serves_as_a_desktop_program_starts_it(bundle: Path, tmp_path: Path) -> None:
    """Unpacked, and started with the command of its manifest; its packages come from this source tree."""
    uv = shutil.which("uv") or pytest.skip("uv is not there")
    wheels, unpacked = tmp_path / "wheels", tmp_path / "unpacked"
    for what in (["--all-packages"], [str(ROOT / "packaging" / "all")]):
        command = [uv, "build", "--quiet", "--wheel", "--out-dir", str(wheels), *what]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(unpacked)
    server = json.loads((unpacked / "manifest.json").read_text())["server"]["mcp_config"]
    assert server["command"] == "uv"
    words = [word.replace("${__dirname}", str(unpacked)) for word in server["args"]]
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    asked = [
        {"id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "desktop", "version": "1"}}},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/list"},
    ]  # fmt: skip
    lines = "".join(json.dumps({"jsonrpc": "2.0", **message}) + "\n" for message in asked)
    done = subprocess.run(
        [uv, *words], input=lines, capture_output=True, text=True, timeout=300, check=False,
        env={**env, "UV_FIND_LINKS": str(wheels), "MCP_AGENT_HOME": str(tmp_path / "home")},
    )  # fmt: skip
    answers = {answer["id"]: answer for answer in map(json.loads, done.stdout.splitlines()) if "id" in answer}
    assert answers[1]["result"]["serverInfo"]["version"] == VERSION, done.stderr
    assert answers[2]["result"]["tools"]


def test_the_entry_of_the_registry(bundle: Path, tmp_path: Path) -> None:
    """What the registry's schema of 2025-12-11 asks for, and its rules about packages."""
    entry = json.loads(_builder().build_entry(tmp_path, bundle, URL).read_text())
    assert entry["$schema"].endswith("/2025-12-11/server.schema.json")
    assert set(entry) == {"$schema", "name", "title", "description", "version", "packages"}
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", entry["name"])
    assert len(entry["description"]) <= 100
    assert entry["version"] == VERSION
    pypi, mcpb = entry["packages"]
    assert (pypi["registryType"], pypi["identifier"], pypi["version"]) == ("pypi", "mcp-agent-all", VERSION)
    assert pypi["packageArguments"] == [{"type": "positional", "value": "serve"}]
    assert mcpb["identifier"] == URL
    assert mcpb["fileSha256"] == hashlib.sha256(bundle.read_bytes()).hexdigest()
    assert all(package["transport"] == {"type": "stdio"} for package in entry["packages"])
    assert len(json.loads(_builder().build_entry(tmp_path, bundle, None).read_text())["packages"]) == 1


def test_the_package_of_everything_proves_that_the_entry_is_its_own() -> None:
    entry = json.loads((ROOT / "packaging" / "server.json").read_text())
    described = tomllib.loads((ROOT / "packaging" / "all" / "pyproject.toml").read_text())["project"]
    assert f"mcp-name: {entry['name']} -->" in (ROOT / "packaging" / "all" / "README.md").read_text()
    assert described["version"] == VERSION
    assert described["scripts"] == {entry["packages"][0]["identifier"]: "mcp_agent.cli:main"}, "what uvx NAME starts"
