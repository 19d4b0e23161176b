"""The five revisions of the protocol, and what each allows, as one table."""

from __future__ import annotations

from msgspec import Struct

TEXT_ONLY = frozenset({"text", "image", "resource"})
WITH_AUDIO = TEXT_ONLY | {"audio"}
WITH_LINKS = WITH_AUDIO | {"resource_link"}


class Revision(Struct, frozen=True, kw_only=True, eq=False):
    """One revision. ``modern`` ones are stateless: version and capabilities travel with every request."""

    name: str
    modern: bool = False
    batches: bool = False
    """Several messages may come as one JSON array."""
    content: frozenset[str] = WITH_LINKS
    """Kinds of content block a result may hold."""
    tool_annotations: bool = True
    completions: bool = True
    """The capability is declared; the method itself is older."""
    titles: bool = True
    structured: bool = True
    """Output schemas, structured content and ``_meta`` on items."""
    elicitation: bool = True
    icons: bool = True
    """Icons, URL elicitation, sampling with tools, elicitation modes."""
    errors_without_id: bool = True
    """An error may leave out the id when the request's could not be read."""


REVISIONS = {
    revision.name: revision
    for revision in (
        Revision(
            name="2024-11-05", content=TEXT_ONLY, tool_annotations=False, completions=False, titles=False,
            structured=False, elicitation=False, icons=False, errors_without_id=False,
        ),
        Revision(
            name="2025-03-26", batches=True, content=WITH_AUDIO, titles=False, structured=False,
            elicitation=False, icons=False, errors_without_id=False,
        ),
        Revision(name="2025-06-18", icons=False, errors_without_id=False),
        Revision(name="2025-11-25"),
        Revision(name="2026-07-28", modern=True),
    )
}  # fmt: skip

MODERN = REVISIONS["2026-07-28"]
LATEST_LEGACY = REVISIONS["2025-11-25"]
SUPPORTED = tuple(reversed(REVISIONS))
"""Names, newest first."""


def negotiate(requested: str) -> Revision:
    """The revision to speak with a client that opens with ``initialize``: its own, or our newest of that era."""
    revision = REVISIONS.get(requested)
    return revision if revision is not None and not revision.modern else LATEST_LEGACY
