"""The configuration: what is read from the file and the environment, and what is refused in which words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcp_agent import config_file
from mcp_agent.config import Config, LimitSettings
from mcp_agent.config_file import check_plugin
from mcp_agent.errors import ConfigError

# --- reading -------------------------------------------------------------------------------------


def read(tmp_path: Path, text: str | bytes, environ: Mapping[str, str] | None = None) -> config_file.Settings:
    path = tmp_path / "config.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return config_file.read(path, environ=environ or {})


def problems(tmp_path: Path, text: str | bytes, environ: Mapping[str, str] | None = None) -> list[str]:
    return [str(one).replace(f"{tmp_path}/", "") for one in read(tmp_path, text, environ).problems]


def test_without_a_file_everything_is_at_its_default(tmp_path: Path) -> None:
    assert config_file.load(tmp_path / "none.yaml", environ={}) == Config()


def test_a_file_that_is_required_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml: There is no such file\. 'mcp-agent config init' writes one"):
        config_file.load(tmp_path / "none.yaml", required=True, environ={})


@pytest.mark.parametrize(
    "text",
    ["", "\n", "# nothing\n", "---\n", "{}", "limits:\n", "limits: {}\nplugins:\n", "\ufefflimits:\n", "limits: ~"],
)
def test_files_with_nothing_in_them(tmp_path: Path, text: str) -> None:
    settings = read(tmp_path, text)
    assert settings.problems == ()
    assert settings.config == Config()


def test_values_are_typed(tmp_path: Path) -> None:
    text = (
        "limits: {in_flight: 7, tool_seconds: 3}\nlog:\n  level: debug\n"
        "http:\n  allowed_origins:\n  - https://a.example\nplugins:\n  home: {enabled: off, url: 'http://h', n: 5}\n"
    )
    settings = read(tmp_path, text)
    assert settings.problems == ()
    config = settings.config
    assert config.limits == LimitSettings(in_flight=7, tool_seconds=3.0)
    assert config.log.level == "debug"
    assert config.http.allowed_origins == ("https://a.example",)
    assert config.plugins == {"home": {"enabled": False, "url": "http://h", "n": 5}}
    assert str(settings.origins["http", "allowed_origins", 0]) == f"{tmp_path}/config.yaml, line 6"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("log:\n\n  level: info\nlimits:\n  in_flite: 5\n",
         "config.yaml, line 5: limits.in_flite is no setting. Did you mean in_flight?"),
        ("limts: {}\n", "config.yaml, line 1: limts is no setting. Did you mean limits?"),
        ("log:\n  xyzzy: 1\n",
         "config.yaml, line 2: log.xyzzy is no setting. There are: level, stderr_level, max_bytes, keep_files,"),
        ("limits:\n  in_flight: many\n",
         'config.yaml, line 2: limits.in_flight was "many", but must be a whole number of at least 1.'),
        ("limits:\n  in_flight: 0\n",
         "config.yaml, line 2: limits.in_flight was 0, but must be a whole number of at least 1."),
        ("limits:\n  in_flight:\n",
         "config.yaml, line 2: limits.in_flight was empty, but must be a whole number of at least 1."),
        ("limits:\n  in_flight: 2026-99-99\n",
         'config.yaml, line 2: limits.in_flight was "2026-99-99", but must be a whole number of at least 1.'),
        ("limits:\n  tool_seconds: .inf\n",
         "config.yaml, line 2: limits.tool_seconds was inf, but must be a number of at least 0."),
        ("log: info\n", 'config.yaml, line 1: log was "info", but must be a section with settings in it.'),
        ("http:\n  allowed_hosts:\n  - ok\n  - 7\n",
         "config.yaml, line 4: http.allowed_hosts[1] was 7, but must be text."),
        ("http:\n  allowed_hosts: me\n", 'config.yaml, line 2: http.allowed_hosts was "me", but must be a list.'),
        ("plugins:\n  memory: no\n",
         "config.yaml, line 2: plugins.memory was false, but must be a section with settings in it."),
        ("plugins:\n  memory:\n    enabled: maybe\n",
         'config.yaml, line 3: plugins.memory.enabled was "maybe", but must be true or false.'),
        ("plugins: [memory]\n",
         'config.yaml, line 1: plugins was ["memory"], but must be a section with settings in it.'),
        ("on: 1\n", "config.yaml, line 1: on is no setting."),
        ("limits: {}\nlog: {}\nlimits: {}\n",
         "config.yaml, line 3: limits is written twice; first in line 1. Keep one of them."),
        ("limits:\n\tin_flight: 5\n", "config.yaml, line 2: This line is indented with a tab. YAML takes spaces only."),
        ("- limits\n", "config.yaml, line 1: The configuration must be sections with settings in them"),
        ("just text\n", "config.yaml, line 1: The configuration must be sections with settings in them"),
        (b"log: {}\nname: \xff\n", "config.yaml, line 2: This is not UTF-8 text. Save the file as UTF-8."),
        ("log:\n  level: a\x07b\n", "config.yaml, line 2: The character U+0007 cannot stand in YAML. Remove it."),
        ("limits: &a {}\nlog: *a\n",
         "config.yaml, line 2: Aliases such as *a are not taken here. Write the value out."),
        ("log:\n  level: !!python/name:os.system\n", "config.yaml, line 2: Tags such as '!name' are not taken here."),
        ("log:\n  level: 'info\n", "A quote was opened and not closed."),
        ("log:\n  level: info: x\n", "config.yaml, line 2: This is not readable as YAML"),
        ("log: {}\n---\nlog: {}\n", "Only one document can be in it"),
        ("? [a]\n: 1\n", "config.yaml, line 1: A key must be a word."),
        ("[" * 100_000, "config.yaml, line 1: This is nested too deep."),
        ("- " * 100_000, "config.yaml, line 1: This is nested too deep."),
        ("#" * (2**20 + 1), "config.yaml: It is longer than 1048576 bytes"),
    ],
)  # fmt: skip
def test_what_is_wrong_names_file_line_and_key(tmp_path: Path, text: str | bytes, said: str) -> None:
    found = problems(tmp_path, text)
    assert len(found) == 1
    assert said in found[0]
    assert found[0].startswith("config.yaml")


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = "limits:\n  in_flite: 5\n  threads: x\nlogs: {}\n"
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        config_file.load(path, environ={})
    lines = [int(found) for found in re.findall(r"line (\d)", str(caught.value))]
    assert sorted(lines) == [2, 3, 4]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        config_file.load(tmp_path, environ={})


@given(st.text(max_size=60) | st.text("{}[]:-,&*!|>'\"%@#?\n\t a1", max_size=40))
@settings(max_examples=200, deadline=None)
def test_no_text_does_more_than_be_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("config") / "config.yaml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    for problem in config_file.read(path, environ={}).problems:
        assert str(problem).startswith(str(path))


# --- the environment -----------------------------------------------------------------------------


def test_the_environment_stands_over_the_file(tmp_path: Path) -> None:
    environ = {
        "MCP_AGENT__LIMITS__IN_FLIGHT": "50",
        "MCP_AGENT__PLUGINS__MEMORY__ENABLED": "false",
        "MCP_AGENT__HTTP__ALLOWED_HOSTS": "[a, b]",
        "MCP_AGENT__LOG": "{level: debug}",
        "MCP_AGENT_HOME": "elsewhere",
        "PATH": "x",
    }
    text = "limits: {in_flight: 5, threads: 3}\nlog: {stderr_level: error}\nplugins: {memory: {size: 3}}\n"
    settings = read(tmp_path, text, environ)
    assert settings.problems == ()
    config = settings.config
    assert (config.limits.in_flight, config.limits.threads) == (50, 3)
    assert config.plugins == {"memory": {"size": 3, "enabled": False}}
    assert config.http.allowed_hosts == ("a", "b")
    assert (config.log.level, config.log.stderr_level) == ("debug", "error")
    assert str(settings.origins["limits", "in_flight"]) == "MCP_AGENT__LIMITS__IN_FLIGHT"
    assert str(settings.origins["log", "level"]) == "MCP_AGENT__LOG"
    assert str(settings.origins["limits", "threads"]).endswith("config.yaml, line 1")


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("MCP_AGENT__LIMITS__IN_FLITE", "5", "limits.in_flite is no setting. Did you mean in_flight?"),
        ("MCP_AGENT__LIMTS__IN_FLIGHT", "5", "limts is no setting. Did you mean limits?"),
        ("MCP_AGENT__LIMITS__IN_FLIGHT", "x", 'limits.in_flight was "x", but must be a whole number of at least 1.'),
        ("MCP_AGENT__LIMITS__IN_FLIGHT", "", "limits.in_flight was empty, but must be"),
        ("MCP_AGENT__LIMITS__IN_FLIGHT", "[1", "This is not readable as YAML"),
        ("MCP_AGENT__LIMITS", "5", "limits was 5, but must be a section with settings in it."),
        ("MCP_AGENT__NOTHING", "5", "nothing is no setting. There are: limits, log,"),
        ("MCP_AGENT__", "5", "It names no setting: write MCP_AGENT__SECTION__KEY."),
        ("MCP_AGENT__LOG____LEVEL", "5", "It names no setting"),
        ("MCP_AGENT__PLUGINS__MEMORY__ENABLED", "perhaps", 'plugins.memory.enabled was "perhaps"'),
    ],
)
def test_what_is_wrong_names_the_variable(tmp_path: Path, variable: str, value: str, said: str) -> None:
    found = problems(tmp_path, "limits: {threads: 3}\n", {variable: value})
    assert len(found) == 1
    assert found[0].startswith(f"{variable}: ")
    assert said in found[0]


# --- sections of plugins -------------------------------------------------------------------------


class Server(msgspec.Struct):
    url: str
    port: Annotated[int, msgspec.Meta(ge=1)] = 80


class Shape(msgspec.Struct):
    folder: Path = Path(".")
    servers: list[Server] = []
    named: dict[str, Server] = {}
    main: Server | None = None
    low: int = 0
    high: int = 9

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError("low is above high")


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("folder: music\n    main: {url: x}\n    enabled: true", None),
        ("floder: music", "line 3: plugins.it.floder is no setting. Did you mean folder?"),
        ("servers:\n    - url: a\n    - prt: 8", "line 5: plugins.it.servers[1].prt is no setting. Did you mean port?"),
        ("servers:\n    - url: a\n    - port: 8", "line 5: plugins.it.servers[1].url is missing; it must be text."),
        ("named:\n      a: {url: x, port: 0}", "line 4: plugins.it.named.a.port was 0, but must be a whole number"),
        ("main: {url: 5}", "line 3: plugins.it.main.url was 5, but must be text."),
        ("low: 10", "line 2: plugins.it is wrong: low is above high."),
    ],
)
def test_sections_of_plugins_are_checked_against_their_shape(tmp_path: Path, section: str, said: str | None) -> None:
    settings = read(tmp_path, f"plugins:\n  it:\n    {section}\n")
    assert settings.problems == ()
    found = [str(one) for one in check_plugin("it", Shape, settings.config.plugins["it"], settings.origins)]
    if said is None:
        assert found == []
    else:
        assert said in found[0]


def test_a_plugin_without_settings_takes_enabled_only(tmp_path: Path) -> None:
    settings = read(tmp_path, "plugins:\n  it:\n    enabled: true\n    x: 1\n")
    found = check_plugin("it", None, settings.config.plugins["it"], settings.origins)
    assert [one.key for one in found] == ["plugins.it.x"]
    assert "takes none but 'enabled'" in found[0].message
