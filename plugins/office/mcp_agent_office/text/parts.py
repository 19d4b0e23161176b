"""The parts of a document that hold text, as trees, and the names of what is in them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mcp_agent import ToolError
from mcp_agent_office.needs import need
from mcp_agent_office.packages import DOC_TYPES, main_part

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_TEXT_PARTS = re.compile(r"/word/(header|footer|footnotes|endnotes)\d*\.xml")


def load(data: bytes, path: str) -> Any:
    """A document of python-docx, which keeps what it does not know. Raises ToolError."""
    need("docx")  # which tells its factory of the parts that it knows
    package, factory = need("docx.package").Package, need("docx.opc.part").PartFactory
    zipped = need("docx.opc.exceptions")
    etree = need("lxml.etree")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            part = main_part(package, factory, need("docx.parts.document").DocumentPart, DOC_TYPES, data)
            return part.document
        except (zipped.OpcError, KeyError, ValueError, AttributeError, etree.XMLSyntaxError) as error:
            raise ToolError(f"{path} is no document that can be read: {error}.") from None


@contextmanager
def text_trees(document: Any) -> Iterator[list[Any]]:
    """The body, headers, footers and notes. What is changed in them is kept."""
    trees, blobs = [document.part.element], []
    for part in document.part.package.iter_parts():
        if _TEXT_PARTS.fullmatch(str(part.partname)):
            if hasattr(part, "element"):
                trees.append(part.element)
            else:
                etree = need("lxml.etree")
                tree = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False))
                blobs.append((part, tree))
                trees.append(tree)
    yield trees
    etree = need("lxml.etree")
    for part, tree in blobs:
        part._blob = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def paragraphs(trees: list[Any]) -> Iterator[Any]:
    """All paragraphs, those in tables and text boxes too."""
    for tree in trees:
        yield from list(tree.iter(f"{W}p"))


def make(tag: str, text: str | None = None, **attributes: str) -> Any:
    """An element of a document, such as ``make("t", "Hello")``."""
    element = need("docx.oxml").OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(f"{W}{name}", value)
    if text is not None:
        set_text(element, text)
    return element


def set_text(node: Any, text: str) -> None:
    node.text = text
    node.set(_SPACE, "preserve")
