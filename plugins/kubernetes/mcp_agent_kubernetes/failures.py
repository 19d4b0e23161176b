"""What an API server says when it refuses, in words for a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from mcp_agent import ToolError

_DENIED = re.compile(
    r'User "(?P<user>[^"]*)" cannot (?P<verb>\w+) resource "(?P<resource>[^"]*)"'
    r'(?: in API group "(?P<group>[^"]*)")?(?: in the namespace "(?P<namespace>[^"]*)")?'
)
_LONGEST = 1500


class Refused(ToolError):
    """``status`` is that of HTTP, ``reason`` the word of Kubernetes: NotFound, Conflict, Forbidden, ..."""

    def __init__(
        self, message: str, *, status: int, reason: str, causes: tuple[Mapping[str, Any], ...] = (), hint: str | None
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.reason = reason
        self.causes = causes


def refused(status: int, body: bytes, what: str, where: str) -> Refused:
    """``what`` was to be done: 'list pods'."""
    said = _status(body)
    reason = str(said.get("reason") or "")
    message = str(said.get("message") or "")[:_LONGEST] or f"status {status}"
    causes = tuple((said.get("details") or {}).get("causes") or ())
    words, hint = _in_words(status, reason, message, what, where, causes)
    return Refused(words, status=status, reason=reason, causes=causes, hint=hint)


def _status(body: bytes) -> dict[str, Any]:
    try:
        said = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return {"message": body[:300].decode(errors="replace").strip()}
    return said if isinstance(said, dict) else {}


def _in_words(
    status: int, reason: str, message: str, what: str, where: str, causes: tuple[Mapping[str, Any], ...]
) -> tuple[str, str | None]:
    if status == 401:
        return (
            f"{where} does not accept the login of this context, asked to {what}.",
            "It may have expired: log in again with the tool that made the kubeconfig.",
        )
    if status == 403:
        return _denied(message, what, where)
    if status == 404:
        return f"{where}: could not {what}: {message}.", "k8s_list shows what there is."
    if status == 409 and causes:
        listed = "; ".join(f"{_one_line(one.get('message'))}: {one.get('field')}" for one in causes[:20])
        return (
            f"{where}: could not {what}: others manage these fields: {listed}.",
            "Leave those fields out, or say force=true to take them over, after asking the person.",
        )
    if status == 422 and causes:
        listed = "; ".join(f"{one.get('field')}: {_one_line(one.get('message'))}" for one in causes[:20])
        return f"{where}: could not {what}, it is not valid: {listed}.", "Mend these fields, and try again."
    return f"{where}: could not {what}: {message}.", None


def _denied(message: str, what: str, where: str) -> tuple[str, str | None]:
    found = _DENIED.search(message)
    if found is None:  # an admission controller: quotas, policies
        return f"{where} does not allow to {what}: {message}.", None
    place = f"in the namespace {found['namespace']}" if found["namespace"] else "in the whole cluster"
    group = f".{found['group']}" if found["group"] else ""
    return (
        f"{where}: the account {found['user']!r} has no right to {found['verb']} {found['resource']}{group} {place}.",
        "Whoever runs the cluster can grant it with a Role and a RoleBinding; another context may have it.",
    )


def _one_line(text: object) -> str:
    return " ".join(str(text or "").split())[:300]
