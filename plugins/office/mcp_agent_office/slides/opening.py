"""Opening a deck."""

from __future__ import annotations

import warnings
from typing import Any

from mcp_agent import ToolError
from mcp_agent_office.needs import need
from mcp_agent_office.packages import DECK_TYPES, main_part


def load(data: bytes, path: str) -> Any:
    """A deck of python-pptx, which keeps what it does not know. Raises ToolError."""
    need("pptx")  # which tells its factory of the parts that it knows
    package, factory = need("pptx.package").Package, need("pptx.opc.package").PartFactory
    errors = (need("pptx.exc").PythonPptxError, need("lxml.etree").XMLSyntaxError, KeyError, ValueError, AttributeError)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            part = main_part(package, factory, need("pptx.parts.presentation").PresentationPart, DECK_TYPES, data)
            return part.presentation
        except errors as error:
            raise ToolError(f"{path} is no deck that can be read: {error}.") from None
