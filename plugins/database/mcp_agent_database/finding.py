"""Databases that this machine knows of: named in the environment or in ~/.pgpass, or a PostgreSQL that runs here.

SQLite files need no set-up: those in the folders are listed by db_connections.
"""

from __future__ import annotations

import getpass
import os
import re
import sys
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from mcp_agent import Finding
from mcp_agent_database.desk import kind_of

_VARIABLES = (
    "DATABASE_URL", "POSTGRES_URL", "POSTGRESQL_URL", "MONGODB_URI", "MONGODB_URL", "MONGO_URL", "SUPABASE_URL",
)  # fmt: skip
_TITLES: Mapping[str, str] = {"postgres": "PostgreSQL", "mongodb": "MongoDB", "supabase": "Supabase"}
_SOCKETS = (Path("/run/postgresql"), Path("/var/run/postgresql"), Path("/tmp"))
_MOST = 20
_HOST = re.compile(r"[\w.-]+|/[^?&#]*|[0-9a-fA-F]*:[0-9a-fA-F:.]+")
_PORT = re.compile(r"\d*|\*")


class Known(Struct, frozen=True):
    """An address without its password, and where it stands."""

    url: str
    source: str
    needs_password: bool


def find() -> list[Finding]:
    """For ``mcp-agent setup``: all of them together first, then each."""
    found = _named()
    each = [Finding(f"{_told(one)} ({one.source})", _settings([(name, one)])) for name, one in found]
    if len(each) < 2:
        return each
    return [Finding(f"All {len(each)} databases that follow", _settings(found)), *each]


def secrets() -> dict[str, str]:
    """What passwords and keys to ask for: of those in the environment. ~/.pgpass is read by the driver itself."""
    return {
        name: f"{'The API key' if kind_of(one.url) == 'supabase' else 'The password'} for {_told(one)}."
        for name, one in _named()
        if one.needs_password
    }


def _named() -> list[tuple[str, Known]]:
    """Each address once, with a name for its connection."""
    found: dict[str, Known] = {}
    for one in (*_environment(), *_pgpass(), *_sockets()):
        found.setdefault(one.url, one)
    taken: dict[str, Known] = {}
    for one in list(found.values())[:_MOST]:
        wanted = name = _name(one.url)
        number = 2
        while name in taken:
            name, number = f"{wanted}-{number}", number + 1
        taken[name] = one
    return list(taken.items())


def _environment() -> Iterator[Known]:
    for variable in _VARIABLES:
        url = _address(os.environ.get(variable, ""))
        if url and (kind_of(url) != "supabase" or variable == "SUPABASE_URL"):
            yield Known(url, variable, needs_password=True)
    if os.environ.get("PGHOST") and os.environ.get("PGDATABASE"):
        read = os.environ.get
        yield Known(
            _postgres(read("PGHOST", ""), read("PGPORT", ""), read("PGDATABASE", ""), read("PGUSER") or _user()),
            "PGHOST and PGDATABASE",
            needs_password=not read("PGHOST", "").startswith("/"),
        )


def _pgpass() -> Iterator[Known]:
    for line in _lines(_passfile()):
        parts = re.findall(r"((?:[^:\\]|\\.)*)(?::|$)", line)[:4]
        host, port, database, user = (re.sub(r"\\(.)", r"\1", part) for part in [*parts, "", "", "", ""][:4])
        if line.startswith("#") or not _HOST.fullmatch(host) or not _PORT.fullmatch(port) or user in ("", "*"):
            continue
        database = "postgres" if database in ("", "*") else database
        yield Known(_postgres(host, "" if port == "*" else port, database, user), "~/.pgpass", needs_password=False)


def _sockets() -> Iterator[Known]:
    seen = set[Path]()
    for folder in _SOCKETS:
        for path in sorted(folder.glob(".s.PGSQL.*")):
            if path.is_socket() and path.resolve() not in seen:
                seen.add(path.resolve())
                yield Known(
                    _postgres(str(folder), path.name.rpartition(".")[2], "postgres", _user()),
                    "runs on this machine",
                    needs_password=False,
                )


def _address(text: str) -> str:
    """Without its password, empty for what is no address of a database that is known here."""
    try:
        parts = urllib.parse.urlsplit(text.strip())
        _ = parts.port  # a number, if at all
        scheme = parts.scheme.partition("+")[0] if parts.scheme.startswith("postgres") else parts.scheme
        user, _, host = parts.netloc.rpartition("@")
    except ValueError:
        return ""
    if not host or kind_of(f"{scheme}://") == "sqlite":
        return ""
    query = [
        (key, value) for key, value in urllib.parse.parse_qsl(parts.query) if key not in ("password", "sslpassword")
    ]
    name = user.partition(":")[0]
    netloc = f"{name}@{host}" if name else host
    path = "" if kind_of(f"{scheme}://") == "supabase" else parts.path
    return urllib.parse.urlunsplit((scheme, netloc, path, urllib.parse.urlencode(query, safe="/"), ""))


def _postgres(host: str, port: str, database: str, user: str) -> str:
    quoted = urllib.parse.quote
    path = f"/{quoted(database, safe='')}"
    if host.startswith("/"):
        query = urllib.parse.urlencode({"host": host, **({"port": port} if port else {})}, safe="/")
        return f"postgresql://{quoted(user, safe='')}@{path}?{query}"
    host = f"[{host}]" if ":" in host else host
    return f"postgresql://{quoted(user, safe='')}@{host}{f':{port}' if port else ''}{path}"


def _told(one: Known) -> str:
    parts = urllib.parse.urlsplit(one.url)
    user, _, host = parts.netloc.rpartition("@")
    database = parts.path.lstrip("/")
    return " ".join([
        _TITLES[kind_of(one.url)], *([database] if database else []), "at", host or "this machine's socket",
        *(["as", urllib.parse.unquote(user)] if user else []),
    ])  # fmt: skip


def _name(url: str) -> str:
    """From the database, or the host."""
    parts = urllib.parse.urlsplit(url)
    wanted = urllib.parse.unquote(parts.path.lstrip("/")) or (parts.hostname or "").partition(".")[0]
    return re.sub(r"[^A-Za-z0-9_]+", "-", wanted).strip("-_")[:40] or "database"


def _settings(found: Iterable[tuple[str, Known]]) -> dict[str, object]:
    return {"connections": {name: {"url": one.url} for name, one in found}}


def _passfile() -> Path:
    named = os.environ.get("PGPASSFILE")
    if named:
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", "")) / "postgresql" / "pgpass.conf"
    return Path.home() / ".pgpass"


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", "replace").splitlines()[:200]
    except OSError:
        return []


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a process without a user
        return "postgres"
