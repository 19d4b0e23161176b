"""Documents and decks of all their kinds: plain ones, templates, shows, and those with macros.

python-docx and python-pptx keep the parts that they do not know, macros among them, byte for byte; they only have to be
told that such a file is one of theirs. Nothing in here can run a macro.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

_OPEN = "application/vnd.openxmlformats-officedocument"
DOC = f"{_OPEN}.wordprocessingml.document.main+xml"
DOC_TYPES = (
    DOC,
    f"{_OPEN}.wordprocessingml.template.main+xml",
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
)
DECK = f"{_OPEN}.presentationml.presentation.main+xml"
DECK_TYPES = (
    DECK,
    f"{_OPEN}.presentationml.template.main+xml",
    f"{_OPEN}.presentationml.slideshow.main+xml",
    "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
    "application/vnd.ms-powerpoint.template.macroEnabled.main+xml",
    "application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml",
)
_MACROS = "/vbaProject"


def main_part(package: Any, factory: Any, part_class: type, types: Sequence[str], data: bytes) -> Any:
    """The part that a package is about, as one of the library's own. Raises ValueError for a file of another kind."""
    factory.part_type_for.update(dict.fromkeys(types, part_class))
    part = package.open(io.BytesIO(data)).main_document_part
    if part.content_type not in types:
        raise ValueError(f"what is in it is {part.content_type}")
    return part


def make_plain(part: Any, content_type: str) -> None:
    """What was begun with a template becomes a plain file. That cannot hold the macros of the template, which stay in
    the template."""
    for key in [key for key, relation in part.rels.items() if relation.reltype.endswith(_MACROS)]:
        part.rels.pop(key)
    part._content_type = content_type
    vars(part).pop("content_type", None)  # python-pptx remembers what it was asked once
