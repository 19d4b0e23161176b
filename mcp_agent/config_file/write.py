"""The configuration as YAML: with what each setting is for, or with where its value comes from."""

from __future__ import annotations

import inspect
import textwrap
import typing
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec
import yaml
from msgspec import Meta, Struct

from mcp_agent.config import Config
from mcp_agent.config_file.hiding import without_logins
from mcp_agent.config_file.origin import Key, Origin, origin_of

_WIDTH = 100
_HEAD = """\
# Settings of mcp-agent. Every line is at its default: change what you want, delete what you do not.
# 'mcp-agent config check' looks it over; MCP_AGENT__SECTION__KEY in the environment stands over this file.
"""


def render(config: Config, shapes: Mapping[str, type[Struct] | None]) -> str:
    """A whole file: every setting with what it is for. Plugins that have no section get one as a comment."""
    lines = [_HEAD]
    for field in msgspec.structs.fields(Config):
        value = getattr(config, field.name)
        if isinstance(value, Struct):
            lines += [*_comment(inspect.getdoc(type(value)) or "", ""), f"{field.name}:", *_settings(value, "  "), ""]
    lines += [*_comment(describe_field(Config, "plugins"), ""), "plugins:"]
    for name, section in config.plugins.items():
        lines += [f"  {scalar(name)}:" if section else f"  {scalar(name)}: {{}}"]
        lines += [f"    {scalar(key)}: {scalar(value)}" for key, value in section.items()]
    for name, shape in shapes.items():
        if name not in config.plugins:
            lines += ["  # " + line for line in [f"{scalar(name)}:", "  enabled: true", *_defaults(shape)]]
    return "\n".join(lines) + "\n"


def sources(config: Config, origins: Mapping[Key, Origin]) -> dict[Key, Origin]:
    """Where each setting was written that is not at its default."""
    default = dict(_leaves(_plain(Config()), ()))
    return {
        key: origin_of(key, origins)
        for key, value in _leaves(_plain(config), ())
        if key not in default or default[key] != value
    }


def annotated(config: Config, notes: Mapping[Key, object]) -> str:
    """The settings as YAML, and behind each value what ``notes`` has on it."""
    lines: list[tuple[str, object]] = []

    def add(section: Mapping[str, Any], at: Key) -> None:
        indent = "  " * len(at)
        for key, value in section.items():
            if isinstance(value, dict) and value:
                lines.append((f"{indent}{scalar(key)}:", None))
                add(value, (*at, key))
            else:
                lines.append((f"{indent}{scalar(key)}: {scalar(value)}", notes.get((*at, key))))

    add(without_logins(_plain(config)), ())
    return "".join(f"{line:32}  # {note}\n" if note else line + "\n" for line, note in lines)


def scalar(value: Any) -> str:
    """A value on one line of YAML."""
    text = _dumped(value, allow_unicode=True)
    if len(text.splitlines()) > 1:  # YAML knows line breaks that are no '\n' as well
        text = _dumped(value, allow_unicode=False, default_style='"')
    return text


def _dumped(value: Any, **options: Any) -> str:
    text: str = yaml.safe_dump(_plain(value), default_flow_style=True, width=float("inf"), **options)
    return text.removesuffix("\n").removesuffix("\n...")


def describe_field(shape: type[Struct], name: str) -> str:
    """What a setting is for, as its Meta says."""
    kind = next(field.type for field in msgspec.structs.fields(shape) if field.name == name)
    said = [note.description for note in getattr(kind, "__metadata__", ()) if isinstance(note, Meta)]
    words = " ".join(text for text in said if text)
    choices = _choices(kind)
    return f"{words} One of {', '.join(map(str, choices))}.".lstrip() if choices else words


def default_of(field: msgspec.structs.FieldInfo) -> Any:
    """The default of a setting, ``msgspec.NODEFAULT`` where it must be given."""
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()


def _settings(section: Struct, indent: str) -> Iterator[str]:
    for field in msgspec.structs.fields(section):
        yield from _comment(describe_field(type(section), field.name), indent)
        yield f"{indent}{field.encode_name}: {scalar(getattr(section, field.name))}"


def _defaults(shape: type[Struct] | None) -> Iterator[str]:
    for field in msgspec.structs.fields(shape) if shape else ():
        yield from _comment(describe_field(shape, field.name), "  ")  # type: ignore[arg-type]
        default = default_of(field)
        yield f"  {field.encode_name}:" + (f" {scalar(default)}" if default is not msgspec.NODEFAULT else "")


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value, enc_hook=str)


def _leaves(section: Mapping[str, Any], at: Key) -> Iterator[tuple[Key, Any]]:
    for key, value in section.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*at, key))
        else:
            yield (*at, key), value


def _comment(text: str, indent: str) -> list[str]:
    lead = f"{indent}# "
    words = " ".join(text.split()).replace("``", "'")
    return textwrap.wrap(words, _WIDTH, initial_indent=lead, subsequent_indent=lead, break_on_hyphens=False)


def _choices(kind: Any) -> tuple[Any, ...]:
    while typing.get_origin(kind) is typing.Annotated:
        kind = kind.__origin__
    return typing.get_args(kind) if typing.get_origin(kind) is Literal else ()
