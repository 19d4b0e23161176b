"""Passwords that somebody wrote into an address, although they belong into the vault: never shown again."""

from __future__ import annotations

import re
from typing import Any

_LOGIN = re.compile(r"(://[^/\s:@]*:)[^\s@]+(?=@)")
_PARAMETER = re.compile(r"(?i)([?&;,][^=&?:\s]*(?:password|secret|token)[^=&?:\s]*[=:])[^&\s\"',}]+")


def without_logins(value: Any) -> Any:
    """The same value, with ``***`` for passwords in all its texts."""
    if isinstance(value, str):
        return _PARAMETER.sub(r"\1***", _LOGIN.sub(r"\1***", value))
    if isinstance(value, dict):
        return {key: without_logins(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_logins(item) for item in value]
    return value
