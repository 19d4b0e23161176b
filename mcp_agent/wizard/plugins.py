"""What each plugin asks for, and what it finds on this machine."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from mcp_agent import plugins
from mcp_agent.config_file import check_plugin
from mcp_agent.config_file.write import default_of, describe_field
from mcp_agent.errors import BUGS, PluginError
from mcp_agent.hookspecs import Finding, Setup
from mcp_agent.plugins import Found

log = logging.getLogger(__name__)

FIND_SECONDS = 8.0
"""How long a plugin may look around."""


class Subject(Struct, frozen=True, kw_only=True):
    """A plugin as the wizard sees it. ``settings`` is its section of the configuration."""

    name: str
    title: str
    description: str
    shape: type[Struct] | None
    setup: Setup
    settings: Mapping[str, Any]
    problem: str | None = None
    """Why it does not load."""

    @property
    def enabled(self) -> bool:
        return bool(self.settings.get("enabled", True))

    @property
    def asks(self) -> bool:
        return bool(self.setup.ask or self.setup.secrets or self.setup.find)

    def about(self, key: str) -> str:
        return describe_field(self.shape, key) if self.shape else ""

    def value(self, key: str) -> Any:
        """What is set, or the default; None where there is neither."""
        if key in self.settings or self.shape is None:
            return self.settings.get(key)
        field = next(one for one in msgspec.structs.fields(self.shape) if one.encode_name == key)
        default = default_of(field)
        return None if default is msgspec.NODEFAULT else msgspec.to_builtins(default, enc_hook=str)


def subject(found: Found, settings: Mapping[str, Any]) -> Subject:
    """Import a plugin and ask what its set-up is."""
    try:
        plugin = plugins.load(found, {})
        setup = plugin.hook.mcp_agent_setup() or Setup()
    except PluginError as error:
        return _unusable(found, settings, str(error))
    except BUGS as error:
        log.exception("set-up of plugin %s", found.name)
        return _unusable(found, settings, f"Its set-up failed: {type(error).__name__}: {error}")
    return Subject(
        name=found.name, title=plugin.info.title or found.name, description=plugin.info.description,
        shape=plugin.hook.mcp_agent_config(), setup=setup, settings=settings,
    )  # fmt: skip


def look_around(one: Subject, seconds: float = FIND_SECONDS) -> list[Finding]:
    """What the plugin finds on this machine, as far as its settings take it. Nobody waits longer than ``seconds``."""
    find = one.setup.find
    if find is None:
        return []
    found: list[Finding] = []

    def work() -> None:
        try:
            for finding in find():
                if not check_plugin(one.name, one.shape, finding.settings, {}):
                    found.append(finding)
        except BUGS:
            log.exception("plugin %s could not look around", one.name)

    looking = threading.Thread(target=work, name=f"find-{one.name}", daemon=True)
    looking.start()
    looking.join(seconds)
    return list(found)


def _unusable(found: Found, settings: Mapping[str, Any], why: str) -> Subject:
    return Subject(
        name=found.name, title=found.name, description="", shape=None, setup=Setup(), settings=settings, problem=why
    )
