"""The shapes that keys, tokens, passwords and numbers of cards and accounts have."""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Callable

from msgspec import Struct


class Found(Struct, frozen=True):
    """``kind`` in words: "a card number". The secret stands from ``start`` to before ``end``."""

    kind: str
    start: int
    end: int


Check = Callable[[str], bool]


def _always(text: str) -> bool:
    return True


def luhn(text: str) -> bool:
    """Whether digits carry the check digit of a card number."""
    digits = [int(character) for character in text if character.isdigit()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = (digit * 2 if place % 2 else digit for place, digit in enumerate(reversed(digits)))
    return sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0


def iban(text: str) -> bool:
    """Whether the check digits of an account number hold."""
    compact = text.replace(" ", "").upper()
    if not 15 <= len(compact) <= 34:
        return False
    turned = "".join(str(int(character, 36)) for character in compact[4:] + compact[:4])
    return int(turned) % 97 == 1


def looks_random(text: str) -> bool:
    """Letters and digits mixed, and hardly any twice: a key, not a word."""
    if not (any(map(str.isdigit, text)) and any(map(str.isalpha, text))):
        return False
    counts = Counter(text)
    entropy = -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())
    return entropy >= 3.0 if re.fullmatch(r"[0-9a-fA-F]+", text) else entropy >= 3.6


_FILLERS = frozenset(
    ("hint", "manager", "reset", "policy", "field", "prompt", "protected", "expired", "unknown", "secret", "forgotten")
)


def is_password(text: str) -> bool:
    """What follows "the password is": anything that is no ordinary word, or stands in quotes."""
    bare = text.strip("\"'`.,;!?")
    if bare.lower() in _FILLERS:
        return False
    quoted = text[:1] in "\"'`"
    odd = any(character.isdigit() or not character.isalpha() for character in bare) or not bare.islower()
    return len(bare) >= 4 and (quoted or (odd and not bare.istitle()) or (odd and any(map(str.isdigit, bare))))


_KINDS: tuple[tuple[str, str, Check], ...] = (
    ("a private key", r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?:[\s\S]*?-----END [A-Z ]*-----)?", _always),
    ("a key of a cloud account", r"\b(?:AKIA|ASIA|AROA)[A-Z0-9]{16}\b", _always),
    ("an API key", r"\b(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)?[-_A-Za-z0-9]{16,}", looks_random),
    ("an API key", r"\bAIza[0-9A-Za-z_-]{35}", _always),
    ("a token of a code host", r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,}|glpat-[\w-]{20,})", _always),
    ("a token of a package registry", r"\b(?:pypi-[\w-]{30,}|npm_[A-Za-z0-9]{30,})", _always),
    ("a token of a chat service", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}", _always),
    ("a bot token", r"\b\d{8,10}:[A-Za-z0-9_-]{35}\b", _always),
    ("a signed token", r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}", _always),
    ("a bearer token", r"(?i)\b(?:bearer|authorization:?)\s+(?P<secret>[\w.~+/-]{16,}=*)", looks_random),
    ("a password in an address", r"\b[a-z][a-z0-9+.-]*://[^\s:/@]+:(?P<secret>[^\s@/*]{3,})@", _always),
    ("a card number", r"(?<![\d-])(?:\d[ -]?){12,18}\d(?![\d-])", luhn),
    ("a bank account number", r"(?i)\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,4})?\b", iban),
    (
        "a PIN",
        r"(?i)\b(?:pin|puk|cvv|cvc|(?:security|access|entry|door|gate|garage|alarm|safe|lock) code)"
        r"(?: (?:code|number))?(?: (?:of|for) [^.:=]{1,40}?)?(?:\s*[:=]\s*|\s+(?:is|was|=)\s+)"
        r"[\"'`]?(?P<secret>\d[\d -]{2,9}\d)\b",
        _always,
    ),
    (
        "a password",
        r"(?i)\b(?:password|passwd|passphrase|pass ?word|pwd|passcode|api[ _-]?key|secret[ _-]?key|access[ _-]?token"
        r"|auth[ _-]?token|client[ _-]?secret|recovery (?:key|code))(?: (?:of|for|to) [^.:=]{1,40}?)?"
        r"(?:\s*[:=]\s*|\s+(?:is|was|=)(?: now)?:?\s+)(?P<secret>\S+)",
        is_password,
    ),
    (
        "a seed phrase",
        r"(?i)\b(?:seed|recovery|mnemonic) (?:phrase|words)\b[^:]{0,20}:?\s*"
        r"(?P<secret>(?:[a-z]{3,8}[ ,]+){11,23}[a-z]{3,8})",
        _always,
    ),
    ("a key", r"(?<![\w/.-])[A-Za-z0-9_+-]{32,}={0,2}(?![\w/.-])", looks_random),
)


@functools.cache
def _shapes() -> tuple[tuple[str, re.Pattern[str], Check], ...]:
    """Compiled on first use: that takes some milliseconds, which no start should pay."""
    return tuple((kind, re.compile(pattern), check) for kind, pattern, check in _KINDS)


def find_secrets(text: str) -> list[Found]:
    """Everything in a text that has the shape of a secret, without overlaps, in order."""
    found: list[Found] = []
    for kind, pattern, check in _shapes():
        for match in pattern.finditer(text):
            name = "secret" if "secret" in pattern.groupindex else 0
            start, end = match.span(name)
            if check(match.group(name)) and not any(one.start < end and start < one.end for one in found):
                found.append(Found(kind, start, end))
    return sorted(found, key=lambda one: one.start)


def masked(text: str) -> str:
    """The text with three asterisks for each secret."""
    for one in reversed(find_secrets(text)):
        text = f"{text[: one.start]}***{text[one.end :]}"
    return text
