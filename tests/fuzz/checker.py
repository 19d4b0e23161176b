"""Judges what a server says under fuzzing: every message must be valid in an era that its request could have meant."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from mcp_agent.protocol.methods import METHODS
from tests.support.schema import LEGACY, MODERN, Invalid, schema

_SURROGATE = re.compile("[\ud800-\udfff]")
_valid: set[tuple[str, str | None, str]] = set()
"""Messages found valid before: (revision, method, message without its id)."""


class Checker:
    """One connection. ``revision`` is that of its session, the newest where there is none.

    Without one, a mutated ``initialize`` may open it, in any revision.
    """

    def __init__(self, revision: str) -> None:
        self._revisions = (MODERN, *LEGACY) if revision == MODERN else (revision, MODERN)
        self._asked: dict[tuple[type, Any], set[str]] = defaultdict(set)

    def sent(self, frame: bytes) -> None:
        """Note what a frame may have asked, as leniently as anybody could read it."""
        try:
            message = json.loads(frame.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return
        for one in message if isinstance(message, list) else [message]:
            if isinstance(one, dict):
                request_id = one.get("id")
                if isinstance(request_id, str):  # as the server reads it
                    request_id = _SURROGATE.sub("\ufffd", request_id)
                if isinstance(request_id, int | str):
                    self._asked[type(request_id), request_id].add(str(one.get("method")))

    def check(self, data: bytes) -> Any:
        """The message, if it is a valid one. Raises Invalid."""
        try:
            message = json.loads(data.decode("utf-8", "strict"), parse_constant=_no_constant)
        except ValueError as error:
            raise Invalid(f"{error}: {data[:300]!r}") from None
        self._check(message)
        for one in message if isinstance(message, list) else [message]:
            if "(trace " in json.dumps(one.get("error", one.get("result"))):
                raise Invalid(f"a bug: {one}")
        return message

    def _check(self, message: Any) -> None:
        key = json.dumps({**message, "id": None} if isinstance(message, dict) else message)
        findings = []
        for revision, method in self._candidates(message):
            if (revision, method, key) in _valid:
                return
            try:
                schema(revision).check(message, method)
            except Invalid as finding:
                findings.append(str(finding))
            else:
                if len(_valid) < 200_000 and len(key) < 5_000:
                    _valid.add((revision, method, key))
                return
        raise Invalid(f"valid in no way: {message}: {findings}")

    def _was_asked(self, error: dict[str, Any]) -> bool:
        return "id" not in error or (type(error["id"]), error["id"]) in self._asked

    def _candidates(self, message: Any) -> Iterator[tuple[str, str | None]]:
        methods: set[str | None] = {None}
        if isinstance(message, dict) and "result" in message:
            request_id = message.get("id")
            methods = {method for method in self._asked[type(request_id), request_id] if method in METHODS}
        elif isinstance(message, dict) and "error" in message and not self._was_asked(message):
            raise Invalid(f"an error for nothing that was asked: {message}")
        for revision in self._revisions:
            for method in sorted(methods, key=str):
                yield revision, method


def _no_constant(name: str) -> None:
    raise Invalid(f"{name} is not JSON")
