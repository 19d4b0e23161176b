"""``mcp-agent plugins new``: a working plugin with tests, to change into one's own.

The template is a real plugin named sprout, in ``plugins/_template``, and ships inside the wheel.
"""

from __future__ import annotations

import re
from pathlib import Path

import mcp_agent
from mcp_agent.errors import PluginError

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST = 24
"""Leaves room for the verb and the object in the 64 characters that a tool's name may have."""
_PLACEHOLDER = "sprout"
_PACKAGE = Path(mcp_agent.__file__).parent
_SHIPPED = _PACKAGE / "_template"
_FROM_REPOSITORY = """
[tool.uv.sources]  # the mcp-agent that wrote this; without these lines it comes from the package registry
mcp-agent-host = {{ path = "{path}", editable = true }}
"""


def write_plugin(name: str, folder: Path) -> Path:
    """Write a plugin project into a new folder below ``folder``; gives its path.

    Raises PluginError for a name that cannot be one, suggesting one that can, and where the folder exists.
    """
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise PluginError(_bad_name(name))
    project = folder / f"mcp-agent-{name.replace('_', '-')}"
    if project.exists():
        raise PluginError(f"{project} exists already; choose another name, or move it away.")
    template = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent / "plugins" / "_template"  # in the repository
    for source in sorted(template.rglob("*")):
        if source.is_file() and "__pycache__" not in source.parts:
            target = project / _named(source.relative_to(template).as_posix(), name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_named(source.read_text(encoding="utf-8"), name), encoding="utf-8")
    if not _SHIPPED.is_dir():
        with (project / "pyproject.toml").open("a", encoding="utf-8") as file:
            file.write(_FROM_REPOSITORY.format(path=_PACKAGE.parent.as_posix()))
    return project


def _named(text: str, name: str) -> str:
    title = name.replace("_", " ").capitalize()
    text = text.replace(f"mcp-agent-{_PLACEHOLDER}", f"mcp-agent-{name.replace('_', '-')}")
    return text.replace(_PLACEHOLDER, name).replace(_PLACEHOLDER.capitalize(), title)


def _bad_name(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())
    better = words.strip("_").removeprefix("mcp_agent_").lstrip("_0123456789")[:_LONGEST].strip("_")
    meant = f" How about {better}?" if better else ""
    return f"{name!r} cannot name a plugin: use a-z, 0-9 and _, beginning with a letter, {_LONGEST} at most.{meant}"
