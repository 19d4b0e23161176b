"""HTML and plain text as Markdown. Runs in a process that reads documents."""

from __future__ import annotations

import re
from typing import Any

from mcp_agent import ToolError
from mcp_agent_research.library.page import Page

_LONGEST_TITLE = 300
_LEAST_TEXT = 200
"""Where the main text of a page is shorter than this, all of its text is taken: a list of links is a page too."""

_PUBLISHED = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@name='date' or @name='dc.date' or @name='DC.date' or @itemprop='datePublished']/@content",
    "//time[@datetime]/@datetime",
)
_CODE_IN_SENTENCES = "//*[self::code or self::kbd or self::samp or self::tt][not(ancestor::pre)]"
_SPACES = re.compile(r"\s+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_html(body: bytes, charset: str | None) -> Page:
    """The main text of an HTML page by trafilatura. Raises ToolError for one that cannot be read."""
    import trafilatura

    tree = trafilatura.load_html(_decoded(body, charset))
    if tree is None:
        raise ToolError("There is no HTML in it that can be read.")
    title, published = _title(tree), _published(tree)
    _flow(tree)
    text = trafilatura.extract(tree, output_format="markdown", include_comments=False, include_tables=True, fast=True)
    if not text or len(text) < _LEAST_TEXT:  # extracting takes the tree apart, so it is read anew
        text = max(text or "", trafilatura.html2txt(trafilatura.load_html(_decoded(body, charset))), key=len)
    return Page(title, tidy(text), published)


def read_text(body: bytes, charset: str | None) -> Page:
    """Plain text and Markdown; the first heading or line is the title."""
    text = _text(body, charset)
    first = next((line.strip("#= \t") for line in text.splitlines() if line.strip("#=-* \t")), "")
    return Page(first[:_LONGEST_TITLE], tidy(text))


def tidy(text: str) -> str:
    """No control characters, no blanks at the ends of lines, no more than one empty line at a time."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    text = re.sub(r"[\x00-\x08\x0b\x0e-\x1f\x7f]", "", text)
    text = re.sub(r"[ \t]+\n", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _flow(tree: Any) -> None:
    """As a browser shows it: line breaks are spaces, except in <pre>; and code within a sentence is one piece.

    trafilatura makes a block of code that is broken over lines, turns round what is nested in it, and leaves out the
    space between two pieces.
    """
    from lxml import etree

    for code in tree.xpath(_CODE_IN_SENTENCES):
        text, following = "".join(code.itertext()), code.getnext()
        for child in list(code):
            code.remove(child)
        code.text = text
        if following is not None and following.tag == code.tag and code.tail and not code.tail.strip():
            following.text = f"{text} {following.text or ''}"
            code.tail = None
            code.getparent().remove(code)
    blocks = set(tree.xpath("//pre/descendant::*"))
    for element in tree.iter(etree.Element):
        if element not in blocks and element.tag != "pre" and element.text:
            element.text = _SPACES.sub(" ", element.text)
        if element not in blocks and element.tail:
            element.tail = _SPACES.sub(" ", element.tail)


def _decoded(body: bytes, charset: str | None) -> bytes | str:
    """Text where the server said how it is written; else bytes, in which the page itself may say."""
    if charset is None:
        return body
    try:
        return body.decode(charset, errors="replace")
    except LookupError:  # no such charset
        return body


def _text(body: bytes, charset: str | None) -> str:
    for name in (charset, "utf-8-sig"):
        try:
            return body.decode(name or "ascii")
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("latin-1")


def _title(tree: Any) -> str:
    found = tree.xpath("//meta[@property='og:title']/@content") or tree.xpath("//title//text()")
    found = found or ["".join(heading.itertext()) for heading in tree.xpath("(//h1)[1]")]
    return " ".join("".join(found[:1]).split())[:_LONGEST_TITLE]


def _published(tree: Any) -> str | None:
    for path in _PUBLISHED:
        for value in tree.xpath(path)[:1]:
            date = _DATE.match(value.strip())
            if date:
                return date[0]
    return None
