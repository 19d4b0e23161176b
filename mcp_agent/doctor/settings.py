"""The configuration, and where secrets are kept."""

from __future__ import annotations

import difflib
import threading
from collections.abc import Iterator

from mcp_agent import plugins
from mcp_agent.config import VaultSettings
from mcp_agent.config_file import Problem, Settings, check_plugin
from mcp_agent.config_file.origin import dotted, origin_of
from mcp_agent.doctor.finding import Finding, error, ok
from mcp_agent.errors import PluginError, VaultError
from mcp_agent.paths import Paths
from mcp_agent.vault.choose import choose
from mcp_agent.vault.file_backend import FileBackend
from mcp_agent.vault.keys import passphrase_from_environment

_PATIENCE = 15.0
"""Seconds for a keyring: it may be asking for a password in a window that nobody sees."""


def configuration(settings: Settings) -> Iterator[Finding]:
    """Everything that is wrong in it, sections of plugins too."""
    problems = [*settings.problems, *plugin_problems(settings)]
    for problem in problems:
        yield error("config", str(problem), f'Edit {problem.origin.source}, then "mcp-agent config check".')
    if not problems:
        yield ok(
            "config", f"{settings.path}" if settings.found else f"{settings.path} is not there: all at its default"
        )


def plugin_problems(settings: Settings) -> Iterator[Problem]:
    """What is wrong in the sections of plugins."""
    found = {one.name: one for one in plugins.discover()}
    for name, section in settings.config.plugins.items():
        at = ("plugins", name)
        origin = origin_of(at, settings.origins)
        if name not in found:
            near = difflib.get_close_matches(name, found, 1)
            meant = f" Did you mean {near[0]}?" if near else ""
            yield Problem(origin, f"{dotted(at)} belongs to no plugin that is installed.{meant}", dotted(at))
            continue
        try:
            shape = plugins.load(found[name], {}).hook.mcp_agent_config()
        except PluginError as failure:
            yield Problem(origin, f"{dotted(at)} cannot be checked, the plugin does not load: {failure}", dotted(at))
        else:
            yield from check_plugin(name, shape, section, settings.origins)


def secrets(paths: Paths, vault: VaultSettings, patience: float = _PATIENCE) -> Iterator[Finding]:
    """Where they are kept, and that the place answers. Values are not read."""
    said: list[Finding] = []
    asking = threading.Thread(target=lambda: said.extend(_secrets(paths, vault)), name="doctor-vault", daemon=True)
    asking.start()
    asking.join(patience)
    if asking.is_alive():
        yield error("secrets", f"The keyring did not answer within {patience:g} seconds.", "Unlock the OS keyring.")
    else:
        yield from said


def _secrets(paths: Paths, vault: VaultSettings) -> Iterator[Finding]:
    try:
        backend = choose(vault.store, paths.data, paths.state, passphrase_from_environment)
        count = len(backend.names())
    except (VaultError, OSError) as failure:
        yield error("secrets", str(failure), "mcp-agent secrets list")
        return
    held = f"{count} secret{'s' * (count != 1)} in {backend.place}"
    alone = ": this machine has no OS keyring" if isinstance(backend, FileBackend) and vault.store == "auto" else ""
    yield ok("secrets", held + alone)
