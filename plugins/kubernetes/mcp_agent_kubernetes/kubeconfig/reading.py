"""Reads kubeconfig files as kubectl does: several may be given, and the first that names a thing wins."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from mcp_agent import ToolError

_MOST_BYTES = 2 * 2**20
_MOST_FILES = 50


class Named(Struct, frozen=True):
    """What a file says of a cluster or a user. ``folder`` is where its relative paths begin."""

    said: Mapping[str, Any]
    folder: Path


class KubeContext(Struct, frozen=True):
    """A context: which cluster, as whom, and in which namespace where none is named."""

    name: str
    cluster: str
    user: str
    namespace: str


class Kubeconfig(Struct, frozen=True):
    """Everything by its name. Never show ``clusters`` and ``users``: they hold credentials."""

    contexts: Mapping[str, KubeContext]
    clusters: Mapping[str, Named]
    users: Mapping[str, Named]
    current: str


def paths_of(setting: str) -> tuple[Path, ...]:
    """The files that are meant, whether they are there or not."""
    named = setting or os.environ.get("KUBECONFIG", "")
    if not named:
        return (Path.home() / ".kube" / "config",)
    return tuple(Path(one).expanduser() for one in named.split(os.pathsep) if one)[:_MOST_FILES]


def stamp_of(paths: tuple[Path, ...]) -> tuple[object, ...]:
    """Differs when a file was changed."""
    found: list[object] = []
    for path in paths:
        try:
            about = path.stat()
            found.append((str(path), about.st_mtime_ns, about.st_size))
        except OSError:
            found.append(str(path))
    return tuple(found)


def read(paths: tuple[Path, ...]) -> Kubeconfig:
    """Raises ToolError, which names files and never what is in them."""
    there = [path for path in paths if path.is_file()]
    if not there:
        raise ToolError(
            f"There is no kubeconfig: {', '.join(map(str, paths))} is not there.",
            hint="Put one there, or name it: plugins: kubernetes: kubeconfig: PATH.",
        )
    contexts: dict[str, KubeContext] = {}
    clusters: dict[str, Named] = {}
    users: dict[str, Named] = {}
    current = ""
    for path in there:
        whole = _load(path)
        current = current or str(whole.get("current-context") or "")
        for name, said in _entries(whole, "contexts", "context", path):
            contexts.setdefault(name, _context(name, said))
        for key, single, into in (("clusters", "cluster", clusters), ("users", "user", users)):
            for name, said in _entries(whole, key, single, path):
                into.setdefault(name, Named(said, path.parent.absolute()))
    return Kubeconfig(contexts, clusters, users, current)


def _context(name: str, said: Mapping[str, Any]) -> KubeContext:
    return KubeContext(
        name, str(said.get("cluster") or ""), str(said.get("user") or ""), str(said.get("namespace") or "default")
    )


def _load(path: Path) -> Mapping[str, Any]:
    import yaml

    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ToolError(f"The kubeconfig {path} cannot be read: {error.strerror}.") from None
    if len(data) > _MOST_BYTES:
        raise ToolError(f"The kubeconfig {path} has more than {_MOST_BYTES >> 20} MiB, which none has.")
    try:
        whole = yaml.load(data, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError):  # what the parser says quotes the file
        raise _no_kubeconfig(path, "it is not YAML") from None
    if whole is None:
        return {}
    if not isinstance(whole, dict):
        raise _no_kubeconfig(path, "it is not a mapping")
    return whole


def _entries(whole: Mapping[str, Any], key: str, single: str, path: Path) -> list[tuple[str, Mapping[str, Any]]]:
    found = whole.get(key) or []
    if not isinstance(found, list):
        raise _no_kubeconfig(path, f"its {key} is not a list")
    entries: list[tuple[str, Mapping[str, Any]]] = []
    for one in found:
        if not isinstance(one, dict) or not isinstance(one.get("name"), str):
            raise _no_kubeconfig(path, f"one of its {key} has no name")
        said = one.get(single) or {}
        if not isinstance(said, dict):
            raise _no_kubeconfig(path, f"one of its {key} is not a mapping")
        entries.append((one["name"], said))
    return entries


def _no_kubeconfig(path: Path, why: str) -> ToolError:
    return ToolError(f"{path} is no kubeconfig: {why}.", hint="'kubectl config view' says what is wrong with it.")
