"""Parts of a JSON value by a JSON path (RFC 9535), with an end to the work whatever the path.

A path comes from a model, which may have it from a stranger. Patterns go through RE2, for Python's can take for ever
and hold up the whole process meanwhile. Places that are looked at are counted; what would multiply them uncounted,
inside of a filter, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import jsonpath
from jsonpath.function_extensions import ExpressionType, FilterFunction
from jsonpath.match import JSONPathMatch

from mcp_agent import ToolError
from mcp_agent.expressions import expression
from mcp_agent.model import Json

MOST_PLACES = 1_000_000
_QUOTED = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'""")
_REPEATED = re.compile(r"\[[^\[\]?]*(?:[*:][^\[\]?]*,|,[^\[\]?]*[*:])")
"""Everything, or a range, beside something else in one pair of brackets: ``[*,*,*]``."""


def pick(value: Json, path: str) -> list[Any]:
    """Raises ToolError for what is no path, and for one that looks at too many places."""
    budget = _Budget()
    environment = _Environment(budget)
    try:
        query = environment.compile(path)
        _check(path)
        assert isinstance(query, jsonpath.JSONPath)  # several in one are no part of the RFC
        places: Iterable[JSONPathMatch] = [_counted(budget, value)]
        for segment in query.segments:
            places = segment.resolve(places)
        return [place.obj for place in places]
    except jsonpath.JSONPathError as error:
        raise ToolError(f"That is no JSON path: {error}.", hint="One looks like $.rows[0].name") from None


def _check(path: str) -> None:
    plain = _QUOTED.sub("''", path)
    if ".." in plain.partition("?")[2]:
        raise ToolError("'..' cannot stand in a filter or behind one.", hint="Name the parts on the way.")
    if _REPEATED.search(plain):
        raise ToolError("'*' and ranges stand alone in their brackets.", hint="Ask for one after the other.")


class _Budget:
    """How many places may still be looked at."""

    def __init__(self) -> None:
        self._left = MOST_PLACES

    def spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise ToolError(
                f"This path looks at more than {MOST_PLACES:,} places.",
                hint="Name the parts on the way in place of '..' and '*', or add a part such as #/rows to the handle.",
            )


def _counted(budget: _Budget, value: Json) -> JSONPathMatch:
    """The root of a value; each place below is counted when it is come to."""

    class Counted(JSONPathMatch):
        def new_child(self, obj: object, key: int | str) -> JSONPathMatch:
            budget.spend()
            return super().new_child(obj, key)

    return Counted(filter_context={}, obj=value, parent=None, path="$", parts=(), root=value)


class _Environment(jsonpath.JSONPathEnvironment):
    """Strict, with patterns of RE2; each time that a filter is tried counts."""

    def __init__(self, budget: _Budget) -> None:
        super().__init__(strict=True)
        self._budget = budget

    def setup_function_extensions(self) -> None:
        super().setup_function_extensions()
        self.function_extensions |= {"match": _Pattern(whole=True), "search": _Pattern(whole=False)}

    def is_truthy(self, obj: object) -> bool:
        self._budget.spend()
        return super().is_truthy(obj)


class _Pattern(FilterFunction):
    """Whether a pattern fits a whole text, or stands in it. One that is no pattern fits nothing, as the RFC says."""

    arg_types = [ExpressionType.VALUE, ExpressionType.VALUE]  # noqa: RUF012  as its base declares it
    return_type = ExpressionType.LOGICAL

    def __init__(self, whole: bool) -> None:
        self._whole = whole
        self._latest: tuple[str, Any] = ("", None)

    def __call__(self, value: object, pattern: object) -> bool:
        if not isinstance(value, str) or not isinstance(pattern, str):
            return False
        if self._latest[1] is None or pattern != self._latest[0]:
            self._latest = (pattern, _compiled(pattern))
        found = self._latest[1]
        return found is not None and bool((found.fullmatch if self._whole else found.search)(value))


def _compiled(pattern: str) -> Any:
    try:
        return expression(pattern)
    except ToolError:
        return None
