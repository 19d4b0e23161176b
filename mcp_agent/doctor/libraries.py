"""What the package of the host and of each plugin needs, held against what is installed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution, version

from mcp_agent.doctor.finding import Finding, error, ok, warning

HOST = "mcp-agent-host"


def libraries(names: Iterable[str]) -> Iterator[Finding]:
    """``names`` of distributions, the host's first. What an extra would bring is no error without it."""
    missing = 0
    for name in dict.fromkeys(names):
        for finding in _of(name):
            missing += finding.level == "error"
            yield finding
    if not missing:
        yield ok("libraries", "Everything that the host and the plugins need is installed.")


def _of(name: str) -> Iterator[Finding]:
    from packaging.requirements import Requirement

    try:
        found = distribution(name)
    except PackageNotFoundError:
        yield error("libraries", f"{name} is not installed as a package.", _install(name))
        return
    needed = [Requirement(text) for text in found.requires or ()]
    extras = found.metadata.get_all("Provides-Extra") or []
    for requirement in needed:
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            lack = _lack(requirement.name, requirement.specifier)
            if lack:
                yield error("libraries", f"{name} needs {lack}.", _install(str(requirement).partition(";")[0].strip()))
    for extra in extras:
        wanted = [one for one in needed if one.marker and _only_with(one.marker, extra)]
        lacks = [lack for one in wanted if (lack := _lack(one.name, one.specifier))]
        if lacks and len(lacks) < len(wanted):  # half of it: something took a part away
            yield warning("libraries", f"{name}[{extra}] lacks {', '.join(lacks)}.", _install(f"{name}[{extra}]"))
        elif lacks:
            yield ok("libraries", f"{name}[{extra}] is not installed: {_install(f'{name}[{extra}]')}")


def _lack(name: str, specifier: object) -> str | None:
    """What is missing, None where it is there."""
    try:
        present = version(name)
    except PackageNotFoundError:
        return f"{name}{specifier}, which is not installed"
    if not specifier.contains(present, prereleases=True):  # type: ignore[attr-defined]
        return f"{name}{specifier}, but {present} is installed"
    return None


def _only_with(marker: object, extra: str) -> bool:
    evaluate = marker.evaluate  # type: ignore[attr-defined]
    return bool(evaluate({"extra": extra})) and not evaluate({"extra": ""})


def _install(what: str) -> str:
    return f'uv pip install --python "{sys.executable}" "{what}"'
