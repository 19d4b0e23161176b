"""URI templates, RFC 6570 level 1 and reserved expansion: ``{name}`` is one path part, ``{+name}`` any rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote, unquote

from mcp_agent.errors import PluginError

_EXPRESSION = re.compile(r"\{(\+?)([^{}]*)\}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+\Z")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ESCAPED, _ESCAPED_IN_PART = re.compile(r"[%\s\x00-\x1f\x7f-\x9f]"), re.compile(r"[%/?#\s\x00-\x1f\x7f-\x9f]")


def variables(uri: str) -> tuple[str, ...]:
    """The names in a template, none for a plain URI. Raises PluginError for a form that is not supported."""
    if not _SCHEME.match(uri):
        raise PluginError(
            f"{uri!r} is no URI: it begins with a scheme of yours, such as plants://all, and has no blanks"
        )
    names = tuple(match[2] for match in _EXPRESSION.finditer(uri))
    for name in names:
        if not _NAME.fullmatch(name):
            raise PluginError(f"{uri}: {{{name}}} is not supported; use {{name}} or {{+name}}")
    if len(set(names)) < len(names):
        raise PluginError(f"{uri}: a name stands twice")
    return names


def matcher(uri: str) -> Callable[[str], dict[str, str] | None]:
    """Finds the parts of a concrete URI, percent-decoded, or None where it does not match."""
    if not variables(uri):
        return lambda concrete: {} if concrete == uri else None
    pattern, last = "", 0
    for match in _EXPRESSION.finditer(uri):
        pattern += re.escape(uri[last : match.start()])
        pattern += f"(?P<{match[2]}>{'.+' if match[1] else '[^/?#]+'})"
        last = match.end()
    compiled = re.compile(pattern + re.escape(uri[last:]))

    def match_uri(concrete: str) -> dict[str, str] | None:
        found = compiled.fullmatch(concrete)
        return {name: unquote(value) for name, value in found.groupdict().items()} if found else None

    return match_uri


def expanded(uri: str, parts: Mapping[str, str]) -> str:
    """The one spelling of the URI with these parts, for what compares URIs: no escape that is not needed."""

    def part(match: re.Match[str]) -> str:
        escaped = _ESCAPED if match[1] else _ESCAPED_IN_PART
        return escaped.sub(lambda found: quote(found[0], safe=""), parts[match[2]])

    return _EXPRESSION.sub(part, uri)
