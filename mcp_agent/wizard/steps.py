"""The steps, in order. What the person answers is gathered, shown, and only then written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from mcp_agent.clients import change as client_change
from mcp_agent.clients.launch import Launch
from mcp_agent.clients.machine import Machine, find
from mcp_agent.clients.table import CLIENTS
from mcp_agent.config_file.edit import set_plugin
from mcp_agent.config_file.write import scalar
from mcp_agent.errors import AgentError
from mcp_agent.vault.backend import Backend, Key
from mcp_agent.vault.redact import check_value
from mcp_agent.vault.secret import Secret
from mcp_agent.wizard.answers import read_answer, shown
from mcp_agent.wizard.face import Face, Stopped
from mcp_agent.wizard.plugins import Subject, look_around

_NOTHING_OF_THIS = "None of these"
_OFFERED = ("not installed", "points to nothing")


class Wanted(Struct):
    """What the person wants to have changed."""

    settings: list[tuple[str, str, Any]] = field(default_factory=list)
    """Plugin, setting, value."""
    secrets: list[tuple[Key, Secret]] = field(default_factory=list)

    def lines(self) -> list[str]:
        """For the person. No secret is in it."""
        settings = [f"{plugin}: {key} = {scalar(value)}" for plugin, key, value in self.settings]
        return settings + [f"{key.plugin}: secret {key.name}" for key, _ in self.secrets]


class Home(Struct, frozen=True, kw_only=True):
    """What is set up: a configuration file, a place for secrets, and how assistants start it.

    ``healths`` starts a host with what was written and gives what each plugin says of itself.
    """

    file: Path
    state: Path
    backend: Backend
    machine: Machine
    launch: Launch
    healths: Callable[[], Mapping[str, str]]


def run(face: Face, home: Home, subjects: Sequence[Subject], named: Sequence[str] = ()) -> None:
    """All of it; with ``named`` only these plugins. Raises Stopped when the person gives up."""
    wanted = ask(face, subjects, home.backend, named)
    if wanted.lines():
        places = f"settings into {home.file}, secrets into {home.backend.place}"
        face.say("\n".join([f"\nThis will be written, {places}:", *wanted.lines()]))
        if not face.yes("Write it?"):
            raise Stopped("Nothing was changed.")
        write(wanted, home.file, home.backend)
        face.say("Written.")
    touched = {plugin for plugin, key, value in wanted.settings if (key, value) != ("enabled", False)}
    _try_out(face, sorted(touched | {key.plugin for key, _ in wanted.secrets} | set(named)), home)
    if not named:
        install(face, home)
    face.say("\nDone. 'mcp-agent doctor' looks it all over at any time.")


def ask(face: Face, subjects: Sequence[Subject], backend: Backend, named: Sequence[str]) -> Wanted:
    """Which plugins, and what each needs. With ``named`` only those are gone through."""
    wanted = Wanted()
    usable = [one for one in subjects if one.problem is None]
    for one in subjects:
        if one.problem is not None and (not named or one.name in named):
            face.say(f"{one.name} does not load and is left out: {one.problem}")
    if named:
        on = [one for one in usable if one.name in named]
    else:
        options = [f"{one.title}: {one.description}" if one.description else one.title for one in usable]
        enabled = [index for index, one in enumerate(usable) if one.enabled]
        on = [usable[index] for index in face.pick("Which plugins do you want?", options, enabled)]
    for one in usable if not named else on:
        if one.enabled is not (one in on):
            wanted.settings.append((one.name, "enabled", one in on))
    held = set(backend.names())
    for one in on:
        if one.asks:
            face.say(f"\n{one.title}")
            _ask_about(face, one, held, wanted)
        elif named:
            face.say(f"{one.title} needs nothing.")
    return wanted


def write(wanted: Wanted, file: Path, backend: Backend) -> None:
    """Raises AgentError where the file or the place of secrets refuses; what was written before it stays."""
    for plugin, key, value in wanted.settings:
        set_plugin(file, plugin, key, value)
    for name, secret in wanted.secrets:
        backend.set(name, secret)


def install(face: Face, home: Home) -> None:
    """Offer the assistants that are here and do not start this agent yet."""
    here = [found for found in (find(client, home.machine) for client in CLIENTS) if found.here]
    missing = [found for found in here if client_change.status(found, home.launch)[0] in _OFFERED]
    if not missing:
        return
    options = [f"{found.client.title} ({found.file})" for found in missing]
    for index in face.pick("Into which assistants?", options, range(len(missing))):
        found = missing[index]
        try:
            planned = client_change.install(found, home.launch)
            face.say("\n".join([f"{found.client.title}:", *planned.diff()]))
            if face.yes("Write this?"):
                copy = client_change.apply(planned, home.state)
                face.say(f"Written: {found.file}" + (f"\nAs it was: {copy}" if copy else ""))
                face.say(found.client.restart)
        except AgentError as error:
            face.say(str(error))


def _ask_about(face: Face, one: Subject, held: set[Key], wanted: Wanted) -> None:
    chosen = _choose_finding(face, one)
    for key, found in chosen.items():
        known = one.settings.get(key)
        value = found
        if isinstance(known, Mapping) and isinstance(found, Mapping):
            value = {**known, **found}  # connections that were set up before stay
        if key not in one.setup.ask and value != one.settings.get(key):
            wanted.settings.append((one.name, key, value))
    for key in one.setup.ask:
        value = _ask_setting(face, one, key, chosen.get(key, one.value(key)))
        if value != one.value(key):
            wanted.settings.append((one.name, key, value))
    for name, about in one.setup.secrets.items():
        key_of = Key(one.name, name)
        again = " It is set; leave it empty to keep it." if key_of in held else " Leave it empty to do without."
        secret = face.secret(f"{one.title}: {name}", about + again)
        if secret is not None:
            check_value(secret)
            wanted.secrets.append((key_of, secret))


def _try_out(face: Face, names: Sequence[str], home: Home) -> None:
    """Ask each plugin how it is, with the new settings: a real call where it has a connection."""
    if names:
        face.say("\nTrying it out...")
        says = home.healths()
        for name in names:
            face.say(f"{name}: {says.get(name, 'it loads')}")


def _choose_finding(face: Face, one: Subject) -> Mapping[str, Any]:
    if one.setup.find is None:
        return {}
    face.say("Looking around on this machine...")
    findings = look_around(one)
    if not findings:
        face.say("Nothing was found.")
        return {}
    index = face.one("Which of these?", [*(finding.what for finding in findings), _NOTHING_OF_THIS])
    return findings[index].settings if index < len(findings) else {}


def _ask_setting(face: Face, one: Subject, key: str, default: Any) -> Any:
    assert one.shape is not None, f"{one.name} asks for settings and has none"
    shape = one.shape

    def check(text: str) -> str | None:
        return None if text == shown(default) else read_answer(one.name, shape, key, text)[1]

    text = face.text(f"{one.title}: {key}", one.about(key), shown(default), check)
    return default if text == shown(default) else read_answer(one.name, shape, key, text)[0]
