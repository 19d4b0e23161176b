"""Objects of a cluster as they may be shown, and as they are kept for undo."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

HIDDEN = "(hidden)"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_SECRET_NAME = re.compile(r"PASS|SECRET|TOKEN|KEY|CREDENTIAL|AUTH|PRIVATE|DSN|CONNECTION_STRING|COOKIE|SALT", re.I)
_LOGIN_IN_ADDRESS = re.compile(r"(\w{1,20}://)[^/\s@:]{0,300}:[^\s\"']{0,300}@")
"""The name and the password, which may hold a slash or another @. Bounded, for anybody may have written the text."""
_SOUNDS_SECRET = r"[\w.-]{0,60}(?:pass|secret|token|credential|api[_-]?key|private[_-]?key)[\w.-]{0,60}"
_OPTION = re.compile(rf"-{{1,2}}{_SOUNDS_SECRET}", re.I)
_GIVEN = re.compile(
    rf"""(?<![\w.-])((?:-{{0,2}}{_SOUNDS_SECRET}=|-{{1,2}}{_SOUNDS_SECRET}[ ](?!-))["']?)[^\s"']+""", re.I
)
"""In a command: ``--password=x``, ``TOKEN=x``, and ``--token x`` in one word for a shell."""
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


def hide_in_words(words: Sequence[str]) -> list[str]:
    """A command without values that sound secret: of its options, of variables that it sets, in addresses."""
    shown = []
    for before, word in zip(("", *words), words, strict=False):
        if _OPTION.fullmatch(before) and word and not word.startswith("-"):
            shown.append(HIDDEN)
        else:
            shown.append(_GIVEN.sub(rf"\1{HIDDEN}", _LOGIN_IN_ADDRESS.sub(rf"\1{HIDDEN}@", word)))
    return shown


def _open(value: Any) -> Any:
    """A copy in which values of the environment that sound secret, and logins in addresses, are hidden."""
    if isinstance(value, dict):
        copy = {name: _open(one) for name, one in value.items()}
        for name in ("command", "args"):
            if isinstance(value.get(name), list) and all(isinstance(one, str) for one in value[name]):
                copy[name] = hide_in_words(value[name])
        if _is_variable(value) and value["value"] and _SECRET_NAME.search(value["name"]):
            copy["value"] = HIDDEN
        return copy
    if isinstance(value, list):
        return [_open(one) for one in value]
    return _LOGIN_IN_ADDRESS.sub(rf"\1{HIDDEN}@", value) if isinstance(value, str) and "://" in value else value


def _is_variable(value: Mapping[str, Any]) -> bool:
    return value.keys() == {"name", "value"} and isinstance(value["name"], str) and isinstance(value["value"], str)
