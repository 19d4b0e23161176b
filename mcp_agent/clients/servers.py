"""What stands in a client's file: its servers, without the values that may be secret."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from mcp_agent.clients.table import ARGS, COMMAND, ENV, SERVER, Client
from mcp_agent.clients.text import Spot, servers_in

MARK = "***"

_URLS = ("url", "serverUrl", "httpUrl", "uri")
_SECRET_NAME = re.compile(r"(?i)(token|secret|passw|key|auth|bearer|credential|cookie|session|pat\b)")
_ASSIGNED = re.compile(r"^(-{0,2}[\w.-]+)=(.*)$", re.DOTALL)
_LONG = re.compile(r"(?=[^\s]*\d)(?=[^\s]*[A-Za-z])[A-Za-z0-9_+=-]{24,}")
_URL = re.compile(r"(\w+://)(?:[^/@\s]*@)?([^/?#\s]*)([^?#\s]*)([?#]\S*)?")


class Server(Struct, frozen=True, kw_only=True):
    """``line`` is how it is started or reached, fit to be shown; ``env`` has names only."""

    client: str
    name: str
    kind: Literal["stdio", "http", "unknown"]
    line: str
    env: tuple[str, ...] = ()
    off: bool = False


def servers_of(client: Client, tree: Any) -> Iterator[Server]:
    """Every server that a client is told to use. Raises BrokenFile where the file is not made as the client does."""
    for name, entry in entries_of(client, tree):
        yield _server(client, name, entry)


def entries_of(client: Client, tree: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    servers = servers_in(tree, Spot(client.key, "", client.listed))
    named = servers.items() if isinstance(servers, dict) else ((_name(one), one) for one in servers)
    yield from ((str(name), entry) for name, entry in named if isinstance(entry, dict))


def fields(client: Client, entry: Mapping[str, Any]) -> tuple[str | None, tuple[str, ...], Mapping[str, Any]]:
    """Command, arguments and environment, under the names that this client has for them."""
    names = {value: key for key, value in client.entry.items() if value in (COMMAND, ARGS, ENV)}
    command, args, env = (entry.get(names[what]) for what in (COMMAND, ARGS, ENV))
    words = tuple(map(str, args)) if isinstance(args, list) else ()
    return command if isinstance(command, str) else None, words, env if isinstance(env, dict) else {}


def secrets_in(client: Client, tree: Any) -> set[str]:
    """What nothing that is shown may hold of other servers: values of environments and headers, and of arguments what
    may be a secret."""
    values: set[str] = set()
    for name, entry in entries_of(client, tree):
        if name != SERVER:
            _, args, env = fields(client, entry)
            tables = (env, entry.get("headers"), entry.get("http_headers"))
            values |= {str(value) for table in tables if isinstance(table, dict) for value in table.values()}
            values |= {word for word, shown in zip(args, mask(args), strict=True) if word != shown}
    return {value for value in values if len(value) > 3}


def mask(words: tuple[str, ...]) -> list[str]:
    """The words of a command line without what may be a secret in them."""
    shown: list[str] = []
    hide = False
    for word in words:
        assigned = _ASSIGNED.match(word)
        if hide:
            shown.append(MARK)
        elif assigned:
            shown.append(f"{assigned[1]}={MARK}")
        else:
            shown.append(_LONG.sub(MARK, _URL.sub(_bare_url, word)))
        hide = not hide and assigned is None and word.startswith("-") and _SECRET_NAME.search(word) is not None
    return shown


def _server(client: Client, name: str, entry: Mapping[str, Any]) -> Server:
    command, args, env = fields(client, entry)
    url = next((entry[key] for key in _URLS if isinstance(entry.get(key), str)), None)
    off = entry.get("disabled") is True or entry.get("enabled") is False
    kind: Literal["stdio", "http", "unknown"] = "stdio" if command else "http" if url else "unknown"
    line = " ".join([command, *mask(args)] if command else mask((url or "",)))
    return Server(client=client.name, name=name, kind=kind, line=line, env=tuple(sorted(map(str, env))), off=off)


def _name(entry: Any) -> str:
    return str(entry.get("name", "?")) if isinstance(entry, dict) else "?"


def _bare_url(found: re.Match[str]) -> str:
    return found[1] + found[2] + _LONG.sub(MARK, found[3]) + (f"?{MARK}" if found[4] else "")
