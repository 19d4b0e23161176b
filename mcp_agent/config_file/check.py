"""What was read, held against the types: every setting on its own, so that every mistake is found at once."""

from __future__ import annotations

import difflib
import math
import re
import typing
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from mcp_agent.config import Config
from mcp_agent.config_file.hiding import without_logins
from mcp_agent.config_file.origin import Key, Origin, Problem, dotted, origin_of
from mcp_agent.schema.explain import describe
from mcp_agent.schema.types import decode_hook, schema_of

_PLUGINS = "plugins"
_INSIDE = re.compile(r" - at `\$((?:\[\d+\])+)`$")
_SHOWN = 80


def check_config(tree: Mapping[str, Any], origins: Mapping[Key, Origin], problems: list[Problem]) -> Config:
    """A Config of what is right in ``tree``. Sections of plugins are only looked at as far as the host reads them."""
    checker = _Checker(origins, problems)
    rest = {key: value for key, value in tree.items() if key != _PLUGINS}
    values = checker.section(Config, rest, ())
    sections = checker.sections(tree.get(_PLUGINS))
    try:
        return msgspec.convert({**values, _PLUGINS: sections}, Config)
    except msgspec.ValidationError as error:  # a check over several settings
        checker.add((), f"{error}.")
        return Config()


def check_plugin(
    name: str, shape: type[Struct] | None, section: Mapping[str, Any], origins: Mapping[Key, Origin]
) -> list[Problem]:
    """What is wrong with a plugin's section, given the shape that the plugin declares."""
    problems: list[Problem] = []
    checker = _Checker(origins, problems)
    rest = {key: value for key, value in section.items() if key != "enabled"}
    at = (_PLUGINS, name)
    if shape is None:
        for key in rest:
            checker.add((*at, key), f"{dotted((*at, key))} is no setting: {name} takes none but 'enabled'.")
        return problems
    checker.section(shape, rest, at)
    if not problems:
        try:
            msgspec.convert(rest, shape, strict=False, dec_hook=decode_hook)
        except msgspec.ValidationError as error:  # a check of the plugin's own, over several settings
            checker.add(at, f"{dotted(at)} is wrong: {error}.")
    return problems


class _Checker:
    def __init__(self, origins: Mapping[Key, Origin], problems: list[Problem]) -> None:
        self._origins = origins
        self._problems = problems

    def add(self, key: Key, words: str) -> None:
        self._problems.append(Problem(origin_of(key, self._origins), words, dotted(key)))

    def section(self, shape: type[Struct], given: Mapping[str, Any], at: Key) -> dict[str, Any]:
        """The values of a section that are right; what is wrong is noted."""
        fields = {field.encode_name: field for field in msgspec.structs.fields(shape)}
        for key in given:
            if key not in fields:
                self._unknown((*at, key), key, fields)
        values = {}
        for name, field in fields.items():
            where = (*at, name)
            if name not in given:
                if field.required:
                    self.add(where, f"{dotted(where)} is missing; it must be {describe(schema_of(field.type))}.")
                continue
            before = len(self._problems)
            value = self._value(field.type, given[name], where)
            if len(self._problems) == before:
                values[name] = value
        return values

    def sections(self, given: Any) -> dict[str, dict[str, Any]]:
        """The sections of plugins."""
        result: dict[str, dict[str, Any]] = {}
        for name, section in self._mapping(given, (_PLUGINS,)).items():
            at = (_PLUGINS, name)
            result[name] = dict(self._mapping(section, at))
            enabled = result[name].get("enabled", True)
            if not isinstance(enabled, bool):
                self._misfit(bool, result[name].pop("enabled"), (*at, "enabled"), "")
        return result

    def _value(self, kind: Any, value: Any, at: Key) -> Any:
        """A value that is right; one that is not is noted. Looks into sections, and lists and tables of sections."""
        kind = _bare(kind)
        if _is_section(kind):
            return self.section(kind, self._mapping(value, at), at)
        item = _section_inside(kind)
        if item and isinstance(value, list):
            return [self._value(item, one, (*at, index)) for index, one in enumerate(value)]
        if item and isinstance(value, dict) and typing.get_origin(kind) is dict:
            return {key: self._value(item, one, (*at, key)) for key, one in value.items()}
        if item and isinstance(value, dict):
            return self.section(item, value, at)
        return self._leaf(kind, value, at)

    def _leaf(self, kind: Any, value: Any, at: Key) -> Any:
        error = ""
        if not isinstance(value, float) or math.isfinite(value):
            try:
                return msgspec.convert(value, kind, strict=False, dec_hook=decode_hook)
            except msgspec.ValidationError as finding:
                error = str(finding)
        self._misfit(kind, value, at, error)
        return None

    def _mapping(self, value: Any, at: Key) -> Mapping[str, Any]:
        if value is None:  # a section with nothing in it
            return {}
        if isinstance(value, dict):
            return value
        self.add(at, f"{dotted(at)} was {_shown(value)}, but must be a section with settings in it.")
        return {}

    def _misfit(self, kind: Any, value: Any, at: Key, error: str) -> None:
        node: Mapping[str, Any] = schema_of(kind)
        inside = _INSIDE.search(error)
        for index in re.findall(r"\d+", inside[1]) if inside and "items" in node else ():
            value, node, at = value[int(index)], node.get("items", {}), (*at, int(index))
        self.add(at, f"{dotted(at)} was {_shown(value)}, but must be {describe(node)}.")

    def _unknown(self, at: Key, key: str, known: Iterable[str]) -> None:
        known = [*known]
        near = difflib.get_close_matches(key, known, 1)
        meant = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
        self.add(at, f"{dotted(at)} is no setting. {meant}")


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _bare(kind: Any) -> Any:
    """Without what is said about it, where it is a section or holds some; bounds of other values stay."""
    while typing.get_origin(kind) is typing.Annotated and (_is_section(kind.__origin__) or _section_inside(kind)):
        kind = kind.__origin__
    return kind


def _section_inside(kind: Any) -> Any:
    """The one kind of section in a list, a table or an optional; None for everything else."""
    if typing.get_origin(kind) is typing.Annotated:
        kind = kind.__origin__
    inside = [_bare(one) for one in typing.get_args(kind)]
    sections = [one for one in inside if _is_section(one)]
    return sections[0] if len(sections) == 1 else None


def _shown(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, float):
        return str(value)
    text = msgspec.json.encode(without_logins(value), enc_hook=str).decode()
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
