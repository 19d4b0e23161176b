"""A compose file as data, with its variables filled in. Nothing of the environment of this program gets into it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mcp_agent import ToolError

MOST_BYTES = 2**20
_MOST_VALUES = 20_000
_VARIABLE = re.compile(
    r"\$(?:(?P<dollar>\$)|(?P<plain>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*)(?:(?P<how>:?[-?+])(?P<other>[^{}]*))?\}|(?P<odd>))"
)
_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*")


def read(text: bytes, variables: Mapping[str, str]) -> dict[str, Any]:
    """Raises ToolError for what is no compose file, or needs a variable that is not there."""
    import yaml

    try:
        raw = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ToolError(f"It is no YAML: {str(error)[:300]}") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("services"), dict):
        raise ToolError("It is no compose file: there are no services in it.")
    return dict(_Filler(variables).fill(raw))


def read_env(text: bytes) -> dict[str, str]:
    """The file ``.env`` beside it."""
    found = {}
    for line in text.decode(errors="replace").splitlines():
        pair = _LINE.fullmatch(line)
        if pair:
            value = pair[2]
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
            found[pair[1]] = value[1:-1] if quoted else value.partition(" #")[0].rstrip()
    return found


class _Filler:
    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._left = _MOST_VALUES

    def fill(self, value: Any) -> Any:
        self._left -= 1
        if self._left < 0:  # aliases of aliases: a small file may stand for a huge one
            raise ToolError(f"It has more than {_MOST_VALUES:,} values.")
        if isinstance(value, dict):
            return {str(key): self.fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        return _VARIABLE.sub(self._one, value) if isinstance(value, str) else value

    def _one(self, found: re.Match[str]) -> str:
        if found["dollar"]:
            return "$"
        name = found["plain"] or found["name"]
        if name is None:
            raise ToolError(
                "There is a $ that begins no variable.", hint="Write $$ for a dollar, ${NAME:-other} for a variable."
            )
        how, other = found["how"] or "", found["other"] or ""
        value = self._variables.get(name)
        there = bool(value) if how.startswith(":") else value is not None
        if how.endswith("+"):
            return other if there else ""
        if there and value is not None:
            return value
        if how.endswith("-"):
            return other
        raise ToolError(
            f"The variable {name} is not set.{' ' + other if other else ''}", hint="Put it into .env beside the file."
        )
