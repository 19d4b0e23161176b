"""What passes between the host and the processes that read documents."""

from __future__ import annotations

from msgspec import Struct


class Page(Struct, frozen=True):
    """A document as Markdown. ``published`` is a date as YYYY-MM-DD where the document says one."""

    title: str
    text: str
    published: str | None = None


class Request(Struct, frozen=True, array_like=True):
    """A document as bytes. The ending of ``name`` says what it is, ``charset`` how text in it is written, if known."""

    name: str
    charset: str | None
    body: bytes


class Answer(Struct, frozen=True, array_like=True):
    """The document, or why it cannot be read."""

    page: Page | None = None
    error: str | None = None
