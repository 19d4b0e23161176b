"""Objects of a cluster as they may be shown, and as they are kept for undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_agent import HIDDEN, hide_in_command, hide_logins, sounds_secret

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
OF_THE_SERVER = (
    "managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink", "deletionTimestamp",
    "deletionGracePeriodSeconds",
)  # fmt: skip
OF_CONTROLLERS = (
    "deployment.kubernetes.io/revision", "deprecated.daemonset.template.generation", "pv.kubernetes.io/bind-completed",
    "pv.kubernetes.io/bound-by-controller", "volume.beta.kubernetes.io/storage-provisioner",
    "volume.kubernetes.io/storage-provisioner",
)  # fmt: skip
"""Annotations that appear a moment after a change, by themselves."""


def is_secret(thing: Mapping[str, Any]) -> bool:
    return thing.get("kind") == "Secret" and thing.get("apiVersion") == "v1"


def shown(thing: Mapping[str, Any]) -> dict[str, Any]:
    """For a model: without what only servers read, and without secrets."""
    whole = {name: _open(value) for name, value in thing.items()}
    metadata = whole.get("metadata")
    if isinstance(metadata, dict):
        metadata = {name: value for name, value in metadata.items() if name not in ("managedFields", "selfLink")}
        _drop(metadata, "annotations", (LAST_APPLIED,))
        whole["metadata"] = metadata
    if is_secret(thing):
        for name in ("data", "stringData"):
            if isinstance(whole.get(name), dict):
                whole[name] = dict.fromkeys(whole[name], HIDDEN)
    return whole


def state(thing: Mapping[str, Any]) -> dict[str, Any]:
    """What a person or program has set: the same until somebody sets it anew."""
    whole = {name: value for name, value in thing.items() if name != "status"}
    metadata = {name: value for name, value in thing["metadata"].items() if name not in OF_THE_SERVER}
    _drop(metadata, "annotations", OF_CONTROLLERS)
    whole["metadata"] = metadata
    return whole


def is_going(thing: Mapping[str, Any]) -> bool:
    return "deletionTimestamp" in thing["metadata"]


def hides(value: Any) -> bool:
    """Whether something was hidden in it, so that it must not be sent back."""
    if isinstance(value, Mapping):
        return any(hides(one) for one in value.values())
    if isinstance(value, list):
        return any(hides(one) for one in value)
    return isinstance(value, str) and HIDDEN in value


def _drop(metadata: dict[str, Any], key: str, names: tuple[str, ...]) -> None:
    held = metadata.get(key)
    if isinstance(held, dict):
        left = {name: value for name, value in held.items() if name not in names}
        metadata[key] = left
        if not left:
            del metadata[key]


def _open(value: Any) -> Any:
    """A copy in which values of the environment that sound secret, and logins in addresses, are hidden."""
    if isinstance(value, dict):
        copy = {name: _open(one) for name, one in value.items()}
        for name in ("command", "args"):
            if isinstance(value.get(name), list) and all(isinstance(one, str) for one in value[name]):
                copy[name] = hide_in_command(value[name])
        if _is_variable(value) and value["value"] and sounds_secret(value["name"]):
            copy["value"] = HIDDEN
        return copy
    if isinstance(value, list):
        return [_open(one) for one in value]
    return hide_logins(value) if isinstance(value, str) else value


def _is_variable(value: Mapping[str, Any]) -> bool:
    return value.keys() == {"name", "value"} and isinstance(value["name"], str) and isinstance(value["value"], str)
